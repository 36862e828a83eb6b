"""The catalogue: what one order costs, and for how long it can be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL, Amounts, Resource, ResourceKind, Tariff
from cpbillmgr.model.money import Money


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


PRICES = {1: euros("4.00"), 12: euros("40.00"), TRIAL: euros("0")}
PLAIN = Tariff(1, "plain", PRICES)
NODES = Resource(3, "nodes", ResourceKind.AMOUNT, {1: euros("2.50"), 3: euros("7.00")})
MACHINES = Resource(4, "machines", ResourceKind.AMOUNT, {1: euros("0.10")})
BACKUP = Resource(5, "backup", ResourceKind.LOGIC, {1: euros("1.00")})
BY_NODES = Tariff(2, "by nodes", PRICES, NODES, resources=(NODES, BACKUP, MACHINES))


@pytest.mark.parametrize(
    ("tariff", "period", "amounts", "cost"),
    [
        (PLAIN, 1, (), euros("4.00")),
        (PLAIN, 12, (), euros("40.00")),
        (PLAIN, TRIAL, (), euros("0")),
        (PLAIN, 3, (), None),
        (PLAIN, LIFETIME, (), None),
        (PLAIN, 1, ((3, 5),), euros("4.00")),
        (BY_NODES, 1, (), euros("4.00")),
        (BY_NODES, 1, ((3, 1),), euros("6.50")),
        (BY_NODES, 1, ((3, 5),), euros("16.50")),
        (BY_NODES, 1, ((3, 2), (4, 50)), euros("14.00")),
        (BY_NODES, 1, ((5, 2),), euros("4.00")),
        (BY_NODES, 12, ((3, 1), (4, 50)), euros("40.00")),
        (BY_NODES, 3, ((3, 5),), None),
    ],
)
def test_an_order_costs_its_period_and_what_is_counted(
    tariff: Tariff, period: int, amounts: Amounts, cost: Money | None
) -> None:
    assert tariff.cost(period, amounts) == cost


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


# Generation 4 has ids for periods: 12 is no year there, and 9 no 9 months.
BY_IDS = Tariff(
    7, "by ids", dict.fromkeys((7, 8, 9, 12, 13), euros("4.00")), lengths={7: TRIAL, 8: 1, 9: LIFETIME, 12: 3}
)


@pytest.mark.parametrize(
    ("length", "period"), [(1, 8), (3, 12), (LIFETIME, 9), (TRIAL, 7), (12, None), (9, None)]
)
def test_a_period_that_is_an_id_is_found_by_its_length(length: int, period: int | None) -> None:
    assert BY_IDS.period_of(length) == period
    assert period is None or BY_IDS.length(period) == length


def test_a_period_of_unknown_length_is_sold_but_never_chosen() -> None:
    assert (BY_IDS.length(13), BY_IDS.cost(13, ())) == (None, euros("4.00"))


@pytest.mark.parametrize(("length", "period"), [(1, 1), (12, 12), (TRIAL, TRIAL), (3, None)])
def test_a_period_of_months_is_its_own_length(length: int, period: int | None) -> None:
    assert PLAIN.period_of(length) == period
    assert PLAIN.length(length) == length


def test_without_prices_any_length_may_be_sold_and_of_ids_those_that_are_known() -> None:
    assert Tariff(1, "t", {}).period_of(5) == 5
    known = Tariff(7, "t", {}, lengths={8: 1})
    assert (known.period_of(1), known.period_of(5)) == (8, None)


def test_the_shortest_period_is_the_one_of_the_fewest_months_whatever_its_id() -> None:
    lengths = {21: 12, 22: 1, 23: LIFETIME, 24: TRIAL}
    assert Tariff(1, "t", dict.fromkeys(lengths, euros("1")), lengths=lengths).shortest_period == 22
