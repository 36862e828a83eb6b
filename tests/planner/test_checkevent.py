"""``checkevent``'s plan: what one look makes necessary, in which order, and what is read again when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.errors import AccessDenied, Refused
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.checkevent import begun, make_plan, still_wanted, told_in_every_run
from tests.planner.nouns import (
    IP,
    NOW,
    TODAY,
    a_child,
    a_license,
    a_spare,
    a_take,
    an_operation,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD, OTHER = a_child(), a_child("13")
DAY = timedelta(days=1)
LINKS = linked((CHILD, "501"))
RULES = Rules()
RELEASE = an_operation(
    action=Action.RELEASE, license="501", cost=None, state=State.MANUAL, failure="remote-limit"
)
NO_MONEY = Tries(1, NOW, "money", "no money", 7)
DUE = Decision(Action.RENEW, CHILD, "it is due", license="501")
UNPAID = {OTHER.key: NO_MONEY}


def euros(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def wishes(*wanted: tuple[Child, Wish], **fields: Any) -> Standing:
    demands = {child.key: Demand(*child.key, wish, child.ip) for child, wish in wanted}
    return Standing(demands=demands, **fields)


def decided(look: Facts, standing: Standing | None = None, **fields: Any) -> tuple[Decision, ...]:
    children, unpaid = fields.get("children", [CHILD, OTHER]), fields.get("unpaid", {})
    stands = standing or wishes((CHILD, Wish.ON))
    licenses = resting(look, stands)
    return make_plan(look, stands, licenses, children, unpaid, fields.get("balance"), RULES).decisions


def told(*asked: Any, **fields: Any) -> list[tuple[Action, str | None]]:
    return [(each.action, each.license) for each in decided(*asked, **fields)]


def test_a_license_in_accord_is_in_sync_and_nothing_is_done() -> None:
    look, standing = facts(a_license(), links=LINKS), wishes((CHILD, Wish.ON))
    plan = make_plan(look, standing, resting(look, standing), [], {}, None, RULES)
    assert (plan.remote, plan.decisions, plan.in_sync, plan.warnings) == ("isp", (), 1, ())


def test_what_costs_nothing_comes_first() -> None:
    thirteenth, fourteenth, fifteenth = OTHER, a_child("14"), a_child("15")
    look = facts(
        a_license("501", expires=TODAY),
        a_license("502"),
        a_license("503", remoteid=the_mark(CHILD)),
        a_license("504"),
        links=linked((CHILD, "501"), (thirteenth, "502"), (fifteenth, "504")),
        operations=[an_operation(fifteenth, action=Action.MOVE, license="504", cost=None)],
    )
    standing = wishes((CHILD, Wish.ON), (thirteenth, Wish.OFF), (fourteenth, Wish.ON))
    plan = decided(
        look,
        standing,
        children=[CHILD, thirteenth, fourteenth, fifteenth],
        unpaid={fourteenth.key: NO_MONEY},
        balance=euros("4.00"),
    )
    assert [(each.action, each.license) for each in plan] == [
        (Action.MOVE, "504"),
        (Action.RELEASE, "503"),
        (Action.SUSPEND, "502"),
        (Action.ORDER, None),
        (Action.RENEW, "501"),
    ]
    assert [each.cost is None for each in plan] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("license", "wish", "action"),
    [
        ({"renews_itself": True}, Wish.OFF, Action.SUSPEND),
        ({"renews_itself": True, "expires": TODAY + DAY}, Wish.ON, Action.EDIT),
        ({"status": Status.SUSPENDED, "expires": TODAY + DAY}, Wish.ON, Action.RESUME),
    ],
)
def test_a_license_gets_one_change_in_a_run(license: dict[str, Any], wish: Wish, action: Action) -> None:
    look = facts(a_license(**license), links=LINKS)
    assert told(look, wishes((CHILD, wish))) == [(action, "501")]


@pytest.mark.parametrize(
    ("failure", "failed", "hours", "sent"),
    [
        ("refused", 9, 0, True),
        ("refused", 10, 99, False),
        ("access", 99, 23, False),
        ("access", 99, 24, True),
    ],
)
def test_what_was_refused_too_often_is_not_sent_again(
    failure: str, failed: int, hours: int, *, sent: bool
) -> None:
    tries = {("501", Action.SUSPEND): Tries(failed, NOW - timedelta(hours=hours), failure, "no", 7)}
    found = told(facts(a_license(), links=LINKS), wishes((CHILD, Wish.OFF), tries=tries))
    assert found == ([(Action.SUSPEND, "501")] if sent else [])


def test_what_failed_of_another_kind_or_license_is_no_matter() -> None:
    used_up = Tries(10, NOW, "refused", "no", 7)
    tries = {("501", Action.RESUME): used_up, ("502", Action.SUSPEND): used_up}
    assert told(facts(a_license(), links=LINKS), wishes((CHILD, Wish.OFF), tries=tries)) == [
        (Action.SUSPEND, "501")
    ]


@pytest.mark.parametrize(
    ("changed", "released"),
    [(TODAY, False), (TODAY - 31 * DAY, False), (TODAY - 32 * DAY, True), (None, False)],
    ids=str,
)
def test_a_release_is_silent_until_its_day_has_come(changed: Any, *, released: bool) -> None:
    license = a_license(ip_changed=changed, status=Status.SUSPENDED)
    look = facts(license, links=LINKS, operations=[RELEASE])
    found = decided(look, wishes((CHILD, Wish.GIVEN_UP)))
    assert [(each.action, each.operation, each.held) for each in found] == (
        [(Action.RELEASE, 7, False)] if released else []
    )


def test_any_other_change_that_waits_is_told_as_held() -> None:
    renewal = an_operation(action=Action.RENEW, license="501", state=State.MANUAL)
    (found,) = decided(facts(a_license(), links=LINKS, operations=[renewal]))
    assert (found.action, found.held, found.operation) == (Action.RENEW, True, 7)


def in_doubt(child: Child = OTHER) -> Operation:
    return an_operation(child, error="cut")


@pytest.mark.parametrize(
    ("operations", "unpaid", "links", "keys"),
    [
        ([], {}, {}, set()),
        ([in_doubt()], {}, {}, {OTHER.key}),
        ([a_take(OTHER)], {}, {}, {OTHER.key}),
        ([replace(RELEASE, state=State.IN_DOUBT)], {}, LINKS, set()),
        ([], UNPAID, {}, {OTHER.key}),
        ([], UNPAID, linked((OTHER, "502")), set()),
        ([], {OTHER.key: replace(NO_MONEY, failed=9)}, {}, {OTHER.key}),
        ([], {OTHER.key: replace(NO_MONEY, failed=10)}, {}, set()),
        ([in_doubt(CHILD)], UNPAID, {}, {CHILD.key, OTHER.key}),
    ],
)
def test_begun_are_the_orders_and_takes_under_way_and_those_that_had_no_money(
    operations: list[Operation],
    unpaid: dict[tuple[str, str], Tries],
    links: dict[tuple[str, str], str],
    keys: set[tuple[str, str]],
) -> None:
    assert begun(facts(operations=operations, links=links), unpaid) == keys


@pytest.mark.parametrize(
    ("wish", "is_unpaid"),
    [(Wish.ON, True), (Wish.OFF, True), (Wish.LATER, True), (Wish.GIVEN_UP, False), (None, False)],
)
def test_an_order_without_money_waits_as_long_as_its_service_wants_it(
    wish: Wish | None, *, is_unpaid: bool
) -> None:
    standing = wishes(*([] if wish is None else [(OTHER, wish)]))
    assert still_wanted(UNPAID, facts(), standing) == (UNPAID if is_unpaid else {})
    assert still_wanted(UNPAID, facts(links=linked((OTHER, "502"))), standing) == {}


@pytest.mark.parametrize(
    ("balance", "ordered"),
    [
        (None, False),
        (euros("3.99"), False),
        (euros("4.00"), True),
        (euros("400.00"), True),
        (euros("400.00", "USD"), False),
    ],
    ids=str,
)
def test_an_order_without_money_is_sent_when_there_is_enough(balance: Money | None, *, ordered: bool) -> None:
    found = decided(facts(), wishes((OTHER, Wish.ON)), unpaid=UNPAID, balance=balance)
    assert [(each.action, each.child.key, each.cost) for each in found] == (
        [(Action.ORDER, OTHER.key, euros("4.00"))] if ordered else []
    )


def test_an_order_without_money_takes_what_is_free_by_now() -> None:
    assert told(facts(a_spare()), wishes((OTHER, Wish.ON)), unpaid=UNPAID) == [(Action.TAKE, "601")]


def test_nobody_is_given_a_license_who_was_not_begun_with() -> None:
    assert decided(facts(a_spare()), wishes((CHILD, Wish.ON), (OTHER, Wish.ON)), balance=euros("99")) == ()


@pytest.mark.parametrize("children", [[CHILD, OTHER], []], ids=["resolved", "not to be resolved"])
def test_an_order_in_doubt_is_held_whether_its_child_can_be_resolved_or_not(children: list[Child]) -> None:
    (found,) = decided(facts(operations=[in_doubt()]), wishes((OTHER, Wish.ON)), children=children)
    assert (found.action, found.child.key, found.held, found.in_doubt) == (
        Action.ORDER,
        OTHER.key,
        True,
        True,
    )


def test_a_take_goes_on_whose_license_bears_our_name() -> None:
    license = a_license("601", name=named_after("13"), ip=OTHER.ip)
    (found,) = decided(facts(license, operations=[a_take(OTHER)]), wishes((OTHER, Wish.ON)))
    assert (found.action, found.license, found.held, found.operation) == (Action.TAKE, "601", False, 7)


def applied(decision: Decision, license: License) -> License:
    """Return a license as a healthy remote leaves it."""
    changes: dict[Action, dict[str, Any]] = {
        Action.SUSPEND: {"status": Status.SUSPENDED},
        Action.RESUME: {"status": Status.ACTIVE},
        Action.EDIT: {"renews_itself": False},
        Action.DELETE: {"status": Status.DELETED},
        Action.RELEASE: {"status": Status.SUSPENDED, "name": FREE_NAME, "ip": FREE_IP},
        Action.RENEW: {"status": Status.ACTIVE, "expires": TODAY + 31 * DAY},
    }
    return replace(license, **changes[decision.action])


@given(
    st.builds(
        a_license,
        status=st.sampled_from(Status),
        expires=st.none() | st.integers(-40, 40).map(lambda days: TODAY + days * DAY),
        ip_changed=st.none() | st.integers(0, 40).map(lambda days: TODAY - days * DAY),
        renews_itself=st.sampled_from([None, False, True]),
        period=st.sampled_from([1, 12, 0, -100, None]),
    ),
    st.sampled_from(Wish),
    st.sampled_from([{}, {CHILD.key: Status.ACTIVE}, {CHILD.key: Status.SUSPENDED}]),
)
def test_three_runs_leave_nothing_to_do(license: License, wish: Wish, followed: dict[Any, Status]) -> None:
    """One change in each, as when it is resumed, edited and renewed: a fourth run finds nothing."""
    links = LINKS
    standing = Standing({CHILD.key: Demand("12", "panel", wish, IP)}, followed)
    for _ in range(3):
        for decision in decided(facts(license, links=links), standing):
            license = applied(decision, license)
            links = {} if decision.action in (Action.RELEASE, Action.DELETE) else links
    assert decided(facts(license, links=links), standing) == ()


@pytest.mark.parametrize(
    ("action", "row", "told"),
    [
        (Action.FETCH, Row(DUE, Outcome.SKIPPED), None),
        (Action.FETCH, Row(DUE, Outcome.FAILED, error=AccessDenied("no")), None),
        (Action.FETCH, Row(DUE, Outcome.FAILED, error=Refused("no")), Outcome.FAILED),
        (Action.RENEW, Row(DUE, Outcome.FAILED, error=AccessDenied("no")), Outcome.SKIPPED),
        (Action.ORDER, Row(DUE, Outcome.FAILED, error=AccessDenied("no")), Outcome.FAILED),
        (Action.RENEW, Row(DUE, Outcome.SKIPPED), Outcome.SKIPPED),
    ],
    ids=str,
)
def test_what_a_notice_tells_once_is_not_told_in_every_run(
    action: Action, row: Row, told: Outcome | None
) -> None:
    found = told_in_every_run([replace(row, decision=replace(DUE, action=action))])
    assert [each.outcome for each in found] == ([] if told is None else [told])
