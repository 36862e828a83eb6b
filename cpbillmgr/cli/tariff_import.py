"""``tariff import`` and ``sync``: our catalogue made from the remote's price list, and kept in step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.options.shared import Common, on_terminal
from cpbillmgr.cli.options.types import rate
from cpbillmgr.cli.options.working import working, working_everywhere
from cpbillmgr.cli.ownership import remembering_options
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import counted, harmless
from cpbillmgr.cli.views.tariff import losses, show_tariffs

if TYPE_CHECKING:
    from cpbillmgr.model.where import Where
    from cpbillmgr.runs.tariffs import Choose, Offer, Synced


@click.command("import")
@click.argument("ids", metavar="[TARIFF]...", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="Every tariff that fits ours.")
@click.option("--type", "product_type", metavar="TYPE", help="From the remote that sells this product type.")
@click.option(
    "--period",
    "lengths",
    type=click.IntRange(min=0),
    multiple=True,
    metavar="MONTHS",
    help="A period that we sell for, 0 for lifetime (repeatable); those of our services unless given.",
)
@click.option(
    "--rate", type=rate, metavar="RATE", help="What one unit of the remote's currency costs in ours."
)
@click.option("--enable", is_flag=True, help="Let them be ordered at once.")
@remembering_options
def import_(
    *,
    common: Common,
    ids: tuple[int, ...],
    everything: bool,
    product_type: str | None,
    lengths: tuple[int, ...],
    rate: Decimal | None,
    enable: bool,
    dry_run: bool,
    remote: str | None,
    lock_timeout: float,
) -> int:
    """Take tariffs of the remote's price list into our catalogue, disabled, under its names and prices.

    At a terminal it shows what is sold and asks. A tariff whose periods or currency do not fit ours is
    refused, with the reason. Our currency is the settings' 'currency', else the remote's.
    """
    from cpbillmgr.runs.tariffs import import_tariffs

    if bool(ids) == everything and (ids or not on_terminal() or common.as_json):
        raise click.UsageError("name TARIFFs, or --all")
    left_out: list[str] = []
    chosen = partial(_fitting if everything else _ask, left_out=left_out)
    choose: Choose = (lambda _: ids) if ids else chosen
    name = _remote_named(common.where, remote, product_type)
    with working(common, "tariff import", dry_run=dry_run, lock_timeout=lock_timeout, remote=name) as site:
        new = import_tariffs(site, choose, lengths=lengths, rate=rate, enabled=enable, dry_run=dry_run)
    show_tariffs(new, common, dry_run=dry_run, warnings=left_out)
    if not common.quiet and not common.as_json:
        did = "Would import" if dry_run else "Imported"
        click.echo(f"{did} {counted(len(new), 'tariff')}.")
        if new and not enable and not dry_run:
            words = " ".join([*(str(each.id) for each in new), *(["--remote", name] if name else [])])
            click.echo(f"Not ordered until 'cpbillmgr tariff enable {words}'.")
        for id_ in sorted({*ids} - {each.id for each in new}):
            click.echo(f"Tariff {id_} is ours already, and stays as it is.")
    return 0


def _remote_named(where: Where, remote: str | None, product_type: str | None) -> str | None:
    """Return which remote to import from: by name, by product type, or as a person answers.

    =============  ================  ===========================================================
    ``--remote``   ``--type``        the remote
    =============  ================  ===========================================================
    given          any               that one; it must sell the product type, if that is given
    -              given             the first that sells it
    -              -                 at a terminal where there are several: asked; else the first
    =============  ================  ===========================================================
    """
    from cpbillmgr.runs.remotes import list_remotes

    if remote is None and product_type is None and not on_terminal():
        return None
    remotes = list_remotes(where)
    fitting = [each.name for each in remotes if product_type in (None, each.product_type)]
    if product_type is not None and (not fitting or remote not in (None, *fitting)):
        sold = ", ".join(f"{each.name} sells {each.product_type}" for each in remotes)
        raise click.UsageError(f"no such remote sells {product_type!r}: {sold or 'there is none'}")
    if remote is None and product_type is None and len(fitting) > 1:
        for each in remotes:
            click.echo(harmless(f"{each.name} sells {each.product_type}"), err=True)
        answer: str = click.prompt("Which remote?", type=click.Choice(fitting), default=fitting[0], err=True)
        return answer
    return remote or (fitting[0] if product_type is not None else None)


def _fitting(offers: Sequence[Offer], left_out: list[str]) -> list[int]:
    """Return every tariff that can become ours, and add to what is ``left_out`` why others cannot."""
    left_out += [
        f"tariff {each.tariff.id} ({each.tariff.name}) is left out: {each.misfit.reason}"
        for each in offers
        if each.misfit is not None and not each.is_ours
    ]
    return [each.tariff.id for each in offers if each.misfit is None and not each.is_ours]


def _ask(offers: Sequence[Offer], left_out: list[str]) -> Collection[int]:
    """Show what the remote sells, and have a person choose."""
    from cpbillmgr.cli.terminal.screen import Column, show_table

    columns = [Column("tariff"), Column("name", wraps=True), Column("to be imported", wraps=True)]
    rows = [[str(each.tariff.id), each.tariff.name, _standing(each)] for each in offers]
    show_table(columns, rows)
    answer: str = click.prompt("Which tariffs, by their ids, or all?", default="all", err=True)
    if answer.strip().casefold() == "all":
        return _fitting(offers, left_out)
    words = answer.replace(",", " ").split()
    if not all(word.isdecimal() and len(word) < 10 for word in words):
        raise click.UsageError(f"{answer!r} is no list of ids")
    return [int(word) for word in words]


def _standing(offer: Offer) -> str:
    if offer.is_ours:
        return "it is ours already"
    return "yes" if offer.misfit is None else f"no: {offer.misfit.reason}"


@click.command()
@remembering_options
def sync(*, common: Common, dry_run: bool, remote: str | None, lock_timeout: float) -> int:
    """Bring our tariffs in step with the price lists of their remotes; names and prices stay ours.

    What is new of a tariff arrives inactive, what is gone is disabled. Everything that was added, removed,
    renamed or repriced is told.
    """
    from cpbillmgr.cli.terminal.errors import tell_errors
    from cpbillmgr.runs.tariffs import sync_tariffs

    with working_everywhere(
        common, "tariff sync", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote
    ) as sites:
        found = sync_tariffs(sites, dry_run=dry_run)
    _show_synced(found, common, dry_run=dry_run)
    return tell_errors([each.error for each in found if each.error])


def _show_synced(found: Sequence[Synced], common: Common, *, dry_run: bool) -> None:
    from cpbillmgr.cli.terminal.errors import first_error
    from cpbillmgr.cli.terminal.screen import Column, show_table

    warnings = [
        *losses(tariff for each in found for tariff in each.tariffs),
        *(str(orphan) for each in found for orphan in each.orphans),
    ]
    changes = [
        {
            "remote": each.remote,
            "tariff": one.tariff,
            "what": one.what.value,
            "subject": one.subject,
            "before": one.before or None,
            "after": one.after or None,
        }
        for each in found
        for one in each.differences
    ]
    beside = [
        {"remote": each.remote, "id": tariff.id, "name": tariff.name}
        for each in found
        for tariff in each.not_imported
    ]
    if common.as_json:
        shown = {"changes": changes, "not_imported": beside, "warnings": warnings}
        error = first_error([each.error for each in found if each.error])
        print_json({"schema": "cpbillmgr/sync/1", "dry_run": dry_run, **shown, **error})
        return
    if not common.quiet:
        titles = (*(["remote"] if len(found) > 1 else []), "tariff", "what", "subject", "before", "after")
        columns = [Column(title, wraps=title == "subject") for title in titles]
        show_table(columns, [[str(each[title] or "") for title in titles] for each in changes])
        tariffs = counted(sum(len(each.tariffs) for each in found), "tariff")
        told = f"{tariffs}: {counted(len(changes), 'change')}."
        click.echo(f"{'Would sync' if dry_run else 'Synced'} {told}")
        for each in beside:
            click.echo(harmless(f"Not imported: {each['id']}-{each['name']} of {each['remote']}."))
    for warning in warnings:
        click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)
