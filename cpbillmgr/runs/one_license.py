"""One license changed by a person's word, under the protocol that every change is under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Status
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.fixchilds import Scope
from cpbillmgr.planner.safety import check_clock, money_warning
from cpbillmgr.runs.fixchilds import Asked, act, balance_of, look_around
from cpbillmgr.runs.order import with_error
from cpbillmgr.runs.site import Site, open_remote

DATED = (Action.RENEW, Action.RELEASE)  # changes that a wrong clock would make on the wrong day


def change_license(
    site: Site, id: str, decide: Callable[[Facts], Decision], command: str, *, dry_run: bool
) -> Report:
    """Look, settle what is open, decide about one license and do it; raises what deciding raises."""
    with open_remote(site.wishes) as remote:
        asked = Asked(Scope(services=()), dry_run=dry_run, by_name=True)
        look = look_around(site, remote, asked, [], ())
        known = look.facts.licenses.get(id)
        if known is not None:
            forms = remote.forms([known])
            look = replace(look, facts=replace(look.facts, licenses={**look.facts.licenses, **forms}))
        decision = decide(look.facts)
        if decision.action in DATED:
            check_clock(remote.clock_offset)
        plan = Plan(remote.name, (decision,))
        balance = balance_of(remote) if plan.cost else None
        warnings = (
            *look.plan.warnings,
            *_wanted_on(site, decision),
            *money_warning(plan, balance, site.wishes.remote.minimal_balance),
        )
        plan = replace(plan, warnings=warnings)
        look = replace(look, plan=plan, balance=balance)
        return with_error(act(site, remote, look, asked, command=command))


def _wanted_on(site: Site, decision: Decision) -> tuple[str, ...]:
    """Return a warning when a license is given up that its service goes on to ask for."""
    if decision.action is not Action.RELEASE:
        return ()
    service = decision.child.service
    active = (each.id for each in site.state.inventory.services() if each.status is Status.ACTIVE)
    if service not in active:
        return ()
    return (f"service {service} is active: while it asks for a license, the next fixchilds gives it another",)
