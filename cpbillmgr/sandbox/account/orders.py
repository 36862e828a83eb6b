"""Buying: the check of an address, the order form, the order."""

from __future__ import annotations

from cpbillmgr.sandbox.account.cart import next_order, put
from cpbillmgr.sandbox.account.enrolment import order_fields, requested
from cpbillmgr.sandbox.account.history import keep
from cpbillmgr.sandbox.account.sales import opened, pay
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import element, elements, options, periods
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import check_ip, check_status, check_trial, family, status
from cpbillmgr.sandbox.protocol.texts import PHRASES
from cpbillmgr.sandbox.world.nouns import (
    DELETED,
    FREE_IP,
    ORDERED,
    TRIAL,
    License,
    Moment,
    Tariff,
    World,
)

AGREEMENTS = ("licence_agreement", "agree", "conditions_agree")  # any of them accepts it


def checkip(world: World, call: Call) -> str:
    """Say whether this address may get this license: an error, or nothing wrong."""
    tariff, period = call.offer(world)
    check_offer(world, tariff, period, call.address("ip"), world.moment(call.received))
    return "<ok/>"


def order_form(world: World, call: Call) -> str:
    """Return the order form of a tariff with its add-ons and the total amount."""
    tariff, period = call.offer(world, itemtype=call.itemtype)
    product = PRODUCTS[call.itemtype]
    addons = call.addons(tariff, {})
    language = call.language(world)
    total = f"{PHRASES[language]['total']}: {tariff.cost(period, addons):.2f} {world.account.currency}"
    fields = {
        "pricelist": tariff.id,
        "period": period,
        **({product.name_field: call.license_name("", product.name_field)} if product.name_field else {}),
        **({"ip": call.text("ip")} if product.has_ip else {}),
        **({"item": call.text("item")} if product.on_license else {}),
        "autoprolong": call.text("autoprolong", "null"),
        **{f"addon_{id}": amount for id, amount in addons.items()},
        **({AGREEMENTS[0]: call.text(AGREEMENTS[0], "off")} if tariff.agreement else {}),
        "orderinfo": total,
    }
    request = order_fields(world, call) if product.by_request else ""
    return elements(fields) + request + options("period", periods(tariff, language))


def order(world: World, call: Call) -> str:
    """Sell a license: with ``skipbasket=on`` charged and active at once, else unpaid in the cart."""
    tariff, period = call.offer(world, itemtype=call.itemtype)
    product, moment = PRODUCTS[call.itemtype], world.moment(call.received)
    ip = call.address("ip") if product.has_ip else FREE_IP
    _check_agreement(call, tariff)
    _check_datacenter(call, tariff)
    check_offer(world, tariff, period, ip, moment)
    license = License(
        id=world.next_id,
        pricelist=tariff.id,
        licname=call.license_name("", product.name_field),
        ip=ip,
        item=_item(world, call, tariff, moment) if product.on_license else 0,
        period=period,
        status=ORDERED,
        createdate=moment.today,
        expiredate=moment.today,
        autoprolong=call.autoprolong("null"),
        remoteid=call.text("remoteid"),
        remoteip=call.remoteip(),
        addons=call.addons(tariff, {}),
    )
    license = requested(world, call, license) if product.by_request else license
    world.next_id += 1
    if call.text("skipbasket") == "on" and paid(world, call, license):
        keep(world, call, opened(world, license, moment))
        return _answer(world, license, next_order(world))
    keep(world, call, license)
    return _answer(world, license, put(world, license, period))


def _item(world: World, call: Call, tariff: Tariff, moment: Moment) -> int:
    """Return the panel's license that a module is ordered for; it has each module once (invented)."""
    item = call.number("item")
    panel = world.licenses.get(item)
    if panel is None or panel.owner is not None or world.tariffs[panel.pricelist].itemtype != "soft":
        raise Refused("value", "item", value=str(item))
    check_status(panel, moment)
    for other in world.licenses.values():
        is_there = status(other, moment) not in {ORDERED, DELETED}
        if is_there and (other.item, other.pricelist) == (item, tariff.id):
            raise Refused("item_taken", value=str(item))
    return item


def _check_agreement(call: Call, tariff: Tariff) -> None:
    """Refuse an order that does not accept the tariff's agreement (names reported, the refusal invented)."""
    if tariff.agreement and not any(call.text(name) == "on" for name in AGREEMENTS):
        raise Refused("missed", AGREEMENTS[0])


def _check_datacenter(call: Call, tariff: Tariff) -> None:
    """Refuse an order that names none of a tariff's data centers (name documented, refusal invented)."""
    if tariff.datacenters and call.number("datacenter") not in tariff.datacenters:
        raise Refused("value", "datacenter", value=call.text("datacenter"))


def check_offer(world: World, tariff: Tariff, period: int, ip: str, moment: Moment) -> None:
    """Refuse an address that may not get this license."""
    product = family(tariff.name)
    if tariff.length(period) == TRIAL:
        check_trial(world, product, ip, moment)
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


def _answer(world: World, license: License, billorder: int) -> str:
    ids = {"id": license.id, "item.id": license.id, "billorder": billorder}
    told = world.variants.order_answer
    return elements(ids if told == "all" else {told: ids[told]}) + element("ok", "func=order")
