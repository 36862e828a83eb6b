"""``audit``: what of our services and licenses is not as it should be, with the command that mends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, short_list_option
from cpbillmgr.cli.options.working import working_everywhere
from cpbillmgr.cli.terminal.errors import first_error, tell_errors
from cpbillmgr.cli.terminal.json import money_object, print_json
from cpbillmgr.cli.terminal.text import harmless, sums

if TYPE_CHECKING:
    from cpbillmgr.errors import CpbillmgrError
    from cpbillmgr.planner.audit.findings import Audit, Finding

NOT_CLEAN = 4
_TITLES = ("class", "service", "license", "ip", "amount")
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~])")
_BAR = r"\|"


@click.command()
@click.option("--expect-clean", is_flag=True, help="Exit 4 when there is anything to mend.")
@click.option("--markdown", is_flag=True, help="Answer with a table in Markdown, for a ticket.")
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one.")
@short_list_option
@common_options
def audit(
    *, common: Common, expect_clean: bool, markdown: bool, remote: str | None, accept_short_list: bool
) -> int:
    """Compare our services with the licenses of every remote, and tell what is not as it should be.

    Each finding has a reason, the amount at stake, and the command that mends it, where one does. Nothing is
    changed. Findings that are information do not count for --expect-clean; a remote that cannot be asked is
    an error.
    """
    from cpbillmgr.runs.audit import audit as run

    with working_everywhere(common, "audit", dry_run=True, remote=remote) as sites:
        found, errors = run(sites, accept_short_list=accept_short_list)
        titles = [*_TITLES, "remote"] if len(sites) > 1 else [*_TITLES]
    if common.as_json:
        print_json(_object(found, errors))
    elif markdown:
        _show_markdown(found, titles)
    elif not common.quiet:
        _show(found, titles)
    return tell_errors(errors) or (NOT_CLEAN if expect_clean and not found.is_clean else 0)


def _show(found: Audit, titles: list[str]) -> None:
    from cpbillmgr.cli.terminal.screen import Column, show_reasons

    show_reasons(
        [Column(title, right=title == "amount", wraps=title == "remote") for title in titles],
        [_cells(each)[: len(titles)] for each in found.findings],
        [(each.why, each.mend) for each in found.findings],
        ["yellow" if each.is_dirt else "" for each in found.findings],
        titles=("why", "mend"),
    )
    click.echo(_summary(found))


def _show_markdown(found: Audit, titles: list[str]) -> None:
    """Show the findings for a ticket, where no text of the remote is taken for markup."""
    click.echo(f"| {' | '.join((*titles, 'why', 'mend'))} |")
    ruler = ("--:" if title == "amount" else "---" for title in (*titles, "why", "mend"))
    click.echo(f"|{'|'.join(ruler)}|")
    for each in found.findings:
        shown = (*_cells(each)[: len(titles)], each.why)
        cells = [_MARKUP.sub(r"\\\1", harmless(cell)) for cell in shown]
        click.echo(f"| {' | '.join((*cells, _code(each.mend)))} |")
    click.echo(f"\n{_summary(found)}")


def _code(line: str) -> str:
    """Return a command line as code in a Markdown table, in more backticks than it has itself."""
    if not line:
        return ""
    marks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    return f"{marks}{harmless(line).replace('|', _BAR)}{marks}"


def _cells(each: Finding) -> list[str]:
    return [
        each.kind.value,
        " ".join(filter(None, (each.service, each.addon))),
        each.license or "",
        each.ip,
        str(each.amount or ""),
        each.remote,
    ]


def _summary(found: Audit) -> str:
    from cpbillmgr.planner.audit.findings import at_stake

    dirt = [each for each in found.findings if each.is_dirt]
    rest = [each for each in found.findings if not each.is_dirt]
    parts = [
        f"{len(each)} {what}{f' ({sums(at_stake(each))})' if at_stake(each) else ''}"
        for each, what in ((dirt, "to mend"), (rest, "for information"))
    ]
    return f"{', '.join(parts)}, {found.in_order} in order."


def _object(found: Audit, errors: list[CpbillmgrError]) -> dict[str, Any]:
    from cpbillmgr.planner.audit.findings import Kind, at_stake

    counts = {kind.value: sum(each.kind is kind for each in found.findings) for kind in Kind}
    return {
        "schema": "cpbillmgr/audit/1",
        "remote": found.remotes[0] if len(found.remotes) == 1 else None,
        "remotes": list(found.remotes),
        "clean": found.is_clean and not errors,
        "findings": [_finding(each) for each in found.findings],
        "totals": {
            **counts,
            "dirt": sum(each.is_dirt for each in found.findings),
            "in_order": found.in_order,
        },
        "at_stake": [money_object(each) for each in at_stake(found.findings)],
        **first_error(errors),
    }


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "class": each.kind.value,
        "dirt": each.is_dirt,
        "service": each.service,
        "addon": each.addon,
        "remote": each.remote,
        "license": each.license,
        "ip": each.ip or None,
        "amount": each.amount.digits if each.amount else None,
        "currency": each.amount.currency if each.amount else None,
        "why": each.why,
        "mend": each.mend or None,
    }
