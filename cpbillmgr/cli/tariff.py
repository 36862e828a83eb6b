"""``tariff``: our catalogue, made from what the remote sells."""

from __future__ import annotations

from decimal import Decimal

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.options.types import price, price_of_each, rate, tariff_name
from cpbillmgr.cli.options.working import working
from cpbillmgr.cli.ownership import remembering_options
from cpbillmgr.cli.tariff_import import import_, sync
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.views.tariff import show_tariffs, tariff_facts, tariff_object, warn_of_losses


@click.group()
def tariff() -> None:
    """Our catalogue: what we sell of the remote's tariffs, under our names and at our prices.

    A tariff that is in it and disabled is not ordered. One that was never imported may be ordered.
    """


tariff.add_command(import_)
tariff.add_command(sync)


@tariff.command("list")
@click.option("--remote", metavar="NAME", help="Only those that were imported from this remote.")
@common_options
def list_(*, common: Common, remote: str | None) -> int:
    """List our tariffs: each period with our price, what it costs at the remote, and the margin.

    The margin is what stays of our price, in percent of it.
    """
    from cpbillmgr.runs.remotes import list_remotes
    from cpbillmgr.runs.site import open_state

    names = [remote] if remote else [each.name for each in list_remotes(common.where)]
    with open_state(common.where, command="tariff list", writes=False) as state:
        found = [each for name in names for each in state.tariffs.all(name).values()]
    show_tariffs(found, common)
    return 0


@tariff.command()
@click.argument("id", type=click.IntRange(min=1))
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@common_options
def show(*, common: Common, id: int, remote: str | None) -> int:
    """Show tariff ID: what is ours of it, and what follows the remote."""
    from cpbillmgr.cli.terminal.screen import show_facts

    with working(common, "tariff show", dry_run=True, remote=remote) as site:
        found = site.state.tariffs.one(site.wishes.remote.name, id)
    if common.as_json:
        print_json({"schema": "cpbillmgr/tariffs/1", "tariffs": [tariff_object(found)]})
    else:
        show_facts(tariff_facts(found))
    return 0


@tariff.command()
@click.argument("id", type=click.IntRange(min=1))
@click.option("--name", type=tariff_name, help="Our name for it.")
@click.option(
    "--price",
    "prices",
    type=price,
    multiple=True,
    callback=price_of_each,
    metavar="PERIOD=AMOUNT",
    help="Our price (repeatable).",
)
@click.option("--rate", type=rate, metavar="RATE", help="What one unit of the remote's currency costs now.")
@click.option("--activate", type=int, multiple=True, metavar="RESOURCE", help="Sell it with this resource.")
@click.option("--deactivate", type=int, multiple=True, metavar="RESOURCE", help="Sell it without this one.")
@remembering_options
def edit(
    *,
    common: Common,
    id: int,
    name: str | None,
    prices: dict[int, Decimal],
    rate: Decimal | None,
    activate: tuple[int, ...],
    deactivate: tuple[int, ...],
    dry_run: bool,
    remote: str | None,
    lock_timeout: float,
) -> int:
    """Change what is ours of tariff ID: its name, its prices, the resources that it is sold with."""
    from cpbillmgr.runs.tariffs import Edit, edit_tariff

    resources = {**dict.fromkeys(activate, True), **dict.fromkeys(deactivate, False)}
    change = Edit(name, rate, prices, resources)
    if change == Edit():
        raise click.UsageError("give at least one of --name, --price, --rate, --activate, --deactivate")
    with working(common, "tariff edit", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote) as site:
        changed = edit_tariff(site, id, change, dry_run=dry_run)
    show_tariffs([changed], common, dry_run=dry_run)
    warn_of_losses([changed])
    return 0


def _switch(name: str, text: str, *, enabled: bool) -> None:
    @tariff.command(name, help=text)
    @click.argument("ids", metavar="ID...", nargs=-1, required=True, type=click.IntRange(min=1))
    @remembering_options
    def command(
        *, common: Common, ids: tuple[int, ...], dry_run: bool, remote: str | None, lock_timeout: float
    ) -> int:
        from cpbillmgr.runs.tariffs import enable_tariffs

        words = f"tariff {name}"
        with working(common, words, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote) as site:
            changed = enable_tariffs(site, ids, enabled=enabled, dry_run=dry_run)
        show_tariffs(changed, common, dry_run=dry_run)
        if enabled:
            warn_of_losses(changed)
        return 0


_switch("enable", "Let these tariffs be ordered.", enabled=True)
_switch(
    "disable",
    "Have these tariffs ordered no more. Licenses that are there stay, and are renewed.",
    enabled=False,
)
