"""``audit``: look at both sides and tell what is not as it should be. Nothing is changed, or written down."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cpbillmgr.config.wanted.children import UnmetWish
from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.model.services import Child
from cpbillmgr.planner.audit.auditing import audit as audited
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Audit
from cpbillmgr.planner.audit.needs import is_told_here
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.scope import Scope, services_to_look_at
from cpbillmgr.planner.changes.following import Standing, given_up, resting
from cpbillmgr.planner.fixchilds import given
from cpbillmgr.planner.needs.modules import of_unknown_panel
from cpbillmgr.runs.looking.checkevent_look import stand
from cpbillmgr.runs.looking.each_remote import ask_each
from cpbillmgr.runs.looking.forms import with_forms, with_memory
from cpbillmgr.runs.looking.gather import asked_for
from cpbillmgr.runs.looking.look import Asked, Look, look_at, shared_out
from cpbillmgr.runs.site import Site, open_remote

EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look, for the children that ``fixchilds`` looks at, and our side; nothing is judged yet.

    ``everyone`` are the children of all services, ``unmet`` the wishes that this remote cannot meet.
    ``served`` are the services that ``fixchilds`` looks at.
    """

    look: Look
    standing: Standing
    everyone: Sequence[Child]
    unmet: Sequence[UnmetWish]
    served: frozenset[str]


def audit(sites: Sequence[Site], *, accept_short_list: bool = False) -> tuple[Audit, list[CpbillmgrError]]:
    """Return what an audit of all remotes finds, and the errors of those that cannot be asked.

    A wish is told where its license is, else once, if no remote can meet it: who cannot be asked may do so.
    Raises what ``ask_each`` and ``share_out`` raise.
    """
    seen, errors = ask_each(sites, partial(_see, accept_short_list=accept_short_list))
    looks = shared_out([each.look for each in seen], EVERYTHING)
    known = {child.key for each in seen for child in each.everyone}
    if errors:
        known |= {wish.key for each in seen for wish in each.unmet}
    found: list[Evidence] = []
    for each, look in zip(seen, looks, strict=True):
        found.append(_evidence(replace(each, look=look), known))
        known |= found[-1].unmet.keys()
    return audited(found), errors


def _see(site: Site, *, accept_short_list: bool) -> _Seen:
    services = site.state.inventory.services()
    served = frozenset(service.id for service in services_to_look_at(services, site.wishes.rules)[0])
    with open_remote(site.wishes) as remote:
        everyone, unmet = asked_for(site.wishes, remote, services)
        children = [child for child in everyone if child.service in served]
        look = look_at(site, remote, Asked(accept_short_list=accept_short_list), children)
        standing = stand(site, look.facts, tuple(services))
        facts = with_memory(site, look.facts, _remembered(site, look.facts))
        modules = of_unknown_panel(facts.links.values(), facts)
        facts = with_forms(site, remote, facts, _that_rest(facts, standing), anew=modules)
    return _Seen(replace(look, facts=facts), standing, everyone, unmet, served)


def _evidence(seen: _Seen, known: Container[Key]) -> Evidence:
    """Return both sides, and what ``fixchilds`` would give to children without a license.

    ``known`` are the wishes that another remote meets, or that are told there.
    """
    site, facts, rules = seen.look.site, seen.look.facts, seen.look.site.wishes.rules
    decided = given(seen.look.children, facts, rules, EVERYTHING)
    several = len(site.wishes.settings.remotes) > 1
    return Evidence(
        facts=facts,
        standing=seen.standing,
        rules=rules,
        children={child.key: child for child in seen.everyone},
        unmet={
            wish.key: f"{wish.reason}. {wish.hint}"
            for wish in seen.unmet
            if is_told_here(wish.key, facts, seen.served, known)
        },
        given={key: each for key, each in decided.items() if each is not None},
        linked=tuple(resting(facts, seen.standing)),
        bought=site.state.operations.bought(facts.remote),
        option=("--remote", facts.remote) if several else (),
    )


def _remembered(site: Site, facts: Facts) -> set[str]:
    """Return the licenses whose remembered forms count: they tell which certificates have failed."""
    linked = set(facts.links.values())
    if not site.wishes.rules.product.is_certificate:
        return linked
    return linked | site.state.operations.bought(facts.remote)


def _that_rest(facts: Facts, standing: Standing) -> list[str]:
    """Return the licenses of the pool, and those given up: their forms tell from when they may move."""
    pool = [license.id for license in facts.licenses.values() if license.is_free]
    return [*pool, *given_up(facts, standing)]
