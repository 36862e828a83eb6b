"""Money: exact, and of one currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.money import Money, totals

CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)
MONEY = st.builds(Money, CENTS, st.sampled_from(["EUR", "RUB", "USD"]))


def test_amounts_are_exact() -> None:
    assert Money(Decimal("0.10"), "EUR") + Money(Decimal("0.20"), "EUR") == Money(Decimal("0.30"), "EUR")
    assert Money(Decimal("0.10"), "EUR") * 3 == Money(Decimal("0.30"), "EUR")


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="EUR and USD cannot be added"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(("cost", "covers"), [("4.99", True), ("5.00", True), ("5.01", False)])
def test_a_balance_covers_what_costs_no_more_and_tells_nothing_of_another_currency(
    cost: str, covers: bool
) -> None:
    balance = Money(Decimal("5.00"), "EUR")
    assert balance.covers(Money(Decimal(cost), "EUR")) is covers
    assert balance.covers(Money(Decimal(cost), "USD")) is None


@pytest.mark.parametrize(
    ("amount", "digits"),
    [("4", "4.00"), ("4.0000", "4.00"), ("1530.5", "1530.50"), ("-0.01", "-0.01"), ("0", "0.00")],
)
def test_an_amount_is_written_with_two_digits(amount: str, digits: str) -> None:
    assert Money(Decimal(amount), "EUR").digits == digits
    assert str(Money(Decimal(amount), "EUR")) == f"{digits} EUR"


def test_totals_are_one_sum_for_each_currency_in_their_order() -> None:
    amounts = [
        Money(Decimal(amount), currency) for amount, currency in [("7", "USD"), ("4", "EUR"), ("1", "USD")]
    ]
    assert totals(amounts) == (Money(Decimal(4), "EUR"), Money(Decimal(8), "USD"))
    assert totals([]) == ()


@given(st.lists(MONEY))
def test_totals_lose_nothing(amounts: list[Money]) -> None:
    sums = {total.currency: total.amount for total in totals(amounts)}
    assert list(sums) == sorted({money.currency for money in amounts})
    for currency, amount in sums.items():
        assert amount == sum(money.amount for money in amounts if money.currency == currency)
