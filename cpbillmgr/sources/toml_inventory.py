"""The inventory as TOML: ``[[services]]`` tables, each with ``[[services.addons]]`` tables."""

from __future__ import annotations

import re
import tomllib
from reprlib import repr as shown
from typing import Any

import tomli_w

from cpbillmgr.sources.records import Record

_HEADER = re.compile(r"\s*\[\[\s*services\s*\]\]")
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def toml_records(text: str) -> tuple[list[Record], list[tuple[int, str]]]:
    """Return the records, and what is wrong around them as line and message."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [_syntax_problem(str(error), text)]
    except RecursionError:
        return [], [(1, "is nested too deep")]
    except ValueError:  # of int(): more digits than Python converts
        return [], [(1, "holds a number that is too long")]
    wrong = [
        (1, f"{shown(key)} is not a known key; only 'services' may be here")
        for key in document
        if key != "services"
    ]
    services = document.get("services")
    if not isinstance(services, list):
        what = "is missing" if services is None else "must be a list of tables"
        return [], [*wrong, (1, f"'services' {what}")]
    lines = _header_lines(text, len(services))
    return [Record(fields, line) for fields, line in zip(services, lines, strict=True)], wrong


def toml_text(services: list[dict[str, Any]]) -> str:
    """Return the document that ``toml_records`` reads."""
    filled = [
        _filled(service) | {"addons": [_filled(addon) for addon in service["addons"]]} for service in services
    ]
    return tomli_w.dumps({"services": filled})


def _header_lines(text: str, count: int) -> list[int] | list[None]:
    """Return the line of each ``[[services]]``, or no lines where the tables are written in another way."""
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if _HEADER.match(line)]
    return lines if len(lines) == count else [None] * count


def _syntax_problem(message: str, text: str) -> tuple[int, str]:
    place = _PLACE.search(message)
    line = place["line"] if place else None
    return int(line) if line else text.count("\n") + 1, f"is no TOML: {_PLACE.sub('', message)}"


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}
