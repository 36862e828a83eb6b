"""The rows of the journal: how an operation is written and read, and the moves that its state allows."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.operations import MOST_SENDS, Operation, State, Step
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.store.sqlite.columns import (
    Row,
    day_text,
    money_columns,
    read_amounts,
    read_day,
    read_money,
    read_time,
    time_text,
)
from cpbillmgr.store.sqlite.database import Database

ALLOWED: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.SENT, State.FAILED}),
    State.SENT: frozenset({State.DONE, State.FAILED, State.IN_DOUBT, State.MANUAL}),
    State.IN_DOUBT: frozenset({State.DONE, State.FAILED, State.ABSENT, State.MANUAL}),
    State.ABSENT: frozenset({State.SENT, State.DONE, State.FAILED, State.MANUAL}),
    State.MANUAL: frozenset({State.DONE, State.FAILED}),
    State.DONE: frozenset(),
    State.FAILED: frozenset(),
}
"""Where each state may go on to: the table of ``State``."""

_INSERT = """
    INSERT INTO operation (run, action, remote, service, addon, tariff, period, ip, name, remoteid,
        because, state, license, cost, currency, steps, sends, error, planned_at, expires_before, failure,
        replaces, amounts, panel)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE = """
    UPDATE operation SET run = ?, state = ?, license = ?, cost = ?, currency = ?, steps = ?, sends = ?,
        error = ?, failure = ?, sent_at = ?, abandoned_at = ?, missed_at = ?, ended_at = ?, panel = ?
    WHERE id = ? AND state = ? AND license IS ? AND steps = ? AND sends = ? AND missed_at IS ?
"""
_MOVE = "INSERT INTO operation_move (operation, at, from_state, to_state, why) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the append-only history of an operation; ``before`` is ``None`` for its first."""

    operation: int
    at: datetime
    before: State | None
    after: State
    why: str


def refuse_move(operation: Operation, state: State) -> None:
    """Raise ``ValueError`` for a move that is not in ``ALLOWED``, and for a third send."""
    if state not in ALLOWED[operation.state]:
        raise ValueError(f"operation {operation.id} is {operation.state} and cannot become {state}")
    if state is State.SENT and operation.sends >= MOST_SENDS:
        raise ValueError(f"operation {operation.id} was sent {operation.sends} times: a person decides")


def planned_operation(decision: Decision, *, run: str, name: str, at: datetime) -> Operation:
    """Return the operation that a decision begins, not written yet."""
    child = decision.child
    return Operation(
        id=0,  # the row's id, once it is written
        run=run,
        action=decision.action,
        remote=child.remote,
        service=child.service,
        addon=child.addon,
        tariff=child.tariff,
        period=child.period,
        amounts=child.amounts,
        ip=child.ip,
        name=name,
        remoteid=decision.remoteid,
        because=decision.because,
        state=State.PLANNED,
        license=decision.license,
        cost=decision.cost,
        planned_at=at,
        expires_before=decision.expires_before,
        replaces=decision.replaces,
    )


def insert_operation(database: Database, operation: Operation, at: datetime) -> Operation:
    """Write a new operation and its first move; return it with the id that it got."""
    number = database.execute(
        _INSERT,
        (
            operation.run,
            operation.action.value,
            operation.remote,
            operation.service,
            operation.addon,
            operation.tariff,
            operation.period,
            operation.ip,
            operation.name,
            operation.remoteid,
            operation.because,
            operation.state.value,
            operation.license,
            *money_columns(operation.cost),
            json.dumps(operation.steps),
            operation.sends,
            operation.error,
            time_text(at),
            day_text(operation.expires_before),
            operation.failure,
            operation.replaces,
            json.dumps(operation.amounts),
            operation.panel,
        ),
    ).lastrowid
    if number is None:
        raise AssertionError("SQLite gives every inserted row an id")
    database.execute(_MOVE, (number, time_text(at), None, operation.state.value, operation.because))
    return replace(operation, id=number)


def update_operation(
    database: Database, before: Operation, after: Operation, *, why: str, at: datetime
) -> Operation:
    """Write what became of an operation, and the move; as ``write_operation``."""
    write_operation(database, before, after)
    database.execute(_MOVE, (before.id, time_text(at), before.state.value, after.state.value, why))
    return after


def write_operation(database: Database, before: Operation, after: Operation) -> Operation:
    """Write what became of an operation, unless it is no longer what ``before`` says.

    Raises ``StateUnusable`` when another run moved it meanwhile.
    """
    written = database.execute(
        _UPDATE,
        (
            after.run,
            after.state.value,
            after.license,
            *money_columns(after.cost),
            json.dumps(after.steps),
            after.sends,
            after.error,
            after.failure,
            time_text(after.sent_at),
            time_text(after.abandoned_at),
            time_text(after.missed_at),
            time_text(after.ended_at),
            after.panel,
            before.id,
            before.state.value,
            before.license,
            json.dumps(before.steps),
            before.sends,
            time_text(before.missed_at),
        ),
    ).rowcount
    if not written:
        raise StateUnusable(
            f"operation {before.id} is not {before.state} any more: another run moved it",
            where=str(database.path),
            hint="Run the same command again when the other run has ended",
        )
    return after


def read_operation(row: Row) -> Operation:
    """Return the operation of a row that holds every column of the table in its order."""
    number, run, action, remote, service, addon, tariff, period, ip, name, remoteid = row[:11]
    because, state, license_id, cost, currency, steps, sends, error, *times = row[11:-5]
    expires_before, failure, replaces, amounts, panel = row[-5:]
    planned_at, sent_at, abandoned_at, missed_at, ended_at = map(read_time, times)
    return Operation(
        id=number,
        run=run,
        action=Action(action),
        remote=remote,
        service=service,
        addon=addon,
        tariff=tariff,
        period=period,
        amounts=read_amounts(amounts),
        ip=ip,
        name=name,
        remoteid=remoteid,
        because=because,
        state=State(state),
        license=license_id,
        cost=read_money(cost, currency),
        steps=tuple(map(Step, json.loads(steps))),
        sends=sends,
        error=error,
        planned_at=planned_at,
        sent_at=sent_at,
        abandoned_at=abandoned_at,
        missed_at=missed_at,
        ended_at=ended_at,
        expires_before=read_day(expires_before),
        failure=failure,
        replaces=replaces,
        panel=panel,
    )


def read_move(row: Row) -> Move:
    """Return the move of a row (operation, at, from_state, to_state, why)."""
    operation, at, before, after, why = row
    return Move(
        operation, datetime.fromisoformat(at), None if before is None else State(before), State(after), why
    )
