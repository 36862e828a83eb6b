"""``config``: what is in force, what is wrong with it, and which line decides."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.views.agreement import answered

if TYPE_CHECKING:
    from cpbillmgr.config.choice import Choice


@click.group()
def config() -> None:
    """Settings and directives: check, show, explain, begin."""


@config.command()
@click.option("--offline", is_flag=True, help="Read the files only; do not ask the remote.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one that sells licenses.")
@common_options
def check(*, common: Common, offline: bool, strict: bool, remote: str | None) -> int:
    """Tell every problem of settings, directives and inventory, with file and line.

    Unless --offline it logs in, and holds each line and service against what the remote sells.
    """
    from cpbillmgr.cli.terminal.text import counted, harmless
    from cpbillmgr.errors import ConfigInvalid
    from cpbillmgr.runs.check import check_config

    checked = check_config(common.where, remote, offline=offline, strict=strict)
    if checked.errors:
        _warn(checked.warnings)
        raise ConfigInvalid([*checked.errors])
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/check/1",
                "files": list(checked.files),
                "account": checked.account,
                "warnings": list(checked.warnings),
            }
        )
        return 0
    _warn(checked.warnings)
    if not common.quiet:
        for file in checked.files:
            click.echo(f"read {file}")
        if checked.account:
            click.echo(f"logged in as {harmless(checked.account)}")
        click.echo(f"No errors, {counted(len(checked.warnings), 'warning')}.")
    return 0


@config.command()
@common_options
def show(*, common: Common) -> int:
    """Show what is in force, defaults and environment included; secrets by where they come from."""
    import os

    import tomli_w

    from cpbillmgr.config.settings.loading import load_settings
    from cpbillmgr.config.settings.show import masked
    from cpbillmgr.runs.site import settings_file

    path = settings_file(common.where)
    shown = masked(load_settings(path, os.environ))
    if common.as_json:
        print_json({"schema": "cpbillmgr/settings/1", "file": str(path) if path else None, "settings": shown})
    else:
        click.echo(f"# {path or 'no settings file'}")
        click.echo(tomli_w.dumps(shown), nl=False)
    return 0


@config.command()
@click.argument("name")
@click.option("--period", type=int, metavar="L", help="Local period id of the main service.")
@click.option("--months", type=int, help="Length of that period.")
@click.option("--type", "type_", metavar="TYPE", help="Type of the main service, such as vds.")
@click.option("--tariff", type=int, metavar="T", help="Local tariff of the main service.")
@click.option("--offline", is_flag=True, help="Without the remote's price list.")
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@common_options
def explain(
    *,
    common: Common,
    name: str,
    period: int | None,
    months: int | None,
    type_: str | None,
    tariff: int | None,
    offline: bool,
    remote: str | None,
) -> int:
    """Tell which line, alignment or default decides the remote tariff and period of NAME.

    NAME is the internal name of an enumeration's element, or of a logic add-on. An alignment that compares
    with a tariff is taken into account when --type and --tariff are given.
    """
    from cpbillmgr.cli.options.working import about_one
    from cpbillmgr.config.lint.explain import Question
    from cpbillmgr.runs.check import explain_name

    about = about_one(common, remote)
    answer = explain_name(common.where, about, Question(name, period, months, type_, tariff), offline=offline)
    if common.as_json:
        choices = {"tariff": answer.tariff, "period": answer.period}
        shown = {what: _choice_object(choice) for what, choice in choices.items() if choice}
        print_json({"schema": "cpbillmgr/explanation/1", "remote": about, "name": name, **shown})
        return 0
    _show_choice("remote tariff", answer.tariff)
    if answer.period is not None:
        _show_choice("remote period", answer.period)
    return 0


@config.command()
@click.option(
    "--url", help="Of the remote, for instance https://HOST/manager/billmgr; asked for unless given."
)
@click.option("--user", help="Login name at the remote, never the password; asked for unless given.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    show_default="password, beside FILE",
    help="Where the password stands, mode 600.",
)
@click.option(
    "--generation",
    type=click.Choice(["4", "5", "6"]),
    default="6",
    show_default=True,
    help="Of BILLmanager at the remote.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON on stdout.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def init(
    *,
    url: str | None,
    user: str | None,
    password_file: Path | None,
    generation: str,
    force: bool,
    as_json: bool,
    file: Path | None,
) -> int:
    """Write a first settings file to FILE (readable by its owner only).

    Without FILE it is written where settings are read from: for root in /etc/cpbillmgr, for anybody else in
    ~/.config/cpbillmgr.
    """
    import os

    from cpbillmgr.config.settings.loading import find_settings, first_settings_file
    from cpbillmgr.model.command import command
    from cpbillmgr.runs.check import write_first_settings

    file = file or first_settings_file(os.environ, is_root=os.geteuid() == 0)
    password_file = password_file or file.absolute().parent / "password"

    instead = "Give --url and --user"
    if url is None:
        url = answered(lambda: click.prompt("URL of the remote", err=True), instead)
    if user is None:
        user = answered(lambda: click.prompt("User at the remote", err=True), instead)
    write_first_settings(file, url, user, password_file, int(generation), force=force)
    if as_json:
        print_json({"schema": "cpbillmgr/init/1", "file": str(file), "password_file": str(password_file)})
    else:
        click.echo(f"Wrote {file}.")
        found = str(find_settings(None, os.environ)) == str(file)
        check = command("config", "check", *([] if found else ["--settings", str(file)]))
        click.echo(f"Put the password into {password_file} (mode 600), then run '{check}'.")
    return 0


def _show_choice(what: str, choice: Choice) -> None:
    from cpbillmgr.cli.terminal.text import harmless

    click.echo(f"{what}: {choice.value}  ({harmless(choice.because)})")
    for lost in choice.lost:
        click.echo(f"  not: {harmless(lost)}")
    _warn(choice.warnings)


def _warn(warnings: Iterable[str]) -> None:
    from cpbillmgr.cli.terminal.text import harmless

    for warning in warnings:
        click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)


def _choice_object(choice: Choice) -> dict[str, Any]:
    return {
        "value": choice.value,
        "because": choice.because,
        "line": choice.line,
        "lost": list(choice.lost),
        "warnings": list(choice.warnings),
    }
