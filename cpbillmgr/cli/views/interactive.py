"""``--interactive``: a person is asked about each change of a plan, and answers with a letter."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.options.shared import Common
from cpbillmgr.cli.terminal.screen import painted, show_reason, terminal_width
from cpbillmgr.cli.terminal.table import wrapped
from cpbillmgr.cli.terminal.text import harmless
from cpbillmgr.cli.views.report import row_cells, row_reasons, summary
from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.planner.needs.strands import strands

if TYPE_CHECKING:
    from cpbillmgr.cli.terminal.screen import Watcher
    from cpbillmgr.runs.looking.look import Choose

LETTERS = {
    "y": "yes, carry it out",
    "n": "no, skip it",
    "a": "carry out this one, and all others of its kind",
    "s": "skip this one, and all others of its kind",
    "q": "quit: skip all that is left, and sum up what was agreed to",
}


def check_interactive(others: dict[str, bool]) -> None:
    """Raise ``UsageWrong`` where nobody can be asked, or where an option leaves nothing to be asked about."""
    for option, given in others.items():
        if given:
            raise UsageWrong(f"--interactive and {option} exclude each other")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageWrong(
            "--interactive needs a terminal to ask at",
            hint="Look with --dry-run, then act with --yes, or for some services with --service",
        )


def choice(common: Common, watcher: Watcher) -> Choose:
    """Return how to have a person choose among the changes of a plan."""

    def ask(report: Report) -> Report:
        watcher.stop()
        return choose(report, verbose=common.verbose)

    return ask


def choose(report: Report, *, verbose: bool) -> Report:
    """Return the report of a plan with each change that a person declines as skipped.

    ======  ========================================  ============================
    answer  the change that is asked about            those after it
    ======  ========================================  ============================
    y       stays planned                             are asked about
    n       is skipped                                are asked about
    a       stays planned                             of its kind, stay planned
    s       is skipped                                of its kind, are skipped
    q       is skipped                                are skipped
    ======  ========================================  ============================

    What builds upon a change that is skipped is skipped too. What the plan holds is not asked about.
    """
    before = _before(report)
    total = report.count(Outcome.PLANNED)
    answered: dict[Action, str] = {}  # for all of a kind
    rows: list[Row] = []
    number, last = 0, ""
    for place, row in enumerate(report.rows):
        if row.outcome is not Outcome.PLANNED:
            rows.append(row)
            continue
        number += 1
        if any(rows[each].outcome is Outcome.SKIPPED for each in before[place]):
            rows.append(replace(row, outcome=Outcome.SKIPPED))
            continue
        if last != "q":
            remote = f" at {row.decision.child.remote}" if report.is_of_several else ""
            last = answered.get(row.decision.action) or _asked(
                row, remote, f"{number}/{total}", verbose=verbose
            )
            if last in "as":
                answered[row.decision.action] = last
        rows.append(row if last in "ya" else replace(row, outcome=Outcome.SKIPPED))
    return replace(report, rows=tuple(rows))


def _before(report: Report) -> dict[int, list[int]]:
    """Return, by place, the places of the changes that have to be done before."""
    return {
        place: [other for other, _ in strand[:number]]
        for strand in strands([row.decision for row in report.rows])
        for number, (place, _) in enumerate(strand)
    }


def agree_to_chosen(report: Report) -> bool:
    """Sum up what was agreed to, and ask once more whether it is to be carried out."""
    for line in wrapped(summary(report), terminal_width()):
        click.echo(line, err=True)
    return click.confirm("Carry out what you have agreed to?", err=True)


def _asked(row: Row, remote: str, place: str, *, verbose: bool) -> str:
    """Show one change with its cost and its reasons, and return the letter that is typed."""
    action, service, ip, tariff, license, cost = map(harmless, row_cells(row))
    what = f"{action} license {license}" if license else action
    room = terminal_width()
    for line in wrapped(f"{what} for service {service}, {ip}{remote}: {tariff}, {cost or 'no cost'}", room):
        click.echo(painted(line, "bold", err=True), err=True)
    for reason in filter(None, row_reasons(row, verbose=verbose)):
        show_reason(harmless(reason), room, err=True)
    while True:
        click.echo(f"({place}) {action}? [{','.join(LETTERS)},?] ", err=True, nl=False)
        line = sys.stdin.readline()
        if not line:  # the terminal was closed
            raise click.Abort
        letter = line.strip().lower()
        if letter in LETTERS:
            return letter
        for known, meaning in LETTERS.items():
            click.echo(f"{known}  {meaning}", err=True)
