"""``checkevent``: learn what has changed, finish what was begun, follow the services, renew what is due."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from cpbillmgr.config.demands import demands_of
from cpbillmgr.errors import AccessDenied, LimitReached, RemoteError
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Notice
from cpbillmgr.model.plan import Action, Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.model.services import Child, Service, Status
from cpbillmgr.planner.checkevent import begun, is_money_asked, make_plan, still_unpaid, wanted_changes
from cpbillmgr.planner.events import is_by_somebody_else
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.following import FOLLOWED, Standing, agreements
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.notices import BALANCE, notices_of, of_balance
from cpbillmgr.planner.renewal import due
from cpbillmgr.planner.safety import check_clock, check_losses, check_plan
from cpbillmgr.planner.settling import Settlement, settle, settled
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.carry_out import carry_out
from cpbillmgr.runs.fixchilds import balance_of, planned
from cpbillmgr.runs.gather import wanted_children, whole_look
from cpbillmgr.runs.remember import Conclusion, conclude, remember
from cpbillmgr.runs.seeing import see_forms, since_last_time
from cpbillmgr.runs.settle import write_down
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run was asked for.

    ``full`` reads the form of every license. ``status`` is what services are to be, by id: then only their
    licenses are changed, by somebody's word, so limits that stop a bad run do not matter.
    """

    command: str = "checkevent"
    dry_run: bool = False
    full: bool = False
    accept_short_list: bool = False
    status: Mapping[str, Status] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look, and what it means; nothing is written yet."""

    facts: Facts
    settlements: tuple[Settlement, ...]
    concluded: Conclusion
    services: tuple[Service, ...]
    standing: Standing
    unpaid: Mapping[Key, str] = field(default_factory=dict)
    balance: Money | None = None


def checkevent(site: Site, asked: Asked) -> Report:
    """Bring one remote's licenses and our services together, and report what was done and what is new."""
    with open_remote(site.wishes) as remote:
        seen = _look(site, remote, asked)
        seen, plan = _decide(site, remote, seen)
        if asked.status:
            plan = _only(plan, asked.status)
        report = planned(asked.command, plan, seen.balance, dry_run=asked.dry_run)
        report = replace(report, events=seen.concluded.events)
        try:
            check_plan(plan, site.wishes.rules.limits)
            if not asked.status:
                check_losses(plan, site.wishes.rules.limits)
            check_clock(plan, remote.clock_offset)
        except LimitReached as limit:
            return replace(report, stopped=limit)
        if asked.dry_run:
            return report
        return _act(site, remote, seen, plan, report, is_whole=not asked.status)


def check_all(sites: Iterable[Site], asked: Asked) -> Report:
    """Run ``checkevent`` for each remote in turn; one that cannot be asked does not hold up the others."""
    reports = [_check_one(site, asked) for site in sites]
    return Report(
        asked.command,
        rows=tuple(row for report in reports for row in report.rows),
        dry_run=asked.dry_run,
        in_sync=sum(report.in_sync for report in reports),
        balance=reports[0].balance if len(reports) == 1 else None,
        warnings=tuple(warning for report in reports for warning in report.warnings),
        stopped=next((report.stopped for report in reports if report.stopped is not None), None),
        events=tuple(event for report in reports for event in report.events),
        notices=tuple(notice for report in reports for notice in report.notices),
    )


def _check_one(site: Site, asked: Asked) -> Report:
    try:
        return checkevent(site, asked)
    except RemoteError as error:
        return Report(asked.command, dry_run=asked.dry_run, stopped=error)


def _look(site: Site, remote: RemoteBilling, asked: Asked) -> Seen:
    facts = whole_look(site, remote, accept_short_list=asked.accept_short_list)
    services = tuple(
        replace(each, status=asked.status.get(each.id, each.status))
        for each in site.state.inventory.services()
    )
    standing = _stand(site, facts, services)
    if asked.status:
        standing = replace(standing, tries={})
    concluded = conclude(site, facts)
    whole = see_forms(site, remote, facts, concluded, standing, full=asked.full)
    if whole is not facts:
        facts, concluded = whole, conclude(site, whole)
    settlements = settle(facts, site.wishes.rules)
    facts = settled(facts, settlements)
    unpaid = still_unpaid(site.state.journal.unpaid_orders(facts.remote), facts, standing)
    return Seen(facts, tuple(settlements), concluded, services, standing, unpaid)


def _stand(site: Site, facts: Facts, services: tuple[Service, ...]) -> Standing:
    linked = facts.links.values()
    return Standing(
        demands=demands_of(services),
        followed=site.state.links.followed(facts.remote),
        tries=site.state.journal.tries(facts.remote, linked),
        renewed=site.state.journal.renewed(facts.remote, linked),
    )


def _decide(site: Site, remote: RemoteBilling, seen: Seen) -> tuple[Seen, Plan]:
    """Return the plan, and what was asked for it: prices and money only where something depends on them."""
    facts, rules = seen.facts, site.wishes.rules
    children: list[Child] = []
    if begun(facts, seen.unpaid) or due(facts, seen.standing, rules):
        facts = replace(facts, tariffs=remote.tariffs())
        children, _ = wanted_children(site.wishes, remote, seen.services, only=())
    balance = balance_of(remote) if seen.unpaid or is_money_asked(*since_last_time(site, facts)) else None
    plan = make_plan(facts, seen.standing, children, seen.unpaid, balance, rules)
    if plan.cost and balance is None:
        balance = balance_of(remote)
    return replace(seen, facts=facts, balance=balance), plan


def _only(plan: Plan, services: Container[str]) -> Plan:
    decisions = tuple(each for each in plan.decisions if each.child.service in services)
    return replace(plan, decisions=decisions, in_sync=0)


def _act(
    site: Site, remote: RemoteBilling, seen: Seen, plan: Plan, report: Report, *, is_whole: bool
) -> Report:
    facts = seen.facts
    remember(site, facts, seen.concluded, checked=is_whole)
    write_down(site, facts, seen.settlements)
    site.state.links.agree(facts.remote, agreements(facts, seen.standing))
    if plan.to_do:
        outcomes = carry_out(site, remote, facts, plan.decisions)
        site.state.links.agree(facts.remote, followed_by(outcomes.rows))
        report = replace(report, rows=tuple(map(_without_right, outcomes.rows)), stopped=outcomes.stopped)
    else:
        site.state.rescue().tidy()
    if not is_whole:
        return report
    notices = _notices(site, seen)
    news = site.state.notices.news(facts.remote, notices)
    site.state.notices.tell(facts.remote, notices, site.now())
    return replace(report, notices=tuple(news), warnings=(*report.warnings, *_by_others(seen)))


def followed_by(rows: Iterable[Row]) -> dict[str, Status]:
    """Return, by license, the state of its service that it has been made to have."""
    return {
        row.license: FOLLOWED[row.decision.action]
        for row in rows
        if row.outcome is Outcome.DONE and row.license is not None and row.decision.action in FOLLOWED
    }


def _without_right(row: Row) -> Row:
    """Return the row of a change that this account may not make as passed over: a notice tells it, once."""
    if isinstance(row.error, AccessDenied) and row.decision.action is not Action.ORDER:
        return replace(row, outcome=Outcome.SKIPPED)
    return row


def _notices(site: Site, seen: Seen) -> list[Notice]:
    """Return what is to be told now that everything is done that could be."""
    remote, rules = seen.facts.remote, site.wishes.rules
    facts = replace(
        seen.facts, operations=site.state.journal.open(remote), links=site.state.links.all(remote)
    )
    standing = _stand(site, facts, seen.services)
    unpaid = still_unpaid(site.state.journal.unpaid_orders(remote), facts, standing)
    told = notices_of(facts, standing, wanted_changes(facts, standing, rules), unpaid)
    if seen.balance is None:
        before = site.state.notices.in_force(remote)
        return [*told, *(notice for notice in before if notice.topic.startswith(BALANCE))]
    minimal = site.wishes.remote.minimal_balance
    return [*told, *of_balance(seen.balance, minimal, facts, standing, rules.days_before)]


def _by_others(seen: Seen) -> tuple[str, ...]:
    """Return a warning for each change of a license of ours, or of the pool, that somebody else has made."""
    facts, found = seen.facts, seen.concluded.found
    ours = set(facts.links.values())
    then = {before.id: before for before, _ in found.changed} if found else {}
    then |= {gone.id: gone for gone in found.vanished} if found else {}
    return tuple(
        f"license {event.license} was changed by somebody else: its {event.kind} was {event.before},"
        f" and is now {event.after or 'gone'}"
        for event in seen.concluded.events
        if (before := then.get(event.license)) is not None
        and (event.license in ours or before.is_free)
        and is_by_somebody_else(event, before, facts.requested_at)
    )
