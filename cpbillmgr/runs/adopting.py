"""Licenses linked by a person's word: one, or many that we did not order. Nothing is sent to the remote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cpbillmgr.errors import ConfigInvalid, LimitReached, Problem
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.model.services import Child
from cpbillmgr.planner.adopting import adopt_by_address, adopt_named, link_one
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import forms_to_read
from cpbillmgr.planner.basis.scope import Scope, only_child
from cpbillmgr.planner.changes.settling import settle, settled, settled_notes
from cpbillmgr.planner.fixchilds import waiting
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.acting.agreement import have_agreed, planned
from cpbillmgr.runs.looking.forms import with_forms
from cpbillmgr.runs.looking.gather import wanted_children, whole_look
from cpbillmgr.runs.looking.look import Asked, Look
from cpbillmgr.runs.looking.remember import remember
from cpbillmgr.runs.site import Site, open_remote
from cpbillmgr.sources.claims import read_claims


def link(
    site: Site, id: str, service: str, addon: str | None, *, force: bool = False, dry_run: bool
) -> Report:
    """Link one license to a service's add-on; with ``force`` also one that is not as that wants it.

    Raises ``UsageWrong`` for what cannot be linked.
    """
    with open_remote(site.wishes) as remote:
        site.state.inventory.service(service)
        services = site.state.inventory.services()
        children, warnings = wanted_children(site.wishes, remote, services, (service,))
        child = only_child(children, service, addon)
        look = _look(site, remote, whole_look(site, remote), children, warnings, [id])
    plan = link_one(id, child, look.facts, site.wishes.rules.installation, force=force)
    look = replace(look, plan=plan)
    report = planned("license link", [look], dry_run=dry_run)
    if dry_run:
        return report
    remember(look)
    site.state.links.link(_links(look.plan), site.now())
    return _done(report)


def adopt(site: Site, claims_file: Path | None, asked: Asked) -> Report:
    """Take over the licenses that a file names or, without one, those on the addresses of our services.

    All of it is one transaction, and the report tells the number by which it is undone. Raises
    ``ConfigInvalid`` with every row that cannot be taken over, and then nothing is.
    """
    with open_remote(site.wishes) as remote:
        if claims_file is None:
            look = _strangers(site, remote, asked)
        else:
            look = _claimed(site, remote, claims_file, asked)
    report = planned("license adopt", [look], dry_run=asked.dry_run)
    if asked.dry_run:
        return report
    try:
        confirmed = have_agreed([look], asked, report)
    except LimitReached as limit:
        return replace(report, stopped=limit)
    remember(look)
    links, remote_name = _links(look.plan), look.facts.remote
    if not links:
        return report
    if confirmed:
        site.state.sightings.agree(remote_name, site.now())
    number = site.state.adoptions.adopt(links, remote=remote_name, run=site.run, at=site.now())
    return replace(_done(report), adoption=number)


def _claimed(site: Site, remote: RemoteBilling, file: Path, asked: Asked) -> Look:
    """Return the plan of what a file claims; raises ``ConfigInvalid`` with every row that is wrong."""
    claims, problems = read_claims(file, remote.name)
    services = site.state.inventory.services()
    children, warnings = wanted_children(site.wishes, remote, services, ())
    facts = whole_look(site, remote, accept_short_list=asked.accept_short_list)
    named = [claim.license for claim in claims.values()]
    look = _look(site, remote, facts, children, warnings, named)
    known = {service.id for service in services}
    plan, wrong = adopt_named(claims, children, known, look.facts, site.wishes.rules.installation)
    problems += [Problem(str(file), line, error.message, error.hint) for line, error in wrong]
    if problems:
        raise ConfigInvalid(sorted(problems, key=lambda problem: problem.line or 0))
    return replace(look, plan=plan)


def _strangers(site: Site, remote: RemoteBilling, asked: Asked) -> Look:
    """Return the plan that takes over what stands on our services' addresses."""
    children, warnings = wanted_children(site.wishes, remote, site.state.inventory.services(), ())
    facts = whole_look(site, remote, accept_short_list=asked.accept_short_list)
    needy = waiting(children, facts, Scope(unready=True))
    look = _look(site, remote, facts, children, warnings, forms_to_read(needy, facts))
    return replace(look, plan=adopt_by_address(children, look.facts, site.wishes.rules.installation))


def _look(
    site: Site,
    remote: RemoteBilling,
    facts: Facts,
    children: Sequence[Child],
    warnings: tuple[str, ...],
    ids: Iterable[str],
) -> Look:
    """Return a look with the forms of these licenses, and how operations in doubt have ended."""
    facts = with_forms(site, remote, facts, [*forms_to_read([], facts), *ids])
    settlements = settle(facts, site.wishes.rules)
    warnings = (*warnings, *settled_notes(settlements))
    return Look(site, remote, settled(facts, settlements), settlements, children, warnings)


def _links(plan: Plan) -> list[tuple[Link, str]]:
    return [
        (Link(plan.remote, each.license, *each.child.key), each.because)
        for each in plan.to_do
        if each.license is not None
    ]


def _done(report: Report) -> Report:
    rows = (
        replace(row, outcome=Outcome.DONE) if row.outcome is Outcome.PLANNED else row for row in report.rows
    )
    return replace(report, rows=tuple(rows))
