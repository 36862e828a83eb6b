"""``enumeration``: the panels that we name, the remote tariffs that they mean, and our prices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.options.types import price, price_of_each
from cpbillmgr.cli.options.working import working, working_everywhere
from cpbillmgr.cli.ownership import remembering_options
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import harmless, months
from cpbillmgr.cli.views.tariff import percent

if TYPE_CHECKING:
    from cpbillmgr.runs.enumeration import Panel


@click.group()
def enumeration() -> None:
    """The values of the panel add-on: internal names, the remote tariffs that they mean, our prices.

    A Price line of the directive file goes before them, built-in names and ids come after. 'nopanel' asks for
    no license and needs no value here.
    """


@enumeration.command("list")
@click.option("--remote", metavar="NAME", help="Only those of this remote.")
@common_options
def list_(*, common: Common, remote: str | None) -> int:
    """List all values of all remotes: each with its tariff, our price by months, its cost, and the margin.

    The cost is known of tariffs that were imported.
    """
    from cpbillmgr.runs.enumeration import panels

    with working_everywhere(common, "enumeration list", dry_run=True, remote=remote) as sites:
        found = [each for site in sites for each in panels(site)]
        several = len(sites) > 1
    _show(found, common, several=several)
    return 0


@enumeration.command()
@click.argument("name")
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@common_options
def show(*, common: Common, name: str, remote: str | None) -> int:
    """Show one value, and the services that ask for it."""
    from cpbillmgr.runs.enumeration import panel

    with working(common, "enumeration show", dry_run=True, remote=remote) as site:
        found = panel(site, name)
    _show([found], common)
    if not common.quiet and not common.as_json:
        services = f"service {', '.join(found.services)}" if found.services else "no service"
        click.echo(f"Asked for by {services}.")
    return 0


@enumeration.command("set")
@click.argument("name")
@click.argument("tariff", required=False, type=click.IntRange(min=1))
@click.option(
    "--price",
    "prices",
    type=price,
    multiple=True,
    callback=price_of_each,
    metavar="MONTHS=AMOUNT",
    help="Our price (repeatable).",
)
@click.option("--remove", is_flag=True, help="Forget the value.")
@remembering_options
def set_(
    *,
    common: Common,
    name: str,
    tariff: int | None,
    prices: dict[int, Decimal],
    remove: bool,
    dry_run: bool,
    remote: str | None,
    lock_timeout: float,
) -> int:
    """Say which remote TARIFF the internal NAME means, and what we take for it with a service.

    TARIFF may be left out where the name means one already. The remote is asked whether it sells it.
    """
    from cpbillmgr.runs.enumeration import remove_value, set_value

    if remove and (tariff is not None or prices):
        raise click.UsageError("--remove stands alone")
    words = "enumeration set"
    with working(common, words, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote) as site:
        warnings: list[str] = []
        if remove:
            value = remove_value(site, name, dry_run=dry_run)
        else:
            value, warnings = set_value(site, name, tariff, prices, dry_run=dry_run)
    if common.as_json:
        about = site.wishes.remote.name
        shown = {
            "remote": about,
            "name": value.name,
            "tariff": value.tariff,
            "removed": remove,
            "warnings": warnings,
        }
        print_json({"schema": "cpbillmgr/value/1", "dry_run": dry_run, **shown})
    elif not common.quiet:
        told = ", ".join(f"{amount} for {months(length)}" for length, amount in value.prices.items())
        did = ("Would forget" if remove else "Would set") if dry_run else ("Forgot" if remove else "Set")
        click.echo(harmless(f"{did} {value.name}: tariff {value.tariff}{f', {told}' if told else ''}."))
    for warning in warnings:
        click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)
    return 0


def _show(found: Sequence[Panel], common: Common, *, several: bool = False) -> None:
    from cpbillmgr.cli.terminal.screen import Column, show_table

    if common.as_json:
        print_json({"schema": "cpbillmgr/enumeration/1", "values": [*map(_object, found)]})
    elif common.quiet:
        for each in found:
            click.echo(harmless(each.value.name))
    else:
        columns = [Column("name", wraps=True), Column("tariff"), Column("for")]
        columns += [Column(title, right=True) for title in ("price", "cost", "margin")]
        columns += [Column("remote")] if several else []
        show_table(
            columns,
            [[*row, *([each.remote] if several else [])] for each in found for row in _rows(each)],
        )


def _rows(each: Panel) -> list[list[str]]:
    head = [each.value.name, str(each.value.tariff)]
    return [
        [*head, months(length), str(amount), str(each.cost(length) or ""), percent(each.margin(length))]
        for length, amount in each.value.prices.items()
    ] or [[*head, "", "none", "", ""]]


def _object(each: Panel) -> dict[str, Any]:
    return {
        "remote": each.remote,
        "name": each.value.name,
        "tariff": each.value.tariff,
        "prices": [
            {
                "months": length,
                "price": amount.digits,
                "currency": amount.currency,
                "cost": None if (cost := each.cost(length)) is None else cost.digits,
                "margin": None if (margin := each.margin(length)) is None else str(margin),
            }
            for length, amount in each.value.prices.items()
        ],
        "services": list(each.services),
    }
