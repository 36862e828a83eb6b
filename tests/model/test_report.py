"""A report: what was paid, and the exit code."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.errors import CpbillmgrError, LimitReached, LockHeld, LoginRefused, NotEnoughMoney, Unreachable
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.model.services import Child, Status

CHILD = Child("12", "panel", "web1", "203.0.113.5", Status.ACTIVE, "isp", 55227, 1)
ORDER = Decision(Action.ORDER, CHILD, "none is free")
FOUR = Money(Decimal(4), "EUR")


def a_report(*outcomes: Outcome, stopped: CpbillmgrError | None = None) -> Report:
    return Report("fixchilds", tuple(Row(ORDER, outcome, cost=FOUR) for outcome in outcomes), stopped=stopped)


@pytest.mark.parametrize(
    ("outcomes", "stopped", "code"),
    [
        ((), None, 0),
        ((Outcome.DONE, Outcome.PLANNED), None, 0),
        ((Outcome.DONE, Outcome.FAILED), None, 3),
        ((Outcome.DONE, Outcome.HELD), None, 3),
        ((Outcome.IN_DOUBT,), None, 7),
        ((Outcome.FAILED, Outcome.HELD, Outcome.IN_DOUBT), None, 7),
        ((Outcome.IN_DOUBT, Outcome.SKIPPED), Unreachable("no answer"), 7),
        ((), LimitReached("too many"), 5),
        ((Outcome.DONE, Outcome.FAILED, Outcome.SKIPPED), NotEnoughMoney("too little"), 69),
        ((Outcome.FAILED,), LoginRefused("no"), 77),
        ((Outcome.SKIPPED,), Unreachable("no answer"), 75),
        ((Outcome.HELD,), LockHeld("busy"), 75),
    ],
)
def test_the_gravest_end_decides_the_exit_code(
    outcomes: tuple[Outcome, ...], stopped: CpbillmgrError | None, code: int
) -> None:
    assert a_report(*outcomes, stopped=stopped).exit_code == code


@pytest.mark.parametrize("outcome", Outcome)
def test_a_doubt_of_an_earlier_run_counts_as_one_of_this(outcome: Outcome) -> None:
    doubted = replace(ORDER, held=True, in_doubt=True)
    assert Report("fixchilds", (Row(doubted, outcome),)).exit_code == 7


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), 0),
        ((Outcome.SKIPPED,), 0),
        ((Outcome.PLANNED,), 4),
        ((Outcome.DONE,), 4),
        ((Outcome.DONE, Outcome.HELD), 3),
        ((Outcome.DONE, Outcome.IN_DOUBT), 7),
    ],
)
def test_who_asks_for_a_detailed_code_learns_of_changes(outcomes: tuple[Outcome, ...], code: int) -> None:
    assert replace(a_report(*outcomes), detailed=True).exit_code == code


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (Outcome.PLANNED, True),
        (Outcome.DONE, True),
        (Outcome.IN_DOUBT, True),
        (Outcome.FAILED, False),
        (Outcome.HELD, False),
        (Outcome.SKIPPED, False),
    ],
)
def test_what_is_in_doubt_counts_as_paid_and_what_did_not_happen_does_not(
    outcome: Outcome, counts: bool
) -> None:
    assert a_report(outcome, outcome).cost == ((FOUR * 2,) if counts else ())


def test_rows_without_a_cost_cost_nothing() -> None:
    assert Report("fixchilds", (Row(ORDER, Outcome.DONE),)).cost == ()


def test_rows_are_counted_by_their_ends() -> None:
    report = a_report(Outcome.DONE, Outcome.DONE, Outcome.HELD, Outcome.FAILED)
    assert report.count(Outcome.DONE) == 2
    assert report.count(Outcome.HELD, Outcome.FAILED) == 2
    assert report.count() == report.count(Outcome.SKIPPED) == 0
