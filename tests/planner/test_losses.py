"""What is sold for less than it costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.model.money import Money
from cpbillmgr.planner.catalogue.losses import loss

FOUR, FIVE = Money(Decimal("4.00"), "EUR"), Money(Decimal("5.00"), "EUR")


@pytest.mark.parametrize(
    ("price", "cost", "why"),
    [
        (None, FOUR, "it has no price of ours"),
        (None, None, "it has no price of ours"),
        (FOUR, FIVE, "it is sold for 4.00 EUR, and costs 5.00 EUR"),
        (FIVE, FIVE, None),
        (FIVE, FOUR, None),
        (FOUR, None, None),
    ],
)
def test_a_price_below_its_cost_brings_nothing_in(
    price: Money | None, cost: Money | None, why: str | None
) -> None:
    assert loss(price, cost) == why
