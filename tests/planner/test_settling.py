"""Settling: what one look tells about an operation, by state and by time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.rules import OnDoubt, Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.changes.settling import Settlement, Verdict, settle
from tests.planner.nouns import (
    ELSEWHERE,
    IP,
    NOW,
    PRO,
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

RULES = Rules()
MANUAL = Rules(on_doubt=OnDoubt.MANUAL)
ORDER, TAKE = an_operation(), a_take()
MARK = the_mark(a_child())
WINDOW, APART = timedelta(minutes=15), timedelta(minutes=5)
SECOND = timedelta(seconds=1)
OPEN_AND_SENT = [State.SENT, State.IN_DOUBT, State.ABSENT, State.MANUAL]


def the_settlement(
    operation: Operation, *licenses: License, rules: Rules = RULES, **fields: Any
) -> Settlement:
    (settlement,) = settle(facts(*licenses, operations=[operation], **fields), rules)
    return settlement


def verdict_after(waited: timedelta, *, rules: Rules = RULES, **fields: Any) -> Verdict:
    """Return the verdict on an order in doubt since noon, when the list of this time later lacks it."""
    return the_settlement(replace(ORDER, **fields), rules=rules, requested_at=NOW + waited).verdict


def test_a_license_that_was_unlinked_by_hand_is_no_sign_of_a_later_order() -> None:
    there = a_license(remoteid=MARK)
    assert the_settlement(ORDER, there).verdict is Verdict.FOUND
    assert the_settlement(ORDER, there, unlinked=frozenset({"501"})).verdict is Verdict.WAIT


@pytest.mark.parametrize("action", [Action.ORDER, Action.TAKE])
@pytest.mark.parametrize("license", [a_license(remoteid=MARK), a_license(ip=ELSEWHERE)])
def test_what_was_only_planned_was_never_sent_whatever_the_account_shows(
    action: Action, license: License
) -> None:
    planned = replace(ORDER, action=action, state=State.PLANNED, sends=0)
    assert the_settlement(planned, license).verdict is Verdict.NEVER_SENT


@pytest.mark.parametrize("state", OPEN_AND_SENT)
@pytest.mark.parametrize(
    "fields",
    [
        {"remoteid": MARK},
        {"remoteid": MARK, "name": "renamed", "ip": ELSEWHERE},
        {"remoteid": MARK, "status": Status.ORDERED},
        {"name": named_after("12")},
        {"name": named_after("12"), "remoteid": None, "status": Status.PROCESSING},
    ],
    ids=["mark", "mark alone", "not paid yet", "name", "name of a row"],
)
def test_an_order_whose_license_is_on_the_account_is_found(state: State, fields: dict[str, Any]) -> None:
    license = a_license(**fields)
    expected = Settlement(replace(ORDER, state=state), Verdict.FOUND, "license 501 carries its mark", license)
    assert the_settlement(expected.operation, license) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"remoteid": MARK, "status": Status.DELETED},
        {"remoteid": MARK, "tariff": PRO},
        {"name": named_after("12"), "remoteid": the_mark(a_child(), generation=2)},
        {"name": named_after("12"), "remoteid": "a17"},
        {"name": named_after("13")},
        {},
    ],
    ids=[
        "deleted",
        "another tariff",
        "another need",
        "a stranger's mark",
        "another service",
        "no sign at all",
    ],
)
def test_a_license_that_is_not_the_orders_does_not_end_it(fields: dict[str, Any]) -> None:
    assert the_settlement(ORDER, a_license(**fields)).verdict is Verdict.WAIT


@pytest.mark.parametrize("first", ["501", "502"])
def test_the_mark_is_believed_before_the_name(first: str) -> None:
    licenses = {
        "501": a_license("501", name=named_after("12")),
        "502": a_license("502", remoteid=MARK),
    }
    both = sorted(licenses.values(), key=lambda license: license.id != first)
    assert the_settlement(ORDER, *both).license == licenses["502"]


def test_the_number_in_the_name_is_identity_and_the_rest_decoration() -> None:
    """Without a remote id, the name is all there is: the service may be renamed, the remote may cut it."""
    for name in (named_after("12")[:-2], "Item #12 addon renamed"):
        assert the_settlement(ORDER, a_license(name=name)).verdict is Verdict.FOUND


def test_an_order_on_its_own_is_found_by_the_name_that_somebody_chose() -> None:
    operation = an_operation(a_child(f"ip:{IP}", service_name="panel"))
    assert the_settlement(operation, a_license(name="panel")).verdict is Verdict.FOUND


@pytest.mark.parametrize("name", ["panel", "free.lic"])
def test_a_name_that_somebody_chose_does_not_make_another_address_ours(name: str) -> None:
    child = a_child(f"ip:{IP}", service_name=name)
    strangers = a_license("501", name=name, ip=ELSEWHERE)
    assert the_settlement(an_operation(child), strangers, a_spare("601")).verdict is Verdict.WAIT


def test_a_license_that_another_child_has_does_not_end_an_order() -> None:
    links = linked((a_child("13"), "501"))
    assert the_settlement(ORDER, a_license(remoteid=MARK), links=links).verdict is Verdict.WAIT


def test_a_license_that_a_person_linked_to_the_child_itself_ends_its_order() -> None:
    links = linked((a_child(), "501"))
    assert the_settlement(ORDER, a_license(remoteid=MARK), links=links).verdict is Verdict.FOUND


@pytest.mark.parametrize("state", OPEN_AND_SENT)
def test_a_take_whose_license_bears_our_name_goes_on(state: State) -> None:
    license = a_license("601", name=named_after("12"), status=Status.SUSPENDED)
    settlement = the_settlement(replace(TAKE, state=state), license)
    assert (settlement.verdict, settlement.license) == (Verdict.GO_ON, license)


@pytest.mark.parametrize("license", [a_spare("601"), a_license("602", name=named_after("12"), remoteid=MARK)])
def test_a_take_is_judged_by_its_own_license_alone(license: License) -> None:
    assert the_settlement(TAKE, license).verdict is Verdict.WAIT


@pytest.mark.parametrize("operation", [ORDER, TAKE])
def test_what_a_dead_run_had_sent_is_in_doubt_from_now_on(operation: Operation) -> None:
    later = NOW + timedelta(days=1)
    sent = replace(operation, state=State.SENT, abandoned_at=None)
    assert the_settlement(sent, requested_at=later).verdict is Verdict.ABANDONED


@pytest.mark.parametrize("state", [State.ABSENT, State.MANUAL])
def test_what_is_decided_already_waits_for_the_planner_or_for_a_person(state: State) -> None:
    operation = replace(ORDER, state=state, error="two lists lack it")
    settlement = the_settlement(operation, requested_at=NOW + timedelta(days=1))
    assert settlement == Settlement(operation, Verdict.WAIT, "two lists lack it")


@pytest.mark.parametrize(
    ("waited", "missed", "verdict"),
    [
        (timedelta(0), None, Verdict.WAIT),
        (-timedelta(hours=1), None, Verdict.WAIT),
        (WINDOW - SECOND, None, Verdict.WAIT),
        (WINDOW, None, Verdict.MISSED),
        (timedelta(days=1), None, Verdict.MISSED),
        (WINDOW, WINDOW, Verdict.WAIT),
        (WINDOW + APART - SECOND, WINDOW, Verdict.WAIT),
        (WINDOW + APART, WINDOW, Verdict.ABSENT),
        (timedelta(days=1), WINDOW, Verdict.ABSENT),
        (timedelta(days=1) + APART - SECOND, timedelta(days=1), Verdict.WAIT),
        (timedelta(days=1) + APART, timedelta(days=1), Verdict.ABSENT),
    ],
)
def test_two_lists_after_the_window_show_that_an_order_never_was(
    waited: timedelta, missed: timedelta | None, verdict: Verdict
) -> None:
    missed_at = None if missed is None else NOW + missed
    assert verdict_after(waited, missed_at=missed_at) is verdict


@pytest.mark.parametrize("minutes", [1, 60])
def test_the_window_is_as_long_as_the_settings_say(minutes: int) -> None:
    rules, ends = Rules(settle_minutes=minutes), timedelta(minutes=minutes)
    assert verdict_after(ends - SECOND, rules=rules) is Verdict.WAIT
    assert verdict_after(ends, rules=rules) is Verdict.MISSED


@pytest.mark.parametrize(
    ("operation", "rules", "verdict"),
    [
        (ORDER, RULES, Verdict.ABSENT),
        (ORDER, MANUAL, Verdict.MANUAL),
        (replace(ORDER, sends=2), RULES, Verdict.MANUAL),
        (replace(ORDER, sends=2), MANUAL, Verdict.MANUAL),
        (TAKE, RULES, Verdict.ABSENT),
        (TAKE, MANUAL, Verdict.ABSENT),
        (replace(TAKE, sends=2), RULES, Verdict.ABSENT),
    ],
)
def test_who_decides_about_what_two_lists_lack(operation: Operation, rules: Rules, verdict: Verdict) -> None:
    missed = replace(operation, missed_at=NOW + WINDOW)
    assert the_settlement(missed, rules=rules, requested_at=NOW + WINDOW + APART).verdict is verdict


def test_a_doubt_without_its_time_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="no time"):
        the_settlement(replace(ORDER, abandoned_at=None))


def test_a_message_tells_until_when_it_may_still_happen() -> None:
    assert the_settlement(ORDER).because == "it may still happen until 12:15 UTC"


MOMENTS = st.integers(-120, 240).map(lambda minutes: NOW + timedelta(minutes=minutes))
OPERATIONS = st.builds(
    an_operation,
    action=st.sampled_from([Action.ORDER, Action.TAKE]),
    abandoned_at=MOMENTS,
    missed_at=st.none() | MOMENTS,
    sends=st.integers(1, 3),
)


@given(OPERATIONS, MOMENTS, st.integers(1, 120), st.sampled_from(OnDoubt))
def test_nothing_is_absent_before_two_lists_after_the_window_lack_it(
    operation: Operation, requested_at: datetime, minutes: int, on_doubt: OnDoubt
) -> None:
    """Also when the operator has made the window longer after the first of them."""
    rules = Rules(settle_minutes=minutes, on_doubt=on_doubt)
    verdict = the_settlement(operation, rules=rules, requested_at=requested_at).verdict
    if verdict in (Verdict.ABSENT, Verdict.MANUAL):
        assert operation.abandoned_at is not None
        assert operation.missed_at is not None
        assert operation.abandoned_at + timedelta(minutes=minutes) <= operation.missed_at
        assert operation.missed_at + APART <= requested_at
    if verdict is Verdict.ABSENT and operation.action is Action.ORDER:
        assert operation.sends < 2
        assert on_doubt is OnDoubt.SETTLE
