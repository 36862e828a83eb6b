"""Settling: what a look tells about what a dead run has left goes into the journal, verdict by verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.status import status
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import LITE, license, service, spare

IP, OURS, MARK = "203.0.113.12", "Item #12 addon web12", "cpb1-main-12-panel-1"
CHILD = Child("12", "panel", "web12", IP, Status.ACTIVE, "main", LITE, 1)
ORDER = Decision(Action.ORDER, CHILD, "none is free", cost=Money(Decimal("4.00"), "EUR"), remoteid=MARK)
TAKE = Decision(Action.TAKE, CHILD, "it is free", license="1", remoteid=MARK)


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12")])


def leave(office: Office, decision: Decision, *, sent: bool) -> None:
    """Leave what a run leaves that dies after it has planned a change, or marked it as sent."""
    with office.site("fixchilds") as site:
        operation = site.state.journal.plan(decision, run=site.run, name=OURS, at=site.now())
        if sent:
            site.state.journal.send(operation, run=site.run, at=site.now(), max_spend=None)


def look(office: Office, *minutes: float) -> int:
    """Run ``fixchilds`` so many minutes later, and return the last exit code."""
    codes = []
    for each in minutes:
        with office.site("fixchilds", minutes=each) as site:
            codes.append(fixchilds([site], Asked(confirmed=True)).exit_code)
    return codes[-1]


def history(office: Office, operation: Operation) -> list[tuple[State, str]]:
    with office.state() as state:
        return [(move.after, move.why) for move in state.operations.moves(operation.id)]


def test_what_was_never_sent_has_failed_and_is_done_at_once(office: Office) -> None:
    leave(office, ORDER, sent=False)
    assert look(office, 0) == 0
    never, done = office.operations
    assert (never.state, never.error) == (State.FAILED, "the run ended before anything was sent")
    assert (done.state, office.links, len(office.orders)) == (State.DONE, {"12": "7000"}, 1)


def test_what_was_sent_is_in_doubt_from_the_time_at_which_it_is_found(office: Office) -> None:
    leave(office, ORDER, sent=True)
    assert look(office, 60) == 7
    (operation,) = office.operations
    assert (operation.state, operation.error) == (
        State.IN_DOUBT,
        "its answer is not here yet",
    )
    assert operation.abandoned_at is not None
    assert operation.abandoned_at - datetime.now(UTC) > timedelta(minutes=59)
    assert look(office, 60 + 14, 60 + 16, 60 + 20) == 7
    assert office.orders == []
    assert look(office, 60 + 22) == 0
    assert len(office.orders) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_what_a_run_may_still_wait_for_is_not_told_as_ended_or_in_doubt(
    office: Office, *, sent: bool
) -> None:
    leave(office, ORDER, sent=sent)
    assert "ended" not in office.run("fixchilds", "--dry-run").out
    for minutes, number in ((0, 0), (4, 0), (6, 1)):
        with office.site("status", minutes=minutes) as site:
            assert status([site]).conditions[0].in_doubt == number


def test_the_first_list_that_lacks_it_counts_from_when_it_was_asked_for(office: Office) -> None:
    """A list that took ten minutes to come says nothing about the last ten minutes."""
    leave(office, ORDER, sent=True)
    look(office, 0)
    with office.site("fixchilds") as site:
        asked_at = site.now() + timedelta(minutes=16)
        times = iter([asked_at])
        slow = replace(site, now=lambda: next(times, asked_at + timedelta(minutes=10)))
        assert fixchilds([slow], Asked(confirmed=True)).exit_code == 7
    assert office.operations[0].missed_at == asked_at


def test_a_take_that_was_sent_goes_on_by_way_of_a_doubt(office: Office) -> None:
    leave(office, TAKE, sent=True)
    office.edit_world(lambda world: world.update(licenses=[license(1, IP, OURS, remoteid=MARK)]))
    assert look(office, 0) == 0
    (operation,) = office.operations
    assert (operation.state, office.links, office.orders) == (State.DONE, {"12": "1"}, [])
    assert history(office, operation) == [
        (State.PLANNED, "it is free"),
        (State.SENT, "send 1"),
        (State.IN_DOUBT, "license 1 carries its mark"),
        (State.IN_DOUBT, "step new key"),
        (State.DONE, "license 1"),
    ]


def test_a_take_that_two_lists_lack_has_failed_and_is_begun_anew(office: Office) -> None:
    leave(office, TAKE, sent=True)
    office.edit_world(lambda world: world.update(licenses=[spare(1)]))
    assert look(office, 0, 16) == 7
    assert look(office, 22) == 0
    first, second = office.operations
    assert (first.state, first.error) == (State.FAILED, "two whole lists after the settle window lack it")
    assert (second.action, second.state, office.links) == (Action.TAKE, State.DONE, {"12": "1"})
