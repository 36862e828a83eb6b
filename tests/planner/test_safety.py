"""Safety: the borders at which a plan refuses itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from cpbillmgr.errors import (
    AccessDenied,
    LimitReached,
    ListIncomplete,
    NotFound,
    Refused,
    Unreachable,
    UsageWrong,
)
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.rules import Limits, Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.safety import (
    check_awake,
    check_clock,
    check_first_run,
    check_gone,
    check_list,
    check_losses,
    check_plan,
    check_possible,
    money_warning,
)
from tests.planner.nouns import EUROS, NOW, a_child, a_license, an_operation

DATED = (Action.RENEW, Action.SUSPEND, Action.RELEASE, Action.DELETE)


def a_decision(
    amount: str = "4.00", currency: str = "EUR", action: Action = Action.ORDER, *, held: bool = False
) -> Decision:
    cost = Money(Decimal(amount), currency) if action is Action.ORDER else None
    return Decision(action, a_child(), "because", cost=cost, held=held)


def a_plan(*decisions: Decision) -> Plan:
    return Plan("isp", decisions)


@pytest.mark.parametrize(
    ("limit", "orders", "fits"), [(3, 2, True), (3, 3, True), (3, 4, False), (0, 1, False)]
)
def test_a_plan_may_have_as_many_orders_as_the_limit_says(limit: int, orders: int, fits: bool) -> None:
    plan = a_plan(*[a_decision()] * orders)
    if fits:
        check_plan(plan, Limits(max_orders=limit))
    else:
        with pytest.raises(LimitReached) as refusal:
            check_plan(plan, Limits(max_orders=limit))
        assert str(refusal.value) == (
            f"the plan has {orders} orders, the limit is {limit}."
            f" If that is right, run it with --max-orders {orders}"
        )


@pytest.mark.parametrize(
    ("limit", "amount", "fits"),
    [("10.00", "9.99", True), ("10.00", "10.00", True), ("10.00", "10.01", False), ("0", "0.01", False)],
)
def test_a_plan_may_cost_as_much_as_the_limit_says(limit: str, amount: str, fits: bool) -> None:
    plan, limits = a_plan(a_decision(amount)), Limits(max_spend=Decimal(limit))
    if fits:
        check_plan(plan, limits)
    else:
        with pytest.raises(LimitReached) as refusal:
            check_plan(plan, limits)
        assert refusal.value.message == f"the plan costs {amount} EUR, the limit is {Decimal(limit):.2f}"
        assert refusal.value.hint == f"If that is right, run it with --max-spend {amount}"


def test_the_costs_of_all_orders_count_together() -> None:
    with pytest.raises(LimitReached, match=r"costs 12\.00 EUR"):
        check_plan(a_plan(*[a_decision()] * 3), Limits(max_spend=Decimal("11.99")))


def test_each_currency_has_the_limit_for_itself() -> None:
    limits = Limits(max_spend=Decimal("10.00"))
    check_plan(a_plan(a_decision("9.00", "EUR"), a_decision("9.00", "USD")), limits)
    with pytest.raises(LimitReached, match=r"costs 11\.00 USD"):
        check_plan(a_plan(a_decision("9.00", "EUR"), a_decision("11.00", "USD")), limits)


def test_what_is_held_linked_or_taken_counts_for_no_limit() -> None:
    nothing = Limits(max_orders=0, max_spend=Decimal(0))
    free = (a_decision(action=Action.LINK), a_decision(action=Action.TAKE), a_decision(held=True))
    check_plan(a_plan(*free), nothing)


@pytest.mark.parametrize(
    ("agreed_before", "confirmed", "decision", "goes_on"),
    [
        (False, False, a_decision(), False),
        (False, False, a_decision(action=Action.LINK), False),
        (False, False, a_decision(action=Action.TAKE), False),
        (False, False, a_decision(held=True), True),
        (False, True, a_decision(), True),
        (True, False, a_decision(), True),
        (True, True, a_decision(), True),
    ],
)
def test_a_person_looks_at_the_first_plan_of_an_installation(
    agreed_before: bool, confirmed: bool, decision: Decision, goes_on: bool
) -> None:
    if goes_on:
        check_first_run(a_plan(decision), agreed_before=agreed_before, confirmed=confirmed)
    else:
        with pytest.raises(LimitReached, match="--yes"):
            check_first_run(a_plan(decision), agreed_before=agreed_before, confirmed=confirmed)


def test_a_first_run_with_nothing_to_do_needs_nobody() -> None:
    check_first_run(a_plan(), agreed_before=False, confirmed=False)


@pytest.mark.parametrize(
    ("before", "now", "percent", "whole"),
    [
        (100, 100, 20, True),
        (100, 120, 20, True),
        (100, 80, 20, True),
        (100, 79, 20, False),
        (100, 0, 20, False),
        (5, 0, 20, True),
        (6, 0, 20, False),
        (6, 1, 20, True),
        (10, 5, 0, True),
        (10, 4, 0, False),
        (1000, 799, 20, False),
        (1000, 800, 20, True),
        (1000, 0, 100, True),
        (0, 0, 20, True),
    ],
)
def test_the_list_may_shrink_by_a_share_or_by_five(before: int, now: int, percent: int, whole: bool) -> None:
    if whole:
        check_list(now, before, percent, "isp")
    else:
        with pytest.raises(
            ListIncomplete, match=f"lists {now} licenses, at the last look there were {before}"
        ):
            check_list(now, before, percent, "isp")


@pytest.mark.parametrize("answer", [NotFound("there is none"), a_license(status=Status.DELETED)])
def test_what_the_remote_knows_no_more_is_gone(answer: License | Refused) -> None:
    check_gone("501", answer, "isp")


@pytest.mark.parametrize("answer", [a_license(), AccessDenied("it is not ours"), None])
def test_what_the_remote_still_knows_or_will_not_tell_is_hidden(answer: License | Refused | None) -> None:
    with pytest.raises(ListIncomplete, match="license 501 is not in the account's list"):
        check_gone("501", answer, "isp")


@pytest.mark.parametrize(
    ("balance", "warned"),
    [
        (Money(Decimal("8.00"), "EUR"), False),
        (Money(Decimal("7.99"), "EUR"), True),
        (Money(Decimal(-1), "EUR"), True),
        (Money(Decimal(0), "USD"), False),
        (None, False),
    ],
)
def test_a_balance_that_does_not_cover_the_plan_is_told(balance: Money | None, warned: bool) -> None:
    warning = (f"the plan costs 8.00 EUR, the account has {balance}",)
    plan = a_plan(a_decision(), a_decision(), a_decision(held=True))
    assert money_warning(plan, balance, None) == (warning if warned else ())


@pytest.mark.parametrize(
    ("minimal", "told"),
    [
        (None, ()),
        ("5.00", ()),
        ("5.01", ("the account has 5.00 EUR, less than the minimal balance of 5.01",)),
        ("20", ("the account has 5.00 EUR, less than the minimal balance of 20.00",)),
    ],
)
@pytest.mark.parametrize(
    ("decisions", "short"),
    [
        ([], ()),
        ([a_decision()] * 2, ("the plan costs 8.00 EUR, the account has 5.00 EUR",)),
    ],
    ids=["covered", "not covered"],
)
def test_a_balance_below_the_minimal_one_is_told_too(
    decisions: list[Decision], short: tuple[str, ...], minimal: str | None, told: tuple[str, ...]
) -> None:
    lowest = None if minimal is None else Decimal(minimal)
    assert money_warning(a_plan(*decisions), Money(Decimal("5.00"), "EUR"), lowest) == (*short, *told)


TEN_SECONDS, MORE = timedelta(seconds=10), timedelta(seconds=10, microseconds=1)


@pytest.mark.parametrize(
    ("sent_at", "slept", "cost", "awake"),
    [
        (NOW, timedelta(), EUROS[1], True),
        (NOW, TEN_SECONDS, EUROS[1], True),
        (NOW, -timedelta(days=1), EUROS[1], True),
        (NOW, MORE, EUROS[1], False),
        (NOW, timedelta(days=1), EUROS[1], False),
        (NOW, timedelta(days=1), None, True),
        (None, timedelta(days=1), EUROS[1], True),
    ],
)
def test_who_slept_for_more_than_ten_seconds_sends_nothing_that_costs_money(
    sent_at: datetime | None, slept: timedelta, cost: Money | None, awake: bool
) -> None:
    operation = an_operation(sent_at=sent_at, cost=cost)
    if awake:
        check_awake(operation, NOW + slept)
    else:
        with pytest.raises(Unreachable, match="this machine slept before the call could be sent"):
            check_awake(operation, NOW + slept)


@pytest.mark.parametrize("offset", [None, timedelta(), timedelta(hours=1), -timedelta(hours=1)], ids=str)
@pytest.mark.parametrize("action", DATED)
def test_a_clock_that_is_about_right_stops_nothing(offset: timedelta | None, action: Action) -> None:
    check_clock(a_plan(a_decision(action=action)), offset)


@pytest.mark.parametrize("offset", [timedelta(hours=1, seconds=1), -timedelta(days=3)], ids=str)
@pytest.mark.parametrize("action", DATED)
def test_a_clock_that_is_an_hour_off_stops_what_depends_on_days(offset: timedelta, action: Action) -> None:
    with pytest.raises(LimitReached, match="hours off the remote's"):
        check_clock(a_plan(a_decision(), a_decision(action=action)), offset)


@pytest.mark.parametrize("action", [action for action in Action if action not in DATED], ids=str)
def test_a_clock_that_is_off_stops_nothing_that_goes_by_no_day(action: Action) -> None:
    check_clock(a_plan(a_decision(action=action)), timedelta(days=3))


@pytest.mark.parametrize(
    ("what", "actions"),
    [("releases", (Action.RELEASE, Action.DELETE)), ("suspends", (Action.SUSPEND, Action.SUSPEND))],
)
def test_only_so_many_services_may_lose_their_license_in_one_run(
    what: str, actions: tuple[Action, Action]
) -> None:
    plan = a_plan(*(a_decision(action=action) for action in actions), a_decision())
    check_losses(plan, Limits(max_releases=2, max_suspends=2))
    hint = f"the plan has 2 {what}, the limit is 1. If that is right, run it with --max-{what} 2"
    with pytest.raises(LimitReached, match=hint):
        check_losses(plan, Limits(max_releases=1, max_suspends=1))


def test_only_so_many_licenses_may_be_moved_or_replaced_in_one_run() -> None:
    swap = replace(a_decision(action=Action.TAKE), license="502", replaces="501")
    plan = a_plan(a_decision(action=Action.MOVE), swap, a_decision(action=Action.TAKE))
    check_losses(plan, Limits(max_moves=2))
    hint = "the plan has 2 moves, the limit is 1. If that is right, run it with --max-moves 2"
    with pytest.raises(LimitReached, match=hint):
        check_losses(plan, Limits(max_moves=1))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("generation", [4, 5, 6])
def test_in_generation_4_a_license_keeps_its_tariff(action: Action, generation: int) -> None:
    if (action, generation) != (Action.CHANGE_TARIFF, 4):
        check_possible(action, Rules(generation=Generation(generation)))
        return
    with pytest.raises(UsageWrong, match="does not change the tariff"):
        check_possible(action, Rules(generation=Generation(generation)))
