"""``remote``: the processing modules, each an account at a remote billing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.terminal.json import print_json

if TYPE_CHECKING:
    from cpbillmgr.config.settings.schema import RemoteSettings
    from cpbillmgr.model.catalogue import Account
    from cpbillmgr.model.money import Money
    from cpbillmgr.runs.remotes import Health


@click.group()
def remote() -> None:
    """The remotes that licenses are bought from: which, what we may do there, what they sell."""


@remote.command("list")
@common_options
def list_(*, common: Common) -> int:
    """List the remotes of the settings, in the order in which they are used. Nobody is asked."""
    from cpbillmgr.cli.terminal.screen import Column, show_table
    from cpbillmgr.runs.remotes import list_remotes

    found = list_remotes(common.where)
    if common.as_json:
        print_json({"schema": "cpbillmgr/remotes/1", "remotes": [_remote_object(each) for each in found]})
    elif common.quiet:
        for each in found:
            click.echo(each.name)
    else:
        titles = ("name", "sort", "sells", "generation", "user", "department", "url")
        columns = [Column(title, wraps=title in ("user", "department", "url")) for title in titles]
        show_table(columns, [_remote_cells(each) for each in found])
        if not found:
            click.echo("No remote is configured. Write a first file with 'cpbillmgr config init'.", err=True)
    return 0


@remote.command()
@click.argument("name", required=False)
@common_options
def check(*, common: Common, name: str | None) -> int:
    """Log in to every remote, or to NAME, and tell what our account may do there. Nothing is changed.

    An account that may order nothing is an error; one that may not suspend or delete is warned about.
    """
    from cpbillmgr.cli.terminal.screen import Column, show_table
    from cpbillmgr.runs.remotes import check_remotes

    found = check_remotes(common.where, name)
    if common.as_json:
        _print_json("checks", found, [_check_object(each) for each in found])
    elif not common.quiet:
        columns = [
            Column("remote"),
            Column("account", wraps=True),
            Column("balance", right=True),
            *(Column(title, wraps=True) for title in ("may", "version")),
        ]
        show_table(columns, [_check_cells(each.remote, each.account) for each in found if each.account])
    return _exit_code(common, found)


@remote.command()
@click.argument("name", required=False)
@common_options
def balance(*, common: Common, name: str | None) -> int:
    """Tell the money that can be spent at every remote, or at NAME."""
    from cpbillmgr.cli.terminal.screen import Column, show_table
    from cpbillmgr.runs.remotes import check_remotes

    found = check_remotes(common.where, name, rights=False)
    told = [(each.remote, each.account.balance) for each in found if each.account]
    if common.as_json:
        _print_json("balances", found, [{"remote": name, **_money(money)} for name, money in told])
    elif common.quiet:
        for _, money in told:
            click.echo(money.digits if money else "?")
    else:
        columns = [Column("remote"), Column("balance", right=True)]
        show_table(columns, [[name, str(money or "not told")] for name, money in told])
    return _exit_code(common, found)


@remote.command()
@click.argument("name", required=False)
@common_options
def presets(*, common: Common, name: str | None) -> int:
    """Print the tariffs that a remote sells to us, each as ID-NAME: a name that means this tariff."""
    from cpbillmgr.cli.options.working import about_one
    from cpbillmgr.cli.terminal.text import harmless
    from cpbillmgr.runs.remotes import presets

    remote = about_one(common, name, option="remote presets")
    found = presets(common.where, remote)
    if common.as_json:
        listed = [{"preset": f"{each.id}-{each.name}", "id": each.id, "name": each.name} for each in found]
        print_json({"schema": "cpbillmgr/presets/1", "remote": remote, "presets": listed})
        return 0
    for each in found:
        click.echo(harmless(f"{each.id}-{each.name}"))
    return 0


def _exit_code(common: Common, found: list[Health]) -> int:
    """Tell what is wrong with each remote, and return the exit code of the first error."""
    from cpbillmgr.cli.terminal.errors import tell_errors
    from cpbillmgr.cli.terminal.text import harmless

    if not common.as_json:
        for warning in (warning for each in found for warning in each.warnings):
            click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)
    return tell_errors([each.error for each in found if each.error])


def _print_json(noun: str, found: list[Health], listed: list[dict[str, Any]]) -> None:
    from cpbillmgr.cli.terminal.errors import first_error

    shown: dict[str, Any] = {"schema": f"cpbillmgr/{noun}/1", noun: listed}
    shown["warnings"] = [warning for each in found for warning in each.warnings]
    print_json(shown | first_error([each.error for each in found if each.error]))


def _check_object(each: Health) -> dict[str, Any]:
    account = each.account
    return {
        "remote": each.remote,
        "account": account.name if account else None,
        "version": account.version or None if account else None,
        **_money(account.balance if account else None),
        "may_order": account is not None,
        "may_suspend": account is not None and account.may_suspend,
        "may_delete": account is not None and account.may_delete,
        "error": str(each.error) if each.error else None,
    }


def _check_cells(remote: str, account: Account) -> list[str]:
    rights = {"order": True, "suspend": account.may_suspend, "delete": account.may_delete}
    may = ", ".join(right for right, granted in rights.items() if granted)
    return [remote, account.name, str(account.balance or ""), may, account.version]


def _money(money: Money | None) -> dict[str, str | None]:
    return {"amount": money.digits if money else None, "currency": money.currency if money else None}


def _remote_cells(each: RemoteSettings) -> list[str]:
    generation = str(each.generation)
    return [
        each.name,
        str(each.sort),
        each.product_type,
        generation,
        each.user,
        each.department or "",
        each.url,
    ]


def _remote_object(each: RemoteSettings) -> dict[str, Any]:
    minimum = each.minimal_balance
    return {
        "name": each.name,
        "url": each.url,
        "user": each.user or None,
        "generation": each.generation,
        "product_type": each.product_type,
        "sort": each.sort,
        "minimal_balance": None if minimum is None else f"{minimum:.2f}",
        "department": each.department,
        "datacenter": each.datacenter,
    }
