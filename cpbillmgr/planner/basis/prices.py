"""What one more period of a license costs, and another tariff or other amounts."""

from __future__ import annotations

from collections.abc import Mapping

from cpbillmgr.model.catalogue import Amounts, Tariff
from cpbillmgr.model.known import family
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.services import Child


def price_of(license: License, period: int, tariffs: Mapping[int, Tariff]) -> Money | None:
    """Return the price of renewing a license for one more period, ``None`` when it is not known.

    =========================================  ==========================
    its tariff                                 price
    =========================================  ==========================
    is sold for this period                    that of the price list
    is sold, but not for this period           none
    is not sold any more, this period its own  what its own period costs
    is not sold any more, another period       none
    is sold at prices that are not told        as one not sold any more
    =========================================  ==========================
    """
    tariff = tariffs.get(license.tariff or 0)
    if tariff is not None and tariff.prices:
        return tariff.cost(period, amounts_of(license, tariff))
    return license.cost if license.period == period else None


def amounts_of(license: License, tariff: Tariff) -> Amounts:
    """Return how many a license has of what is counted, the minimum where its form does not tell."""
    told = dict(license.addons or ())
    amounts = {id_: told.get(id_, each.minimum) for id_, each in tariff.counted.items()}
    return tuple(sorted((id_, amount) for id_, amount in amounts.items() if amount or id_ in told))


def other_amounts(child: Child, license: License, tariff: Tariff) -> Amounts:
    """Return what a child asks for in amounts that its license does not have."""
    has = dict(amounts_of(license, tariff))
    return tuple((id_, amount) for id_, amount in child.amounts if has.get(id_, 0) != amount)


def amounts_text(amounts: Amounts, tariff: Tariff) -> str:
    """Return amounts in words, as in ``3 nodes and 20 Virtual machines``."""
    return " and ".join(f"{amount} {tariff.unit(id_, amount)}" for id_, amount in amounts)


def difference(
    license: License, wanted: Tariff, period: int, amounts: Amounts, tariffs: Mapping[int, Tariff]
) -> Money | None:
    """Return how much more one period costs at another tariff or of other amounts, by the price list.

    What the remote charges for such a change is told nowhere (wire-api.md 15): this is what is known.

    =========================================  =============================================
    the price list                             difference
    =========================================  =============================================
    does not sell the wanted for the period    none
    does not tell what the license costs now   the whole price
    tells both, and it is dearer               what it is dearer by
    tells both, and it is not dearer           zero: nothing is paid back
    =========================================  =============================================
    """
    after = wanted.cost(period, amounts)
    now = tariffs.get(license.tariff or 0)
    before = None if now is None else now.cost(period, amounts_of(license, now))
    if after is None or before is None or before.currency != after.currency:
        return after
    return Money(max(after.amount - before.amount, after.amount * 0), after.currency)


def product_of(what: License | Child | Operation, tariffs: Mapping[int, Tariff]) -> str:
    """Return the product family of its tariff; the remote keeps one of a family on an address."""
    known = tariffs.get(what.tariff or 0)
    if known is not None:
        return family(known.name)
    return family(what.tariff_name) if isinstance(what, License) else ""
