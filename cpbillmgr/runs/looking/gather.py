"""Gathering: one whole look at the remote, beside what we remember."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cpbillmgr.config.choice import Choice
from cpbillmgr.config.defaults import may_hold_modules
from cpbillmgr.config.wanted.children import UnmetWish, children_of
from cpbillmgr.errors import (
    AnswerNotUnderstood,
    ConfigInvalid,
    Refused,
    RemoteError,
)
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Child, Service
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import forms_to_read
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.resizing import being_resized
from cpbillmgr.planner.fixchilds import waiting
from cpbillmgr.planner.needs.adapting import differing
from cpbillmgr.planner.safety import check_gone, check_list
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.looking.forms import with_forms, with_memory
from cpbillmgr.runs.site import Site, Wishes

REFUSED_FOR = timedelta(days=1)  # how long a license of the pool is left alone after a refused take
TOO_EARLY_FOR = timedelta(days=31)  # and how long one is not moved after a move that came too early


@dataclass(frozen=True, slots=True)
class Wanted:
    """What services ask for, in one remote's terms, the wishes that it cannot meet, and warnings."""

    children: Sequence[Child]
    unmet: Sequence[UnmetWish]
    warnings: tuple[str, ...]


def wanted_children(
    wishes: Wishes, remote: RemoteBilling, services: Iterable[Service], only: Collection[str] | None = None
) -> tuple[Sequence[Child], tuple[str, ...]]:
    """Return the licenses that services ask for, in the remote's terms, and warnings.

    Raises ``ConfigInvalid`` with every name and period that settings and directives do not resolve: nothing
    is bought on a half-understood inventory. Raises what ``wanted`` raises.
    """
    found = wanted(wishes, remote, services, only)
    if found.unmet:
        raise ConfigInvalid([*found.unmet])
    return found.children, found.warnings


def wanted(
    wishes: Wishes, remote: RemoteBilling, services: Iterable[Service], only: Collection[str] | None = None
) -> Wanted:
    """Return what services want of one remote.

    Where ``only`` some services are asked about, what is wrong with the others is a warning. Raises what
    ``asked_for`` raises.
    """
    warnings = [str(warning) for warning in wishes.directives.warnings]

    def warn(choice: Choice) -> None:
        warnings.extend(choice.warnings)

    children, unmet = asked_for(wishes, remote, services, on_choice=warn)
    asked = [wish for wish in unmet if only is None or wish.service in only]
    ignored = [str(wish) for wish in unmet if only is not None and wish.service not in only]
    return Wanted(children, asked, (*dict.fromkeys(warnings), *ignored))


def asked_for(
    wishes: Wishes,
    remote: RemoteBilling,
    services: Iterable[Service],
    *,
    on_choice: Callable[[Choice], None] = lambda _: None,
) -> tuple[list[Child], list[UnmetWish]]:
    """Return the licenses that services ask for, in the remote's terms, and the wishes that cannot be met.

    Raises what ``sold_tariffs`` raises: without a price list nothing can be resolved at all.
    """
    return children_of(
        services,
        remote.name,
        wishes.directives,
        wishes.remote.generation,
        sold_tariffs(remote),
        askers=wishes.remote.askers,
        on_choice=on_choice,
    )


def sold_tariffs(remote: RemoteBilling) -> Mapping[int, Tariff]:
    """Return what our account may order, by tariff id. Raises ``AnswerNotUnderstood`` when it is nothing."""
    tariffs = remote.tariffs()
    if not tariffs:
        raise AnswerNotUnderstood(
            "the remote's price list is empty",
            where=remote.name,
            hint="Check that this account may order licenses",
        )
    return tariffs


def gather(
    site: Site,
    remote: RemoteBilling,
    children: Sequence[Child],
    scope: Scope,
    *,
    accept_short_list: bool = False,
) -> Facts:
    """Return everything that is known about one remote account before anything is decided.

    Raises what ``whole_look`` raises.
    """
    facts = whole_look(site, remote, accept_short_list=accept_short_list)
    facts = facts.with_tariffs(remote.tariffs())
    counted = [each.id for child, each in differing(children, facts, scope) if child.amounts]
    facts = with_forms(site, remote, facts, counted)
    pairs = differing(children, facts, scope)
    needy = [*waiting(children, facts, scope), *(child for child, _ in pairs)]
    changing = [*(license.id for _, license in pairs), *being_resized(facts)]
    facts = with_forms(site, remote, facts, forms_to_read(needy, facts), anew=changing)
    if not site.wishes.rules.product.is_certificate:
        return facts
    from cpbillmgr.runs.certificates.issuing import with_files

    return with_files(site, with_memory(site, facts, facts.links.values()), [each.key for each in children])


def whole_look(site: Site, remote: RemoteBilling, *, accept_short_list: bool = False) -> Facts:
    """Return the remote's whole list beside what we remember: one call, no price list and no forms.

    Raises ``ListIncomplete`` when the list is not whole, is suspiciously short, or lacks a linked license
    that the remote still knows.
    """
    requested_at = site.now()
    rows = remote.licenses(lambda done, total: site.watch("licenses", done, total))
    licenses = {row.id: row for row in _with_panels(site, with_own_dates(site, rows))}
    links = site.state.links.all(remote.name)
    before = site.state.sightings.look(remote.name)
    if not accept_short_list:
        if before is not None:
            percent = site.wishes.rules.limits.short_list_percent
            check_list(len(licenses), before.licenses, percent, remote.name)
        window = timedelta(minutes=site.wishes.rules.settle_minutes)
        fresh = site.state.links.not_listed_yet(remote.name, requested_at - window)
        for id in links.values():
            if id not in licenses:
                check_gone(id, None if id in fresh else _alone(remote, id), remote.name)
    operations = site.state.operations
    return Facts(
        remote=remote.name,
        requested_at=requested_at,
        licenses=licenses,
        links=links,
        operations=operations.open(remote.name),
        refused=operations.refused_takes(remote.name, since=requested_at - REFUSED_FOR),
        generations=operations.generations(remote.name),
        given_up=() if site.wishes.rules.generation.has_marks else operations.given_up(remote.name),
        elsewhere=site.state.links.elsewhere(remote.name) | operations.open_elsewhere(remote.name),
        kept_elsewhere=site.state.links.kept_at(
            {each.name for each in site.wishes.settings.remotes} - {remote.name}
        ),
        protected=site.state.protections.all(remote.name),
        unlinked=site.state.links.unlinked_by_hand(remote.name),
        replaced=operations.replaced(remote.name),
        moved_too_early=operations.moved_too_early(remote.name, since=requested_at - TOO_EARLY_FOR),
        looked_at=before.at if before is not None else None,
        checked_at=before.checked_at if before is not None else None,
        panels=_panels(site) if site.wishes.rules.product.is_module else None,
        ours=site.state.tariffs.all(remote.name),
    )


def _panels(site: Site) -> dict[str, tuple[str, ...]]:
    """Return, by service, its licenses at the same account that a module can go onto, as last seen there."""
    found: dict[str, tuple[str, ...]] = {}
    for remote in site.wishes.settings.remotes:
        if remote.product_type is ProductType.SOFT and remote.is_same_account(site.wishes.remote):
            gone = site.state.links.gone(remote.name)
            for (service, addon), license in site.state.links.all(remote.name).items():
                if license not in gone and may_hold_modules(addon):
                    found[service] = (*found.get(service, ()), license)
    return found


def with_own_dates(site: Site, licenses: Sequence[License]) -> Sequence[License]:
    """Return licenses with the days of their last change of address, where only our own records tell them.

    A generation 4 remote tells no dates of changes.
    """
    if site.wishes.rules.generation.tells_dates:
        return licenses
    moved = site.state.operations.moved(site.wishes.remote.name)
    return [
        replace(each, ip_changed=moved[each.id]) if each.ip_changed is None and each.id in moved else each
        for each in licenses
    ]


def _with_panels(site: Site, licenses: Sequence[License]) -> Sequence[License]:
    """Return modules with the panel's license that each stands on, as our own journal knows it."""
    if not site.wishes.rules.product.is_module:
        return licenses
    ordered = site.state.operations.panels(site.wishes.remote.name)
    return [replace(each, panel=each.panel or ordered.get(each.id)) for each in licenses]


def _alone(remote: RemoteBilling, id: str) -> License | Refused:
    """Return one license as the remote tells it alone, or how it refuses to."""
    try:
        return remote.license(id)
    except Refused as error:
        return error


def balance_of(remote: RemoteBilling) -> Money | None:
    """Return what the account has, ``None`` where the remote does not tell: nothing is decided on it."""
    try:
        return remote.whoami().balance
    except RemoteError:
        return None
