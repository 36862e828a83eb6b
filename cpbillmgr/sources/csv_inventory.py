"""The inventory as CSV: one row for each add-on, and one for a service that has none.

The add-on's own columns are called ``addon_id``, ``addon_name``, ``addon_kind``, ``addon_value`` and
``addon_nodes``. Rows with the same id are one service, and their other columns must agree.

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
from collections.abc import Iterator
from reprlib import repr as shown
from typing import Any

from cpbillmgr.sources.records import Record

_SERVICE = ("id", "type", "name", "ip", "status", "tariff", "period", "months", "expires")
_ADDON = ("id", "name", "kind", "value", "nodes")
_COLUMNS = (*_SERVICE, *(f"addon_{name}" for name in _ADDON))
_REQUIRED = ("id", "type", "status")

_FORMULA = re.compile(r"'*[=+\-@]")
_ESCAPED = re.compile(r"'+[=+\-@]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)

_Wrong = list[tuple[int, str]]


def csv_records(text: str) -> tuple[list[Record], _Wrong]:
    """Return the records, and what is wrong with the table as line and message."""
    wrong: _Wrong = []
    rows = _rows(text, wrong)
    _line, header = next(rows, (1, []))
    wrong += [(1, message) for message in _header_problems(header)]
    if wrong:
        return [], wrong
    services: dict[str, tuple[int, dict[str, str]]] = {}
    addons: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, cells in rows:
        if len(cells) != len(header):
            wrong.append((line, f"the row has {len(cells)} cells, and the header has {len(header)}"))
            continue
        service, addon = _split(dict(zip(header, map(_unescaped, cells), strict=True)))
        first_line, first = services.setdefault(service["id"], (line, service))
        if differing := [name for name in service if service[name] != first[name]]:
            names = ", ".join(differing)
            wrong.append((line, f"service {shown(service['id'])}: {names} differs from line {first_line}"))
        if addon:
            addons.setdefault(service["id"], []).append((line, addon))
    return [_record(line, fields, addons.get(key, [])) for key, (line, fields) in services.items()], wrong


def csv_text(services: list[dict[str, Any]]) -> str:
    """Return the table that ``csv_records`` reads."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for service in services:
        shared = {name: service.get(name) for name in _SERVICE}
        for addon in service["addons"] or [{}]:
            row = shared | {f"addon_{name}": addon.get(name) for name in _ADDON}
            writer.writerow({column: _escaped(value) for column, value in row.items()})
    return output.getvalue()


def _rows(text: str, wrong: _Wrong) -> Iterator[tuple[int, list[str]]]:
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


def _header_problems(header: list[str]) -> Iterator[str]:
    for name in header:
        if name not in _COLUMNS:
            yield f"column {shown(name)} is not known"
    for name in _REQUIRED:
        if name not in header:
            yield f"column {shown(name)} is missing"
    for name, times in Counter(header).items():
        if times > 1:
            yield f"column {shown(name)} is there {times} times"


def _split(row: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the service's columns and the add-on's filled ones."""
    service = {name: value for name, value in row.items() if not name.startswith("addon_")}
    addon = {name.removeprefix("addon_"): value for name, value in row.items() if name.startswith("addon_")}
    return service, addon if any(addon.values()) else {}


def _record(line: int, fields: dict[str, str], addons: list[tuple[int, dict[str, str]]]) -> Record:
    lines = tuple(line for line, _addon in addons)
    return Record({**fields, "addons": [addon for _line, addon in addons]}, line, lines)


def _escaped(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _unescaped(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell
