"""Where a key stands in a TOML text: the standard reader gives values without lines."""

from __future__ import annotations

import re
from collections import Counter

Path = tuple[str | int, ...]

_TABLE = re.compile(r"\s*\[(?P<many>\[)?\s*(?P<name>[A-Za-z0-9_-]+)\s*\]")
_KEY = re.compile(r"""\s*(?P<quote>["']?)(?P<name>[A-Za-z0-9_-]+)(?P=quote)\s*[.=]""")


def line_of(text: str, path: Path) -> int | None:
    """Return the line of the key at this path, else of the nearest thing around it that has one.

    A path is a table's name, its number when there are several, and the key. Tables and keys that begin a
    line are found, not those within an inline table; inside a string of several lines it may be mistaken.

    >>> line_of('state = "s"\\n[[remote]]\\nurl = "u"', ("remote", 0, "url"))
    3
    """
    lines = _positions(text)
    whole = range(len(path), 0, -1)
    return next((lines[path[:length]] for length in whole if path[:length] in lines), None)


def _positions(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    seen: Counter[str] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            name = header["name"]
            table = (name, seen[name]) if header["many"] else (name,)
            seen[name] += 1
            lines.setdefault((name,), number)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key["name"]), number)
    return lines
