"""The journal of operations: what is on disk before, between and after the calls of a change.

Each method is one durable transaction that moves one operation and adds the move to its history. A move is
compare-and-set: it is written only while the stored operation is still the one that was passed in.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from cpbillmgr.errors import LimitReached, UsageWrong
from cpbillmgr.model.licenses import License, Link
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.store.journal.rows import (
    insert_operation,
    planned_operation,
    refuse_move,
    update_operation,
    write_operation,
)
from cpbillmgr.store.licenses.links import begin_anew, follow_service, remove_link, write_link
from cpbillmgr.store.licenses.sightings import write_license_if_unknown
from cpbillmgr.store.sqlite.columns import OPEN, time_text
from cpbillmgr.store.sqlite.database import Database, transaction

_SPENT = """
    SELECT cost, count(*) FROM operation
    WHERE run = ? AND currency = ?
        AND state IN ('sent', 'in doubt', 'done', 'manual') AND cost IS NOT NULL
    GROUP BY cost
"""


class Journal:
    """The operations of all remotes, to be moved on. May be called from many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, decision: Decision, *, run: str, name: str, at: datetime) -> Operation:
        """Write what is about to be done, as ``planned``; ``name`` is what the license will be called.

        Raises ``UsageWrong`` when the child, or the license to take, has an open operation.
        """
        operation = planned_operation(decision, run=run, name=name, at=at)
        with transaction(self._database) as database:
            if operation.action is Action.TAKE:
                begin_anew(database, operation.remote, operation.license)
            try:
                return insert_operation(database, operation, at)
            except sqlite3.IntegrityError as error:
                raise _already_open(database, operation) from error

    def reserve(self, operation: Operation, license: str) -> Operation | None:
        """Have a take turn to another license, none of its steps done.

        ``None`` when an open operation has that license. The state stays, so the history gets no move.
        """
        _require_open(operation)
        turned = replace(operation, license=license, steps=())
        with transaction(self._database) as database:
            begin_anew(database, operation.remote, license)
            try:
                return write_operation(database, operation, turned)
            except sqlite3.IntegrityError:
                return None

    def send(self, operation: Operation, *, run: str, at: datetime, max_spend: Decimal | None) -> Operation:
        """Mark as ``sent`` by a run, unless that run would then have spent more than ``max_spend``.

        What counts is each cost in this operation's currency that is sent, in doubt, done or manual, and its
        own; ``None`` is no limit. Raises ``LimitReached``, and then nothing is written.
        """
        refuse_move(operation, State.SENT)
        sent = replace(
            operation,
            run=run,
            state=State.SENT,
            sends=operation.sends + 1,
            sent_at=at,
            abandoned_at=None,
            missed_at=None,
        )
        with transaction(self._database) as database:
            if max_spend is not None and operation.cost is not None:
                _refuse_overspending(database, sent, operation.cost, max_spend)
            return update_operation(database, operation, sent, why=f"send {sent.sends}", at=at)

    def step(self, operation: Operation, step: Step, *, at: datetime) -> Operation:
        """Write that a step is finished."""
        _require_open(operation)
        stepped = replace(operation, steps=(*operation.steps, step))
        with transaction(self._database) as database:
            return update_operation(database, operation, stepped, why=f"step {step}", at=at)

    def done(self, operation: Operation, *, license: str, cost: Money | None, at: datetime) -> Operation:
        """Mark as ``done``, and link or unlink the license in the same transaction.

        ===========================  ================================
        action                       the license is then
        ===========================  ================================
        order, take                  linked to the child, in place of the one that it replaces
        release, delete              nobody's
        any other                    whosever it was
        ===========================  ================================

        What was ordered, taken or moved is on its service's address then, and follows that from there on.

        ``cost`` is what was paid, ``None`` when that is as planned. A license that no list has shown yet is
        remembered as the operation describes it. Raises ``UsageWrong`` when either side has another link.
        """
        refuse_move(operation, State.DONE)
        ended = replace(
            operation,
            state=State.DONE,
            license=license,
            cost=cost or operation.cost,
            error="",
            ended_at=at,
        )
        with transaction(self._database) as database:
            write_license_if_unknown(database, _license_of(ended, license))
            if operation.action in (Action.ORDER, Action.TAKE):
                if operation.replaces is not None:
                    remove_link(database, operation.remote, operation.replaces)
                link = Link(operation.remote, license, operation.service, operation.addon)
                write_link(database, link, operation.because, at, address=operation.ip)
            elif operation.action is Action.MOVE:
                follow_service(database, operation.remote, license, operation.ip)
            elif operation.action in (Action.RELEASE, Action.DELETE):
                remove_link(database, operation.remote, license)
            return update_operation(database, operation, ended, why=f"license {license}", at=at)

    def failed(self, operation: Operation, error: str, *, at: datetime, failure: str = "") -> Operation:
        """Mark as ``failed``: it certainly did not happen, or a person canceled it.

        ``failure`` is the kind of the error that ended it.
        """
        return self._move(operation, State.FAILED, error, at, error=error, failure=failure, ended_at=at)

    def doubt(self, operation: Operation, error: str, *, at: datetime) -> Operation:
        """Mark as ``in doubt``: from now on nobody waits for its answer."""
        return self._move(operation, State.IN_DOUBT, error, at, error=error, abandoned_at=at)

    def missed(self, operation: Operation, *, requested_at: datetime) -> Operation:
        """Write when the first whole list was requested, after the settle window, that lacks it."""
        if operation.state is not State.IN_DOUBT:
            raise ValueError(f"operation {operation.id} is {operation.state}, not in doubt")
        missed = replace(operation, missed_at=requested_at)
        with transaction(self._database) as database:
            return update_operation(database, operation, missed, why="the list lacks it", at=requested_at)

    def absent(self, operation: Operation, why: str, *, at: datetime) -> Operation:
        """Mark as ``absent``: the remote's own lists show that it never was."""
        return self._move(operation, State.ABSENT, why, at)

    def manual(self, operation: Operation, why: str, *, at: datetime, failure: str = "") -> Operation:
        """Hand over to a person; ``failure`` is the kind of the error that ended the tool's own tries."""
        return self._move(operation, State.MANUAL, why, at, error=why, failure=failure)

    def refuse(self, operation: Operation, why: str, *, at: datetime) -> None:
        """Remember that the remote would not hand out the license that a take has reserved."""
        with transaction(self._database) as database:
            database.execute(
                "INSERT OR REPLACE INTO refusal (remote, license, at, why) VALUES (?, ?, ?, ?)",
                (operation.remote, operation.license, time_text(at), why),
            )

    def _move(self, operation: Operation, state: State, why: str, at: datetime, **fields: Any) -> Operation:
        refuse_move(operation, state)
        moved = replace(operation, state=state, **fields)
        with transaction(self._database) as database:
            return update_operation(database, operation, moved, why=why, at=at)


def _require_open(operation: Operation) -> None:
    if not operation.state.is_open:
        raise ValueError(f"operation {operation.id} is {operation.state}")


def _already_open(database: Database, operation: Operation) -> UsageWrong:
    number, service, addon, state = database.execute(
        f"""
        SELECT id, service, addon, state FROM operation
        WHERE remote = ? AND {OPEN} AND ((service = ? AND addon = ?) OR license = ?)
        """,  # noqa: S608 - constants alone
        (operation.remote, operation.service, operation.addon, operation.license),
    ).fetchone()
    return UsageWrong(
        f"operation {number} of service {service}, add-on {addon}, is still open ({state})",
        where=operation.remote,
        hint=f"See 'cpbillmgr operation show {number}'",
    )


def _refuse_overspending(database: Database, operation: Operation, cost: Money, limit: Decimal) -> None:
    rows = database.execute(_SPENT, (operation.run, cost.currency))
    spent = sum((Decimal(each) * times for each, times in rows), cost.amount)
    if spent > limit:
        raise LimitReached(
            f"this run would spend {Money(spent, cost.currency)}, and the limit is {limit}",
            where=operation.remote,
            hint="Raise it with --max-spend if that is right",
        )


def _license_of(operation: Operation, license_id: str) -> License:
    """Return a new license as no list has shown it yet; what stands on a panel has no name there."""
    return License(
        remote=operation.remote,
        id=license_id,
        name=operation.name if operation.panel is None else "",
        ip=operation.ip,
        tariff=operation.tariff,
        tariff_name="",
        period=operation.period,
        status=Status.PROCESSING,
        expires=None,
        remoteid=operation.remoteid or None,
    )
