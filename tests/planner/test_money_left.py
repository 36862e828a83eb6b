from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL
from cpbillmgr.model.money import Money
from cpbillmgr.planner.pool.money_left import money_left
from tests.planner.nouns import BUSINESS, LITE, NODES, TARIFFS, TODAY, a_license


@pytest.mark.parametrize(
    ("period", "expires", "left"),
    [
        (1, date(2026, 12, 1), "1.33"),  # 10 of November's 30 days of 4.00
        (1, date(2027, 3, 1), "14.28"),  # renewed ahead: 100 days, 28 of which cost 4.00
        (1, date(2026, 11, 22), "0.12"),  # a day, rounded down from 0.129
        (1, TODAY, "0.00"),
        (1, date(2026, 11, 1), "0.00"),
        (12, date(2027, 5, 21), "19.83"),  # 181 of 365 days of 40.00
        (12, date(2028, 11, 21), "79.89"),  # 731 days, 366 of which cost 40.00
        (LIFETIME, None, None),
        (TRIAL, date(2026, 12, 1), None),
        (DAY, date(2026, 11, 22), None),
        (None, date(2026, 12, 1), None),
        (1, None, None),
    ],
)
def test_what_is_left_is_what_the_days_left_have_cost(
    period: int | None, expires: date | None, left: str | None
) -> None:
    found = money_left(a_license(period=period, expires=expires), TODAY, TARIFFS)
    assert (found and str(found.amount)) == left


def test_what_a_license_tells_itself_comes_before_the_price_list() -> None:
    license = a_license(cost=Money(Decimal("6.00"), "USD"), expires=date(2026, 12, 1))
    assert money_left(license, TODAY, TARIFFS) == Money(Decimal("2.00"), "USD")


def test_a_license_by_the_day_has_a_day_left_or_none() -> None:
    license = a_license(period=DAY, cost=Money(Decimal("0.50"), "EUR"), expires=date(2026, 11, 22))
    assert money_left(license, TODAY, {}) == Money(Decimal("0.50"), "EUR")


def test_nodes_cost_too() -> None:
    license = a_license(tariff=BUSINESS, addons=((NODES, 2),), expires=date(2026, 12, 1))
    assert money_left(license, TODAY, TARIFFS) == Money(Decimal("4.00"), "EUR")  # a third of 4 + 2 x 4


def test_where_nobody_tells_a_price_nothing_is_told() -> None:
    assert money_left(a_license(tariff=LITE), TODAY, {}) is None
