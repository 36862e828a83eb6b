"""The inventory as CSV: one row for each add-on, and one for a service that has none.

The add-on's own columns are called ``addon_id``, ``addon_name``, ``addon_kind``, ``addon_value``,
``addon_nodes`` and ``addon_amounts`` (as in ``55164=50;55165=3``). Rows with the same id are one service, and
their other columns must agree.
"""

from __future__ import annotations

import csv
import io
from reprlib import repr as shown
from typing import Any

from cpbillmgr.sources.csv_table import Wrong, escaped, table_rows
from cpbillmgr.sources.records import Record

_SERVICE = ("id", "type", "name", "ip", "status", "tariff", "period", "months", "expires")
_ADDON = ("id", "name", "kind", "value", "nodes", "amounts")
_COLUMNS = (*_SERVICE, *(f"addon_{name}" for name in _ADDON))
_REQUIRED = ("id", "type", "status")


def csv_records(text: str) -> tuple[list[Record], Wrong]:
    """Return the records, and what is wrong with the table as line and message."""
    rows, wrong = table_rows(text, _COLUMNS, _REQUIRED)
    services: dict[str, tuple[int, dict[str, str]]] = {}
    addons: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in rows:
        service, addon = _split(row)
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
            amounts = ";".join(f"{what}={number}" for what, number in (addon.get("amounts") or {}).items())
            row = shared | {f"addon_{name}": addon.get(name) for name in _ADDON} | {"addon_amounts": amounts}
            writer.writerow({column: escaped(value) for column, value in row.items()})
    return output.getvalue()


def _split(row: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the service's columns and the add-on's filled ones."""
    service = {name: value for name, value in row.items() if not name.startswith("addon_")}
    addon = {name.removeprefix("addon_"): value for name, value in row.items() if name.startswith("addon_")}
    return service, addon if any(addon.values()) else {}


def _record(line: int, fields: dict[str, str], addons: list[tuple[int, dict[str, str]]]) -> Record:
    lines = tuple(line for line, _addon in addons)
    return Record({**fields, "addons": [addon for _line, addon in addons]}, line, lines)
