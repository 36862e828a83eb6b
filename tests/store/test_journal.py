from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cpbillmgr.errors import StateUnusable, UsageWrong
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action
from cpbillmgr.store import state as store
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from cpbillmgr.store.journal.rows import ALLOWED
from tests.store.journeys import MOVES, REACH, doubt_one, plan_one, send_one
from tests.store.nouns import FOUR_EUROS, LATER, NOW, ORDER, take

TABLE = {
    (State.PLANNED, State.SENT),
    (State.PLANNED, State.FAILED),
    (State.SENT, State.DONE),
    (State.SENT, State.FAILED),
    (State.SENT, State.IN_DOUBT),
    (State.SENT, State.MANUAL),
    (State.IN_DOUBT, State.DONE),
    (State.IN_DOUBT, State.FAILED),
    (State.IN_DOUBT, State.ABSENT),
    (State.IN_DOUBT, State.MANUAL),
    (State.ABSENT, State.SENT),
    (State.ABSENT, State.DONE),
    (State.ABSENT, State.MANUAL),
    (State.ABSENT, State.FAILED),
    (State.MANUAL, State.DONE),
    (State.MANUAL, State.FAILED),
}


def test_a_planned_operation_holds_what_was_decided(journal: Journal, operations: Operations) -> None:
    operation = plan_one(journal)
    assert operation == operations.get(operation.id)
    assert operation == Operation(
        id=operation.id,
        run="run1",
        action=ORDER.action,
        remote="isp",
        service="12",
        addon="panel",
        tariff=55227,
        period=1,
        amounts=(),
        ip="203.0.113.5",
        name="Item #12 addon web1",
        remoteid="cpb1-main-12-panel-1",
        because="none is free",
        state=State.PLANNED,
        cost=FOUR_EUROS,
        planned_at=NOW,
    )


@pytest.mark.parametrize(("before", "after"), sorted(TABLE))
def test_a_move_of_the_table_is_on_disk_with_its_history(
    journal: Journal, path: Path, before: State, after: State
) -> None:
    moved = MOVES[after](journal, REACH[before](journal))
    assert moved.state is after
    with store.State.open(path, now=LATER, read_only=True) as reader:
        assert reader.operations.get(moved.id) == moved
        last = reader.operations.moves(moved.id)[-1]
    assert (last.before, last.after, last.at) == (before, after, LATER)


@pytest.mark.parametrize(("before", "after"), sorted(set(product(State, MOVES)) - TABLE))
def test_a_move_that_is_not_in_the_table_is_a_bug_of_ours(
    journal: Journal, operations: Operations, before: State, after: State
) -> None:
    operation = REACH[before](journal)
    with pytest.raises(ValueError, match=f"is {before} and cannot become {after}"):
        MOVES[after](journal, operation)
    assert operations.get(operation.id) == operation


def test_the_table_of_the_journal_is_the_one_tested_here() -> None:
    assert {(before, after) for before, moves in ALLOWED.items() for after in moves} == TABLE


def test_the_history_tells_each_move_with_its_reason(journal: Journal, operations: Operations) -> None:
    operation = journal.step(send_one(journal, take("20", "501")), Step.NEW_KEY, at=LATER)
    ended = journal.failed(operation, "refused", at=LATER)
    assert [(move.before, move.after, move.why) for move in operations.moves(ended.id)] == [
        (None, State.PLANNED, "free in the pool"),
        (State.PLANNED, State.SENT, "send 1"),
        (State.SENT, State.SENT, "step new key"),
        (State.SENT, State.FAILED, "refused"),
    ]


@pytest.mark.parametrize("statement", ["UPDATE operation_move SET why = ''", "DELETE FROM operation_move"])
def test_the_history_is_append_only(journal: Journal, path: Path, statement: str) -> None:
    plan_one(journal)
    database = sqlite3.connect(path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
    finally:
        database.close()


def test_a_child_with_an_open_operation_is_refused_and_the_operation_named(
    journal: Journal, operations: Operations
) -> None:
    first = plan_one(journal)
    with pytest.raises(UsageWrong, match=rf"operation {first.id} of service 12, add-on panel, is still open"):
        plan_one(journal, replace(ORDER, child=replace(ORDER.child, tariff=1)))
    assert operations.open("isp") == [first]


def test_a_license_with_an_open_operation_is_refused_and_the_operation_named(journal: Journal) -> None:
    first = plan_one(journal, take("20", "501"))
    with pytest.raises(UsageWrong, match=rf"operation {first.id} of service 20, add-on panel, is still open"):
        plan_one(journal, take("21", "501"))


@pytest.mark.parametrize("left", [state for state in State if state.is_open])
def test_every_open_state_keeps_its_child_from_a_second_operation(journal: Journal, left: State) -> None:
    REACH[left](journal)
    with pytest.raises(UsageWrong, match="still open"):
        plan_one(journal)


@pytest.mark.parametrize("left", [State.DONE, State.FAILED])
def test_an_ended_operation_leaves_its_child_free(journal: Journal, left: State) -> None:
    first = REACH[left](journal)
    assert plan_one(journal).id != first.id


def test_the_same_child_at_another_remote_is_another_child(journal: Journal, operations: Operations) -> None:
    plan_one(journal)
    plan_one(journal, replace(ORDER, child=replace(ORDER.child, remote="other")))
    assert len(operations.open("isp")) == len(operations.open("other")) == 1


def test_a_take_turns_to_another_license_with_none_of_its_steps_done(
    journal: Journal, operations: Operations
) -> None:
    operation = journal.step(send_one(journal, take("20", "501")), Step.NAMED, at=NOW)
    turned = journal.reserve(operation, "502")
    assert turned == replace(operation, license="502", steps=())
    assert operations.get(operation.id) == turned


def test_a_take_cannot_turn_to_a_license_of_another_open_operation(
    journal: Journal, operations: Operations
) -> None:
    plan_one(journal, take("20", "501"))
    second = plan_one(journal, take("21", "502"))
    assert journal.reserve(second, "501") is None
    assert operations.get(second.id) == second


def test_steps_are_kept_in_their_order(journal: Journal, operations: Operations) -> None:
    operation = journal.step(send_one(journal, take("20", "501")), Step.NAMED, at=NOW)
    operation = journal.step(operation, Step.NEW_KEY, at=NOW)
    assert operations.get(operation.id).steps == (Step.NAMED, Step.NEW_KEY)


def test_an_ended_operation_takes_no_step_and_no_license(journal: Journal) -> None:
    ended = REACH[State.FAILED](journal)
    with pytest.raises(ValueError, match="is failed"):
        journal.step(ended, Step.NEW_KEY, at=LATER)
    with pytest.raises(ValueError, match="is failed"):
        journal.reserve(ended, "502")


def test_an_operation_that_another_run_moved_is_not_moved_again(
    journal: Journal, operations: Operations
) -> None:
    operation = send_one(journal)
    doubted = journal.doubt(operation, "no answer", at=NOW)
    with pytest.raises(StateUnusable, match="is not sent any more: another run moved it"):
        journal.failed(operation, "refused", at=LATER)
    assert operations.get(operation.id) == doubted


@pytest.mark.parametrize(
    "stale",
    [
        {"state": State.PLANNED},
        {"sends": 0},
        {"license": "502"},
        {"steps": (Step.NAMED,)},
        {"missed_at": LATER},
    ],
)
def test_an_operation_is_moved_only_while_it_is_what_the_caller_knows(
    journal: Journal, operations: Operations, stale: dict[str, Any]
) -> None:
    operation = send_one(journal, take("20", "501"))
    with pytest.raises(StateUnusable, match="another run moved it"):
        journal.failed(replace(operation, **stale), "refused", at=LATER)
    assert operations.get(operation.id) == operation
    assert len(operations.moves(operation.id)) == 2


def test_a_second_send_begins_its_times_anew_and_there_is_no_third(journal: Journal) -> None:
    doubted = journal.missed(doubt_one(journal), requested_at=LATER)
    again = journal.send(
        journal.absent(doubted, "lists lack it", at=LATER), run="run2", at=LATER, max_spend=None
    )
    assert (again.sends, again.sent_at, again.abandoned_at, again.missed_at) == (2, LATER, None, None)
    absent = journal.absent(journal.doubt(again, "no answer", at=LATER), "lists lack it", at=LATER)
    with pytest.raises(ValueError, match="was sent 2 times"):
        journal.send(absent, run="run1", at=LATER, max_spend=None)


def test_a_doubt_knows_since_when_nobody_waits_and_since_when_it_is_missed(
    journal: Journal, operations: Operations
) -> None:
    doubted = doubt_one(journal)
    assert (doubted.abandoned_at, doubted.error) == (NOW, "no answer")
    assert journal.missed(doubted, requested_at=LATER).missed_at == LATER
    assert operations.get(doubted.id).missed_at == LATER


def test_only_a_doubt_can_be_missed(journal: Journal) -> None:
    with pytest.raises(ValueError, match="is sent, not in doubt"):
        journal.missed(send_one(journal), requested_at=LATER)


def test_what_is_sent_once_more_belongs_to_the_run_that_sends_it(
    journal: Journal, operations: Operations
) -> None:
    """So that it counts for that run's ``--max-spend``."""
    again = journal.send(REACH[State.ABSENT](journal), run="run2", at=LATER, max_spend=None)
    assert (again.run, operations.get(again.id).run) == ("run2", "run2")


def test_the_end_that_a_renewal_moves_is_kept(journal: Journal, operations: Operations) -> None:
    renewal = replace(ORDER, action=Action.RENEW, license="501", expires_before=date(2027, 1, 1))
    assert operations.get(plan_one(journal, renewal).id).expires_before == date(2027, 1, 1)


@pytest.mark.parametrize("ended", [State.DONE, State.FAILED])
def test_what_is_named_as_open_is_not_what_has_ended_before(
    journal: Journal, operations: Operations, ended: State
) -> None:
    first = REACH[ended](journal)
    second = plan_one(journal)
    with pytest.raises(UsageWrong, match=f"operation {second.id} of service 12"):
        plan_one(journal)
    assert operations.get(first.id).state is ended


def test_every_operation_is_told_newest_first_however_many_there_are(
    journal: Journal, operations: Operations, state: store.State
) -> None:
    journal.failed(plan_one(journal), "no money", at=NOW)
    columns = [name for _, name, *_ in state.database.execute("PRAGMA table_info(operation)")][1:]
    names = ", ".join(columns)
    state.database.execute(
        f"INSERT INTO operation ({names}) WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL"  # noqa: S608
        f" SELECT i + 1 FROM n WHERE i < 2100) SELECT {names} FROM operation, n"
    )
    assert [operation.id for operation in operations.all()] == list(range(2101, 0, -1))
