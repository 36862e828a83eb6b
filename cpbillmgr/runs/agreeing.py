"""Agreeing: what would be done is shown to a person, and nothing is done that nobody has agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.safety import check_first_run

if TYPE_CHECKING:
    from cpbillmgr.runs.looking import Asked, Look


def planned(command: str, plan: Plan, balance: Money | None, *, dry_run: bool) -> Report:
    """Return the report of a plan of which nothing is done yet."""
    rows = (
        Row(decision, Outcome.HELD if decision.held else Outcome.PLANNED, decision.license, decision.cost)
        for decision in plan.decisions
    )
    return Report(
        command=command,
        rows=tuple(rows),
        dry_run=dry_run,
        in_sync=plan.in_sync,
        balance=balance,
        warnings=plan.warnings,
    )


def have_agreed(looks: Sequence[Look], asked: Asked, report: Report) -> bool:
    """Return whether a person has agreed to the plans; ``LimitReached`` where one has to, and has not."""
    confirmed = asked.confirmed
    if any(look.plan.to_do for look in looks) and not confirmed and asked.agree is not None:
        confirmed = asked.agree(report)
        if not confirmed:
            raise LimitReached("the plan was not agreed to; nothing was changed by it")
    for look in looks:
        agreed_before = look.site.state.sightings.has_agreed(look.facts.remote)
        check_first_run(look.plan, agreed_before=agreed_before, confirmed=confirmed)
    return confirmed


def remember_agreement(looks: Sequence[Look]) -> None:
    """Write down that a person has agreed to what is done at each of these remotes."""
    for look in looks:
        if look.plan.to_do:
            look.site.state.sightings.agree(look.facts.remote, look.site.now())
