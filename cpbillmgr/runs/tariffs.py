"""Our catalogue: tariffs imported from the remote's price list, edited, and kept in step with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cpbillmgr.config.lint.beside import unsold_values
from cpbillmgr.errors import ConfigInvalid, CpbillmgrError, Problem, UsageWrong
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.money import Money
from cpbillmgr.planner.catalogue.importing import Misfit, Terms, imported, misfit
from cpbillmgr.planner.catalogue.syncing import Difference, synced
from cpbillmgr.runs.looking.gather import sold_tariffs
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Offer:
    """A tariff that the remote sells: why it cannot become ours, if so, and whether it is ours already."""

    tariff: Tariff
    misfit: Misfit | None
    is_ours: bool


Choose = Callable[[Sequence[Offer]], Collection[int]]  # which of these are to be imported, by their ids


def import_tariffs(
    site: Site,
    choose: Choose,
    *,
    lengths: Collection[int] = (),
    rate: Decimal | None = None,
    enabled: bool = False,
    dry_run: bool,
) -> list[LocalTariff]:
    """Make local tariffs of some of the remote's, all or none, and return those that are new.

    ``lengths`` are what we sell for, else those of our services. One that is ours already stays as it is.
    Raises ``UsageWrong`` for an id that the remote does not sell, ``ConfigInvalid`` with the reason for each
    one that does not fit ours.
    """
    services = site.state.inventory.services()
    ours = frozenset(lengths) or frozenset(each.months for each in services if each.months is not None)
    terms = Terms(ours, site.wishes.settings.currency, rate)
    remote = site.wishes.remote
    known = site.state.tariffs.all(remote.name)
    with open_remote(site.wishes) as billing:
        sold = sold_tariffs(billing)
    offers = {id_: Offer(sold[id_], misfit(sold[id_], terms), id_ in known) for id_ in sorted(sold)}
    chosen = dict.fromkeys(choose(list(offers.values())))
    _refuse(chosen, offers, remote.name)
    new = [
        imported(sold[id_], remote.name, remote.product_type, terms, enabled=enabled)
        for id_ in chosen
        if id_ not in known
    ]
    if not dry_run:
        site.state.tariffs.put(new, site.now())
    return new


def _refuse(chosen: Collection[int], offers: Mapping[int, Offer], remote: str) -> None:
    unknown = [str(id_) for id_ in chosen if id_ not in offers]
    if unknown:
        hint = f"See 'cpbillmgr remote presets {remote}'"
        raise UsageWrong(f"the remote does not sell tariff {', '.join(unknown)}", where=remote, hint=hint)
    problems = [
        Problem(remote, None, f"tariff {id_} ({offer.tariff.name}): {offer.misfit.reason}", offer.misfit.hint)
        for id_ in chosen
        if (offer := offers[id_]).misfit is not None and not offer.is_ours
    ]
    if problems:
        raise ConfigInvalid(problems)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync with one remote has found: the tariffs as they are now, and what is different there.

    ``not_imported`` are what it sells beside, ``orphans`` tell of values of the enumeration whose tariff it
    sells no more. With an ``error`` nothing was found, and nothing of this remote's tariffs has changed.
    """

    remote: str
    tariffs: Sequence[LocalTariff] = ()
    differences: Sequence[Difference] = ()
    not_imported: Sequence[Tariff] = ()
    orphans: Sequence[Problem] = ()
    error: CpbillmgrError | None = None


def sync_tariffs(sites: Iterable[Site], *, dry_run: bool) -> list[Synced]:
    """Bring our tariffs in step with the price list of each remote, and return what was found there.

    A remote that cannot be asked, or whose price list is empty, leaves its error, and the others go on.
    """
    return [_sync(site, dry_run=dry_run) for site in sites]


def _sync(site: Site, *, dry_run: bool) -> Synced:
    remote = site.wishes.remote.name
    ours = site.state.tariffs.all(remote)
    if not ours:
        return Synced(remote)
    try:
        with open_remote(site.wishes) as billing:
            sold = sold_tariffs(billing)
    except CpbillmgrError as error:
        return Synced(remote, error=error)
    found = [synced(each, sold.get(each.id)) for each in ours.values()]
    if not dry_run:
        site.state.tariffs.put((now for now, _ in found), site.now())
    return Synced(
        remote,
        [now for now, _ in found],
        [each for _, differences in found for each in differences],
        [sold[id_] for id_ in sorted(sold.keys() - ours.keys())],
        [*unsold_values(site.wishes.directives.enumeration.values(), sold, remote)],
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be different of a local tariff; ``None``, or nothing, leaves it as it is.

    ``prices`` are by remote period, in the tariff's currency; ``resources`` by id, whether they are active.
    """

    name: str | None = None
    rate: Decimal | None = None
    prices: Mapping[int, Decimal] = field(default_factory=dict)
    resources: Mapping[int, bool] = field(default_factory=dict)


def edit_tariff(site: Site, id_: int, edit: Edit, *, dry_run: bool) -> LocalTariff:
    """Change what is ours of a local tariff and return it.

    Raises ``UsageWrong`` when it was not imported, for a period or a resource that it does not have, and for
    a rate where both currencies are the same.
    """
    tariff = site.state.tariffs.one(site.wishes.remote.name, id_)
    _check_edit(tariff, edit)
    changed = replace(
        tariff,
        name=edit.name if edit.name is not None else tariff.name,
        rate=edit.rate if edit.rate is not None else tariff.rate,
        prices={
            **tariff.prices,
            **{period: Money(amount, tariff.currency) for period, amount in edit.prices.items()},
        },
        resources=tuple(
            replace(own, is_active=edit.resources.get(own.resource.id, own.is_active))
            for own in tariff.resources
        ),
    )
    if not dry_run:
        site.state.tariffs.put([changed], site.now())
    return changed


def _check_edit(tariff: LocalTariff, edit: Edit) -> None:
    where = f"tariff {tariff.id}"
    unsold = edit.prices.keys() - tariff.theirs.prices.keys()
    if unsold:
        sold = ", ".join(map(str, sorted(tariff.theirs.prices)))
        raise UsageWrong(f"it is not sold for period {min(unsold)}", where=where, hint=f"It is for: {sold}")
    there = {own.resource.id: own for own in tariff.resources}
    for id_, active in edit.resources.items():
        if id_ not in there:
            known = ", ".join(f"{each} is {own.resource.name}" for each, own in there.items())
            raise UsageWrong(f"it has no resource {id_}", where=where, hint=known or "It has none")
        if active and there[id_].is_gone:
            raise UsageWrong(f"the remote has no resource {id_} any more", where=where)
    if edit.rate is not None and tariff.rate is None:
        message = f"its prices are in {tariff.currency}, as the remote's are, so there is no rate"
        raise UsageWrong(message, where=where)


def enable_tariffs(site: Site, ids: Collection[int], *, enabled: bool, dry_run: bool) -> list[LocalTariff]:
    """Let tariffs be ordered, or no more, all or none, and return them.

    Raises ``UsageWrong`` for one that was not imported, or that the remote sells no more.
    """
    remote = site.wishes.remote.name
    tariffs = [site.state.tariffs.one(remote, id_) for id_ in dict.fromkeys(ids)]
    gone = next((each for each in tariffs if enabled and each.is_gone), None)
    if gone is not None:
        raise UsageWrong(f"the remote sells tariff {gone.id} ({gone.name}) no more", where=remote)
    changed = [replace(each, is_enabled=enabled) for each in tariffs]
    if not dry_run:
        site.state.tariffs.put(changed, site.now())
    return changed
