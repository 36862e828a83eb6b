"""Text on a screen: what comes from elsewhere is made harmless, what is a value is spelled for people."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime

from cpbillmgr.model.catalogue import Amounts, length_text
from cpbillmgr.model.known import KNOWN_NODE_ADDONS
from cpbillmgr.model.money import Money

# Control, format (bidi marks, zero width), line and paragraph separators, surrogates, private use.
_DANGEROUS = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}
_NODES = frozenset(each.id for each in KNOWN_NODE_ADDONS.values())


def harmless(text: str) -> str:
    """Return text on one line that a terminal shows as it is: no escapes, no reordering, no line breaks.

    >>> harmless("a\\x1b[31mb\\nc")
    'a?[31mb?c'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("?" if unicodedata.category(char) in _DANGEROUS else char for char in text)


def counted(number: int, what: str) -> str:
    """Return how many things there are.

    >>> counted(1, "tariff"), counted(0, "tariff")
    ('1 tariff', '0 tariffs')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def sum_line(what: str, kinds: Iterable[str]) -> str:
    """Return how many things there are, and how many of each kind.

    >>> sum_line("license", ["active", "active", "suspended"]), sum_line("license", [])
    ('3 licenses: 2 active, 1 suspended', '0 licenses')
    """
    counts = Counter(kinds)
    told = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    return counted(counts.total(), what) + (f": {told}" if told else "")


def months(length: int | None) -> str:
    """Return the length of a period as people say it, nothing where it is not known."""
    return "" if length is None else length_text(length)


def period_text(period: int | None, length: int | None) -> str:
    """Return a remote period by its length, or else as the remote calls it.

    >>> period_text(8, 1), period_text(8, None), period_text(None, None)
    ('1 month', 'period 8', '')
    """
    return months(length) or ("" if period is None else f"period {period}")


def amounts_text(amounts: Amounts) -> str:
    """Return how many there are of what a tariff counts, by add-on id unless it is well-known nodes alone.

    >>> amounts_text(((55236, 3),)), amounts_text(((55164, 0),)), amounts_text(((55164, 50), (55165, 3)))
    ('x3', '55164=0', '55164=50;55165=3')
    """
    if len(amounts) == 1 and amounts[0][0] in _NODES:
        return f"x{amounts[0][1]}"
    return ";".join(f"{id_}={amount}" for id_, amount in amounts)


def day(when: date | None) -> str:
    """Return a day as ISO writes it, or nothing."""
    return when.isoformat() if when else ""


def time(when: datetime | None) -> str:
    """Return a time in UTC as ISO writes it, to the second, or nothing."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""


def sums(amounts: Iterable[Money]) -> str:
    """Return sums in several currencies as one text."""
    return " + ".join(map(str, amounts))
