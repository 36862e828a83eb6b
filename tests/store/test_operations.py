"""What the journal tells: what failed and how often, what waits for money, what explains a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from cpbillmgr.errors import AccessDenied, CpbillmgrError, LimitRefused, NotEnoughMoney, Refused
from cpbillmgr.model.events import Event, EventKind
from cpbillmgr.model.operations import Operation, State, Step, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.store import state as store
from cpbillmgr.store.journal.failed import Failed
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from tests.store.journeys import REACH, plan_one, send_one
from tests.store.nouns import LATER, LITE, NOW, ORDER, child, order

MINUTE = timedelta(minutes=1)
END = date(2027, 1, 1)


def a_change(action: Action = Action.SUSPEND, license: str = "501", service: str = "12") -> Decision:
    return Decision(action, child(service), "its service is suspended", license=license)


def fail(journal: Journal, decision: Decision, failure: str = "refused", at: datetime = NOW) -> Operation:
    return journal.failed(send_one(journal, decision), f"{failure} at {at:%H:%M}", at=at, failure=failure)


def done(journal: Journal, decision: Decision, at: datetime = NOW) -> Operation:
    return journal.done(send_one(journal, decision), license=decision.license or "501", cost=None, at=at)


@pytest.fixture
def journal(state: store.State) -> Journal:
    state.sightings.record("isp", [LITE, replace(LITE, id="502")], NOW)
    return state.journal


@pytest.mark.parametrize("error", [Refused, AccessDenied, LimitRefused, NotEnoughMoney])
def test_the_kind_of_the_error_stays_with_what_failed(
    journal: Journal, operations: Operations, error: type[CpbillmgrError]
) -> None:
    failed = fail(journal, a_change(), error.kind)
    assert (failed.failure, failed.error) == (error.kind, f"{error.kind} at 12:00")
    assert operations.get(failed.id) == failed


def test_what_a_person_cancels_has_no_kind_of_error(journal: Journal, operations: Operations) -> None:
    assert operations.get(REACH[State.FAILED](journal).id).failure == ""


@pytest.mark.parametrize("before", [0, 1, 8, 9, 10])
def test_tries_count_what_failed_and_tell_the_last(journal: Journal, failed: Failed, before: int) -> None:
    for number in range(before):
        fail(journal, a_change(), "access", NOW + number * MINUTE)
    last = fail(journal, a_change(), "refused", LATER)
    assert failed.tries("isp", ["501"]) == {
        ("501", Action.SUSPEND): Tries(before + 1, LATER, "refused", "refused at 12:05", last.id)
    }


def test_what_has_never_failed_has_no_tries(journal: Journal, failed: Failed) -> None:
    done(journal, a_change())
    assert failed.tries("isp", ["501"]) == {}


def test_tries_are_counted_by_license_and_action(journal: Journal, failed: Failed) -> None:
    for decision in (a_change(), a_change(), a_change(Action.EDIT), a_change(license="502", service="13")):
        fail(journal, decision)
    counted = {key: tries.failed for key, tries in failed.tries("isp", ["501", "502"]).items()}
    assert counted == {("501", Action.SUSPEND): 2, ("501", Action.EDIT): 1, ("502", Action.SUSPEND): 1}
    assert set(failed.tries("isp", ["502"])) == {("502", Action.SUSPEND)}
    assert (failed.tries("isp", []), failed.tries("other", ["501"])) == ({}, {})


@pytest.mark.parametrize("action", [Action.SUSPEND, Action.RENEW, Action.MOVE])
def test_whatever_is_done_with_a_license_begins_the_count_anew(
    journal: Journal, failed: Failed, action: Action
) -> None:
    fail(journal, a_change())
    fail(journal, a_change(license="502", service="13"))
    done(journal, a_change(action))
    assert set(failed.tries("isp", ["501", "502"])) == {("502", Action.SUSPEND)}
    fail(journal, a_change(), at=LATER)
    assert failed.tries("isp", ["501"])["501", Action.SUSPEND].failed == 1


def test_what_a_person_has_canceled_or_what_is_open_has_not_failed(journal: Journal, failed: Failed) -> None:
    journal.failed(plan_one(journal, a_change()), "canceled by a person", at=NOW)
    send_one(journal, a_change())
    assert failed.tries("isp", ["501"]) == {}


def unpaid(failed: Failed) -> dict[str, tuple[int, str]]:
    """Return, by service, how often its order had no money, and the last error."""
    return {service: (each.failed, each.error) for (service, _), each in failed.unpaid_orders("isp").items()}


def test_an_order_without_money_waits_until_something_else_happens_to_its_child(
    journal: Journal, failed: Failed
) -> None:
    fail(journal, order("20"), "money")
    fail(journal, order("21"), "refused")
    fail(journal, order("22"), "money")
    assert unpaid(failed) == {"20": (1, "money at 12:00"), "22": (1, "money at 12:00")}
    last = fail(journal, order("20"), "money", LATER)
    send_one(journal, order("22"))
    assert failed.unpaid_orders("isp") == {
        ("20", "panel"): Tries(2, LATER, "money", "money at 12:05", last.id)
    }
    done(journal, replace(order("20"), license="601"))
    assert unpaid(failed) == {}
    fail(journal, order("20"), "money", LATER)
    assert unpaid(failed) == {"20": (1, "money at 12:05")}


def test_an_order_that_failed_otherwise_since_does_not_wait_for_money(
    journal: Journal, failed: Failed
) -> None:
    fail(journal, order("20"), "money")
    fail(journal, order("20"), "refused", LATER)
    assert unpaid(failed) == {}


@pytest.mark.parametrize(
    "action", sorted({*Action} - {Action.ORDER, Action.FETCH})
)  # what is fetched is no change
def test_only_orders_wait_for_money(journal: Journal, failed: Failed, action: Action) -> None:
    fail(journal, a_change(action), "money")
    assert failed.unpaid_orders("isp") == {}


def test_what_waits_for_money_at_another_remote_is_no_matter(journal: Journal, failed: Failed) -> None:
    fail(journal, order("20"), "money")
    elsewhere = replace(ORDER, child=replace(child("20"), remote="other"))
    send_one(journal, elsewhere)
    assert set(failed.unpaid_orders("isp")) == {("20", "panel")}
    assert failed.unpaid_orders("other") == {}


def test_an_order_that_failed_otherwise_is_told_until_something_else_happens(
    journal: Journal, failed: Failed
) -> None:
    fail(journal, order("20"), "refused")
    fail(journal, order("21"), "money")
    fail(journal, order("22"), "limit")
    last = fail(journal, order("20"), "exists", LATER)
    assert failed.refused_orders("isp") == {
        ("20", "panel"): Tries(2, LATER, "exists", "exists at 12:05", last.id)
    }
    send_one(journal, order("20"))
    assert failed.refused_orders("isp") == failed.refused_orders("other") == {}


def test_tasks_are_what_waits_for_a_person_or_failed_and_is_not_made_good(
    journal: Journal, failed: Failed
) -> None:
    refused = fail(journal, order("20"), "refused")
    fail(journal, order("21"), "refused")
    done(journal, replace(order("21"), license="602"))
    journal.failed(plan_one(journal, order("22")), "canceled by a person", at=NOW)
    fail(journal, order("23"), "refused")
    again = fail(journal, replace(order("23"), child=replace(child("23"), remote="other")), "money")
    manual = journal.manual(journal.doubt(send_one(journal), "lost", at=NOW), "ask a person", at=NOW)
    change = fail(journal, a_change(service="24"), "access")
    assert [task.id for task in failed.tasks()] == [change.id, manual.id, again.id, refused.id]


def a_renewal(license: str = "501", service: str = "12", end: date | None = END) -> Decision:
    return replace(a_change(Action.RENEW, license, service), expires_before=end)


def test_what_was_renewed_is_told_with_the_end_that_it_was_renewed_for(
    journal: Journal, operations: Operations
) -> None:
    done(journal, a_renewal())
    done(journal, a_renewal(end=date(2027, 2, 1)))
    done(journal, a_renewal("502", "13"))
    assert operations.renewed("isp", ["501"]) == {("501", END), ("501", date(2027, 2, 1))}
    assert (operations.renewed("isp", []), operations.renewed("other", ["501"])) == (frozenset(), frozenset())


def test_only_a_renewal_that_is_done_counts_as_one(journal: Journal, operations: Operations) -> None:
    fail(journal, a_renewal())
    done(journal, a_renewal(end=None))
    done(journal, replace(a_change(Action.MOVE), expires_before=END))
    send_one(journal, a_renewal())
    assert operations.renewed("isp", ["501"]) == frozenset()


@pytest.mark.parametrize(
    ("since", "explains"), [(LATER - MINUTE, True), (LATER, True), (LATER + timedelta(microseconds=1), False)]
)
def test_what_has_ended_at_that_time_or_later_explains_a_change(
    journal: Journal, operations: Operations, since: datetime, *, explains: bool
) -> None:
    ended = done(journal, a_change(), LATER)
    assert operations.explaining("isp", since) == ({"501": (ended.id, ended.action)} if explains else {})


def test_what_is_open_explains_a_change_however_old_it_is_and_the_last_one_does(
    journal: Journal, operations: Operations
) -> None:
    done(journal, a_change())
    last = send_one(journal, a_change(Action.MOVE))
    other = fail(journal, a_change(license="502", service="13"))
    assert operations.explaining("isp", NOW) == {
        "501": (last.id, Action.MOVE),
        "502": (other.id, other.action),
    }
    assert operations.explaining("isp", NOW + timedelta(days=99)) == {"501": (last.id, Action.MOVE)}
    assert operations.explaining("other", NOW) == {}


def test_an_order_explains_nothing_until_its_license_is_known(
    journal: Journal, operations: Operations
) -> None:
    operation = send_one(journal)
    assert operations.explaining("isp", NOW) == {}
    journal.done(operation, license="501", cost=None, at=LATER)
    assert operations.explaining("isp", NOW) == {"501": (operation.id, Action.ORDER)}


def test_the_operations_of_a_license_are_told_oldest_first(journal: Journal, operations: Operations) -> None:
    first = fail(journal, a_change())
    second = done(journal, a_change(Action.MOVE))
    fail(journal, a_change(license="502", service="13"))
    assert operations.of_license("isp", "501") == [first, second]
    assert (operations.of_license("isp", "999"), operations.of_license("other", "501")) == ([], [])


@pytest.mark.parametrize("reached", State)
def test_a_mark_that_any_operation_has_used_is_ours(
    journal: Journal, operations: Operations, reached: State
) -> None:
    REACH[reached](journal)
    mine = ORDER.remoteid
    assert operations.marks("isp", [mine, "cpb1-main-99-panel-1"]) == {mine}
    assert (operations.marks("isp", []), operations.marks("other", [mine])) == (frozenset(), frozenset())


def moved_at(journal: Journal, action: Action, *steps: Step, state: State, at: datetime = LATER) -> None:
    """Leave an operation on license 501 in a state, with these steps done."""
    operation = send_one(journal, a_change(action))
    for step in steps:
        operation = journal.step(operation, step, at=NOW)
    if state is State.DONE:
        journal.done(operation, license="501", cost=None, at=at)
    elif state is State.FAILED:
        journal.failed(operation, "refused", at=at, failure="refused")


@pytest.mark.parametrize(
    ("action", "steps", "reached", "is_known"),
    [
        (Action.TAKE, [Step.NAMED], State.DONE, True),
        (Action.TAKE, [Step.NAMED, Step.PUT_BACK], State.FAILED, True),
        (Action.TAKE, [], State.FAILED, False),
        (Action.RELEASE, [Step.SUSPENDED, Step.FREED], State.DONE, True),
        (Action.RELEASE, [Step.SUSPENDED], State.FAILED, False),
        (Action.RELEASE, [Step.SUSPENDED], State.SENT, False),
        (Action.MOVE, [Step.MOVED], State.DONE, True),
        (Action.MOVE, [Step.MOVED], State.SENT, True),
        (Action.SUSPEND, [Step.SUSPENDED], State.DONE, False),
        (Action.RENEW, [Step.RENEWED], State.DONE, False),
    ],
)
def test_an_operation_that_changed_an_address_tells_when_that_was(
    journal: Journal,
    operations: Operations,
    action: Action,
    steps: list[Step],
    reached: State,
    is_known: bool,
) -> None:
    moved_at(journal, action, *steps, state=reached)
    assert operations.moved("isp") == ({"501": LATER.date()} if is_known else {})
    assert operations.moved("other") == {}


def test_the_last_change_of_an_address_counts_whoever_made_it(
    state: store.State, journal: Journal, operations: Operations
) -> None:
    moved_at(journal, Action.MOVE, Step.MOVED, state=State.DONE)
    (operation,) = operations.of_license("isp", "501")
    weeks = [NOW + timedelta(weeks=number) for number in range(5)]
    events = [
        Event("isp", "501", EventKind.IP, "a", "b", weeks[1], operation.id),  # shows what is known already
        Event("isp", "501", EventKind.STATUS, "active", "suspended", weeks[4]),
        Event("isp", "502", EventKind.IP, "a", "b", weeks[2]),
    ]
    state.sightings.record("isp", [LITE], NOW, events=events)
    assert operations.moved("isp") == {"501": LATER.date(), "502": weeks[2].date()}
    state.sightings.record("isp", [LITE], NOW, events=[replace(events[0], operation=None, at=weeks[3])])
    assert operations.moved("isp")["501"] == weeks[3].date()


def test_an_order_is_given_up_when_it_was_sent_and_closed_by_a_word(
    journal: Journal, operations: Operations
) -> None:
    planned = plan_one(journal)
    journal.failed(planned, "never sent", at=NOW)
    fail(journal, ORDER, "money")
    assert operations.given_up("isp") == []
    canceled = journal.failed(REACH[State.ABSENT](journal), "canceled by a person", at=NOW)
    assert [each.id for each in operations.given_up("isp")] == [canceled.id]
    assert operations.given_up("other") == []


def test_a_module_is_on_the_panel_that_its_order_was_sent_for(state: store.State) -> None:
    for service, panel in (("12", "1"), ("13", None), ("14", "3")):
        planned = replace(plan_one(state.journal, order(service)), panel=panel)
        sent = state.journal.send(planned, run="run1", at=NOW, max_spend=None)
        if service == "14":
            assert state.operations.get(sent.id).panel == panel
        else:
            state.journal.done(sent, license=f"5{service}", cost=None, at=LATER)
    assert state.operations.panels("isp") == {"512": "1"}
    assert state.operations.panels("other") == {}


def test_what_is_open_for_a_child_is_told_of_every_remote(journal: Journal, operations: Operations) -> None:
    fail(journal, ORDER)
    here = plan_one(journal)
    there = plan_one(journal, replace(ORDER, child=replace(ORDER.child, remote="other")))
    plan_one(journal, replace(ORDER, child=child("20")))
    assert [each.id for each in operations.open_of(*ORDER.child.key)] == [here.id, there.id]


def refused_at_last(journal: Journal) -> Operation:
    again = journal.send(REACH[State.ABSENT](journal), run="again", at=LATER, max_spend=None)
    return journal.failed(again, "no money", at=LATER, failure="no-money")


def test_an_order_is_given_up_too_when_it_was_refused_only_after_a_doubt(
    journal: Journal, operations: Operations
) -> None:
    refused = refused_at_last(journal)
    assert [each.id for each in operations.given_up("isp")] == [refused.id]


def test_what_was_refused_only_after_a_doubt_may_arrive_until_something_else_is_given(
    journal: Journal,
    operations: Operations,
) -> None:
    fail(journal, ORDER, "no-money")
    assert operations.may_arrive_elsewhere("other") == frozenset()
    refused_at_last(journal)
    assert operations.may_arrive_elsewhere("other") == {ORDER.child.key}
    assert operations.may_arrive_elsewhere("isp") == frozenset()
    journal.done(send_one(journal, ORDER), license="501", cost=None, at=LATER)
    assert operations.may_arrive_elsewhere("other") == frozenset()
