"""``audit``: look at both sides and tell what is not as it should be. Nothing is changed, or written down."""

from __future__ import annotations

from cpbillmgr.planner.audit.auditing import audit as audited
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Audit
from cpbillmgr.planner.fixchilds import make_plan, waiting
from cpbillmgr.planner.following import resting
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.gather import asked_for, gather, with_memory
from cpbillmgr.runs.seeing import stand
from cpbillmgr.runs.site import Site, open_remote

EVERYTHING = Scope()


def audit(site: Site, *, accept_short_list: bool = False) -> Audit:
    """Return what an audit of one remote finds; raises what a look raises."""
    with open_remote(site.wishes) as remote:
        return audited(gather_evidence(site, remote, accept_short_list=accept_short_list))


def gather_evidence(site: Site, remote: RemoteBilling, *, accept_short_list: bool = False) -> Evidence:
    """Return both sides as of now, and what ``fixchilds`` would give to children without a license."""
    rules = site.wishes.rules
    services = site.state.inventory.services()
    everyone, unmet = asked_for(site.wishes, remote, services)
    served = {service.id for service in services_to_look_at(services, rules)[0]}
    children = [child for child in everyone if child.service in served]
    facts = gather(site, remote, children, EVERYTHING, accept_short_list=accept_short_list)
    facts = with_memory(site, facts, [id for id in facts.links.values() if id in facts.licenses])
    facts = settled(facts, settle(facts, rules))
    standing = stand(site, facts, tuple(services))
    plan = make_plan(children, facts, rules, EVERYTHING)
    needy = {child.key for child in waiting(children, facts, EVERYTHING)}
    several = len(site.wishes.settings.remotes) > 1
    return Evidence(
        facts=facts,
        standing=standing,
        rules=rules,
        children={child.key: child for child in everyone},
        unmet={wish.key: f"{wish.reason}. {wish.hint}" for wish in unmet},
        given={each.child.key: each for each in plan.decisions if each.child.key in needy},
        linked=tuple(resting(facts, standing)),
        bought=site.state.journal.bought(facts.remote),
        option=("--remote", remote.name) if several else (),
    )
