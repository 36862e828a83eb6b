"""Lists: one page of them, in an order that a call may choose, through filters that stick or do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import Filter, World

Item = TypeVar("Item")
Facts = Callable[[Item], Mapping[str, Any]]  # what an item is sorted and filtered by

_OF_PRODUCTS = (
    "id", "ip", "licname", "pricelist", "period", "status", "opendate", "expiredate", "orderdatefrom",
    "orderdateto", "cost_from", "cost_to", "autoprolong",
)  # fmt: skip
FILTERS = {
    **dict.fromkeys(PRODUCTS, _OF_PRODUCTS),
    "software": ("expires", "expiree"),
    "payment": ("id", "status", "createdatestart", "createdateend"),
}
RANGE = re.compile(r"(.+?)_?(from|start|to|end)")
CONTAINED = frozenset({"ip", "licname"})


def page(
    world: World, call: Call, items: Sequence[Item], row: Callable[[Item], str], facts: Facts[Item]
) -> str:
    """Return one page of a list; no page has more rows than the world allows (wire-api.md 3.4).

    ``p_num`` counts pages from 1, ``p_cnt`` says how many rows they have, ``p_col`` names a field to sort by,
    with + or - before it. A field that the list does not have leaves its order as it is (invented).
    """
    wanted = _wanted(world, call)
    chosen = [item for item in items if _matches(facts(item), wanted)] if wanted else items
    column = call.text("p_col").strip()
    name, down = column.lstrip("+-"), column.startswith("-")
    if name and chosen and name in facts(chosen[0]):
        chosen = sorted(chosen, key=lambda item: facts(item)[name], reverse=down)
    size = min(max(call.number("p_cnt", world.page_limit), 1), world.page_limit)
    number = max(call.number("p_num", 1), 1)
    first = (number - 1) * size
    shown = chosen[first : first + size]
    ends = f"{facts(shown[0])['id']} - {facts(shown[-1])['id']}" if shown else ""
    head = {"p_sort": name or "id", "p_order": "desc" if down else "asc", "page": ends}
    tail = {"p_cnt": size, "p_num": number, "p_elems": len(chosen)}
    return elements(head) + "".join(map(row, shown)) + elements(tail)


def filter_form(world: World, call: Call) -> str:
    """Return the filter of a list as it is set."""
    kept = kept_filter(world, _list(call))
    return elements({name: kept.get(name, "") for name in FILTERS[_list(call)]})


def set_filter(world: World, call: Call) -> str:
    """Keep a filter that is used whenever the list is shown, until an empty one is sent (documented)."""
    name = _list(call)
    fields = {field: call.text(field) for field in FILTERS[name] if call.text(field)}
    others = [each for each in world.filters if each.list != name]
    world.filters = [*others, Filter(name, fields)] if fields else others
    return "<ok/>"


def _list(call: Call) -> str:
    return call.func.removesuffix(".filter")


def kept_filter(world: World, name: str) -> dict[str, str]:
    """Return the filter that a list has, which is empty when there is none."""
    return next((each.fields for each in world.filters if each.list == name), {})


def _wanted(world: World, call: Call) -> list[tuple[str, str]]:
    """Return what the items must be: by the filter that is kept, and by the one of this call alone."""
    wanted = list(kept_filter(world, call.func).items())
    if call.text("filter") == "on":
        names = FILTERS.get(call.func, ())
        wanted += [(name, call.text(name)) for name in names if call.text(name)]
    return wanted


def _matches(facts: Mapping[str, Any], wanted: Iterable[tuple[str, str]]) -> bool:
    """Return whether an item passes a filter (the fields are reported, how they compare is invented).

    ======================  ============================
    field                   passes
    ======================  ============================
    Xfrom, X_from, Xstart   what is not before the value
    Xto, X_to, Xend         what is not after it
    ip, licname             what contains it
    any other               one of its values, which
                            ", " joins
    ======================  ============================
    """
    return all(_passes(facts, name, value) for name, value in wanted)


def _passes(facts: Mapping[str, Any], name: str, value: str) -> bool:
    bounded = RANGE.fullmatch(name)
    if bounded is not None:
        fact, bound = facts[bounded[1]], _bound(facts[bounded[1]], name, value)
        return bool(fact >= bound if bounded[2] in {"from", "start"} else fact <= bound)
    if name in CONTAINED:
        return value in str(facts[name])
    return str(facts[name]) in value.split(", ")


def _bound(fact: object, name: str, value: str) -> Any:
    """Return a bound as something that compares with the field: an amount, else the text."""
    if not isinstance(fact, Decimal):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        raise Refused("value", name, value=value) from None
