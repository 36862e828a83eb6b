"""A table in CSV: a header that names known columns, then rows of as many cells.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. Such a cell, unless it
is a number, is written with an apostrophe before it, and read without:

=======================  ============  ===============
value                    cell written  value read back
=======================  ============  ===============
``=1+1``                 ``'=1+1``     ``=1+1``
``-5``                   ``-5``        ``-5``
``'=1+1``                ``''=1+1``    ``'=1+1``
``'quoted'``             ``'quoted'``  ``'quoted'``
=======================  ============  ===============
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from reprlib import repr as shown

Wrong = list[tuple[int, str]]  # a line, and what is wrong with it

_FORMULA = re.compile(r"'*[=+\-@]")
_ESCAPED = re.compile(r"'+[=+\-@]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def table_rows(
    text: str, columns: Sequence[str], required: Sequence[str]
) -> tuple[list[tuple[int, dict[str, str]]], Wrong]:
    """Return each row that is not blank by its columns, with the line that it begins at, and what is wrong.

    A header that is wrong makes all rows meaningless: then there are none.
    """
    wrong: Wrong = []
    rows = _rows(text, wrong)
    _line, header = next(rows, (1, []))
    wrong += [(1, message) for message in _header_problems(header, columns, required)]
    if wrong:
        return [], wrong
    found = []
    for line, cells in rows:
        if len(cells) == len(header):
            found.append((line, dict(zip(header, map(_unescaped, cells), strict=True))))
        else:
            wrong.append((line, f"the row has {len(cells)} cells, and the header has {len(header)}"))
    return found, wrong


def escaped(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _unescaped(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell


def _rows(text: str, wrong: Wrong) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line that it begins at."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        wrong.append((line, f"is no CSV: {error}"))


def _header_problems(header: list[str], columns: Sequence[str], required: Sequence[str]) -> Iterator[str]:
    for name in header:
        if name not in columns:
            yield f"column {shown(name)} is not known"
    for name in required:
        if name not in header:
            yield f"column {shown(name)} is missing"
    for name, times in Counter(header).items():
        if times > 1:
            yield f"column {shown(name)} is there {times} times"
