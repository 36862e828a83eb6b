"""Prices: what one more period of a license costs, and when nobody can know."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.planner.basis.prices import amounts_of, price_of
from tests.planner.nouns import BUSINESS, EUROS, LITE, NODES, TARIFFS, a_license

OWN = Money(Decimal("3.30"), "EUR")  # what the license itself is told to cost


@pytest.mark.parametrize(
    ("license", "months", "price"),
    [
        (a_license(cost=OWN), 1, EUROS[1]),
        (a_license(cost=OWN), 12, EUROS[12]),
        (a_license(cost=OWN, period=3), 3, None),
        (a_license(tariff=9, cost=OWN), 1, OWN),
        (a_license(tariff=9, cost=OWN, period=12), 12, OWN),
        (a_license(tariff=9, cost=OWN, period=12), 1, None),
        (a_license(tariff=9, cost=OWN, period=None), 1, None),
        (a_license(tariff=9), 1, None),
        (a_license(tariff=None, cost=OWN), 1, OWN),
    ],
    ids=[
        "the price list's",
        "of another period",
        "sold, but not for this period",
        "not sold any more, its own period",
        "the same for a year",
        "not sold any more, another period",
        "its period is not told",
        "its price is not told",
        "its tariff is not told",
    ],
)
def test_a_price_is_the_lists_or_the_licenses_own_where_the_list_has_none(
    license: License, months: int, price: Money | None
) -> None:
    assert price_of(license, months, TARIFFS) == price


@pytest.mark.parametrize(
    ("addons", "nodes", "price"),
    [(((NODES, 3),), 3, "16.00"), (((NODES, 1),), 1, "8.00"), ((), 1, "8.00"), (None, 1, "8.00")],
)
def test_a_license_by_nodes_costs_what_its_nodes_cost_and_at_least_the_least(
    addons: tuple[tuple[int, int], ...] | None, nodes: int, price: str
) -> None:
    license = a_license(tariff=BUSINESS, addons=addons)
    assert amounts_of(license, TARIFFS[BUSINESS]) == ((NODES, nodes),)
    assert price_of(license, 1, TARIFFS) == Money(Decimal(price), "EUR")


def test_a_license_that_is_not_sold_by_nodes_has_none() -> None:
    assert amounts_of(a_license(addons=((NODES, 3),)), TARIFFS[LITE]) == ()
