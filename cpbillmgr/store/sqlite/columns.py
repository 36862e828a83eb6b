"""How values are written in columns, and read back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cpbillmgr.model.catalogue import Amounts
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import AddonKind, Status

Row = tuple[Any, ...]

STATUSES = {status.value: status for status in Status}
KINDS = {kind.value: kind for kind in AddonKind}
OPEN = "state NOT IN ('done', 'failed')"  # of an operation, as ``State.is_open``


def time_text(at: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, always with microseconds, so that texts sort as times do."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("a time without time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str | None) -> datetime | None:
    """Return the time that ``time_text`` wrote."""
    return None if text is None else datetime.fromisoformat(text)


@lru_cache(maxsize=8192)
def day_text(day: date | None) -> str | None:
    """Return a day as ISO 8601."""
    return None if day is None else day.isoformat()


@lru_cache(maxsize=8192)
def read_day(text: str | None) -> date | None:
    """Return the day that ``day_text`` wrote."""
    return None if text is None else date.fromisoformat(text)


def money_columns(money: Money | None) -> tuple[str | None, str | None]:
    """Return the columns of an amount: its exact digits and its currency."""
    return (None, None) if money is None else (str(money.amount), money.currency)


@lru_cache(maxsize=1024)
def read_money(amount: str | None, currency: str | None) -> Money | None:
    """Return the amount that ``money_columns`` wrote."""
    return None if amount is None or currency is None else Money(Decimal(amount), currency)


@lru_cache(maxsize=1024)
def read_amounts(text: str) -> tuple[tuple[Any, int], ...]:
    """Return amounts that are written as JSON, by what they are of."""
    return tuple((what, amount) for what, amount in json.loads(text))


def pairs_text(pairs: Amounts | None) -> str | None:
    """Return amounts by add-on id as JSON; no amounts (``[]``) differ from amounts that nobody told."""
    return None if pairs is None else json.dumps(pairs)


def read_pairs(text: str | None) -> Amounts | None:
    """Return the amounts that ``pairs_text`` wrote."""
    return None if text is None else read_amounts(text)
