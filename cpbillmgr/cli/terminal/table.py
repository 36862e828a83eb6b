"""Tables as lines of text: they line up whatever alphabet is in them, and fit the room that there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = 2  # cells between two columns
NARROW = 8  # cells; columns that wrap give room down to this, then all do
NARROWEST = 4
IPV4 = 15  # cells of an address, which nobody wants to see folded


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; those that ``wrap`` give room first where the terminal is narrow."""

    title: str
    right: bool = False
    wraps: bool = False

    @property
    def least(self) -> int:
        """How narrow it becomes before those that do not wrap give room too."""
        return IPV4 if self.title == "ip" else NARROW


def table_lines(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int | None
) -> Iterator[list[str]]:
    """Yield the titles and then each row, all as lines; ``room`` is in cells of the terminal, or unlimited.

    A row takes several lines when a cell of it is folded. Cells are taken to be harmless.
    """
    titles = [column.title for column in columns]
    natural = [max(map(cells, column)) for column in zip(titles, *rows, strict=True)]
    widths = natural if room is None else _fitted(columns, natural, room - GAP * (len(columns) - 1))
    for row in (titles, *rows):
        yield [_line(columns, widths, line) for line in _folded(row, widths)]


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: two for a wide character, none for a mark on one.

    >>> cells("web"), cells("日本")
    (3, 4)
    """
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrapped(text: str, room: int) -> list[str]:
    """Return a text as lines of at most so many cells; words are broken where they are longer.

    >>> wrapped("license 501 is gone", 11)
    ['license 501', 'is gone']
    """
    if cells(text) <= room:
        return [text]
    from rich.console import Console
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(text).wrap(Console(), room, overflow="fold")]


def _fitted(columns: Sequence[Column], natural: Sequence[int], room: int) -> list[int]:
    """Return widths that fit: the widest column that may give room gives it."""
    widths = [*natural]
    wrapping = [
        column.least if column.wraps else width for column, width in zip(columns, widths, strict=True)
    ]
    for least in (wrapping, [NARROWEST] * len(widths)):
        while sum(widths) > room and (givers := [n for n, width in enumerate(widths) if width > least[n]]):
            widths[max(givers, key=widths.__getitem__)] -= 1
    return widths


def _folded(row: Iterable[str], widths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    folded = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, folded))
    return zip(*(cell + [""] * (height - len(cell)) for cell in folded), strict=True)


def _line(columns: Sequence[Column], widths: Sequence[int], row: Sequence[str]) -> str:
    padded = []
    for column, width, cell in zip(columns, widths, row, strict=True):
        padding = " " * (width - cells(cell))
        padded.append(padding + cell if column.right else cell + padding)
    return (" " * GAP).join(padded).rstrip()
