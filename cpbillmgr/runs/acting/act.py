"""Acting: a plan is checked, agreed to and carried out, unless a limit, a dry run or a person stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Decision
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.runs.acting.agreement import check, have_agreed, planned, remember_agreement
from cpbillmgr.runs.acting.next_remote import carry_out_in_turn
from cpbillmgr.runs.looking.look import Asked, Look
from cpbillmgr.runs.looking.remember import remember


def act(looks: Sequence[Look], asked: Asked, *, command: str) -> Report:
    """Carry out the plan of one or several looks, and report what became of it: one question, one report.

    Limits hold for what a person has chosen.
    """
    report = planned(command, looks, dry_run=asked.dry_run)
    if asked.choose is not None:
        report = asked.choose(report)
        looks = _chosen(looks, report)
    try:
        check(looks, by_name=asked.by_name)
        if asked.dry_run:
            return report
        confirmed = asked.by_name or have_agreed(looks, asked, report)
    except LimitReached as limit:
        return replace(report, stopped=limit)
    for look in looks:
        remember(look)
    if not any(look.plan.to_do for look in looks):
        return report
    if confirmed and not asked.by_name:
        remember_agreement(looks)
    ended = carry_out_in_turn(looks, asked, command=command)
    return replace(
        report,
        rows=_as_planned(report.rows, ended.rows),
        stopped=ended.stopped,
        balance=_paid_from(looks, ended.rows) if len(looks) > 1 else report.balance,
        warnings=(*report.warnings, *ended.warnings),
    )


def _chosen(looks: Sequence[Look], report: Report) -> list[Look]:
    """Return the looks without what a person has declined."""
    rows = iter(report.rows)
    return [
        replace(look, plan=replace(look.plan, decisions=tuple(_kept(look.plan.decisions, rows))))
        for look in looks
    ]


def _kept(decisions: Iterable[Decision], rows: Iterator[Row]) -> Iterator[Decision]:
    for decision in decisions:
        if next(rows).outcome is not Outcome.SKIPPED:
            yield decision


def _as_planned(before: Sequence[Row], ended: Sequence[Row]) -> tuple[Row, ...]:
    """Return what has ended, and what a person has declined, in the order in which it was planned."""
    places: dict[Key, int] = {}
    for number, row in enumerate(before):
        places.setdefault(row.decision.child.key, number)
    declined = (row for row in before if row.outcome is Outcome.SKIPPED)
    return tuple(sorted((*ended, *declined), key=lambda row: places[row.decision.child.key]))


def _paid_from(looks: Sequence[Look], rows: Sequence[Row]) -> Money | None:
    """Return the balance that everything was paid from, where it was one account's."""
    paid = (Outcome.DONE, Outcome.IN_DOUBT)
    remotes = {row.decision.child.remote for row in rows if row.cost is not None and row.outcome in paid}
    paying = [look.balance for look in looks if look.remote.name in remotes]
    return paying[0] if len(paying) == 1 else None
