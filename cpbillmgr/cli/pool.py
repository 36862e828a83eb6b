"""``pool``: the paid licenses that nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, short_list_option
from cpbillmgr.cli.options.working import working_everywhere
from cpbillmgr.cli.terminal.errors import first_error, tell_errors
from cpbillmgr.cli.terminal.json import money_object, print_json
from cpbillmgr.cli.terminal.text import day, sums

if TYPE_CHECKING:
    from cpbillmgr.planner.pool.report import Idle

_TITLES = ("license", "tariff", "usable from", "paid until", "idle", "best use")
_LONG = ("tariff", "best use", "remote")


@click.command()
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one.")
@short_list_option
@common_options
def pool(*, common: Common, remote: str | None, accept_short_list: bool) -> int:
    """List the paid licenses that nobody uses: usable from when, paid until when, money idle, best use.

    Those of every remote, one after the other. The best use is the waiting service that the next 'fixchilds'
    gives a license to.
    """
    from cpbillmgr.runs.pool import pool as run

    with working_everywhere(common, "pool", dry_run=True, remote=remote) as sites:
        found, errors = run(sites, accept_short_list=accept_short_list)
        titles = [*_TITLES, "remote"] if len(sites) > 1 else [*_TITLES]
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/pool/1",
                "licenses": [_object(each) for each in found],
                "idle": [money_object(each) for each in _sums(found)],
                **first_error(errors),
            }
        )
    elif common.quiet:
        for each in found:
            click.echo(each.license.id)
    else:
        _show(found, titles)
    return tell_errors(errors)


def _show(found: list[Idle], titles: list[str]) -> None:
    from cpbillmgr.cli.terminal.screen import Column, show_table

    columns = [Column(title, right=title == "idle", wraps=title in _LONG) for title in titles]
    show_table(columns, [_cells(each)[: len(titles)] for each in found])
    usable = sum(not each.why_not for each in found)
    money = f", {sums(_sums(found))} idle" if _sums(found) else ""
    click.echo(f"{len(found)} in the pool, {usable} usable now{money}.")


def _sums(found: list[Idle]) -> tuple[Any, ...]:
    from cpbillmgr.model.money import totals

    return totals(each.left for each in found if each.left is not None)


def _cells(each: Idle) -> list[str]:
    known = each.license
    return [
        known.id,
        known.tariff_name or str(known.tariff),
        day(each.usable_from) if each.why_not else "now",
        day(known.expires) or "no end",
        str(each.left or ""),
        _best_use(each),
        known.remote,
    ]


def _best_use(each: Idle) -> str:
    """Return what becomes of a license if nothing changes.

    ==========================  ====================================
    it                          best use
    ==========================  ====================================
    has a child that waits      the child
    ends before it is usable    expires unused
    may not be taken            why
    has an end                  expires unused, unless one comes
    otherwise                   waits for one
    ==========================  ====================================
    """
    if each.taker is not None:
        return f"service {each.taker.service} {each.taker.addon}"
    if each.is_lost:
        return f"expires unused on {each.license.expires}"
    if each.why_not:
        return each.why_not
    return f"expires unused on {each.license.expires}" if each.license.expires else "none waits for it"


def _object(each: Idle) -> dict[str, Any]:
    known = each.license
    return {
        "id": known.id,
        "remote": known.remote,
        "tariff": known.tariff,
        "tariff_name": known.tariff_name,
        "period": known.period,
        "status": known.status.value,
        "usable_from": each.usable_from.isoformat() if each.usable_from else None,
        "expires": known.expires.isoformat() if known.expires else None,
        "idle": each.left.digits if each.left else None,
        "currency": each.left.currency if each.left else None,
        "why_not": each.why_not or None,
        "service": each.taker.service if each.taker else None,
        "addon": each.taker.addon if each.taker else None,
        "best_use": _best_use(each),
    }
