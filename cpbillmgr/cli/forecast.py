"""``forecast``: what renewals will cost, day by day, against the balance."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, short_list_option
from cpbillmgr.cli.options.working import working_everywhere
from cpbillmgr.cli.terminal.errors import first_error, tell_errors
from cpbillmgr.cli.terminal.json import money_object, print_json
from cpbillmgr.cli.terminal.text import counted, sums

if TYPE_CHECKING:
    from cpbillmgr.errors import CpbillmgrError
    from cpbillmgr.planner.forecast import Day, Forecast, Ledger

LONGEST = 3660  # days: ten years


@click.command()
@click.option(
    "--days", type=click.IntRange(1, LONGEST), default=30, show_default=True, help="How many, with today."
)
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one.")
@short_list_option
@common_options
def forecast(*, common: Common, days: int, remote: str | None, accept_short_list: bool) -> int:
    """Tell what the renewals of the next days will cost, and on which day the balance does not suffice.

    A license that ends several times in these days is renewed several times. Orders that are yet to come
    are not foretold. Each account pays for what its remotes renew.
    """
    from cpbillmgr.runs.forecast import forecast as run

    with working_everywhere(common, "forecast", dry_run=True, remote=remote) as sites:
        found, errors = run(sites, days, accept_short_list=accept_short_list)
    named = len(found.ledgers) > 1 or bool(errors)  # whether it has to be said which account is meant
    if common.as_json:
        print_json(_object(found, errors))
    elif common.quiet:
        for cost in found.cost:
            click.echo(cost)
    else:
        _show(found, named=named)
    for name, license in found.unpriced:
        whose = f"{name}: " if named else ""
        told = f"{whose}the remote tells no price to renew license {license} for; renew it there"
        click.echo(f"cpbillmgr: warning: {told}", err=True)
    return tell_errors(errors)


def _show(found: Forecast, *, named: bool) -> None:
    from cpbillmgr.cli.terminal.screen import Column, show_table, show_words

    columns = [Column("day"), *(Column(title, right=True) for title in ("renewals", "cost", "left"))]
    columns += [Column("remote", wraps=True)] if named else []
    show_table(columns, [_cells(each)[: len(columns)] for each in found.days])
    for ledger in sorted(found.ledgers, key=_ends):
        show_words(_verdict(ledger, f" at {_names(ledger)}" if named else ""))
    click.echo(_summary(found))


def _cells(each: Day) -> list[str]:
    return [str(each.date), str(len(each.renewals)), sums(each.cost), str(each.left or ""), _names(each)]


def _names(each: Day | Ledger) -> str:
    return ", ".join(each.remotes)


def _ends(ledger: Ledger) -> date:
    """Return what puts first the account that falls short first."""
    return ledger.first_short.date if ledger.first_short else date.max


def _verdict(ledger: Ledger, where: str) -> str:
    if ledger.balance is None:
        return f"The balance{where} is not told."
    short = ledger.first_short
    if short is None or short.left is None:
        return f"The balance of {ledger.balance}{where} suffices."
    return f"The balance of {ledger.balance}{where} does not suffice on {short.date}: {short.left} then."


def _summary(found: Forecast) -> str:
    renewals = counted(sum(len(day.renewals) for day in found.days), "renewal")
    return f"{found.length} days from {found.first}: {renewals}, cost {sums(found.cost) or 'nothing'}."


def _object(found: Forecast, errors: list[CpbillmgrError]) -> dict[str, Any]:
    accounts = [_account(each) for each in found.ledgers]
    return {
        "schema": "cpbillmgr/forecast/1",
        "first_day": found.first.isoformat(),
        "length": found.length,
        "balance": accounts[0]["balance"] if len(accounts) == 1 else None,
        "accounts": accounts,
        "days": [_day(each) for each in found.days],
        "cost": [money_object(each) for each in found.cost],
        "first_short": _first_short(found),
        "unpriced": [license for _, license in found.unpriced],
        **first_error(errors),
    }


def _account(each: Ledger) -> dict[str, Any]:
    return {
        "remotes": list(each.remotes),
        "balance": money_object(each.balance) if each.balance else None,
        "first_short": _first_short(each),
    }


def _first_short(of: Forecast | Ledger) -> str | None:
    return of.first_short.date.isoformat() if of.first_short else None


def _day(each: Day) -> dict[str, Any]:
    return {
        "date": each.date.isoformat(),
        "remotes": list(each.remotes),
        "licenses": [decision.renews for decision in each.renewals],
        "cost": [money_object(cost) for cost in each.cost],
        "left": money_object(each.left) if each.left else None,
    }
