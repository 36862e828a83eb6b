"""Buying: the check of an address, the order form, the order."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.documents import element, elements, options, periods
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.rules import check_ip, check_trial, end, family, shortage
from cpbillmgr.sandbox.texts import PHRASES
from cpbillmgr.sandbox.world import ACTIVE, ORDERED, TRIAL, Charge, License, Moment, Tariff, World

BILLORDERS_FROM = 900_000  # an order in the cart has a number of its own, apart from the license's


def checkip(world: World, call: Call) -> str:
    """Say whether this address may get this license: an error, or nothing wrong."""
    tariff, period = call.offer(world)
    check_offer(world, tariff, period, call.address("ip"), world.moment(call.received))
    return "<ok/>"


def order_form(world: World, call: Call) -> str:
    """Return the order form of a tariff with its add-ons and the total amount."""
    tariff, period = call.offer(world)
    addons = call.addons(tariff, {})
    language = call.language(world)
    total = f"{PHRASES[language]['total']}: {tariff.cost(period, addons):.2f} {world.account.currency}"
    fields = {
        "pricelist": tariff.id,
        "period": period,
        "licname": call.license_name(),
        "ip": call.text("ip"),
        "autoprolong": call.text("autoprolong", "null"),
        **{f"addon_{id}": amount for id, amount in addons.items()},
        "orderinfo": total,
    }
    return elements(fields) + options("period", periods(tariff, language))


def order(world: World, call: Call) -> str:
    """Sell a license: with ``skipbasket=on`` charged and active at once, else unpaid in the cart."""
    tariff, period = call.offer(world)
    moment = world.moment(call.received)
    ip = call.address("ip")
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
        autoprolong=call.autoprolong("null"),
        remoteid=call.text("remoteid"),
        remoteip=call.remoteip(),
        addons=call.addons(tariff, {}),
    )
    world.next_id += 1
    if call.text("skipbasket") == "on" and paid(world, call, license):
        license = opened(world, license, moment)
    world.licenses[license.id] = license
    return _answer(world, license)


def pay(world: World, call: Call, license: License, amount: Decimal) -> None:
    """Take an amount from the balance and write it down, or refuse for lack of money."""
    refused = shortage(world, amount)
    if refused:
        raise refused
    if amount:
        world.account = replace(world.account, balance=world.account.balance - amount)
        now = world.moment(call.received).now
        world.charges.append(Charge(now, call.func, license.id, amount))


def new_key(world: World, license: License, received: datetime) -> License:
    """Return the license with another key, which is shown as soon as it is made."""
    delay = world.variants.key_delay_seconds
    key_at = received + timedelta(seconds=delay) if delay else None
    return replace(license, lickey=f"{license.id}-{secrets.token_hex(8)}", key_at=key_at)


def check_offer(world: World, tariff: Tariff, period: int, ip: str, moment: Moment) -> None:
    """Refuse an address that may not get this license."""
    product = family(tariff.name)
    if tariff.length(period) == TRIAL:
        check_trial(world, product, ip)
    check_ip(world, product, ip, moment)


def paid(world: World, call: Call, license: License) -> bool:
    """Return whether an order is paid; without money it is refused, or stays in the cart where that is so."""
    try:
        pay(world, call, license, world.tariffs[license.pricelist].cost(license.period, license.addons))
    except Refused:
        if world.variants.no_money == "error":
            raise
        return False
    return True


def opened(world: World, license: License, moment: Moment) -> License:
    """Return a license that was paid: with its key, active for its first period or soon to be so."""
    length = world.tariffs[license.pricelist].length(license.period)
    delay = world.variants.open_delay_seconds
    return replace(
        new_key(world, license, moment.real),
        status=ACTIVE,
        expiredate=end(moment.today, length),
        opens_at=moment.real + timedelta(seconds=delay) if delay else None,
    )


def _answer(world: World, license: License) -> str:
    ids = {"id": license.id, "item.id": license.id, "billorder": BILLORDERS_FROM + license.id}
    told = world.variants.order_answer
    return elements(ids if told == "all" else {told: ids[told]}) + element("ok", "func=order")
