"""``audit``: look at both sides and tell what is not as it should be. Nothing is changed, or written down."""

from __future__ import annotations

from cpbillmgr.model.services import Wish
from cpbillmgr.planner.audit.auditing import audit as audited
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Audit
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.fixchilds import make_plan, waiting
from cpbillmgr.planner.following import Standing, resting
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.gather import asked_for, gather, with_forms, with_memory
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
    facts = settled(facts, settle(facts, rules))
    standing = stand(site, facts, tuple(services))
    facts = with_memory(site, facts, list(facts.links.values()))
    facts = with_forms(site, remote, facts, _that_rest(facts, standing))
    plan = make_plan(children, facts, rules, EVERYTHING)
    needy = {child.key for child in waiting(children, facts, EVERYTHING)}
    several = len(site.wishes.settings.remotes) > 1
    return Evidence(
        facts=facts,
        standing=standing,
        rules=rules,
        children={child.key: child for child in everyone},
        unmet={
            wish.key: f"{wish.reason}. {wish.hint}"
            for wish in unmet
            if wish.service in served or wish.key in facts.links
        },
        given={each.child.key: each for each in plan.decisions if each.child.key in needy},
        linked=tuple(resting(facts, standing)),
        bought=site.state.journal.bought(facts.remote),
        option=("--remote", remote.name) if several else (),
    )


def _that_rest(facts: Facts, standing: Standing) -> list[str]:
    """Return the licenses of the pool, and those given up: their forms tell from when they may move."""
    pool = [license.id for license in facts.licenses.values() if license.is_free]
    given_up = [
        license
        for key, license in facts.links.items()
        if (demand := standing.demands.get(key)) is not None and demand.wish is Wish.GIVEN_UP
    ]
    return [*pool, *given_up]
