"""Claims: a table that says which license is to be adopted for which service."""

from __future__ import annotations

from pathlib import Path
from reprlib import repr as shown

from cpbillmgr.errors import Problem
from cpbillmgr.model.licenses import Link
from cpbillmgr.sources.csv_table import table_rows
from cpbillmgr.sources.files import text_of

_COLUMNS = ("license", "service", "addon")
_REQUIRED = ("license", "service")


def read_claims(path: Path, remote: str) -> tuple[dict[int, Link], list[Problem]]:
    """Return the licenses of a CSV file and whose each is to be, by line, and every row that is wrong.

    The columns are ``license``, ``service`` and ``addon``; without an add-on the service's only one is meant.
    Raises ``ConfigInvalid`` for a file that cannot be read as text.
    """
    rows, wrong = table_rows(text_of(path), _COLUMNS, _REQUIRED)
    claims: dict[int, Link] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        license, service, addon = (row.get(name, "").strip() for name in _COLUMNS)
        if not license or not service:
            wrong.append((line, f"the row names no {'service' if license else 'license'}"))
        elif (first := lines.setdefault(license, line)) != line:
            wrong.append((line, f"license {shown(license)} is there more than once, first on line {first}"))
        else:
            claims[line] = Link(remote, license, service, addon)
    return claims, [Problem(str(path), line, message) for line, message in wrong]
