"""Health: whether somebody has to look after a remote, as far as we remember."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum

from cpbillmgr.model.catalogue import Account
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Level, Notice
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.planner.safety import below_minimal

LATE = timedelta(minutes=15)  # three runs of cron were missed
TOO_LATE = timedelta(hours=1)
CLOCK_MAY_JUMP = timedelta(minutes=1)  # what was seen so little ahead of the clock was seen just now
AT_WORK = timedelta(minutes=5)  # how long a run may still wait for the answers to what it has begun


class Health(IntEnum):
    """How a remote is; the number is the exit code that monitoring plugins leave."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_WORST_FIRST = (Health.CRITICAL, Health.UNKNOWN, Health.WARNING, Health.OK)


@dataclass(frozen=True, slots=True)
class Condition:
    """What we remember of one remote. Times are UTC, ``None`` where something never happened.

    ``looked_at`` is when its list was last recorded, ``checked_at`` when a ``checkevent`` last did.
    ``balance`` is what it told at ``balance_at``, less what we have paid since. ``in_doubt`` and
    ``for_a_person`` count open operations, ``notices`` are in force. ``pool`` counts paid licenses that
    nobody uses, ``usable`` those that can be used now, ``idle`` is what of them is left.
    """

    remote: str
    looked_at: datetime | None = None
    checked_at: datetime | None = None
    licenses: int = 0
    balance: Money | None = None
    balance_at: datetime | None = None
    minimal_balance: Decimal | None = None
    in_doubt: int = 0
    for_a_person: int = 0
    notices: tuple[Notice, ...] = ()
    pool: int = 0
    usable: int = 0
    idle: tuple[Money, ...] = ()

    def count(self, *levels: Level) -> int:
        """Return how many notices of these levels are in force."""
        return sum(notice.level in levels for notice in self.notices)


def in_doubt(operations: Iterable[Operation], now: datetime) -> int:
    """Return how many of these open operations are in doubt, as far as the journal alone tells.

    ==============================  =============================================
    state                           in doubt
    ==============================  =============================================
    planned, sent                   after 5 minutes: before, a run may be at work
    in doubt, absent                yes
    manual                          no: it waits for a person
    ==============================  =============================================
    """
    waiting = [each for each in operations if each.state is not State.MANUAL]
    return sum(
        each.state not in (State.PLANNED, State.SENT)
        or now - (each.sent_at or each.planned_at or now) >= AT_WORK
        for each in waiting
    )


def judge(conditions: Sequence[Condition], now: datetime) -> tuple[Health, tuple[str, ...]]:
    """Return the worst that is so, and a sentence for everything that is not well, the worst first.

    ==================================================  ==========
    it is so that                                       health
    ==================================================  ==========
    the last checkevent was more than an hour ago       critical
    a notice in force is an alarm                       critical
    an operation waits for a person                     critical
    no checkevent has ever looked                       unknown
    the last checkevent is ahead of the clock           unknown
    the last checkevent was more than 15 minutes ago    warning
    a notice in force is a warning                      warning
    an operation is in doubt                            warning
    the balance is below the minimal one                warning
    otherwise                                           ok
    ==================================================  ==========
    """
    found = [each for condition in conditions for each in _judge(condition, now)]
    found.sort(key=lambda each: _WORST_FIRST.index(each[0]))
    health = found[0][0] if found else Health.OK
    return health, tuple(f"{remote}: {sentence}" for _, remote, sentence in found)


def _judge(condition: Condition, now: datetime) -> Iterator[tuple[Health, str, str]]:
    for health, sentence in (
        *_of_time(condition, now),
        *_of_notices(condition.notices),
        *_of_operations(condition),
        *((Health.WARNING, poor) for poor in below_minimal(condition.balance, condition.minimal_balance)),
    ):
        yield health, condition.remote, sentence


def _of_time(condition: Condition, now: datetime) -> Iterator[tuple[Health, str]]:
    if condition.checked_at is None:
        yield Health.UNKNOWN, "no checkevent has ever looked"
        return
    age = now - condition.checked_at
    if is_ahead(age):
        yield Health.UNKNOWN, "the last checkevent is ahead of the clock: set the clock"
    if age > LATE:
        health = Health.CRITICAL if age > TOO_LATE else Health.WARNING
        yield health, f"the last checkevent was {in_words(age)}"


def _of_notices(notices: Sequence[Notice]) -> Iterator[tuple[Health, str]]:
    for notice in notices:
        if notice.level >= Level.WARNING:
            yield Health.CRITICAL if notice.level >= Level.ALARM else Health.WARNING, notice.text


def _of_operations(condition: Condition) -> Iterator[tuple[Health, str]]:
    told = any(notice.topic.startswith("operation ") for notice in condition.notices)
    if condition.for_a_person and not told:
        yield Health.CRITICAL, f"operations that wait for a person: {condition.for_a_person}"
    if condition.in_doubt:
        yield Health.WARNING, f"operations in doubt: {condition.in_doubt}"


def lacking(account: Account, minimal: Decimal | None, *, rights: bool) -> Iterator[str]:
    """Yield a sentence for each thing that our account at a remote lacks; of its ``rights`` only if asked.

    ==============================  ======================================
    the account                     what follows (semantics.md 7)
    ==============================  ======================================
    has less than the minimal       nothing yet
    may not suspend services        licenses of suspended ones go on
    may not delete services         licenses of closed ones go on, too
    ==============================  ======================================
    """
    yield from below_minimal(account.balance, minimal)
    if rights and not account.may_suspend:
        yield "our account may not suspend services, so their licenses go on"
    if rights and not account.may_delete:
        yield "our account may not delete services, so licenses stay until they end"


def is_ahead(age: timedelta) -> bool:
    """Return whether something is ahead of the clock, so that nobody knows how long it is ago."""
    return age < -CLOCK_MAY_JUMP


def in_words(age: timedelta) -> str:
    """Return how long something is ago, in the largest unit that fits.

    >>> in_words(timedelta(minutes=90)), in_words(timedelta(seconds=3)), in_words(timedelta(days=-1))
    ('90 minutes ago', '0 minutes ago', 'ahead of the clock')
    """
    if is_ahead(age):
        return "ahead of the clock"
    minutes = max(0, int(age / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes != 1 else ''} ago"
    return f"{minutes // 60} hours ago" if minutes < 2880 else f"{minutes // 1440} days ago"
