"""The inventory as JSON: ``{"services": [...]}``, with the line of each record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from reprlib import repr as shown
from typing import Any

from cpbillmgr.sources.records import Record

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class _Scanner:
    """Walks over a document, and knows the line that it has come to."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0

    def line(self) -> int:
        """Return the line of the next token."""
        self._skip_space()
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def take(self, token: str) -> bool:
        """Step over a sign if it comes next."""
        self._skip_space()
        if not self._text.startswith(token, self._at):
            return False
        self._at += len(token)
        return True

    def need(self, token: str) -> None:
        """Step over a sign that must come next."""
        if not self.take(token):
            raise json.JSONDecodeError(f"Expecting {token!r}", self._text, self._at)

    def value(self) -> Any:
        """Step over a value and return it."""
        self._skip_space()
        value, self._at = _DECODER.raw_decode(self._text, self._at)
        return value

    def end(self) -> None:
        """Require that nothing follows."""
        self._skip_space()
        if self._at < len(self._text):
            raise json.JSONDecodeError("Extra data", self._text, self._at)

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at


def json_records(text: str) -> tuple[list[Record], list[tuple[int, str]]]:
    """Return the records, and what is wrong around them as line and message."""
    if text.lstrip().startswith("["):
        return [], [(1, "the file must hold an object with 'services', not an array")]
    scanner = _Scanner(text)
    wrong: list[tuple[int, str]] = []
    records: list[Record] | None = None
    try:
        for line, key in _members(scanner):
            if key != "services":
                wrong.append((line, f"{shown(key)} is not a known key; only 'services' may be here"))
                scanner.value()
            elif records is not None:
                wrong.append((line, "'services' is there more than once"))
                scanner.value()
            else:
                records = list(_elements(scanner))
        scanner.end()
    except json.JSONDecodeError as error:
        return [], [*wrong, (error.lineno, f"the file is no JSON: {error.msg}")]
    except RecursionError:
        return [], [*wrong, (scanner.line(), "is nested too deep")]
    except ValueError:  # of int(): more digits than Python converts
        return [], [*wrong, (scanner.line(), "holds a number that is too long")]
    if records is None:
        wrong.append((1, "'services' is missing"))
    return records or [], wrong


def _members(scanner: _Scanner) -> Iterator[tuple[int, str]]:
    """Yield line and key of each member of an object; the caller steps over its value."""
    scanner.need("{")
    if scanner.take("}"):
        return
    while True:
        line, key = scanner.line(), scanner.value()
        scanner.need(":")
        yield line, str(key)
        if not scanner.take(","):
            scanner.need("}")
            return


def _elements(scanner: _Scanner) -> Iterator[Record]:
    scanner.need("[")
    if scanner.take("]"):
        return
    while True:
        line = scanner.line()
        yield Record(scanner.value(), line)
        if not scanner.take(","):
            scanner.need("]")
            return


def json_text(services: list[dict[str, Any]]) -> str:
    """Return the document that ``json_records`` reads."""
    return json.dumps({"services": services}, ensure_ascii=False, indent=2) + "\n"
