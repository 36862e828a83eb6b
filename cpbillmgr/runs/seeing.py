"""Seeing: one look at the account for ``checkevent``, with the forms of what is new or has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.demands import demands_of
from cpbillmgr.config.names import tariff_named
from cpbillmgr.model.events import Differences
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.services import Demand, Service, Status
from cpbillmgr.planner.addresses import misplaced
from cpbillmgr.planner.certificates import coming
from cpbillmgr.planner.checkevent import since_last_check, still_wanted, to_read_again
from cpbillmgr.planner.events import is_new
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.following import Linked, Standing, given_up, resting
from cpbillmgr.planner.matching import Key, forms_to_read
from cpbillmgr.planner.notices import NO_KEY
from cpbillmgr.planner.renewal import due
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.forms import with_forms, with_memory
from cpbillmgr.runs.gather import resizing, whole_look
from cpbillmgr.runs.looking import Look
from cpbillmgr.runs.remember import Conclusion, conclude, conclude_anew
from cpbillmgr.runs.site import Site


@dataclass(frozen=True)
class Seen:
    """One look, what it means, and how our side stands to it; nothing is written yet."""

    look: Look
    concluded: Conclusion
    services: tuple[Service, ...]
    standing: Standing
    unpaid: Mapping[Key, Tries] = field(default_factory=dict)
    refused: Mapping[Key, Tries] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """What was gathered."""
        return self.look.facts

    @cached_property
    def licenses(self) -> list[Linked]:
        """Our licenses that can be decided about."""
        return resting(self.facts, self.standing)


def see(
    site: Site, remote: RemoteBilling, status: Mapping[str, Status], *, full: bool, accept_short_list: bool
) -> Seen:
    """Return one look at the account and at our services, some of which are to have another ``status``.

    Raises what ``whole_look`` and the reading of forms raise.
    """
    facts = whole_look(site, remote, accept_short_list=accept_short_list)
    services = tuple(
        replace(each, status=status.get(each.id, each.status)) for each in site.state.inventory.services()
    )
    concluded = conclude(site, facts)
    standing = replace(stand(site, facts, services), fresh=_fresh(site, facts, concluded))
    if status:
        standing = replace(standing, tries={})
    whole = _see_forms(site, remote, facts, concluded, standing, full=full)
    if whole is not facts:
        read = frozenset(id for id, each in whole.licenses.items() if each is not facts.licenses[id])
        facts, concluded = whole, conclude_anew(site, whole, concluded, read)
    settlements = settle(facts, site.wishes.rules)
    facts = settled(facts, settlements)
    if site.wishes.rules.product.is_certificate:
        from cpbillmgr.runs.issuing import with_files

        facts = with_files(site, facts, standing.demands)
    unpaid, refused = failed_orders(site, facts, standing)
    look = Look(site, remote, facts, settlements)
    return Seen(look, concluded, services, standing, unpaid, refused)


def failed_orders(
    site: Site, facts: Facts, standing: Standing
) -> tuple[Mapping[Key, Tries], Mapping[Key, Tries]]:
    """Return, by child, the failed orders of what is still wanted: those without money, and the others."""
    failed = site.state.failed
    return (
        still_wanted(failed.unpaid_orders(facts.remote), facts, standing),
        still_wanted(failed.refused_orders(facts.remote), facts, standing),
    )


def stand(site: Site, facts: Facts, services: tuple[Service, ...]) -> Standing:
    """Return how our side stands to the licenses that it has."""
    linked = {*facts.links.values(), *facts.replaced}
    return Standing(
        demands=wanted_of(site, services),
        followed=site.state.links.followed(facts.remote),
        shared=site.state.links.addresses(facts.remote),
        tries=site.state.failed.tries(facts.remote, linked),
        renewed=site.state.operations.renewed(facts.remote, linked),
    )


def wanted_of(site: Site, services: Iterable[Service]) -> dict[Key, Demand]:
    """Return what services want of their licenses, with the tariffs that need no price list to be told."""
    directives, generation = site.wishes.directives, site.wishes.remote.generation

    @cache
    def tariff_of(name: str) -> int | None:
        try:
            choice = tariff_named(name, directives, generation, ())
        except Unresolved:
            return None
        return None if choice.warnings else choice.value

    return demands_of(services, site.wishes.remote.askers, tariff_of)


def _see_forms(
    site: Site, remote: RemoteBilling, facts: Facts, concluded: Conclusion, standing: Standing, *, full: bool
) -> Facts:
    """Return the facts with the forms that this run needs.

    ===================================================  ==========================
    the license                                          its form
    ===================================================  ==========================
    is new on the account                                is read
    is linked, and its row has changed                   is read
    is linked, and its turn has come (once in 7 days)    is read
    was told to have no key yet                          is read
    is a certificate that is still to be issued          is read
    any, with ``full``                                   is read
    might be what an open operation has asked for        is read, or remembered
    has amounts that an open operation changes           is read
    is about to be renewed, released or moved            is read, or remembered
    might take the place of one that may not be moved    is read, or remembered
    any other                                            is not asked for
    ===================================================  ==========================

    So an account on which nothing happens costs one call, for its list.
    """
    if full:
        return with_forms(site, remote, facts, (), anew=facts.licenses)
    if site.wishes.rules.product.is_certificate:
        facts = with_memory(site, facts, facts.links.values())
    linked, licenses = set(facts.links.values()), resting(facts, standing)
    found = concluded.found
    changed = [now.id for _, now in found.changed if now.id in linked] if found else []
    turned = to_read_again(linked & facts.licenses.keys(), *since_last_check(facts))
    renewed = due(licenses, facts, standing, site.wishes.rules)
    moved = misplaced(licenses, facts, standing, site.wishes.rules)
    needed = [
        *forms_to_read([each.child for each in moved], facts),
        *given_up(facts, standing),
        *facts.replaced,
        *(each.license.id for each in (*renewed, *moved)),
    ]
    issued = coming(facts) if site.wishes.rules.product.is_certificate else ()
    anew = {*standing.fresh, *changed, *turned, *resizing(facts.operations), *issued}
    return with_forms(site, remote, facts, needed, anew=anew)


def _fresh(site: Site, facts: Facts, concluded: Conclusion) -> frozenset[str]:
    """Return the licenses that are new to us: on the account, in a list at all, or still without a key."""
    found = concluded.found or Differences()
    listed = [now.id for then, now in found.changed if is_new(then)]
    keyless = [
        notice.topic.removeprefix(NO_KEY)
        for notice in site.state.notices.in_force(facts.remote)
        if notice.topic.startswith(NO_KEY)
    ]
    return frozenset([*(each.id for each in found.appeared), *listed, *keyless])
