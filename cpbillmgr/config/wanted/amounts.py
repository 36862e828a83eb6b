"""How many of what a tariff counts, such as nodes, an order is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.model.catalogue import Amounts, Tariff


def amounts_for(tariff: Tariff, nodes: int | None, asked: Iterable[tuple[str, int]]) -> Amounts:
    """Return the amounts to order; ``asked`` names resources by id or internal name. Raises ``Unresolved``.

    ===================================  ==================================
    a counted resource of the tariff     amount
    ===================================  ==================================
    is not asked for                     its minimum, if there is one
    is asked for, below its minimum      ``Unresolved``
    is asked for                         as asked
    is asked for more than once          ``Unresolved``
    is no resource of the tariff         ``Unresolved``
    ===================================  ==================================
    """
    amounts: dict[int, int] = {}
    for id_, amount in _asked(tariff, nodes, asked):
        if id_ in amounts:
            raise Unresolved(f"{tariff.unit(id_)}: the amount is given more than once", "Give it once")
        amounts[id_] = amount
    for id_, each in tariff.counted.items():
        amount = amounts.get(id_, each.minimum)
        if amount < each.minimum:
            what = f"{_named(tariff)} is not sold with {amount} {tariff.unit(id_, amount)}"
            raise Unresolved(what, f"Ask for {each.minimum} or more")
        if amount:
            amounts[id_] = amount
    return tuple(sorted(amounts.items()))


def _asked(tariff: Tariff, nodes: int | None, asked: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is asked for by the resource's id. Raises ``Unresolved``."""
    if nodes is not None:
        if tariff.node_addon is None:
            raise Unresolved(f"{_named(tariff)} is not sold by nodes", "Leave 'nodes' empty")
        yield tariff.node_addon.id, nodes
    for name, amount in asked:
        known = (each.id for each in tariff.counted.values() if name in (str(each.id), each.intname))
        id_ = next(known, None)
        if id_ is None:
            raise Unresolved(f"{_named(tariff)} is not sold with an amount of {name}", _what_counts(tariff))
        yield id_, amount


def _what_counts(tariff: Tariff) -> str:
    counted = ", ".join(f"{id_} ({tariff.unit(id_)})" for id_ in tariff.counted)
    return f"It counts {counted}" if counted else "Leave 'amounts' empty"


def _named(tariff: Tariff) -> str:
    return f"tariff {tariff.id} ({tariff.name})"
