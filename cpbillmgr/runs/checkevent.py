"""``checkevent``: learn what has changed, finish what was begun, follow the services, renew what is due."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cpbillmgr.errors import Interrupted, LimitReached, RemoteError
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.protection import left_alone
from cpbillmgr.planner.changes.following import agreements, followed_by, sharing
from cpbillmgr.planner.checkevent import (
    is_money_asked,
    make_plan,
    may_release_a_trial,
    needs_wishes,
    since_last_check,
    told_in_every_run,
)
from cpbillmgr.planner.choosing import check_accounts
from cpbillmgr.runs.acting.agreement import check, planned
from cpbillmgr.runs.hooks import deliver
from cpbillmgr.runs.looking.checkevent_look import Seen, see
from cpbillmgr.runs.looking.each_remote import with_left_out
from cpbillmgr.runs.looking.gather import balance_of, wanted_children
from cpbillmgr.runs.looking.remember import remember
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
    """Bring one remote's licenses and our services together, and report what was done and what is new.

    Raises ``ConfigInvalid`` when another remote has listed the very same licenses: they are one account.
    """
    with open_remote(site.wishes) as remote:
        seen = see(site, remote, asked.status, full=asked.full, accept_short_list=asked.accept_short_list)
        if seen.concluded.has_new:
            check_accounts([seen.facts, *_others_remembered(site)])
        seen = _decided(seen, asked)
        report = planned(asked.command, [seen.look], dry_run=asked.dry_run)
        report = replace(report, events=seen.concluded.events)
        try:
            check([seen.look], by_name=bool(asked.status))
        except LimitReached as limit:
            return replace(report, stopped=limit)
        return report if asked.dry_run else _act(seen, report, is_whole=not asked.status)


def _others_remembered(site: Site) -> Iterator[Facts]:
    """Yield what the last looks at the other remotes saw."""
    for remote in site.wishes.settings.remotes:
        if remote is not site.wishes.remote:
            seen = {license.id: license for license in site.state.sightings.seen(remote.name)}
            yield Facts(remote.name, site.now(), seen)


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
    whole = Report(
        asked.command,
        rows=tuple(row for report in reports for row in report.rows),
        dry_run=asked.dry_run,
        in_sync=sum(report.in_sync for report in reports),
        balance=reports[0].balance if len(sites) == 1 else None,
        warnings=tuple(warning for report in reports for warning in report.warnings),
        events=tuple(event for report in reports for event in report.events),
        notices=tuple(notice for report in reports for notice in report.notices),
        news=tuple(notice for report in reports for notice in report.news),
        remotes=tuple(site.wishes.remote.name for site in sites),
    )
    return with_left_out(whole, [report.stopped for report in reports if report.stopped is not None])


def _check_one(site: Site, asked: Asked, *, is_alone: bool) -> Report:
    """Return the report of one remote; beside others, its warnings say whose they are."""
    try:
        report = checkevent(site, asked)
    except RemoteError as error:
        return Report(asked.command, dry_run=asked.dry_run, stopped=error)
    if is_alone:
        return report
    remote = site.wishes.remote.name
    if report.stopped is not None:
        report.stopped.where = report.stopped.where or remote
    return replace(report, warnings=tuple(f"{remote}: {warning}" for warning in report.warnings))


def _decided(seen: Seen, asked: Asked) -> Seen:
    """Return what was seen with its plan, and with prices and money where something depends on them."""
    site, remote, rules = seen.look.site, seen.look.remote, seen.look.site.wishes.rules
    seen = replace(seen, unpaid={key: tries for key, tries in seen.unpaid.items() if key not in asked.given})
    asks_wishes = needs_wishes(seen.facts, seen.standing, seen.licenses, seen.unpaid, rules)
    children: Sequence[Child] = ()
    if asks_wishes or may_release_a_trial(seen.facts, seen.standing, seen.licenses, rules):
        seen = replace(seen, look=replace(seen.look, facts=seen.facts.with_tariffs(remote.tariffs())))
    if asks_wishes:
        children, _ = wanted_children(site.wishes, remote, seen.services, only=())
    asks_money = asked.full or seen.unpaid or is_money_asked(*since_last_check(seen.facts))
    balance = balance_of(remote) if asks_money else None
    plan = make_plan(seen.facts, seen.standing, seen.licenses, children, seen.unpaid, balance, rules)
    if plan.cost and balance is None:
        balance = balance_of(remote)
    if asked.status:
        plan = replace(_only(plan, asked.status), warnings=left_alone(seen.facts, asked.status))
    return replace(seen, look=replace(seen.look, plan=plan, balance=balance))


def _only(plan: Plan, services: Container[str]) -> Plan:
    decisions = tuple(each for each in plan.decisions if each.child.service in services)
    return replace(plan, decisions=decisions, in_sync=0)


def _act(seen: Seen, report: Report, *, is_whole: bool) -> Report:
    look, site, facts = seen.look, seen.look.site, seen.facts
    remember(look, seen.concluded, checked=is_whole)
    site.state.links.agree(facts.remote, agreements(seen.licenses))
    site.state.links.share(facts.remote, sharing(seen.licenses, seen.standing))
    if look.plan.to_do:
        from cpbillmgr.runs.acting.carry_out import carry_out

        outcomes = carry_out(look)
        site.state.links.agree(facts.remote, followed_by(outcomes.rows))
        report = replace(report, rows=outcomes.rows, stopped=outcomes.stopped)
    shown = replace(report, rows=told_in_every_run(report.rows))
    if not is_whole:
        return shown
    if look.plan.to_do or look.settlements:
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
