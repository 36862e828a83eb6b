"""Local tariffs on the screen and in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import harmless, period_text
from cpbillmgr.model.command import command
from cpbillmgr.planner.catalogue.losses import loss

if TYPE_CHECKING:
    from cpbillmgr.cli.options.shared import Common
    from cpbillmgr.model.local import LocalResource, LocalTariff
    from cpbillmgr.model.money import Money


def show_tariffs(
    tariffs: Sequence[LocalTariff], common: Common, *, dry_run: bool = False, warnings: Sequence[str] = ()
) -> None:
    """Show tariffs, a line for each period with its price, cost and margin, and warnings; ids with ``-q``."""
    from cpbillmgr.cli.terminal.screen import Column, show_table

    if common.as_json:
        shown: dict[str, Any] = {"schema": "cpbillmgr/tariffs/1"}
        listed = [*map(tariff_object, tariffs)]
        print_json(shown | {"dry_run": dry_run, "tariffs": listed, "warnings": [*warnings]})
    elif common.quiet:
        for each in tariffs:
            click.echo(each.id)
    else:
        several = len({each.remote for each in tariffs}) > 1
        titles = ("tariff", *(["remote"] if several else []), "name", "state", "period")
        columns = [Column(title, wraps=title == "name") for title in titles]
        columns += [Column(title, right=True) for title in ("price", "cost", "margin")]
        show_table(columns, [row for each in tariffs for row in _rows(each, remote=several)])
    for warning in warnings:
        click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)


def losses(tariffs: Iterable[LocalTariff]) -> Iterator[str]:
    """Yield a sentence for each period of a tariff whose price brings nothing in, or if no cost is known."""
    for each in tariffs:
        if each.needs_rate and each.rate is None and not each.is_gone:
            tell = command("tariff", "edit", str(each.id), "--rate", "RATE", "--remote", each.remote)
            theirs = f"its prices are in {each.their_currency}, ours are in {each.currency}"
            unknown = f"its cost is not known: {theirs}, and there is no rate; '{tell}' tells it"
            yield f"tariff {each.id} ({each.name}): {unknown}"
        for period in [] if each.is_gone else sorted(each.theirs.prices):
            if why := loss(each.prices.get(period), each.cost(period)):
                yield f"tariff {each.id} ({each.name}), {_period(each, period)}: {why}"


def tariff_facts(each: LocalTariff) -> dict[str, str]:
    """Return what is known of one tariff, title by title."""
    return {
        "tariff": str(each.id),
        "remote": each.remote,
        "name": each.name,
        "name at the remote": each.theirs.name if each.theirs.name != each.name else "",
        "product type": each.product_type,
        "state": _state(each),
        "rate": f"1 {each.their_currency or '?'} = {each.rate} {each.currency}" if each.rate else "",
        **{_period(each, period): _money(each, period) for period in sorted(each.theirs.prices)},
        **{f"resource {own.resource.id}": _resource(own) for own in each.resources},
    }


def tariff_object(each: LocalTariff) -> dict[str, Any]:
    """Return one tariff for scripts."""
    return {
        "remote": each.remote,
        "id": each.id,
        "product_type": each.product_type,
        "name": each.name,
        "remote_name": each.theirs.name,
        "enabled": each.is_enabled,
        "gone": each.is_gone,
        "currency": each.currency,
        "rate": None if each.rate is None else str(each.rate),
        "prices": [
            {
                "period": period,
                "length": each.theirs.length(period),
                "price": _digits(each.prices.get(period)),
                "cost": _digits(each.cost(period)),
                "margin": None if (margin := each.margin(period)) is None else str(margin),
            }
            for period in sorted(each.theirs.prices)
        ],
        "resources": [
            {
                "id": own.resource.id,
                "name": own.resource.name,
                "internal_name": own.resource.intname,
                "kind": own.resource.kind,
                "active": own.is_active,
                "gone": own.is_gone,
                "values": [value.name for value in own.resource.values],
            }
            for own in each.resources
        ],
    }


def percent(margin: Decimal | None) -> str:
    """Return a margin as people read it, nothing where it is not known."""
    return "" if margin is None else f"{margin} %"


def _rows(each: LocalTariff, *, remote: bool) -> Iterator[list[str]]:
    for period in sorted(each.theirs.prices):
        price, cost = each.prices.get(period), each.cost(period)
        yield [
            str(each.id),
            *([each.remote] if remote else []),
            each.name,
            _state(each),
            _period(each, period),
            str(price or "none"),
            str(cost or ""),
            percent(each.margin(period)),
        ]


def _state(each: LocalTariff) -> str:
    return "gone" if each.is_gone else "enabled" if each.is_enabled else "disabled"


def _period(each: LocalTariff, period: int) -> str:
    """Return a period in words, with its id where it has one: prices are set by it."""
    length = each.theirs.length(period)
    has_id = each.theirs.lengths is not None and length is not None
    return period_text(period, length) + (f" (id {period})" if has_id else "")


def _money(each: LocalTariff, period: int) -> str:
    price, cost, margin = each.prices.get(period), each.cost(period), each.margin(period)
    told = [str(price or "no price"), f"costs {cost}" if cost else ""]
    return ", ".join(filter(None, [*told, f"margin {percent(margin)}" if margin is not None else ""]))


def _resource(own: LocalResource) -> str:
    state = "gone" if own.is_gone else "active" if own.is_active else "inactive"
    values = ", ".join(value.name for value in own.resource.values)
    told = ", ".join(filter(None, [own.resource.kind, own.resource.intname]))
    return f"{own.resource.name} ({told}), {state}" + (f": {values}" if values else "")


def _digits(money: Money | None) -> str | None:
    return None if money is None else money.digits
