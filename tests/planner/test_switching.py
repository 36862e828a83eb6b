"""Suspend, resume, delete, edit, and the release that waits: what is left to do, and what shows the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cpbillmgr.errors import MaybeDone
from cpbillmgr.model.changes import Delete, Edit, LicenseChange, Resume, Suspend
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.changes.changing import gone, next_step, open_change, open_changes, waits_for_its_day
from cpbillmgr.planner.changes.settling import Settlement, Verdict, ended_change, settle, settled
from tests.planner.nouns import NOW, TODAY, a_child, a_license, an_operation, facts, linked

LINKS = linked((a_child(), "501"))
DAY, APART = timedelta(days=1), timedelta(minutes=5)
STOP = an_operation(action=Action.SUSPEND, license="501", cost=None)
START = an_operation(action=Action.RESUME, license="501", cost=None)
DELETE = an_operation(action=Action.DELETE, license="501", cost=None)
EDIT = an_operation(action=Action.EDIT, license="501", cost=None)
WAITING = an_operation(
    action=Action.RELEASE, license="501", cost=None, state=State.MANUAL, failure="remote-limit"
)
TURNED_OFF = ("edited", Edit("501", autoprolong_off=True))
RELEASE = an_operation(action=Action.RELEASE, license="501", cost=None)
FREED = ("freed", Edit("501", name=FREE_NAME, ip=FREE_IP, remoteid="", autoprolong_off=True))
FROM_TOMORROW = date(2026, 10, 21)  # an address changed then may change again tomorrow


def the_settlement(operation: Operation, *licenses: License) -> Settlement:
    (found,) = settle(facts(*licenses, operations=[operation], links=LINKS), Rules())
    return found


@pytest.mark.parametrize(
    ("operation", "form", "step"),
    [
        (STOP, a_license(), ("suspended", Suspend("501"))),
        (STOP, a_license(status=Status.SUSPENDED), None),
        (STOP, a_license(status=Status.DELETED), None),
        (START, a_license(status=Status.SUSPENDED), ("resumed", Resume("501"))),
        (START, a_license(), None),
        (START, a_license(status=Status.DELETED), None),
        (DELETE, a_license(), ("deleted", Delete("501"))),
        (DELETE, a_license(status=Status.SUSPENDED), ("deleted", Delete("501"))),
        (DELETE, a_license(status=Status.PROCESSING), ("deleted", Delete("501"))),
        (DELETE, a_license(status=Status.DELETED), None),
        (EDIT, a_license(renews_itself=True), TURNED_OFF),
        (RELEASE, a_license(renews_itself=True, status=Status.SUSPENDED), FREED),
        (EDIT, a_license(renews_itself=True, status=Status.SUSPENDED), TURNED_OFF),
        (EDIT, a_license(renews_itself=False), None),
        (EDIT, a_license(renews_itself=None), None),
    ],
)
def test_the_form_tells_whether_the_goal_is_reached(
    operation: Operation, form: License, step: tuple[str, LicenseChange] | None
) -> None:
    assert next_step(operation, form) == step


@pytest.mark.parametrize("operation", [STOP, START], ids=["suspend", "resume"])
def test_a_license_in_processing_is_looked_at_again_later(operation: Operation) -> None:
    processing = a_license(status=Status.PROCESSING)
    with pytest.raises(MaybeDone, match="license 501 is still being processed"):
        next_step(operation, processing)
    assert next_step(replace(operation, steps=(Step.SUSPENDED,)), processing) is None, "that is how it shows"


@pytest.mark.parametrize("operation", [STOP, START], ids=["suspend", "resume"])
@pytest.mark.parametrize("state", [State.IN_DOUBT, State.ABSENT, State.MANUAL])
def test_a_license_in_processing_does_not_show_how_it_ended(operation: Operation, state: State) -> None:
    found = the_settlement(replace(operation, state=state), a_license(status=Status.PROCESSING))
    assert found.verdict is (Verdict.GO_ON if state is State.IN_DOUBT else Verdict.WAIT)


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT, State.ABSENT, State.MANUAL])
def test_a_delete_is_found_done_when_its_license_is_gone(state: State) -> None:
    operation = replace(DELETE, state=state)
    found = the_settlement(operation)
    assert (found.verdict, found.because) == (Verdict.FOUND, "license 501 is gone from the account")
    assert found.license == gone(operation)
    after = settled(facts(operations=[operation], links=LINKS), [found])
    assert (after.operations, after.links) == ([], {})


@pytest.mark.parametrize("operation", [STOP, START, EDIT], ids=["suspend", "resume", "edit"])
def test_nothing_else_is_found_done_when_its_license_is_gone(operation: Operation) -> None:
    missed = replace(operation, abandoned_at=NOW - DAY, missed_at=NOW - APART)
    found = the_settlement(missed)
    assert (found.verdict, found.license) == (Verdict.ABSENT, None)
    after = settled(facts(operations=[missed], links=LINKS), [found])
    assert (after.operations, after.links) == ([], LINKS)


def test_a_license_that_is_gone_is_told_as_far_as_its_operation_knows_it() -> None:
    found = gone(DELETE)
    assert (found.id, found.status, found.ip, found.tariff) == (
        "501",
        Status.DELETED,
        DELETE.ip,
        DELETE.tariff,
    )


def test_a_change_that_this_look_shows_to_be_done_answers_for_it() -> None:
    settlements = settle(facts(operations=[DELETE], links=LINKS), Rules())
    found = ended_change(settlements, "501", Action.DELETE)
    assert found is not None
    assert found.because == "operation 7 has done it: license 501 is gone from the account"
    assert ended_change(settlements, "501", Action.SUSPEND) is None
    assert ended_change(settlements, "502", Action.DELETE) is None


@pytest.mark.parametrize(
    ("ip_changed", "goes_on"),
    [
        (FROM_TOMORROW - 2 * DAY, True),
        (FROM_TOMORROW - DAY, True),
        (FROM_TOMORROW, False),
        (TODAY, False),
        (None, False),
    ],
    ids=["yesterday", "today", "tomorrow", "in a month", "no day is told"],
)
def test_a_release_that_waits_goes_on_from_the_day_on_which_its_address_may_change(
    ip_changed: date | None, *, goes_on: bool
) -> None:
    look = facts(a_license(ip_changed=ip_changed), operations=[WAITING], links=LINKS)
    found = open_change(look, "501")
    assert found is not None
    assert (found.action, found.operation, found.held) == (Action.RELEASE, 7, not goes_on)
    assert not found.in_doubt
    assert open_changes(look) == ([found] if goes_on else [])
    assert open_change(look, "502") is None


@pytest.mark.parametrize("key_changed", [FROM_TOMORROW, TODAY])
def test_a_release_waits_for_the_key_too(key_changed: date) -> None:
    license = a_license(ip_changed=FROM_TOMORROW - 2 * DAY, key_changed=key_changed)
    assert open_changes(facts(license, operations=[WAITING], links=LINKS)) == []


@pytest.mark.parametrize(
    ("operation", "waits"),
    [
        (WAITING, True),
        (replace(WAITING, state=State.IN_DOUBT), False),
        (replace(WAITING, state=State.ABSENT), False),
        (replace(STOP, state=State.MANUAL), False),
        (replace(DELETE, state=State.MANUAL), False),
    ],
)
def test_only_a_release_waits_for_its_day(operation: Operation, *, waits: bool) -> None:
    assert waits_for_its_day(operation) is waits
