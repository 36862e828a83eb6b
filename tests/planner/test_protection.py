"""Protection: no plan changes a protected license, and what it counts for is unchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cpbillmgr.errors import LimitReached, UsageWrong
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Level
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Demand, Status, Wish
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.protection import check_protected, left_alone, unprotected
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.changing import open_change
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.checkevent import make_plan
from cpbillmgr.planner.fixchilds import make_plan as fixchilds
from cpbillmgr.planner.notices.notices import notices_of
from tests.planner.nouns import (
    ELSEWHERE,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_spare,
    a_take,
    an_operation,
    facts,
    linked,
    the_mark,
)

CHILD = a_child()
LINKS = linked((CHILD, "501"))
PROTECTED = frozenset({"501"})
DAY = timedelta(days=1)


def checked(look: Facts, wish: Wish) -> tuple[Decision, ...]:
    standing = Standing(demands={CHILD.key: Demand(*CHILD.key, wish, CHILD.ip)})
    return make_plan(look, standing, resting(look, standing), [CHILD], {}, None, Rules()).decisions


@pytest.mark.parametrize(
    ("license", "wish", "action"),
    [
        (a_license(status=Status.SUSPENDED), Wish.ON, Action.RESUME),
        (a_license(), Wish.OFF, Action.SUSPEND),
        (a_license(), Wish.GIVEN_UP, Action.RELEASE),
        (a_license(renews_itself=True), Wish.ON, Action.EDIT),
        (a_license(expires=TODAY + DAY), Wish.ON, Action.RENEW),
    ],
    ids=lambda each: each.value if isinstance(each, Action) else "",
)
def test_checkevent_leaves_a_protected_license_alone(license: License, wish: Wish, action: Action) -> None:
    look = facts(license, links=LINKS)
    assert [each.action for each in checked(look, wish)] == [action]
    assert checked(replace(look, protected=PROTECTED), wish) == ()


@pytest.mark.parametrize(
    "operation",
    [
        an_operation(action=Action.RELEASE, license="501", cost=None),
        an_operation(action=Action.RENEW, license="501", state=State.ABSENT),
        a_take(license="501"),
    ],
    ids=lambda operation: operation.action.value,
)
def test_what_was_begun_is_not_gone_on_with(operation: Operation) -> None:
    ours = a_license(name="Item #12 addon web12")
    links = {} if operation.action is Action.TAKE else LINKS
    look = facts(ours, links=links, operations=[operation])
    assert [each for each in checked(look, Wish.ON) if not each.held]
    guarded = replace(look, protected=PROTECTED)
    assert [each for each in checked(guarded, Wish.ON) if not each.held] == []
    assert fixchilds([CHILD], guarded, Rules(), Scope()).to_do == ()


def test_an_open_change_of_a_protected_license_is_not_offered_to_be_gone_on_with() -> None:
    look = facts(a_license(), links=LINKS, operations=[an_operation(action=Action.MOVE, license="501")])
    assert open_change(look, "501") is not None
    assert open_change(replace(look, protected=PROTECTED), "501") is None


def test_a_child_with_a_protected_license_needs_no_other_one() -> None:
    plan = fixchilds([CHILD], facts(a_license(), links=LINKS, protected=PROTECTED), Rules(), Scope())
    assert (plan.decisions, plan.in_sync) == ((), 1)


def test_a_protected_license_may_be_linked_because_that_is_written_down_here_alone() -> None:
    plan = fixchilds([CHILD], facts(a_license(), protected=PROTECTED), Rules(), Scope())
    assert [(each.action, each.license) for each in plan.to_do] == [(Action.LINK, "501")]


def test_the_pool_hands_out_the_next_one_instead_and_never_as_a_spare() -> None:
    look = facts(a_spare("601"), a_spare("602"), a_spare("603"), protected=frozenset({"601", "602"}))
    (decision,) = fixchilds([CHILD], look, Rules(), Scope()).to_do
    assert (decision.action, decision.license, decision.spares) == (Action.TAKE, "603", ())


def test_a_surplus_license_that_is_protected_stays() -> None:
    late = a_license("502", ip=ELSEWHERE, remoteid=the_mark(CHILD))
    look = facts(a_license(remoteid=the_mark(CHILD)), late, links=LINKS)
    assert [each.license for each in fixchilds([CHILD], look, Rules(), Scope()).to_do] == ["502"]
    guarded = replace(look, protected=frozenset({"502"}))
    assert fixchilds([CHILD], guarded, Rules(), Scope()).decisions == ()


@pytest.mark.parametrize(
    "verb",
    [
        lambda look: one_license.renew("501", None, Rules(), look),
        lambda look: one_license.suspend("501", look),
        lambda look: one_license.resume("501", look),
        lambda look: one_license.delete("501", look),
        lambda look: one_license.release("501", look),
        lambda look: one_license.move("501", ELSEWHERE, look),
        lambda look: one_license.change_tariff("501", PRO, look),
        lambda look: one_license.again(an_operation(action=Action.EDIT, license="501"), Rules(), look),
    ],
    ids=["renew", "suspend", "resume", "delete", "release", "move", "change-tariff", "again"],
)
def test_a_persons_word_is_refused_and_told_how_to_unprotect(verb: Callable[[Facts], Decision]) -> None:
    with pytest.raises(UsageWrong, match="license 501 is protected") as caught:
        verb(facts(a_license(), links=LINKS, protected=PROTECTED))
    assert "license unprotect 501" in caught.value.hint


def test_what_is_held_or_only_linked_stays_in_a_plan() -> None:
    link = Decision(Action.LINK, CHILD, "it fits", license="501")
    held = Decision(Action.RENEW, CHILD, "no price", license="501", held=True)
    renew = replace(held, held=False)
    look = facts(protected=PROTECTED)
    assert unprotected([link, held, renew, Decision(Action.ORDER, CHILD, "none")], look) == (
        link,
        held,
        Decision(Action.ORDER, CHILD, "none"),
    )


@pytest.mark.parametrize(
    "decision",
    [
        Decision(Action.RENEW, CHILD, "it ends", license="501"),
        Decision(Action.TAKE, CHILD, "it fits", license="601", spares=("602", "501")),
    ],
    ids=["the license", "a spare"],
)
def test_the_last_look_stops_whatever_would_change_a_protected_license(decision: Decision) -> None:
    with pytest.raises(LimitReached, match="license 501 is protected"):
        check_protected([decision], PROTECTED)
    check_protected([replace(decision, held=True)], PROTECTED)
    check_protected([decision], frozenset())


def test_a_service_that_is_stopped_by_a_word_is_told_of_its_protected_license() -> None:
    look = facts(a_license(), links=LINKS, protected=PROTECTED)
    (warning,) = left_alone(look, {"12"})
    assert warning.startswith("license 501 of service 12 is protected, and stays as it is")
    assert left_alone(look, {"13"}) == left_alone(replace(look, protected=frozenset()), {"12"}) == ()


def told(license: License) -> list[tuple[str, Level]]:
    look = facts(license, links=LINKS, protected=PROTECTED)
    standing = Standing(demands={CHILD.key: Demand(*CHILD.key, Wish.ON, CHILD.ip)})
    return [
        (each.topic, each.level) for each in notices_of(look, standing, resting(look, standing), [], {}, {})
    ]


@pytest.mark.parametrize(
    ("days", "level"),
    [(8, None), (7, Level.WARNING), (1, Level.WARNING), (0, Level.ALARM), (-23, Level.LAST)],
)
def test_a_protected_license_that_ends_within_7_days_is_told(days: int, level: Level | None) -> None:
    expected = [] if level is None else [("protected 501", level)]
    assert told(a_license(expires=TODAY + days * DAY)) == expected


def test_one_that_belongs_to_no_service_is_told_once() -> None:
    alone = a_child(f"ip:{CHILD.ip}", "55227")
    look = facts(a_license(expires=TODAY), links=linked((alone, "501")))
    for protected, topic in ((frozenset[str](), "end 501"), (PROTECTED, "protected 501")):
        found = notices_of(replace(look, protected=protected), Standing(), [], [], {}, {})
        assert [each.topic for each in found] == [topic]


@pytest.mark.parametrize(
    "license",
    [
        a_license(expires=None),
        a_license(expires=TODAY, renews_itself=True),
        a_spare("501", expires=TODAY),
        a_license(ip=ELSEWHERE),
        a_license(status=Status.SUSPENDED),
    ],
    ids=["no end", "renewed by the remote", "of the pool", "on another address", "stopped by hand"],
)
def test_what_nobody_has_to_renew_and_what_a_person_wanted_so_is_not_told(license: License) -> None:
    assert told(license) == []
