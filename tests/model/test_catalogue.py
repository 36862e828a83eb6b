"""The catalogue: what one order costs, and for how long it can be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL, NodeAddon, Tariff
from cpbillmgr.model.money import Money


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


PRICES = {1: euros("4.00"), 12: euros("40.00"), TRIAL: euros("0")}
PLAIN = Tariff(1, "plain", PRICES)
BY_NODES = Tariff(2, "by nodes", PRICES, NodeAddon(3, prices={1: euros("2.50"), 3: euros("7.00")}))


@pytest.mark.parametrize(
    ("tariff", "period", "nodes", "cost"),
    [
        (PLAIN, 1, None, euros("4.00")),
        (PLAIN, 12, None, euros("40.00")),
        (PLAIN, TRIAL, None, euros("0")),
        (PLAIN, 3, None, None),
        (PLAIN, LIFETIME, None, None),
        (PLAIN, 1, 5, euros("4.00")),
        (BY_NODES, 1, None, euros("4.00")),
        (BY_NODES, 1, 1, euros("6.50")),
        (BY_NODES, 1, 5, euros("16.50")),
        (BY_NODES, 3, 5, None),
    ],
)
def test_an_order_costs_its_period_and_its_nodes(
    tariff: Tariff, period: int, nodes: int | None, cost: Money | None
) -> None:
    assert tariff.cost(period, nodes) == cost


def test_the_periods_that_are_no_months_are_the_remotes_numbers() -> None:
    assert (LIFETIME, DAY, TRIAL) == (0, -50, -100)


@pytest.mark.parametrize(
    ("periods", "shortest"),
    [
        ((12, 1, 3), 1),
        ((12,), 12),
        ((LIFETIME, 12, TRIAL, DAY), 12),
        ((LIFETIME, TRIAL, DAY), None),
        ((), None),
    ],
)
def test_the_shortest_period_is_counted_in_months(periods: tuple[int, ...], shortest: int | None) -> None:
    assert Tariff(1, "t", dict.fromkeys(periods, euros("1"))).shortest_period == shortest
