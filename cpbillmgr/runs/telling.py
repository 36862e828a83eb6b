"""Telling: what a person should know after a run of ``checkevent``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cpbillmgr.model.notices import Hook, Notice
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.checkevent import once_done, wanted_changes
from cpbillmgr.planner.events import is_by_somebody_else, second_tools
from cpbillmgr.planner.notices.certificates import of_certificates
from cpbillmgr.planner.notices.left_behind import left_behind
from cpbillmgr.planner.notices.notices import BALANCE, notices_of, of_balance
from cpbillmgr.runs.hooks import calls_for
from cpbillmgr.runs.looking.checkevent_look import Seen, failed_orders
from cpbillmgr.runs.site import Site


def notices_now(site: Site, seen: Seen, report: Report) -> list[Notice]:
    """Return what is to be told of what was seen, or of how it stands ``once_acted``.

    The ``report`` tells what was held, and which certificates' files were not fetched.
    """
    remote, rules = seen.facts.remote, site.wishes.rules
    facts, standing = seen.facts, seen.standing
    licenses = seen.licenses
    wanted = wanted_changes(licenses, facts.today, rules)
    held = [row.decision for row in report.rows if row.outcome is Outcome.HELD]
    told = notices_of(facts, standing, licenses, wanted, seen.unpaid, seen.refused, held)
    told += of_certificates(facts, standing, _unfetched(report)) if rules.product.is_certificate else ()
    if remote == site.wishes.settings.remotes[0].name:
        told += notices_of_left_behind(site)
    if seen.look.balance is None:
        before = site.state.notices.in_force(remote)
        told += [notice for notice in before if notice.topic.startswith(BALANCE)]
    else:
        minimal = site.wishes.remote.minimal_balance
        told += of_balance(seen.look.balance, minimal, licenses, facts.today, rules.days_before)
    department = site.wishes.remote.department
    return [replace(notice, remote=remote, department=department) for notice in told]


def notices_of_left_behind(site: Site) -> list[Notice]:
    """Return what is to be told of remotes that the settings do not have any more."""
    known = [remote.name for remote in site.wishes.settings.remotes]
    return left_behind(known, site.state.links.count(), site.state.operations.count_open())


def _unfetched(report: Report) -> dict[str, str]:
    """Return, by certificate, why its files were not fetched; nothing where the remote has none."""
    return {
        row.license: str(row.error or report.stopped or "")
        for row in report.rows
        if row.license is not None
        and row.decision.action is Action.FETCH
        and row.outcome not in (Outcome.DONE, Outcome.PLANNED)
    }


def once_acted(site: Site, seen: Seen, done: Iterable[Decision]) -> Seen:
    """Return what was seen as it stands now that everything is done that could be."""
    remote = seen.facts.remote
    facts = replace(
        once_done(seen.facts, done),
        operations=site.state.operations.open(remote),
        links=_links_that_were_looked_at(site, seen),
    )
    standing = replace(
        seen.standing,
        followed=site.state.links.followed(remote),
        tries=site.state.failed.tries(remote, facts.links.values()),
    )
    unpaid, refused = failed_orders(site, facts, standing)
    look = replace(seen.look, facts=facts)
    return replace(seen, look=look, standing=standing, unpaid=unpaid, refused=refused)


def _links_that_were_looked_at(site: Site, seen: Seen) -> dict[Key, str]:
    """Return the links but for those to licenses which this run has bought: no list has shown them yet."""
    facts = seen.facts
    return {
        key: license
        for key, license in site.state.links.all(facts.remote).items()
        if license in facts.licenses or facts.links.get(key) == license
    }


def tell(site: Site, remote: str, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return the notices that nobody was told before, and remember that they are told now, hooks included."""
    news = site.state.notices.news(remote, notices)
    calls = [
        call
        for hook in Hook
        for call in calls_for(site, hook, remote, [notice for notice in news if notice.hook is hook])
    ]
    site.state.notices.tell(remote, notices, site.now(), calls)
    return tuple(news)


def warnings_of(site: Site, seen: Seen) -> tuple[str, ...]:
    """Return a warning for each change of a license of ours, or of the pool, that somebody else has made."""
    facts, found = seen.facts, seen.concluded.found
    if found is None:
        return ()
    ours = set(facts.links.values())
    then = {each.id: each for each in (*(before for before, _ in found.changed), *found.vanished)}
    marks = site.state.operations.marks(facts.remote, [each.remoteid or "" for each in found.appeared])
    changed = (
        f"license {event.license} was changed by somebody else: its {event.kind} was {event.before},"
        f" and is now {event.after or 'gone'}"
        for event in seen.concluded.events
        if (before := then.get(event.license)) is not None
        and (event.license in ours or before.is_free)
        and is_by_somebody_else(event, before, facts.requested_at)
    )
    return (*changed, *second_tools(found, site.wishes.rules.installation, marks))
