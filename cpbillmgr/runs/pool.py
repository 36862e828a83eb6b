"""``pool``: the paid licenses that nobody uses, and who would take them. Nothing is written down."""

from __future__ import annotations

from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.idle import Idle, idle_licenses
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.runs.gather import asked_for, gather, with_forms
from cpbillmgr.runs.site import Site, open_remote


def pool(site: Site, *, accept_short_list: bool = False) -> list[Idle]:
    """Return the pool of one remote, what can be used first; raises what a look raises.

    Services whose wish nobody understands wait for nothing here.
    """
    rules = site.wishes.rules
    services, _ = services_to_look_at(site.state.inventory.services(), rules)
    with open_remote(site.wishes) as remote:
        children, _ = asked_for(site.wishes, remote, services)
        facts = gather(site, remote, children, Scope(), accept_short_list=accept_short_list)
        free = [license.id for license in facts.licenses.values() if license.is_free]
        facts = with_forms(site, remote, facts, free)
        facts = settled(facts, settle(facts, rules))
        return idle_licenses(facts, make_plan(children, facts, rules, Scope()))
