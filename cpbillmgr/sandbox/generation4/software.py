"""Licenses in generation 4: what can be asked about them, and what can be done to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from cpbillmgr.sandbox.account import licenses
from cpbillmgr.sandbox.account.cart import put
from cpbillmgr.sandbox.account.history import keep
from cpbillmgr.sandbox.account.orders import check_offer, paid
from cpbillmgr.sandbox.account.sales import opened, pay
from cpbillmgr.sandbox.generation4.account import ACCOUNT
from cpbillmgr.sandbox.protocol import listing
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import element, elements
from cpbillmgr.sandbox.protocol.listing import FILTERS, kept_filter
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import check_status, renewed, status
from cpbillmgr.sandbox.world.nouns import ORDERED, License, Moment, World

DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
LIFETIME_EXPIRY = {"empty": "", "zeros": "0000-00-00", "word": "unlimited"}  # by the variant ``lifetime``


def listed(world: World, call: Call) -> str:
    """Return all of the account's licenses that the filter lets pass, on one page."""
    moment, kept = world.moment(call.received), kept_filter(world, "software")
    return "".join(
        f"<elem>{elements(_fields(world, license, moment))}</elem>"
        for license in world.listed("soft")
        if _passes(license.expiredate, kept)
    )


def set_filter(world: World, call: Call) -> str:
    """Keep a filter for all lists to come; one without days lets everything pass again."""
    for name in FILTERS["software"]:
        _check_day(name, call.text(name))
    return listing.set_filter(world, call)


def edit_form(world: World, call: Call) -> str:
    """Return everything about one license."""
    license = call.license(world)
    shown = _fields(world, license, world.moment(call.received))
    return elements({"elid": license.id, **shown, "pricename": world.tariffs[license.pricelist].name})


def edit(world: World, call: Call) -> str:
    """Sell a license, or change name and IP of the one that ``elid`` names; what is not sent is kept."""
    if call.text("elid"):
        license, told = _changed(world, call), "id"
    else:
        license, told = _sold(world, call), world.variants.software_answer
    keep(world, call, license)
    return "<ok/>" + element(told, license.id)


def licinfo(world: World, call: Call) -> str:
    """Say whether this address may get this license: an error, or nothing wrong."""
    tariff, period = call.offer(world, "price")
    check_offer(world, tariff, period, call.address("ip"), world.moment(call.received))
    return "<ok/>"


def period_form(world: World, call: Call) -> str:
    """Return what a renewal costs for the period that was sent, or for the license's own."""
    license = call.license(world)
    tariff, period = licenses.renewal(world, call, license, world.moment(call.received))
    fields = {
        "cost": f"{tariff.cost(period, license.addons):.2f}",
        "elid": license.id,
        "expiredate": license.expiredate,
        "ip": license.ip,
        "licname": license.licname,
        "payfrom": call.text("payfrom"),
        "period": period,
        "pricename": tariff.name,
    }
    return elements(fields)


def renew(world: World, call: Call) -> str:
    """Renew a license, which starts a stopped one.

    ===============  ====================================================
    ``payfrom``      what happens
    ===============  ====================================================
    ``account12``    paid from the account that ``accountinfo`` names
    ``neworder``     an unpaid order, which renews nothing yet
    others, none     refused (invented)
    ===============  ====================================================
    """
    license, moment = call.license(world), world.moment(call.received)
    tariff, period = licenses.renewal(world, call, license, moment)
    payer = call.needed("payfrom")
    if payer not in {"neworder", f"account{ACCOUNT}"}:
        raise Refused("value", "payfrom", value=payer)
    if payer == "neworder":
        put(world, license, period, renewal=True)
    else:
        pay(world, call, license, tariff.cost(period, license.addons))
        keep(world, call, renewed(world, license, period, moment))
    return "<ok/>"


def delete(world: World, call: Call) -> str:
    """Delete licenses at once, where there is such a function."""
    if world.variants.software_delete == "unknown":
        raise Refused("unknown_func", value=call.func)
    return licenses.delete(world, call)


def _fields(world: World, license: License, moment: Moment) -> dict[str, object]:
    """Return a license's fields in lists: no key, no remote id, no days of changes."""
    tariff, never = world.tariffs[license.pricelist], LIFETIME_EXPIRY[world.variants.lifetime]
    fields = {
        "id": license.id,
        "ip": license.ip,
        "licname": license.licname,
        "price": tariff.id,
        "period": license.period,
        "expiredate": license.expiredate or never,
        "status": status(license, moment),
        "cost": f"{tariff.cost(license.period, license.addons):.2f}",
    }
    return fields if world.variants.pricename == "form" else {**fields, "pricename": tariff.name}


def _sold(world: World, call: Call) -> License:
    """Return a new license, charged to the account; without money refused, or unpaid where that is so."""
    tariff, period = call.offer(world, "price")
    ip, moment = call.address("ip"), world.moment(call.received)
    check_offer(world, tariff, period, ip, moment)
    license = License(
        id=world.next_id,
        pricelist=tariff.id,
        licname=call.license_name(),
        ip=ip,
        period=period,
        status=ORDERED,
        createdate=moment.today,
        expiredate=moment.today,
    )
    world.next_id += 1
    if paid(world, call, license):
        return opened(world, license, moment)
    put(world, license, period)
    return license


def _changed(world: World, call: Call) -> License:
    license, moment = call.license(world), world.moment(call.received)
    check_status(license, moment)
    license = licenses.moved(world, call, license, moment)
    return replace(license, licname=call.license_name(license.licname))


def _check_day(name: str, value: str) -> None:
    if value and not DAY.fullmatch(value):
        raise Refused("value", name, value=value)


def _passes(expires: date | None, kept: Mapping[str, str]) -> bool:
    """Return whether a license that ends on a day is listed; any filter hides one without end (invented)."""
    if expires is None:
        return not kept
    return kept.get("expires", "") <= str(expires) <= kept.get("expiree", "9999-12-31")
