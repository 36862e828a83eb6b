"""Losses: what we sell for less than it costs us."""

from __future__ import annotations

from cpbillmgr.model.money import Money


def loss(price: Money | None, cost: Money | None) -> str | None:
    """Return why a price of ours brings nothing in, ``None`` when it does; both are in our currency.

    ================================  =====================================
    our price                         answer
    ================================  =====================================
    is not set                        there is none
    is below the cost                 both are told
    is not, or no cost is known       none
    ================================  =====================================
    """
    if price is None:
        return "it has no price of ours"
    if cost is not None and price.amount < cost.amount:
        return f"it is sold for {price}, and costs {cost}"
    return None
