"""One license changed by a person's word, under the protocol that every change is under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.catalogue.closed_tariffs import refuse_closed
from cpbillmgr.planner.changes.changing import open_change
from cpbillmgr.planner.changes.settling import ended_change
from cpbillmgr.planner.one_license import undone
from cpbillmgr.planner.safety import check_possible, money_warning
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.acting.act import act
from cpbillmgr.runs.looking.checkevent_look import wanted_of
from cpbillmgr.runs.looking.gather import balance_of
from cpbillmgr.runs.looking.look import Asked, Look, look_at
from cpbillmgr.runs.order import with_error
from cpbillmgr.runs.site import Site, open_remote


def change_license(
    site: Site,
    id: str,
    action: Action,
    decide: Callable[[Facts], Decision],
    *,
    command: str,
    dry_run: bool,
) -> Report:
    """Look, settle what is open, and change one license; raises what deciding raises.

    Asked again after a lost answer, it answers with what this look shows: that it is done, or still held.
    """
    check_possible(action, site.wishes.rules)
    asked = Asked(Scope(services=()), dry_run=dry_run, by_name=True)
    with open_remote(site.wishes) as remote:
        return change_one(site, remote, id, action, decide, asked, command)


def change_one(
    site: Site,
    remote: RemoteBilling,
    id: str,
    action: Action,
    decide: Callable[[Facts], Decision],
    asked: Asked,
    command: str,
) -> Report:
    """Change one license of a remote that is open; as ``change_license``."""
    look = look_at(site, remote, asked)
    ended = ended_change(look.settlements, id, action)
    if ended is not None:
        report = act([look], asked, command=command)
        return replace(report, rows=(Row(ended, Outcome.DONE, id, ended.cost),))
    look = _with_form(look, id)
    look = _with_plan(look, open_change(look.facts, id) or decide(look.facts))
    return with_error(act([look], asked, command=command))


def _with_form(look: Look, id: str) -> Look:
    """Return a look that knows of one license what its form tells."""
    known = look.facts.licenses.get(id)
    forms = look.remote.forms([known]) if known is not None else {}
    return replace(look, facts=replace(look.facts, licenses={**look.facts.licenses, **forms}))


def _with_plan(look: Look, decision: Decision) -> Look:
    """Return a look whose plan is this one decision, with what it costs and warns of."""
    plan = Plan(look.remote.name, (decision,))
    refuse_closed(plan.decisions, look.facts)
    demand = wanted_of(look.site, look.site.state.inventory.services()).get(decision.child.key)
    balance = balance_of(look.remote) if plan.cost else None
    short = money_warning(plan, balance, look.site.wishes.remote.minimal_balance)
    warnings = (*undone(decision, demand), *short)
    return replace(look, plan=replace(plan, warnings=warnings), balance=balance)
