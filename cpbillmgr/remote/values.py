"""Values as the remote writes them in its documents: statuses, days, periods, amounts of money.

Nothing here raises: what cannot be read is ``None``, and the caller decides whether it can do without.
Results are remembered, because the rows of a long list hold few different values.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status

_STATUSES = {
    1: Status.ORDERED,
    2: Status.ACTIVE,
    3: Status.SUSPENDED,
    4: Status.DELETED,
    5: Status.PROCESSING,
}
_STATUS = re.compile(r"([0-9]{1,9})(?:_|$)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_LABEL = re.compile(r"(?:([0-9]{1,4})\s*)?([^\W\d_]+)\.?")
_AMOUNT = re.compile(r"(-?[0-9][0-9\s.,']*)([A-Z]{3}|руб|[€$£₽])?")

# Words of period labels by their first letters, in the languages that accounts of the vendor have.
_MONTHS = {"month": 1, "мес": 1, "quarter": 3, "квартал": 3, "year": 12, "annual": 12, "год": 12, "лет": 12}
_NO_MONTHS = {
    **dict.fromkeys(("lifetime", "unlim", "вечн", "бессрочн", "неогранич"), LIFETIME),
    **dict.fromkeys(("day", "daily", "день", "ежедневн"), DAY),
    **dict.fromkeys(("trial", "пробн"), TRIAL),
}

_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "руб": "RUB"}
# Generation 4 tells the currency of an account in words.
_CURRENCIES |= {"euro": "EUR", "us dollar": "USD", "dollar": "USD", "russian ruble": "RUB", "ruble": "RUB"}


@lru_cache(maxsize=256)
def status(text: str) -> Status | None:
    """Return the status of a number or a sub-status such as ``5_open`` or ``2_3`` (wire-api.md 3.2)."""
    found = _STATUS.match(text.strip())
    return _STATUSES.get(int(found[1])) if found else None


@lru_cache(maxsize=256)
def renews_itself(text: str) -> bool | None:
    """Return whether the remote's own renewal is on: its period or label, or a word for none."""
    word = text.strip().casefold()
    return word not in ("null", "0", "off", "none") if word else None


@lru_cache(maxsize=65536)
def day(text: str) -> date | None:
    """Return the day of ``2026-12-31``, with or without a time; ``None`` for words and ``0000-00-00``."""
    found = _DAY.match(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def integer(text: str) -> int | None:
    """Return the whole number that the text is, if it is one."""
    stripped = text.strip()
    return int(stripped) if _INTEGER.fullmatch(stripped) else None


@lru_cache(maxsize=256)
def period(text: str) -> int | None:
    """Return the remote period of a number or a label (wire-api.md 9.2).

    ================================  ======================
    text                              period
    ================================  ======================
    a number                          that number
    ``1 month``, ``12 месяцев``       months
    ``quarterly``, ``2 quarters``     months, three for each
    ``1 year``, ``год``, ``annually`` months, 12 for each
    ``Lifetime``, ``Бессрочная``      0
    ``day``, ``1 day``, ``Daily``     -50
    ``Trial``, ``Пробный период``     -100
    anything else                     ``None``
    ================================  ======================
    """
    number = integer(text)
    if number is not None:
        return number
    found = _LABEL.match(text.strip().casefold())
    if found is None:
        return None
    count, word = int(found[1] or 1), found[2]
    special = _by_beginning(word, _NO_MONTHS)
    if special is not None:
        return special if count == 1 else None
    months = _by_beginning(word, _MONTHS)
    return None if months is None else count * months


def _by_beginning(word: str, table: dict[str, int]) -> int | None:
    return next((value for beginning, value in table.items() if word.startswith(beginning)), None)


@lru_cache(maxsize=4096)
def money(text: str, currency: str = "") -> Money | None:
    """Return the amount that the text begins with, as in ``160.00 RUB / Month`` or ``1 530,00 €``.

    The text's own currency goes before the given one; without either there is no money.
    """
    found = _AMOUNT.match(text.strip())
    if found is None:
        return None
    sign = found[2] or currency.strip().rstrip(".")
    unit = _CURRENCIES.get(sign.casefold(), sign)
    return Money(_decimal(found[1]), unit) if unit else None


def _decimal(digits: str) -> Decimal:
    """Return the number that the digits spell.

    ===================  ===========  ====================================
    digits               number       because
    ===================  ===========  ====================================
    ``4.0000``           4.0000       one point is the decimal mark
    ``127,50``           127.50       one comma is, too
    ``1,530``            1530         unless three digits follow it
    ``1,530.00``         1530.00      of several kinds the last one is
    ``1.530,00``         1530.00
    ``1,530,000``        1530000      of one kind, repeated, none is
    ``1 530.00``         1530.00      spaces and apostrophes never are
    ===================  ===========  ====================================
    """
    bare = re.sub(r"[\s']", "", digits).rstrip(".,")
    last = max(bare.rfind("."), bare.rfind(","))
    if last < 0:
        return Decimal(bare)
    head, mark, tail = bare[:last], bare[last], bare[last + 1 :]
    is_thousands = mark in head or (mark == "," and len(tail) == 3 and "." not in head)
    return Decimal(re.sub(r"[.,]", "", head) + ("" if is_thousands else ".") + tail)
