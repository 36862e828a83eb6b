"""Money that is short: for now, or for the renewals of a week."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Hook
from cpbillmgr.model.services import Demand, Status, Wish
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.notices.notices import of_balance
from tests.planner.nouns import IP, TODAY, a_child, a_license, facts, linked

CHILD, OTHER = a_child(), a_child("13")
EURO = Money(Decimal("1.00"), "EUR")


def ends_in(days: int, id: str = "501", **fields: Any) -> License:
    return a_license(id, expires=TODAY + timedelta(days=days), **fields)


def of_money(
    balance: str,
    *licenses: License,
    minimal: str | None = None,
    days_before: int = 1,
    wish: Wish = Wish.ON,
) -> list[str]:
    look = facts(*licenses, links=linked((CHILD, "501"), (OTHER, "502")))
    standing = Standing({child.key: Demand(*child.key, wish, IP) for child in (CHILD, OTHER)})
    least = None if minimal is None else Decimal(minimal)
    money = Money(Decimal(balance), "EUR")
    found = of_balance(money, least, resting(look, standing), TODAY, days_before)
    assert {each.hook for each in found} <= {Hook.LOW_BALANCE}
    return [each.topic for each in found]


@pytest.mark.parametrize(
    ("balance", "minimal", "is_told"),
    [
        ("49.99", "50", True),
        ("50.00", "50", False),
        ("50.01", "50", False),
        ("0", None, False),
        ("-1", "0", True),
    ],
)
def test_a_balance_below_the_minimal_one_is_told(balance: str, minimal: str | None, *, is_told: bool) -> None:
    assert of_money(balance, minimal=minimal) == (["balance minimal"] if is_told else [])


@pytest.mark.parametrize(
    ("license", "balance", "days_before", "is_told"),
    [
        (ends_in(8, cost=EURO), "0.99", 1, True),
        (ends_in(8, cost=EURO), "1.00", 1, False),
        (ends_in(9, cost=EURO), "0.99", 1, False),
        (ends_in(9, cost=EURO), "0.99", 2, True),
        (ends_in(1), "0.00", 1, False),
        (ends_in(1, cost=Money(Decimal(99), "USD")), "0.00", 1, False),
        (ends_in(1, cost=EURO, status=Status.PROCESSING), "0.00", 1, False),
    ],
)
def test_the_renewals_of_a_week_are_to_be_in_the_account(
    license: License, balance: str, days_before: int, *, is_told: bool
) -> None:
    found = of_money(balance, license, days_before=days_before)
    assert found == (["balance renewals"] if is_told else [])


def test_what_is_not_renewed_needs_no_money() -> None:
    assert of_money("0.00", ends_in(1, cost=EURO), wish=Wish.OFF) == []


def test_the_renewals_of_a_week_are_counted_together() -> None:
    both = (ends_in(1, cost=EURO), ends_in(8, "502", cost=EURO))
    assert of_money("1.99", *both) == ["balance renewals"]
    assert of_money("2.00", *both) == []


def test_both_wants_of_money_are_told() -> None:
    assert of_money("0.50", ends_in(1, cost=EURO), minimal="1") == ["balance minimal", "balance renewals"]
