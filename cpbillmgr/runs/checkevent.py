"""``checkevent``: learn what has changed, finish what was begun, follow the services, renew what is due."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cpbillmgr.errors import AccessDenied, Interrupted, LimitReached, RemoteError
from cpbillmgr.model.plan import Action, Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.addresses import misplaced
from cpbillmgr.planner.checkevent import begun, is_money_asked, make_plan, may_release_a_trial
from cpbillmgr.planner.following import FOLLOWED, agreements, resting, sharing
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.protection import left_alone
from cpbillmgr.planner.renewal import due
from cpbillmgr.planner.safety import check_clock, check_losses, check_plan
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.agreeing import planned
from cpbillmgr.runs.gather import balance_of, wanted_children
from cpbillmgr.runs.hooks import deliver
from cpbillmgr.runs.remember import remember
from cpbillmgr.runs.seeing import Seen, look, since_last_time
from cpbillmgr.runs.settle import write_down
from cpbillmgr.runs.site import Site, open_remote
from cpbillmgr.runs.telling import notices_now, once_acted, tell, warnings_of


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run was asked for.

    ``full`` reads the form of every license, and asks for the balance. ``status`` is what services are to be,
    by id: then only their licenses are changed, by somebody's word, and the limits of a bad run do not count.
    ``given`` are the children that another remote would give a license, in a dry run.
    """

    command: str = "checkevent"
    dry_run: bool = False
    full: bool = False
    accept_short_list: bool = False
    status: Mapping[str, Status] = field(default_factory=dict)
    given: frozenset[Key] = frozenset()


def checkevent(site: Site, asked: Asked) -> Report:
    """Bring one remote's licenses and our services together, and report what was done and what is new."""
    with open_remote(site.wishes) as remote:
        seen = look(site, remote, asked.status, full=asked.full, accept_short_list=asked.accept_short_list)
        unpaid = {key: tries for key, tries in seen.unpaid.items() if key not in asked.given}
        seen, plan = _decide(site, remote, replace(seen, unpaid=unpaid), full=asked.full)
        if asked.status:
            plan = replace(_only(plan, asked.status), warnings=left_alone(seen.facts, asked.status))
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


def check_all(sites: Sequence[Site], asked: Asked) -> Report:
    """Run ``checkevent`` for each remote in turn; one that cannot be asked does not hold up the others."""
    reports: list[Report] = []
    for site in sites:
        to_be_given = frozenset(
            row.decision.child.key for each in reports for row in each.rows if row.outcome is Outcome.PLANNED
        )
        reports.append(_check_one(site, replace(asked, given=to_be_given), is_alone=len(sites) == 1))
        if isinstance(reports[-1].stopped, Interrupted):
            break
    else:
        if sites and not asked.dry_run and not asked.status:
            reports.append(Report(asked.command, warnings=tuple(deliver(sites[0]))))
    return Report(
        asked.command,
        rows=tuple(row for report in reports for row in report.rows),
        dry_run=asked.dry_run,
        in_sync=sum(report.in_sync for report in reports),
        balance=reports[0].balance if len(sites) == 1 else None,
        warnings=tuple(warning for report in reports for warning in report.warnings),
        stopped=next((report.stopped for report in reports if report.stopped is not None), None),
        events=tuple(event for report in reports for event in report.events),
        notices=tuple(notice for report in reports for notice in report.notices),
        news=tuple(notice for report in reports for notice in report.news),
        remotes=tuple(site.wishes.remote.name for site in sites),
    )


def _check_one(site: Site, asked: Asked, *, is_alone: bool) -> Report:
    """Return the report of one remote; beside others, its warnings say whose they are."""
    try:
        report = checkevent(site, asked)
    except RemoteError as error:
        return Report(asked.command, dry_run=asked.dry_run, stopped=error)
    if is_alone:
        return report
    remote = site.wishes.remote.name
    return replace(report, warnings=tuple(f"{remote}: {warning}" for warning in report.warnings))


def _decide(site: Site, remote: RemoteBilling, seen: Seen, *, full: bool) -> tuple[Seen, Plan]:
    """Return the plan, and what was asked for it: prices and money only where something depends on them."""
    facts, rules = seen.facts, site.wishes.rules
    children: Sequence[Child] = ()
    asks_prices = (
        begun(facts, seen.unpaid)
        or due(facts, seen.standing, rules)
        or misplaced(resting(facts, seen.standing), facts, seen.standing, rules)
    )
    if asks_prices:
        facts = facts.with_tariffs(remote.tariffs())
        children, _ = wanted_children(site.wishes, remote, seen.services, only=())
    elif may_release_a_trial(facts, seen.standing, rules):
        facts = facts.with_tariffs(remote.tariffs())
    asks_money = full or seen.unpaid or is_money_asked(*since_last_time(site, facts))
    balance = balance_of(remote) if asks_money else None
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
    remember(site, facts, seen.concluded, balance=seen.balance, checked=is_whole)
    write_down(site, facts, seen.settlements)
    licenses = resting(facts, seen.standing)
    site.state.links.agree(facts.remote, agreements(licenses))
    site.state.links.share(facts.remote, sharing(licenses, seen.standing))
    if plan.to_do:
        from cpbillmgr.runs.carry_out import carry_out

        outcomes = carry_out(site, remote, facts, plan.decisions)
        site.state.links.agree(facts.remote, followed_by(outcomes.rows))
        rows = tuple(map(_without_right, outcomes.rows))
        report = replace(report, rows=rows, stopped=outcomes.stopped)
    else:
        site.state.rescue().tidy()
    shown = replace(report, rows=tuple(row for row in report.rows if not _waits_for_files(row)))
    if not is_whole:
        return shown
    if plan.to_do or seen.settlements:
        done = [row.decision for row in report.rows if row.outcome is Outcome.DONE]
        seen = once_acted(site, seen, done)
    notices = notices_now(site, seen, report)
    news = tell(site, facts.remote, notices)
    return replace(
        shown,
        notices=tuple(notices),
        news=news,
        warnings=(*shown.warnings, *warnings_of(site, seen)),
    )


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


def _waits_for_files(row: Row) -> bool:
    """Return whether a certificate has no files yet: a notice tells that, once."""
    return row.decision.action is Action.FETCH and row.outcome is Outcome.SKIPPED
