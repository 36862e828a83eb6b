"""How an operation comes to each of its states, and from there to another."""

from __future__ import annotations

from collections.abc import Callable

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Decision
from cpbillmgr.store.journal.journal import Journal
from tests.store.nouns import LATER, NOW, ORDER


def plan_one(journal: Journal, decision: Decision = ORDER, run: str = "run1") -> Operation:
    return journal.plan(decision, run=run, name="Item #12 addon web1", at=NOW)


def send_one(journal: Journal, decision: Decision = ORDER, run: str = "run1") -> Operation:
    return journal.send(plan_one(journal, decision, run), run=run, at=NOW, max_spend=None)


def doubt_one(journal: Journal) -> Operation:
    return journal.doubt(send_one(journal), "no answer", at=NOW)


REACH: dict[State, Callable[[Journal], Operation]] = {
    State.PLANNED: plan_one,
    State.SENT: send_one,
    State.IN_DOUBT: doubt_one,
    State.ABSENT: lambda journal: journal.absent(doubt_one(journal), "two lists lack it", at=NOW),
    State.MANUAL: lambda journal: journal.manual(doubt_one(journal), "ask a person", at=NOW),
    State.DONE: lambda journal: journal.done(send_one(journal), license="501", cost=None, at=NOW),
    State.FAILED: lambda journal: journal.failed(plan_one(journal), "no money", at=NOW),
}
MOVES: dict[State, Callable[[Journal, Operation], Operation]] = {
    State.SENT: lambda journal, operation: journal.send(
        operation, run=operation.run, at=LATER, max_spend=None
    ),
    State.IN_DOUBT: lambda journal, operation: journal.doubt(operation, "no answer", at=LATER),
    State.ABSENT: lambda journal, operation: journal.absent(operation, "two lists lack it", at=LATER),
    State.MANUAL: lambda journal, operation: journal.manual(operation, "ask a person", at=LATER),
    State.DONE: lambda journal, operation: journal.done(operation, license="501", cost=None, at=LATER),
    State.FAILED: lambda journal, operation: journal.failed(operation, "refused", at=LATER),
}
