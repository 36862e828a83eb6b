"""One look at the account for ``checkevent``, with the forms of what is new or has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.wanted.demands import demands_of
from cpbillmgr.config.wanted.names import tariff_named
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.events import Differences
from cpbillmgr.model.known import KNOWN_NODE_ADDONS
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.services import Demand, Service, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.following import Linked, Standing, resting
from cpbillmgr.planner.changes.resizing import counted
from cpbillmgr.planner.changes.settling import settle, settled
from cpbillmgr.planner.checkevent import still_wanted
from cpbillmgr.planner.events import is_new
from cpbillmgr.planner.forms import forms_for_checkevent
from cpbillmgr.planner.notices.licenses import NO_KEY
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.looking.forms import with_forms, with_memory
from cpbillmgr.runs.looking.gather import whole_look
from cpbillmgr.runs.looking.look import Look
from cpbillmgr.runs.looking.remember import Conclusion, conclude, conclude_anew
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
        from cpbillmgr.runs.certificates.issuing import with_files

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
    """Return what services want of their licenses, as far as that needs no price list to be told.

    What a tariff counts is as our catalogue has it, else as is publicly known.
    """
    directives, generation = site.wishes.directives, site.wishes.remote.generation
    ours = site.state.tariffs.all(site.wishes.remote.name)

    @cache
    def tariff_of(name: str) -> Tariff | None:
        try:
            choice = tariff_named(name, directives, generation, ())
        except Unresolved:
            return None
        id_ = choice.value
        known = ours[id_].theirs if id_ in ours else Tariff(id_, "", {}, KNOWN_NODE_ADDONS.get(id_))
        return None if choice.warnings else known

    return demands_of(services, site.wishes.remote.askers, tariff_of)


def _see_forms(
    site: Site, remote: RemoteBilling, facts: Facts, concluded: Conclusion, standing: Standing, *, full: bool
) -> Facts:
    """Return the facts with the forms that this run needs."""
    rules = site.wishes.rules
    if rules.product.is_certificate and not full:
        facts = with_memory(site, facts, facts.links.values())
    remembered = with_memory(site, facts, counted(facts, standing))
    needed, anew = forms_for_checkevent(remembered, standing, concluded.found, rules, full=full)
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
