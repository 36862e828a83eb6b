"""The panels that we name: which remote tariff each internal name means, and what we take for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.defaults import odd_family
from cpbillmgr.config.wanted.asking import Askers, asked_name
from cpbillmgr.config.wanted.names import NO_LICENSE, tariff_named
from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.catalogue import Tariff, length_text
from cpbillmgr.model.command import command
from cpbillmgr.model.known import KNOWN_TARIFFS, same_named
from cpbillmgr.model.local import EnumerationValue, LocalTariff, in_currency, margin
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Service, Status
from cpbillmgr.planner.catalogue.losses import loss
from cpbillmgr.runs.looking.gather import sold_tariffs
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Panel:
    """A value of our enumeration beside its tariff, as far as our catalogue knows that; who asks for it."""

    value: EnumerationValue
    tariff: LocalTariff | None
    services: tuple[str, ...]

    def cost(self, months: int) -> Money | None:
        """Return what a license for so many months costs us, in our currency; ``None`` if it is not known."""
        if self.tariff is None or (period := self.tariff.theirs.period_of(months)) is None:
            return None
        return self.tariff.cost(period)

    def margin(self, months: int) -> Decimal | None:
        """Return how much of our price stays with us, in percent of it; ``None`` where that is not known."""
        return margin(self.value.prices.get(months), self.cost(months))


def panels(site: Site) -> list[Panel]:
    """Return the values that mean tariffs of a remote, by name."""
    ours = site.state.tariffs.all(site.wishes.remote.name)
    asking: dict[str, list[str]] = defaultdict(list)
    for service in site.state.inventory.services():
        for name in _asked_for(service, site.wishes.remote.askers):
            asking[name.casefold()].append(service.id)
    return [
        Panel(each, ours.get(each.tariff), tuple(asking[each.name.casefold()]))
        for each in site.wishes.directives.enumeration.values()
    ]


def _asked_for(service: Service, askers: Askers) -> Iterator[str]:
    for addon in () if service.status is Status.DELETED else askers.addons_of(service):
        with suppress(Unresolved):
            name = asked_name(service, addon)
            if name is not None:
                yield name


def panel(site: Site, name: str) -> Panel:
    """Return one value; ``UsageWrong`` when there is none of this name."""
    _refuse_no_license(name)
    found = next((each for each in panels(site) if each.value.name == name), None)
    if found is None:
        hint = "See 'cpbillmgr enumeration list'"
        raise UsageWrong(
            f"there is no value {name!r} in the enumeration", where=site.wishes.remote.name, hint=hint
        )
    return found


def set_value(
    site: Site, name: str, tariff: int | None, prices: Mapping[int, Decimal], *, dry_run: bool = False
) -> tuple[EnumerationValue, list[str]]:
    """Give an internal name its tariff and prices; return the value, and warnings.

    Without a ``tariff`` it stays what it is, or what the name means already. ``prices`` are by months; others
    stay. Raises ``UsageWrong`` for a name that asks for no license or differs from another one in letter case
    alone, for a tariff that the remote does not sell, and for a currency without a rate.
    """
    _check_name(name, site)
    values = site.wishes.directives.enumeration
    before = values.get(name)
    with open_remote(site.wishes) as billing:
        sold = sold_tariffs(billing)
    chosen = _sold(tariff or (before.tariff if before else _meant(site, name, sold)), sold, site)
    currency = _currency(site, chosen) if prices else ""
    value = EnumerationValue(
        name,
        chosen.id,
        {
            **(before.prices if before else {}),
            **{months: Money(amount, currency) for months, amount in sorted(prices.items())},
        },
    )
    if not dry_run:
        site.state.enumeration.put(site.wishes.remote.name, value)
    return value, _warnings(site, value, chosen)


def remove_value(site: Site, name: str, *, dry_run: bool = False) -> EnumerationValue:
    """Forget a value and return it; ``UsageWrong`` when there is none of this name."""
    value = panel(site, name).value
    if not dry_run:
        site.state.enumeration.remove(site.wishes.remote.name, name)
    return value


def _refuse_no_license(name: str) -> None:
    if name.casefold() in NO_LICENSE:
        raise UsageWrong(f"{name!r} asks for no license, so it needs no tariff and no value here")


def _check_name(name: str, site: Site) -> None:
    _refuse_no_license(name)
    if name != name.strip() or not name.isprintable():
        raise UsageWrong(f"{name!r} is no internal name: it begins or ends with a space, or is not printable")
    for other in site.wishes.directives.enumeration:
        if other != name and other.casefold() == name.casefold():
            raise UsageWrong(f"{name!r} differs from {other!r} in letter case alone")


def _meant(site: Site, name: str, sold: Mapping[int, Tariff]) -> int:
    try:
        return tariff_named(name, site.wishes.directives, site.wishes.remote.generation, sold).value
    except Unresolved as wrong:
        hint = f"Tell it: '{command('enumeration', 'set', name, 'TARIFF')}'"
        raise UsageWrong(wrong.message, where=site.wishes.remote.name, hint=hint) from wrong


def _sold(tariff: int, sold: Mapping[int, Tariff], site: Site) -> Tariff:
    if tariff in sold:
        return sold[tariff]
    title = KNOWN_TARIFFS.get(tariff)
    twins = ", ".join(str(each) for each in same_named(tariff) if each in sold)
    hint = f"It sells {twins} of that name" if twins else "See 'cpbillmgr remote presets'"
    named = f"{tariff} ({title})" if title else f"{tariff}"
    raise UsageWrong(f"the remote does not sell tariff {named}", where=site.wishes.remote.name, hint=hint)


def _currency(site: Site, tariff: Tariff) -> str:
    """Return the currency of our prices; ``UsageWrong`` where the tariff's cost cannot be told in it."""
    theirs = next(iter(tariff.prices.values()), None)
    ours = site.wishes.settings.currency or (theirs.currency if theirs else "")
    imported = site.state.tariffs.all(site.wishes.remote.name).get(tariff.id)
    rate = imported.rate if imported else None
    if theirs is None or in_currency(theirs, ours, rate) is None:
        told = f"in {theirs.currency}, ours are in {ours}, and there is no rate" if theirs else "not told"
        hint = f"Import it with 'cpbillmgr tariff import {tariff.id} --rate RATE' first"
        raise UsageWrong(f"prices of tariff {tariff.id} are {told}", hint=hint)
    return ours


def _warnings(site: Site, value: EnumerationValue, tariff: Tariff) -> list[str]:
    directives = site.wishes.directives
    odd = odd_family(value.name, tariff.id, tariff.name)
    lines = [line for line in directives.prices if line.name == value.name and line.tariff != value.tariff]
    unpriced = f"value {value.name} has no price of ours; --price MONTHS=AMOUNT sets one"
    return [
        *(f"{directives.cite(line)} goes before the enumeration" for line in lines),
        *([odd] if odd else []),
        *([] if value.prices else [unpriced]),
        *_losses(site, value, tariff),
    ]


def _losses(site: Site, value: EnumerationValue, tariff: Tariff) -> Iterator[str]:
    imported = site.state.tariffs.all(site.wishes.remote.name).get(tariff.id)
    for months, price in value.prices.items():
        period = tariff.period_of(months)
        theirs = None if period is None else tariff.prices.get(period)
        rate = imported.rate if imported else None
        cost = None if theirs is None else in_currency(theirs, price.currency, rate)
        if why := loss(price, cost):
            yield f"value {value.name}, {length_text(months)}: {why}"
