"""Following: what a license does when its service stops, starts or wants it no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cpbillmgr.model.catalogue import TRIAL
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Demand, Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.following import Standing, agreements, follow, resting, self_renewing
from tests.planner.nouns import IP, TODAY, a_child, a_license, a_take, an_operation, facts, linked

CHILD = a_child()
DAY = timedelta(days=1)
RULES = Rules()
ACTIVE, SUSPENDED = Status.ACTIVE, Status.SUSPENDED
UNREADY = [Status.ORDERED, Status.PROCESSING, Status.DELETED]
LONG_GONE, TODAY_FREE, TOMORROW_FREE = date(2026, 1, 1), date(2026, 10, 20), date(2026, 10, 21)


def a_demand(wish: Wish, service: str = "12", local_ids: tuple[int, ...] = ()) -> Demand:
    return Demand(service, "panel", wish, IP, local_ids)


def standing(wish: Wish, followed: Status | None = None, local_ids: tuple[int, ...] = ()) -> Standing:
    """Return a standing in which service 12 alone wants something."""
    return Standing(
        demands={CHILD.key: a_demand(wish, local_ids=local_ids)},
        followed={} if followed is None else {CHILD.key: followed},
    )


def look(license: License | None = None, **fields: Any) -> Facts:
    """Return one look, at which service 12 has license 501."""
    return facts(license or a_license(), **{"links": linked((CHILD, "501")), **fields})


def followed_by(
    license: License, wish: Wish, followed: Status | None = None, rules: Rules = RULES, **more: Any
) -> Decision | None:
    found = follow(resting(look(license), standing(wish, followed, **more)), TODAY, rules)
    assert len(found) <= 1
    return found[0] if found else None


def action_of(*asked: Any, **more: Any) -> Action | None:
    decision = followed_by(*asked, **more)
    return None if decision is None else decision.action


@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED])
@pytest.mark.parametrize("wish", Wish)
def test_what_is_linked_and_ready_is_decided_about(status: Status, wish: Wish) -> None:
    (found,) = resting(look(a_license(status=status)), standing(wish, local_ids=(3, 31)))
    assert (found.license.id, found.demand.wish) == ("501", wish)
    assert (found.child.key, found.child.ip, found.child.local_ids) == (CHILD.key, IP, (3, 31))


def test_one_license_at_rest_does_not_hide_another() -> None:
    other = a_child("13")
    shown = facts(
        a_license(), a_license("502"), a_license("503"), links=linked((CHILD, "501"), (other, "502"))
    )
    both = {CHILD.key: a_demand(Wish.ON), other.key: a_demand(Wish.OFF, "13")}
    assert [each.license.id for each in resting(shown, Standing(both))] == ["501", "502"]


@pytest.mark.parametrize("status", UNREADY)
@pytest.mark.parametrize("wish", Wish)
def test_a_license_that_is_not_ready_is_left_alone(status: Status, wish: Wish) -> None:
    assert list(resting(look(a_license(status=status)), standing(wish))) == []


@pytest.mark.parametrize("links", [{}, linked((CHILD, "502")), linked((a_child("13"), "501"))])
def test_a_license_is_left_alone_that_is_gone_or_of_no_service_of_ours(
    links: dict[tuple[str, str], str],
) -> None:
    assert list(resting(look(links=links), standing(Wish.OFF))) == []


@pytest.mark.parametrize("state", [state for state in State if state.is_open])
@pytest.mark.parametrize(
    "operation",
    [
        an_operation(action=Action.MOVE, license="501"),
        an_operation(a_child("99"), action=Action.RELEASE, license="501"),
        a_take(CHILD, "601"),
    ],
    ids=["the license's and the child's", "the license's", "the child's"],
)
def test_a_license_with_something_under_way_is_left_alone(operation: Operation, state: State) -> None:
    under_way = replace(operation, state=state)
    assert list(resting(look(operations=[under_way]), standing(Wish.OFF))) == []


def test_what_is_under_way_elsewhere_is_no_matter() -> None:
    other = an_operation(a_child("13"), action=Action.MOVE, license="502")
    assert len(list(resting(look(operations=[other]), standing(Wish.OFF)))) == 1


@pytest.mark.parametrize("end", [TODAY + DAY, None], ids=str)
@pytest.mark.parametrize(
    ("wish", "status", "followed", "action"),
    [
        (Wish.ON, SUSPENDED, None, Action.RESUME),
        (Wish.ON, SUSPENDED, SUSPENDED, Action.RESUME),
        (Wish.ON, SUSPENDED, ACTIVE, None),
        (Wish.ON, ACTIVE, None, None),
        (Wish.ON, ACTIVE, SUSPENDED, None),
        (Wish.ON, ACTIVE, ACTIVE, None),
        (Wish.OFF, ACTIVE, None, Action.SUSPEND),
        (Wish.OFF, ACTIVE, ACTIVE, Action.SUSPEND),
        (Wish.OFF, ACTIVE, SUSPENDED, None),
        (Wish.OFF, SUSPENDED, None, None),
        (Wish.OFF, SUSPENDED, ACTIVE, None),
        (Wish.OFF, SUSPENDED, SUSPENDED, None),
        (Wish.LATER, ACTIVE, None, None),
        (Wish.LATER, ACTIVE, SUSPENDED, None),
        (Wish.LATER, SUSPENDED, None, None),
        (Wish.LATER, SUSPENDED, ACTIVE, None),
    ],
)
def test_a_license_does_as_its_service_does_unless_somebody_has_done_otherwise_since(
    wish: Wish, status: Status, followed: Status | None, action: Action | None, end: date | None
) -> None:
    assert action_of(a_license(status=status, expires=end), wish, followed) is action


@pytest.mark.parametrize(
    ("days", "action"), [(-1, None), (0, None), (1, Action.RESUME)], ids=["ended", "ends today", "tomorrow"]
)
def test_what_has_ended_is_not_resumed_for_renewal_starts_it(days: int, action: Action | None) -> None:
    ended = a_license(status=SUSPENDED, expires=TODAY + days * DAY)
    assert action_of(ended, Wish.ON, SUSPENDED) is action


def test_what_has_ended_is_suspended_all_the_same() -> None:
    assert action_of(a_license(expires=TODAY - DAY), Wish.OFF, ACTIVE) is Action.SUSPEND


@pytest.mark.parametrize(
    ("wish", "status", "because"),
    [(Wish.ON, SUSPENDED, "service 12 is active"), (Wish.OFF, ACTIVE, "service 12 is suspended")],
)
def test_following_names_the_license_and_the_service(wish: Wish, status: Status, because: str) -> None:
    decision = followed_by(a_license(status=status), wish)
    assert decision is not None
    assert (decision.license, decision.child.key, decision.because) == ("501", CHILD.key, because)
    assert (decision.cost, decision.held) == (None, False)


@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED])
@pytest.mark.parametrize("followed", [None, ACTIVE, SUSPENDED])
@pytest.mark.parametrize("changed", [{}, {"ip_changed": LONG_GONE}, {"ip_changed": TODAY}], ids=str)
@pytest.mark.parametrize(
    ("license", "rules"),
    [
        ({"period": TRIAL}, RULES),
        ({"tariff_name": "ispmanager 6 trial"}, RULES),
        ({}, Rules(reuse=Reuse.NEVER)),
        ({}, Rules(generation=Generation.FOUR)),
        ({}, Rules(reuse_prices=frozenset({99}))),
    ],
    ids=["a trial", "a tariff for trials", "never reused", "generation 4", "another ReusePrice"],
)
def test_a_license_given_up_that_may_not_be_reused_is_deleted(
    license: dict[str, Any], rules: Rules, status: Status, followed: Status | None, changed: dict[str, Any]
) -> None:
    given_up = a_license(**license, **changed, status=status)
    assert action_of(given_up, Wish.GIVEN_UP, followed, rules, local_ids=(3, 31)) is Action.DELETE


@pytest.mark.parametrize(
    "rules",
    [
        RULES,
        Rules(reuse_prices=frozenset({31})),
        Rules(generation=Generation.FOUR, reuse_licenses=True, reuse_prices=frozenset({3})),
    ],
)
def test_a_license_given_up_that_may_be_reused_is_released(rules: Rules) -> None:
    assert action_of(a_license(), Wish.GIVEN_UP, None, rules, local_ids=(3, 31)) is Action.RELEASE


@pytest.mark.parametrize(
    ("changed", "of_active", "of_suspended"),
    [
        ({}, Action.RELEASE, Action.RELEASE),
        ({"ip_changed": LONG_GONE}, Action.RELEASE, Action.RELEASE),
        ({"ip_changed": TODAY_FREE - DAY}, Action.RELEASE, Action.RELEASE),
        ({"ip_changed": TODAY_FREE}, Action.RELEASE, Action.RELEASE),
        ({"ip_changed": TOMORROW_FREE}, Action.SUSPEND, None),
        ({"key_changed": TOMORROW_FREE}, Action.SUSPEND, None),
        ({"ip_changed": TODAY}, Action.SUSPEND, None),
    ],
    ids=str,
)
def test_a_license_given_up_waits_for_the_day_on_which_its_address_may_change(
    changed: dict[str, Any], of_active: Action, of_suspended: Action | None
) -> None:
    for followed in (None, ACTIVE, SUSPENDED):
        assert action_of(a_license(**changed), Wish.GIVEN_UP, followed) is of_active
        assert action_of(a_license(**changed, status=SUSPENDED), Wish.GIVEN_UP, followed) is of_suspended


def test_what_is_given_up_is_told_with_what_becomes_of_it() -> None:
    gone = "service 12 wants no license any more"
    told = [
        (RULES, {}, gone),
        (RULES, {"ip_changed": TOMORROW_FREE}, f"{gone}; it can be freed from 2026-11-22"),
        (Rules(reuse=Reuse.NEVER), {}, f"{gone}, and it is not to be reused"),
    ]
    for rules, changed, because in told:
        decision = followed_by(a_license(**changed), Wish.GIVEN_UP, None, rules)
        assert decision is not None
        assert decision.because == because


@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED])
@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("renews_itself", [True, False, None])
def test_a_license_that_is_ours_shall_not_renew_itself_too(
    wish: Wish, status: Status, *, renews_itself: bool | None
) -> None:
    license = a_license(status=status, renews_itself=renews_itself)
    found = self_renewing(resting(look(license), standing(wish)))
    edited = [(Action.EDIT, "501")] if renews_itself else []
    assert [(each.action, each.license) for each in found] == edited


def test_what_is_not_ours_is_not_edited() -> None:
    license = a_license(renews_itself=True)
    assert self_renewing(resting(look(license, links={}), standing(Wish.ON))) == []


@pytest.mark.parametrize(
    ("wish", "status", "followed", "news"),
    [
        (Wish.ON, ACTIVE, None, True),
        (Wish.ON, ACTIVE, SUSPENDED, True),
        (Wish.ON, ACTIVE, ACTIVE, False),
        (Wish.ON, SUSPENDED, None, False),
        (Wish.OFF, SUSPENDED, None, True),
        (Wish.OFF, SUSPENDED, ACTIVE, True),
        (Wish.OFF, SUSPENDED, SUSPENDED, False),
        (Wish.OFF, ACTIVE, None, False),
        (Wish.LATER, ACTIVE, None, False),
        (Wish.GIVEN_UP, SUSPENDED, None, False),
    ],
)
def test_an_accord_with_the_service_is_remembered_when_it_is_news(
    wish: Wish, status: Status, followed: Status | None, *, news: bool
) -> None:
    found = agreements(resting(look(a_license(status=status)), standing(wish, followed)))
    assert found == ({"501": status} if news else {})
