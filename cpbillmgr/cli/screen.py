"""Tables and progress: drawn on a terminal, plain text where the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from cpbillmgr.cli.text import harmless
from cpbillmgr.runs.watch import Watch, unwatched


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; at most one ``wraps``, and takes the room that the others leave."""

    title: str
    right: bool = False
    wraps: bool = False


def show_table(columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: Sequence[str] = ()) -> None:
    """Show rows below their titles; nothing at all when there are none."""
    safe = [[harmless(cell) for cell in row] for row in rows]
    if not safe:
        return
    if sys.stdout.isatty():
        _draw(columns, safe, styles or [""] * len(safe))
    else:
        _print(columns, safe)


def _print(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(column.title), *(len(row[n]) for row in rows)) for n, column in enumerate(columns)]
    for row in ([column.title for column in columns], *rows):
        cells = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def _draw(columns: Sequence[Column], rows: Sequence[Sequence[str]], styles: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column.title,
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=not column.wraps,
            ratio=1 if column.wraps else None,
        )
    for row, style in zip(rows, styles, strict=True):
        table.add_row(*(Text(cell) for cell in row), style=style)
    Console(highlight=False).print(table)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Watch]:
    """Yield what a run tells its progress to: bars on a terminal's stderr, otherwise nothing."""
    if quiet or not sys.stderr.isatty():
        yield unwatched
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as bars:

        def watch(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield watch


def show_facts(facts: dict[str, str]) -> None:
    """Show what is known of one thing, a line for each fact; what is not known is left out."""
    known = {title: harmless(value) for title, value in facts.items() if value}
    width = max(map(len, known), default=0)
    for title, value in known.items():
        click.echo(f"{title.ljust(width)}  {value}")
