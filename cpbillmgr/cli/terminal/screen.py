"""The screen: tables, facts and progress, drawn on a terminal, plain text where the output goes elsewhere.

A colour means the same wherever it stands:

======  =====================================================
green   done
yellow  waits: for a look, for a day, for a person
red     failed, or refused
dim     left alone, or only explains
======  =====================================================
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.terminal.table import Column, table_lines, wrapped
from cpbillmgr.cli.terminal.text import harmless, time
from cpbillmgr.errors import Interrupted

if TYPE_CHECKING:
    from datetime import datetime

    from cpbillmgr.cli.terminal.bars import Bars

__all__ = [
    "STATUS_STYLES",
    "Column",
    "Watcher",
    "painted",
    "progress",
    "show_facts",
    "show_reason",
    "show_reasons",
    "show_sum",
    "show_table",
    "show_words",
    "shown_time",
    "terminal_width",
]
INDENT = 4  # cells before a reason
SOON = 1.0  # seconds; a run that is done sooner shows no bars
STATUS_STYLES = {"ordered": "yellow", "processing": "yellow", "suspended": "dim", "deleted": "dim"}


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: Sequence[str] = ()) -> None:
    """Show rows below their titles, each in its style; nothing at all when there are none."""
    show_reasons(columns, rows, [()] * len(rows), styles or [""] * len(rows), titles=())


def show_reasons(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    reasons: Sequence[Sequence[str]],
    styles: Sequence[str],
    titles: Sequence[str] = ("why",),
) -> None:
    """Show rows, each with its reasons: below it on a terminal, in columns where output goes elsewhere.

    An empty reason takes no line.
    """
    if not rows:
        return
    safe = [[harmless(cell) for cell in row] for row in rows]
    why = [[harmless(reason) for reason in each] for each in reasons]
    if not sys.stdout.isatty():
        whole = [[*row, *each] for row, each in zip(safe, why, strict=True)]
        for lines in table_lines([*columns, *map(Column, titles)], whole, None):
            click.echo("\n".join(lines))
        return
    room = terminal_width()
    heads, *shown = table_lines(columns, safe, room)
    click.echo(painted("\n".join(heads), "bold"))
    for lines, style, each in zip(shown, styles, why, strict=True):
        click.echo(painted("\n".join(lines), style))
        for reason in filter(None, each):
            show_reason(reason, room)


def show_reason(reason: str, room: int, *, err: bool = False) -> None:
    """Show a reason below what it explains."""
    for line in wrapped(reason, max(room - INDENT, INDENT)):
        click.echo(" " * INDENT + painted(line, "dim", err=err), err=err)


def show_words(text: str) -> None:
    """Show a sentence: on a terminal in as many lines as it takes."""
    for line in wrapped(text, terminal_width()) if sys.stdout.isatty() else [text]:
        click.echo(line)


def show_sum(text: str) -> None:
    """Sum a list up in a last line, where a person looks at it: elsewhere the lines are counted."""
    if sys.stdout.isatty():
        show_words(text)


def show_facts(facts: dict[str, str]) -> None:
    """Show what is known of one thing, a line for each fact; what is not known is left out."""
    known = {harmless(title): harmless(value) for title, value in facts.items() if value}
    room = terminal_width() if sys.stdout.isatty() else None
    _, *rows = table_lines([Column(""), Column("", wraps=True)], [*known.items()], room)
    for lines in rows:
        click.echo("\n".join(lines))


def shown_time(when: datetime | None) -> str:
    """Return a time in UTC, to the second; on a terminal, a narrow table may fold it between day and hour."""
    return time(when).replace("T", " ") if sys.stdout.isatty() else time(when)


def painted(text: str, style: str, *, err: bool = False) -> str:
    """Return a text in a colour, bold or dim; as it is without a terminal, or with ``NO_COLOR``."""
    stream = sys.stderr if err else sys.stdout
    if not style or not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    if style in ("bold", "dim"):
        return click.style(text, bold=style == "bold" or None, dim=style == "dim" or None)
    return click.style(text, fg=style)


def terminal_width() -> int:
    """Return how many cells a line of the terminal has."""
    return shutil.get_terminal_size().columns


class Watcher:
    """Shows progress: bars on long work if ``shown``, until stopped; a line for each end if ``told``."""

    def __init__(self, *, shown: bool, told: bool) -> None:
        self._shown, self._told = shown, told
        self._bars: Bars | None = None
        self._began = monotonic()

    def watch(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done; a ``total`` of 0 is not known.

        Tell in any case that an interrupted run waits, and for what.
        """
        if what == Interrupted.kind:
            self.stop()
            told = "waiting for the calls that were sent; Ctrl-C again leaves them to the next run"
            click.echo(f"cpbillmgr: {told}", err=True)
            return
        if self._told and done == total:
            click.echo(f"cpbillmgr: {what}: {done} of {total}", err=True)
        if not self._shown or monotonic() - self._began < SOON:
            return
        if self._bars is None:
            from cpbillmgr.cli.terminal.bars import Bars

            self._bars = Bars()
        self._bars.show(what, done, total)

    def stop(self) -> None:
        """Clear the bars away, so that something else can be shown or asked."""
        if self._bars is not None:
            self._bars.stop()
        self._bars = None


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Watcher]:
    """Yield what shows progress where somebody sees it, and clear it away when the run ends."""
    watcher = Watcher(shown=not quiet and not verbose and sys.stderr.isatty(), told=verbose)
    try:
        yield watcher
    finally:
        watcher.stop()
