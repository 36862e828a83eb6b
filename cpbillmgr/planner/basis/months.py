"""Days and calendar months, which are not all of one length."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from cpbillmgr.model.licenses import License


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day when it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def has_ended(license: License, today: date) -> bool:
    """Return whether a license is not paid any more: from its day of expiry on, UTC (semantics.md 6)."""
    return license.expires is not None and license.expires <= today
