"""The cart: what waits there, what is taken out, and what is paid from the balance (wire-api.md 4.3)."""

from __future__ import annotations

from decimal import Decimal

from cpbillmgr.sandbox.account.history import keep
from cpbillmgr.sandbox.account.sales import opened, pay
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import element, elements, options, table
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import check_ip, family, renewed, shortage, status
from cpbillmgr.sandbox.world.nouns import (
    ACTIVE,
    CREDITED,
    ON_ITS_WAY,
    ORDERED,
    SUSPENDED,
    License,
    Line,
    Moment,
    Payment,
    World,
)

BALANCE, CARD = "subaccount", "card"  # how one may pay (invented)
ORDERS = "func=order"


def put(world: World, license: License, period: int, *, renewal: bool = False) -> int:
    """Put a new license or a renewal into the cart and return its billorder, one for the whole cart."""
    others = [line for line in world.cart if (line.license, line.renewal) != (license.id, renewal)]
    order = others[0].order if others else next_order(world)
    world.cart = [*others, Line(order, license.id, period, renewal)]
    return order


def next_order(world: World) -> int:
    """Return the number of an order that is not in the cart."""
    world.next_order += 1
    return world.next_order - 1


def basket(world: World, call: Call) -> str:
    """Return what is in the cart and what it costs."""
    waiting = _waiting(world, world.moment(call.received))
    rows = [
        {
            "item.id": line.license,
            "item.type": world.tariffs[world.licenses[line.license].pricelist].itemtype,
            "item.period": line.period,
            "item.autoprolong": world.licenses[line.license].autoprolong,
            "cost": f"{_cost(world, line):.2f} {world.account.currency}",
            "rolled_back": "off",
        }
        for line in waiting
    ]
    fields = {
        "total_sum": f"{_total(world, waiting):.2f} {world.account.currency}",
        "tax": f"0.00 {world.account.currency}",
        "full_discount": f"0.00 {world.account.currency}",
        "billorder": waiting[0].order if waiting else "",
    }
    return elements(fields) + table("itemlist", rows)


def change_basket(world: World, call: Call) -> str:
    """Take one item out of the cart, empty it, or get what is free; no promo code is good."""
    if call.text("promocode"):
        raise Refused("missed", "promocode")
    match call.text("clicked_button"):
        case "delete":
            _remove(world, [_line(world, call)])
        case "clearbasket":
            _remove(world, _of_order(world, call, "id"))
        case "free":
            lines = _of_order(world, call, "id")
            if _total(world, lines):
                raise Refused("value", "id", value=call.text("id"))
            _settle(world, call, lines)
        case _:
            raise Refused("value", "clicked_button", value=call.text("clicked_button"))
    return element("ok", ORDERS)


def empty(world: World, _call: Call) -> str:
    """Empty the cart, as the newer cart has it."""
    _remove(world, world.cart)
    return "<ok/>"


def orders(world: World, call: Call) -> str:
    """Return the orders that wait to be paid: there is none, or one for all that is in the cart."""
    waiting = _waiting(world, world.moment(call.received))
    rows = [{"id": waiting[0].order, "cost": f"{_total(world, waiting):.2f}"}] if waiting else []
    return table("openlist", rows)


def payment_form(world: World, call: Call) -> str:
    """Return what an order costs and how it can be paid."""
    lines = _of_order(world, call, "billorder")
    fields = {"billorder": lines[0].order, "amount": f"{_total(world, lines):.2f}", "paymethod": BALANCE}
    return elements(fields) + options("paymethod", {BALANCE: BALANCE, CARD: CARD})


def pay_order(world: World, call: Call) -> str:
    """Pay an order from the balance at once; by another method only an address to pay at is told."""
    lines = _of_order(world, call, "billorder")
    method = BALANCE if call.text("clicked_button") == "fromsubaccount" else call.needed("paymethod")
    if method not in {BALANCE, CARD}:
        raise Refused("value", "paymethod", value=method)
    id, amount, now = len(world.payments) + 1, _total(world, lines), world.moment(call.received).now
    if method == BALANCE:
        _settle(world, call, lines)
    state = CREDITED if method == BALANCE else ON_ITS_WAY
    world.payments.append(Payment(id, lines[0].order, now, amount, method, state))
    target = element("ok", ORDERS) if method == BALANCE else f'<ok type="url">{call.host}/pay/{id}</ok>'
    return target + element("payment_id", id)


def _settle(world: World, call: Call, lines: list[Line]) -> None:
    """Pay what is in the cart, all of it or nothing, and do what was ordered."""
    moment = world.moment(call.received)
    refused = shortage(world, _total(world, lines))
    if refused:
        raise refused
    for line in lines:
        license, amount = world.licenses[line.license], _cost(world, line)
        if not line.renewal:
            check_ip(world, family(world.tariffs[license.pricelist].name), license.ip, moment, but=license.id)
        pay(world, call, license, amount)
        done = (
            renewed(world, license, line.period, moment) if line.renewal else opened(world, license, moment)
        )
        keep(world, call, done)
    world.cart = [line for line in world.cart if line not in lines]


def _remove(world: World, lines: list[Line]) -> None:
    """Take lines out of the cart; a license that was never paid is gone with its line (invented)."""
    for line in lines:
        if not line.renewal and world.licenses[line.license].status == ORDERED:
            del world.licenses[line.license]
    world.cart = [line for line in world.cart if line not in lines]


def _waiting(world: World, moment: Moment) -> list[Line]:
    """Return the lines of the cart that can still be paid."""
    return [
        line
        for line in world.cart
        if line.license in world.licenses
        and status(world.licenses[line.license], moment)
        in ({ACTIVE, SUSPENDED} if line.renewal else {ORDERED})
    ]


def _of_order(world: World, call: Call, name: str) -> list[Line]:
    number = call.number(name)
    lines = [line for line in _waiting(world, world.moment(call.received)) if line.order == number]
    if not lines:
        raise Refused("unknown_id", name, value=str(number))
    return lines


def _line(world: World, call: Call) -> Line:
    id = call.number("id")
    found = [line for line in _waiting(world, world.moment(call.received)) if line.license == id]
    if not found:
        raise Refused("unknown_id", "id", value=str(id))
    return found[0]


def _cost(world: World, line: Line) -> Decimal:
    license = world.licenses[line.license]
    return world.tariffs[license.pricelist].cost(line.period, license.addons)


def _total(world: World, lines: list[Line]) -> Decimal:
    return sum((_cost(world, line) for line in lines), Decimal("0.00"))
