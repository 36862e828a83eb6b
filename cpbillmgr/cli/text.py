"""Text on a screen: what comes from elsewhere is made harmless, what is a value is spelled for people."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL

# Control, format (bidi marks, zero width), line and paragraph separators, surrogates, private use.
_DANGEROUS = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}
_NAMED_PERIODS = {LIFETIME: "lifetime", DAY: "day", TRIAL: "trial"}


def harmless(text: str) -> str:
    """Return text on one line that a terminal shows as it is: no escapes, no reordering, no line breaks.

    >>> harmless("a\\x1b[31mb\\nc")
    'a?[31mb?c'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("?" if unicodedata.category(char) in _DANGEROUS else char for char in text)


def counted(number: int, what: str) -> str:
    """Return a number of things.

    >>> counted(1, "license"), counted(2, "license")
    ('1 license', '2 licenses')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def months(period: int | None) -> str:
    """Return a period as people say it.

    >>> months(12), months(1), months(0), months(None)
    ('12 months', '1 month', 'lifetime', '')
    """
    if period is None:
        return ""
    return _NAMED_PERIODS.get(period) or f"{period} month{'s' if period != 1 else ''}"


def day(when: date | None) -> str:
    """Return a day as ISO writes it, or nothing."""
    return when.isoformat() if when else ""


def time(when: datetime | None) -> str:
    """Return a time in UTC as ISO writes it, to the second, or nothing."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else ""
