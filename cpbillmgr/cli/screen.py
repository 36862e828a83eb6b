"""Tables and progress: drawn on a terminal, plain text where the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.text import harmless

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; those that ``wrap`` share the room that the others leave on a terminal."""

    title: str
    right: bool = False
    wraps: bool = False


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Show rows below their titles; nothing at all when there are none."""
    safe = [[harmless(cell) for cell in row] for row in rows]
    if safe and sys.stdout.isatty():
        _draw(columns, safe)
    elif safe:
        for line in _lines(columns, safe):
            click.echo(line)


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
    if not sys.stdout.isatty():
        cells = [[*row, *why] for row, why in zip(rows, reasons, strict=True)]
        show_table([*columns, *map(Column, titles)], cells)
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    heads, *lines = _lines(columns, [[harmless(cell) for cell in row] for row in rows])
    console.print(Text(heads, "bold"), soft_wrap=True)
    for line, style, why in zip(lines, styles, reasons, strict=True):
        console.print(Text(line, style), soft_wrap=True)
        for reason in filter(None, why):
            console.print(Padding(Text(harmless(reason), "dim"), (0, 0, 0, 4)))


def _lines(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(column.title), *(len(row[n]) for row in rows)) for n, column in enumerate(columns)]
    for row in ([column.title for column in columns], *rows):
        cells = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _draw(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            column.title,
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=not column.wraps,
            ratio=1 if column.wraps else None,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


class Bars:
    """Progress on stderr: bars if ``shown``, until they are stopped; a line for each end if ``told``."""

    def __init__(self, *, shown: bool, told: bool) -> None:
        self._shown, self._told = shown, told
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def watch(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done; a ``total`` of 0 is not known."""
        if self._told and done == total:
            click.echo(f"cpbillmgr: {what}: {done} of {total}", err=True)
        if not self._shown:
            return
        from rich.console import Console
        from rich.progress import Progress

        if self._progress is None:
            self._progress = Progress(console=Console(stderr=True), transient=True)
            self._progress.start()
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what)
        self._progress.update(self._tasks[what], completed=done, total=total or None)

    def stop(self) -> None:
        """Clear the bars away, so that something else can be shown or asked."""
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._tasks = None, {}


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Iterator[Bars]:
    """Yield progress bars, shown where somebody sees them, and clear them away when the run ends."""
    bars = Bars(shown=not quiet and not verbose and sys.stderr.isatty(), told=verbose)
    try:
        yield bars
    finally:
        bars.stop()


def show_facts(facts: dict[str, str]) -> None:
    """Show what is known of one thing, a line for each fact; what is not known is left out."""
    known = {title: harmless(value) for title, value in facts.items() if value}
    width = max(map(len, known), default=0)
    for title, value in known.items():
        click.echo(f"{title.ljust(width)}  {value}")
