"""``forecast``: what renewals will cost, day by day, against the balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.json import money_object, print_json
from cpbillmgr.cli.options import Common, common_options, short_list_option
from cpbillmgr.cli.text import sums
from cpbillmgr.cli.working import working

if TYPE_CHECKING:
    from cpbillmgr.planner.forecast import Day, Forecast

LONGEST = 3660  # days: ten years


@click.command()
@click.option(
    "--days", type=click.IntRange(1, LONGEST), default=30, show_default=True, help="How many, with today."
)
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@short_list_option
@common_options
def forecast(*, common: Common, days: int, remote: str | None, accept_short_list: bool) -> int:
    """Tell what the renewals of the next days will cost, and on which day the balance does not suffice.

    A license that ends several times in these days is renewed several times. Orders that are yet to come
    are not foretold.
    """
    from cpbillmgr.runs.forecast import forecast as run

    with working(common, "forecast", dry_run=True, remote=remote) as site:
        found = run(site, days, accept_short_list=accept_short_list)
    if common.as_json:
        print_json(_object(found))
    elif common.quiet:
        for cost in found.cost:
            click.echo(cost)
    else:
        _show(found)
    for license in found.unpriced:
        click.echo(
            f"cpbillmgr: warning: the remote tells no price to renew license {license} for; renew it there",
            err=True,
        )
    return 0


def _show(found: Forecast) -> None:
    from cpbillmgr.cli.screen import Column, show_table

    columns = [Column("day"), *(Column(title, right=True) for title in ("renewals", "cost", "left"))]
    show_table(columns, [_cells(each) for each in found.days])
    click.echo(_verdict(found))
    click.echo(_summary(found))


def _cells(each: Day) -> list[str]:
    return [str(each.date), str(len(each.renewals)), sums(each.cost), str(each.left or "")]


def _verdict(found: Forecast) -> str:
    if found.balance is None:
        return "The remote does not tell the balance."
    short = found.first_short
    if short is None or short.left is None:
        return f"The balance of {found.balance} suffices."
    return f"The balance of {found.balance} does not suffice on {short.date}: {short.left} then."


def _summary(found: Forecast) -> str:
    count = sum(len(day.renewals) for day in found.days)
    renewals = f"{count} renewal{'' if count == 1 else 's'}"
    return f"{found.length} days from {found.first}: {renewals}, cost {sums(found.cost) or 'nothing'}."


def _object(found: Forecast) -> dict[str, Any]:
    short = found.first_short
    return {
        "schema": "cpbillmgr/forecast/1",
        "first_day": found.first.isoformat(),
        "length": found.length,
        "balance": money_object(found.balance) if found.balance else None,
        "days": [_day(each) for each in found.days],
        "cost": [money_object(each) for each in found.cost],
        "first_short": short.date.isoformat() if short else None,
        "unpriced": list(found.unpriced),
    }


def _day(each: Day) -> dict[str, Any]:
    return {
        "date": each.date.isoformat(),
        "licenses": [decision.renews for decision in each.renewals],
        "cost": [money_object(cost) for cost in each.cost],
        "left": money_object(each.left) if each.left else None,
    }
