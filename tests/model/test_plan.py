"""A plan: what is to be done, and what that costs."""

from __future__ import annotations

from decimal import Decimal

from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.services import Child, Status

CHILD = Child("12", "panel", "web1", "203.0.113.5", Status.ACTIVE, "isp", 55227, 1)


def an_order(amount: str, currency: str = "EUR", *, held: bool = False) -> Decision:
    return Decision(Action.ORDER, CHILD, "none is free", cost=Money(Decimal(amount), currency), held=held)


LINK = Decision(Action.LINK, CHILD, "it is there", license="501")
TAKE = Decision(Action.TAKE, CHILD, "it is free", license="601")
HELD = an_order("100", held=True)
PLAN = Plan("isp", (an_order("4"), HELD, LINK, an_order("7", "USD"), TAKE, an_order("5")))


def test_what_is_held_is_not_to_be_done() -> None:
    assert HELD not in PLAN.to_do
    assert PLAN.to_do == tuple(decision for decision in PLAN.decisions if decision is not HELD)


def test_a_plan_costs_what_is_to_be_done_by_currency() -> None:
    assert PLAN.cost == (Money(Decimal(9), "EUR"), Money(Decimal(7), "USD"))
    assert Plan("isp", (HELD, LINK, TAKE)).cost == ()


def test_a_plan_counts_what_is_to_be_done() -> None:
    counted = {action: PLAN.count(action) for action in Action if PLAN.count(action)}
    assert counted == {Action.LINK: 1, Action.TAKE: 1, Action.ORDER: 3}
