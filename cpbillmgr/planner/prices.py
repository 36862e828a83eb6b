"""What one more period of a license costs."""

from __future__ import annotations

from collections.abc import Mapping

from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money


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
        return tariff.cost(period, nodes_of(license, tariff))
    return license.cost if license.period == period else None


def nodes_of(license: License, tariff: Tariff) -> int | None:
    """Return how many nodes a license has, the least there may be where its form does not tell."""
    if tariff.node_addon is None:
        return None
    return dict(license.addons or ()).get(tariff.node_addon.id, tariff.node_addon.minimum)
