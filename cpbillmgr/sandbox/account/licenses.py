"""What can be asked about licenses that were bought, and what can be done to them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cpbillmgr.sandbox.account.cart import put
from cpbillmgr.sandbox.account.enrolment import edited
from cpbillmgr.sandbox.account.enrolment import fields as certificate_fields
from cpbillmgr.sandbox.account.history import keep
from cpbillmgr.sandbox.account.sales import new_key, pay
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements, form, options, periods, row
from cpbillmgr.sandbox.protocol.listing import page
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import (
    check_change,
    check_ip,
    check_status,
    family,
    renewed,
    renewed_until,
    status,
)
from cpbillmgr.sandbox.world.nouns import (
    ACTIVE,
    DELETED,
    LIFETIME,
    SUSPENDED,
    TRIAL,
    License,
    Moment,
    Tariff,
    World,
)


def listed(world: World, call: Call) -> str:
    """Return one page of the account's licenses, by id unless another order is asked for."""
    moment, language = world.moment(call.received), call.language(world)

    def facts(license: License) -> dict[str, object]:
        tariff = world.tariffs[license.pricelist]
        return {
            "id": license.id,
            "licname": license.licname,
            "ip": license.ip,
            "pricelist": tariff.id,
            "period": license.period,
            "status": status(license, moment),
            "opendate": str(license.createdate or ""),
            "createdate": str(license.createdate or ""),
            "orderdate": str(license.createdate or ""),
            "expiredate": str(license.expiredate or ""),
            "cost": tariff.cost(license.period, license.addons),
            "autoprolong": license.autoprolong,
        }

    return page(
        world, call, world.listed(call.itemtype), lambda license: row(world, license, moment, language), facts
    )


def edit_form(world: World, call: Call) -> str:
    """Return everything about one license, with its key."""
    return form(world, call, _fields(world, call, call.license(world)))


def edit(world: World, call: Call) -> str:
    """Change what was sent and keep the rest; ``clicked_button=newkey`` has another key made."""
    license, moment = call.license(world), world.moment(call.received)
    product = PRODUCTS[call.itemtype]
    if license.certificate is None:
        check_status(license, moment)
    else:
        license = edited(call, license, license.certificate, moment)
    license = moved(world, call, license, moment) if product.has_ip else license
    license = replace(
        license,
        licname=call.license_name(license.licname, product.name_field),
        remoteid=call.text("remoteid", license.remoteid),
        remoteip=call.remoteip(license.remoteip),
        autoprolong=call.autoprolong(license.autoprolong),
    )
    license = _resized(world, call, license)
    if call.text("clicked_button") == "newkey":
        if not product.has_key:
            raise Refused("value", "clicked_button", value="newkey")
        if world.variants.key_change == "monthly":
            check_change("key_too_soon", license.lickey_change_date, moment.today)
        license = replace(new_key(world, license, call.received), lickey_change_date=moment.today)
    keep(world, call, license)
    return form(world, call, _fields(world, call, license)) + "<ok/>"


def suspend(world: World, call: Call) -> str:
    """Stop licenses; one that is stopped already stays so."""
    return _each(world, call, "allowsuspenditem", SUSPENDED, {ACTIVE, SUSPENDED})


def resume(world: World, call: Call) -> str:
    """Start stopped licenses that are still paid; an overdue one has to be renewed."""
    moment = world.moment(call.received)
    for elid in call.needed("elid").split(", "):
        expires = call.license(world, elid).expiredate
        if expires is not None and expires <= moment.today:
            raise Refused("status", value=str(status(call.license(world, elid), moment)))
    return _each(world, call, "allowsuspenditem", ACTIVE, {ACTIVE, SUSPENDED})


def delete(world: World, call: Call) -> str:
    """Delete licenses at once; nothing is paid back, and they stay in the list as deleted."""
    return _each(world, call, "allowdeleteitem", DELETED, {1, ACTIVE, SUSPENDED, 5})


def delete_form(world: World, call: Call) -> str:
    """Return what would be deleted; without ``sok`` nothing is."""
    return elements({"elid": call.license(world).id})


def prolong_form(world: World, call: Call) -> str:
    """Return until when a license would be renewed for the period that was sent, or for its own."""
    license, moment = call.license(world), world.moment(call.received)
    tariff, period = renewal(world, call, license, moment)
    fields = {
        "title_name": f"{tariff.name} {license.licname}".strip(),
        "expiredate": license.expiredate,
        "newexpiredate": renewed_until(world, license, period, moment),
        "period": period,
        "status": status(license, moment),
    }
    choices = options("period", periods(tariff, call.language(world), renewable=True))
    return form(world, call, elements({"elid": license.id, **fields}) + choices)


def prolong(world: World, call: Call) -> str:
    """Renew a license, which starts a stopped one; with ``clicked_button=basket`` it waits in the cart."""
    license, moment = call.license(world), world.moment(call.received)
    tariff, period = renewal(world, call, license, moment)
    until = renewed_until(world, license, period, moment)
    waits = world.variants.renewal == "cart" and call.text("skipbasket") != "on"
    if waits or call.text("clicked_button") == "basket":
        put(world, license, period, renewal=True)
    else:
        pay(world, call, license, tariff.cost(period, license.addons))
        keep(world, call, renewed(world, license, period, moment))
    fields = {
        "elid": license.id,
        "expiredate": license.expiredate,
        "newexpiredate": until,
        "period": period,
    }
    return form(world, call, elements(fields)) + "<ok/>"


def change_tariff(world: World, call: Call) -> str:
    """Move a license to another tariff of its product, until the same day.

    The price difference of one period is charged, and nothing is paid back (invented).
    """
    license, moment = call.license(world), world.moment(call.received)
    check_status(license, moment)
    old = world.tariffs[license.pricelist]
    tariff, period = call.offer(world, itemtype=old.itemtype)
    if family(tariff.name) != family(old.name):
        raise Refused("value", "pricelist", value=call.text("pricelist"))
    changed = replace(license, pricelist=tariff.id, period=period, addons=call.addons(tariff, license.addons))
    difference = tariff.cost(period, changed.addons) - old.cost(period, license.addons)
    pay(world, call, license, max(difference, Decimal(0)))
    keep(world, call, changed)
    return "<ok/>"


def tariff_form(world: World, call: Call) -> str:
    """Return the tariffs that a license can be moved to."""
    license = call.license(world)
    own = world.tariffs[license.pricelist]
    targets = {
        str(tariff.id): tariff.name
        for tariff in world.tariffs.values()
        if tariff.orderable and tariff.itemtype == own.itemtype and family(tariff.name) == family(own.name)
    }
    fields = {"elid": license.id, "pricelist": license.pricelist, "period": license.period}
    return elements(fields) + options("pricelist", targets)


def _fields(world: World, call: Call, license: License) -> str:
    tariff, moment = world.tariffs[license.pricelist], world.moment(call.received)
    product, has_key = PRODUCTS[tariff.itemtype], license.key_at is None or call.received >= license.key_at
    fields = {
        "elid": license.id,
        "id": license.id,
        "name": tariff.name,
        **({product.name_field: license.licname} if product.name_field else {}),
        **({"ip": license.ip, "remoteip": license.remoteip} if product.has_ip else {}),
        **({"lickey": license.lickey if has_key else ""} if product.has_key else {}),
        **({"item": license.item} if product.on_license else {}),
        "status": status(license, moment),
        "period": license.period,
        "pricelist": tariff.id,
        "pricelist_name": tariff.name,
        "createdate": license.createdate,
        "expiredate": license.expiredate,
        "update_expiredate": "",
        "ip_change_date": license.ip_change_date,
        "lickey_change_date": license.lickey_change_date,
        "autoprolong": license.autoprolong,
        "webdomains": 0,
        "remoteid": license.remoteid,
        **{f"addon_{id}": amount for id, amount in license.addons.items()},
    }
    language, certificate = call.language(world), license.certificate
    more = "" if certificate is None else certificate_fields(world, certificate, moment, language)
    renewals = periods(tariff, language, renewable=True)
    return elements(fields) + more + options("autoprolong", {"null": "-", **renewals})


def moved(world: World, call: Call, license: License, moment: Moment) -> License:
    """Return the license at the address that was sent; also a move to 0.0.0.0 counts as a change."""
    ip = call.address("ip") if "ip" in call.params else license.ip
    if ip == license.ip:
        return license
    check_change("ip_too_soon", license.ip_change_date, moment.today)
    check_ip(world, family(world.tariffs[license.pricelist].name), ip, moment, but=license.id)
    return replace(license, ip=ip, ip_change_date=moment.today)


def _resized(world: World, call: Call, license: License) -> License:
    """Return the license with the amounts that were sent; more of them cost the difference (invented)."""
    tariff = world.tariffs[license.pricelist]
    addons = call.addons(tariff, license.addons)
    if not any(name.startswith("addon_") for name in call.params):
        return license
    difference = tariff.cost(license.period, addons) - tariff.cost(license.period, license.addons)
    pay(world, call, license, max(difference, Decimal(0)))
    return replace(license, addons=addons)


def _each(world: World, call: Call, right: str, new: int, allowed: set[int]) -> str:
    """Give every license of ``elid`` (one or several, joined by ", ") a new status, or refuse them all."""
    if not getattr(world.account, right):
        raise Refused("access", call.func)
    moment = world.moment(call.received)
    for elid in call.needed("elid").split(", "):
        license = call.license(world, elid)
        if status(license, moment) not in allowed:
            raise Refused("status", value=str(status(license, moment)))
        keep(world, call, replace(license, status=new))
    return "<ok/>"


def renewal(world: World, call: Call, license: License, moment: Moment) -> tuple[Tariff, int]:
    """Return tariff and period of a renewal, also of a tariff that is no longer sold to new licenses."""
    tariff = world.tariffs[license.pricelist]
    if PRODUCTS[tariff.itemtype].by_request:
        raise Refused("certificate_renewal")
    check_status(license, moment)
    if tariff.length(license.period) == TRIAL:
        raise Refused("trial_renewal")
    period = call.number("period", license.period)
    if license.expiredate is None or period not in tariff.prices or tariff.length(period) <= LIFETIME:
        raise Refused("value", "period", value=str(period))
    return tariff, period
