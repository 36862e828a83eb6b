"""Acting: a plan is checked, agreed to and carried out, unless a limit, a dry run or a person stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Decision, Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.choosing import together
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.safety import check_clock, check_losses, check_plan
from cpbillmgr.runs.agreeing import have_agreed, planned, remember_agreement
from cpbillmgr.runs.in_turn import carry_out_in_turn
from cpbillmgr.runs.looking import Asked, Look
from cpbillmgr.runs.remember import remember
from cpbillmgr.runs.settle import write_down


def act(looks: Sequence[Look], asked: Asked, *, command: str) -> Report:
    """Carry out the plan of one or several looks, and report what became of it: one question, one report.

    Limits hold for what a person has chosen.
    """
    report = planned(command, whole_plan(looks), _balance(looks), dry_run=asked.dry_run)
    report = replace(report, remotes=tuple(look.remote.name for look in looks))
    if asked.choose is not None:
        report = asked.choose(report)
        looks = _chosen(looks, report)
    plan = whole_plan(looks)
    try:
        _check(looks, plan, asked)
        if asked.dry_run:
            return report
        confirmed = asked.by_name or have_agreed(looks, asked, report)
    except LimitReached as limit:
        return replace(report, stopped=limit)
    for look in looks:
        remember(look.site, look.facts, balance=look.balance)
        write_down(look.site, look.facts, look.settlements)
    if not plan.to_do:
        looks[0].site.state.rescue().tidy()
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


def whole_plan(looks: Sequence[Look]) -> Plan:
    """Return the plans of all looks as one."""
    return together([look.plan for look in looks])


def _check(looks: Sequence[Look], plan: Plan, asked: Asked) -> None:
    """Raise ``LimitReached`` for a plan that may not be carried out; limits count over all remotes."""
    limits = looks[0].site.wishes.rules.limits
    check_plan(plan, limits)
    if not asked.by_name:
        check_losses(plan, limits)
    for look in looks:
        check_clock(look.plan, look.remote.clock_offset)


def _paid_from(looks: Sequence[Look], rows: Sequence[Row]) -> Money | None:
    """Return the balance that everything was paid from, where it was one account's."""
    paid = (Outcome.DONE, Outcome.IN_DOUBT)
    remotes = {row.decision.child.remote for row in rows if row.cost is not None and row.outcome in paid}
    paying = [look.balance for look in looks if look.remote.name in remotes]
    return paying[0] if len(paying) == 1 else None


def _balance(looks: Sequence[Look]) -> Money | None:
    """Return the balance that a plan is paid from, where it is one account's."""
    paying = [look.balance for look in looks if look.plan.cost] or [look.balance for look in looks]
    return paying[0] if len(paying) == 1 else None
