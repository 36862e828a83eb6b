"""Agreement: what would be done is held against our limits and shown to a person, who agrees to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.choosing import together
from cpbillmgr.planner.safety import check_clock, check_first_run, check_losses, check_plan
from cpbillmgr.runs.looking.look import Asked, Look


def planned(command: str, looks: Sequence[Look], *, dry_run: bool) -> Report:
    """Return the report of plans of which nothing is done yet."""
    plan = whole_plan(looks)
    rows = (
        Row(decision, Outcome.HELD if decision.held else Outcome.PLANNED, decision.license, decision.cost)
        for decision in plan.decisions
    )
    return Report(
        command=command,
        rows=tuple(rows),
        dry_run=dry_run,
        in_sync=plan.in_sync,
        balance=_balance(looks),
        warnings=plan.warnings,
        remotes=tuple(look.remote.name for look in looks),
    )


def whole_plan(looks: Sequence[Look]) -> Plan:
    """Return the plans of all looks as one, with every warning."""
    return together([replace(look.plan, warnings=(*look.warnings, *look.plan.warnings)) for look in looks])


def _balance(looks: Sequence[Look]) -> Money | None:
    """Return the balance that a plan is paid from, where it is one account's."""
    paying = [look.balance for look in looks if look.plan.cost] or [look.balance for look in looks]
    return paying[0] if len(paying) == 1 else None


def check(looks: Sequence[Look], *, by_name: bool) -> None:
    """Raise ``LimitReached`` for plans that may not be carried out; limits count over all remotes.

    What was asked for ``by_name`` is no sign of a bad run, however many lose their license by it.
    """
    plan, limits = whole_plan(looks), looks[0].site.wishes.rules.limits
    check_plan(plan, limits)
    if not by_name:
        check_losses(plan, limits)
    for look in looks:
        check_clock(look.plan, look.remote.clock_offset)


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
