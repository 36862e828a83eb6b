"""``audit``: look at both sides and tell what is not as it should be. Nothing is changed, or written down."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cpbillmgr.config.children import UnmetWish
from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.model.services import Child, Wish
from cpbillmgr.planner.audit.auditing import audit as audited
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Audit
from cpbillmgr.planner.choosing import Seller, share_out
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.fixchilds import given
from cpbillmgr.planner.following import Standing, resting
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.runs.each_remote import ask_each
from cpbillmgr.runs.forms import with_forms, with_memory
from cpbillmgr.runs.gather import asked_for, gather
from cpbillmgr.runs.seeing import stand
from cpbillmgr.runs.site import Site, open_remote

EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class _Look:
    """One remote and our side, as of now; nothing is judged yet.

    ``everyone`` are the children of all services, ``unmet`` the wishes that this remote cannot meet.
    ``served`` are the services that ``fixchilds`` looks at.
    """

    site: Site
    facts: Facts
    standing: Standing
    everyone: Sequence[Child]
    unmet: Sequence[UnmetWish]
    served: frozenset[str]

    @property
    def seller(self) -> Seller:
        """The remote, as its part in what ``fixchilds`` gives is decided."""
        children = [child for child in self.everyone if child.service in self.served]
        return Seller(children, self.facts, self.site.wishes.rules)


def audit(sites: Sequence[Site], *, accept_short_list: bool = False) -> tuple[Audit, list[CpbillmgrError]]:
    """Return what an audit of all remotes finds, and the errors of those that cannot be asked.

    A wish is told where its license is, else once, if no remote can meet it: who cannot be asked may do so.
    Raises what ``ask_each`` and ``share_out`` raise.
    """
    looks, errors = ask_each(sites, partial(_look, accept_short_list=accept_short_list))
    shares = share_out([look.seller for look in looks], EVERYTHING)
    known = {child.key for look in looks for child in look.everyone}
    if errors:
        known |= {wish.key for look in looks for wish in look.unmet}
    found: list[Evidence] = []
    for look, facts in zip(looks, shares, strict=True):
        found.append(_evidence(replace(look, facts=facts), known))
        known |= found[-1].unmet.keys()
    return audited(found), errors


def _look(site: Site, *, accept_short_list: bool) -> _Look:
    rules = site.wishes.rules
    services = site.state.inventory.services()
    served = frozenset(service.id for service in services_to_look_at(services, rules)[0])
    with open_remote(site.wishes) as remote:
        everyone, unmet = asked_for(site.wishes, remote, services)
        children = [child for child in everyone if child.service in served]
        facts = gather(site, remote, children, EVERYTHING, accept_short_list=accept_short_list)
        facts = settled(facts, settle(facts, rules))
        standing = stand(site, facts, tuple(services))
        facts = with_memory(site, facts, facts.links.values())
        facts = with_forms(site, remote, facts, _that_rest(facts, standing))
    return _Look(site, facts, standing, everyone, unmet, served)


def _evidence(look: _Look, known: Container[Key]) -> Evidence:
    """Return both sides, and what ``fixchilds`` would give to children without a license.

    Wishes that are ``known`` otherwise are told where their license is alone.
    """
    facts, rules, children = look.facts, look.site.wishes.rules, look.seller.children
    decided = given(children, facts, rules, EVERYTHING)
    several = len(look.site.wishes.settings.remotes) > 1
    return Evidence(
        facts=facts,
        standing=look.standing,
        rules=rules,
        children={child.key: child for child in look.everyone},
        unmet={
            wish.key: f"{wish.reason}. {wish.hint}"
            for wish in look.unmet
            if wish.key in facts.links
            or (wish.service in look.served and wish.key not in facts.elsewhere and wish.key not in known)
        },
        given={key: each for key, each in decided.items() if each is not None},
        linked=tuple(resting(facts, look.standing)),
        bought=look.site.state.journal.bought(facts.remote),
        option=("--remote", facts.remote) if several else (),
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
