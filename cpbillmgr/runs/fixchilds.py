"""``fixchilds``: give every service the license it should have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cpbillmgr.errors import LimitReached, RemoteError, UsageWrong
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.model.services import Child
from cpbillmgr.planner.catalogue import refuse_closed
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.safety import check_clock, check_first_run, check_losses, check_plan, money_warning
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import Settlement, settle, settled, settled_notes
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.carry_out import carry_out
from cpbillmgr.runs.gather import gather, wanted_children
from cpbillmgr.runs.remember import remember
from cpbillmgr.runs.settle import write_down
from cpbillmgr.runs.site import Site, open_remote

Choose = Callable[[Report], Report]  # returns what would be done, with what a person declines as skipped
Agree = Callable[[Report], bool]  # shows what would be done; whether it is to be carried out


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run was asked for.

    ``choose`` has a person choose among the changes, ``agree`` asks one about the plan. ``confirmed`` says
    that one has agreed beforehand, ``by_name`` that one thing was asked for, of which there is no plan to
    agree to. ``save_to`` is where the plan goes to be applied later.
    """

    scope: Scope = field(default_factory=Scope)
    dry_run: bool = False
    confirmed: bool = False
    by_name: bool = False
    accept_short_list: bool = False
    choose: Choose | None = None
    agree: Agree | None = None
    save_to: Path | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at both sides and what follows from it; nothing is written yet."""

    facts: Facts
    settlements: Sequence[Settlement]
    plan: Plan
    balance: Money | None


def fixchilds(site: Site, asked: Asked) -> Report:
    """Link, take or order a license for every service that has none, and report on each."""
    with open_remote(site.wishes) as remote:
        look = look_around(site, remote, asked, *main_services(site, remote, asked.scope))
        if asked.save_to is not None:
            from cpbillmgr.runs.plan_file import save_plan

            save_plan(asked.save_to, look.plan, asked.scope, look.facts.requested_at)
        return act(site, remote, look, asked, command="fixchilds")


def main_services(site: Site, remote: RemoteBilling, scope: Scope) -> tuple[list[Child], tuple[str, ...]]:
    """Return the licenses that our main services ask for, and warnings about those not looked at.

    Raises ``UsageWrong`` when the scope names a service that is not there.
    """
    services = site.state.inventory.services()
    unknown = set(scope.services or ()) - {service.id for service in services}
    if unknown:
        raise UsageWrong(
            f"there is no service {', '.join(sorted(unknown))}", hint="See 'cpbillmgr service list'"
        )
    chosen, passed_over = services_to_look_at(services, site.wishes.rules)
    ignored = set(scope.services or ()) - {service.id for service in chosen}
    if ignored:
        raise UsageWrong(
            f"service {', '.join(sorted(ignored))} is of no type that fixchilds looks at",
            hint="See 'types' in the settings; 'cpbillmgr order --service' serves any type",
        )
    children, warnings = wanted_children(site.wishes, remote, chosen, scope.services)
    return children, (*warnings, *passed_over)


def look_around(
    site: Site, remote: RemoteBilling, asked: Asked, children: Sequence[Child], warnings: tuple[str, ...]
) -> Look:
    """Gather, settle and plan, without writing anything.

    Raises ``ConfigInvalid`` when the plan would buy what our catalogue forbids.
    """
    facts = gather(site, remote, children, asked.scope, accept_short_list=asked.accept_short_list)
    settlements = settle(facts, site.wishes.rules)
    facts = settled(facts, settlements)
    plan = make_plan(children, facts, site.wishes.rules, asked.scope)
    refuse_closed(plan.decisions, facts)
    balance = balance_of(remote) if plan.cost else None
    warnings = (
        *warnings,
        *settled_notes(settlements),
        *plan.warnings,
        *money_warning(plan, balance, site.wishes.remote.minimal_balance),
    )
    return Look(facts, settlements, replace(plan, warnings=warnings), balance)


def balance_of(remote: RemoteBilling) -> Money | None:
    """Return what the account has, ``None`` where the remote does not tell: nothing is decided on it."""
    try:
        return remote.whoami().balance
    except RemoteError:
        return None


def act(site: Site, remote: RemoteBilling, look: Look, asked: Asked, *, command: str) -> Report:
    """Carry a plan out, unless a limit, a dry run or a person stops it, and report what became of it.

    Limits hold for what a person has chosen.
    """
    report = planned(command, look.plan, look.balance, dry_run=asked.dry_run)
    if asked.choose is not None:
        report = asked.choose(report)
        chosen = tuple(row.decision for row in report.rows if row.outcome is not Outcome.SKIPPED)
        look = replace(look, plan=replace(look.plan, decisions=chosen))
    try:
        check_plan(look.plan, site.wishes.rules.limits)
        if asked.by_name:
            check_clock(look.plan, remote.clock_offset)
        else:
            check_losses(look.plan, site.wishes.rules.limits)
        if asked.dry_run:
            return report
        confirmed = asked.by_name or have_agreed(site, look, asked, report)
    except LimitReached as limit:
        return replace(report, stopped=limit)
    remember(site, look.facts, balance=look.balance)
    write_down(site, look.facts, look.settlements)
    if not look.plan.to_do:
        site.state.rescue().tidy()
        return report
    if confirmed and not asked.by_name:
        site.state.sightings.agree(remote.name, site.now())
    outcomes = carry_out(site, remote, look.facts, look.plan.decisions)
    ended = iter(outcomes.rows)
    rows = tuple(row if row.outcome is Outcome.SKIPPED else next(ended) for row in report.rows)
    return replace(report, rows=rows, stopped=outcomes.stopped)


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


def have_agreed(site: Site, look: Look, asked: Asked, report: Report) -> bool:
    """Return whether a person has agreed to the plan; ``LimitReached`` where one has to, and has not."""
    confirmed = asked.confirmed
    if look.plan.to_do and not confirmed and asked.agree is not None:
        confirmed = asked.agree(report)
        if not confirmed:
            raise LimitReached("the plan was not agreed to; nothing was changed")
    agreed_before = site.state.sightings.has_agreed(look.facts.remote)
    check_first_run(look.plan, agreed_before=agreed_before, confirmed=confirmed)
    return confirmed
