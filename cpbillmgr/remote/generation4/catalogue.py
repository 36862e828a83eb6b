"""Price list and accounts of generation 4, as nouns (wire-api.md 7.3, 8 and 9.1).

No document of these is recorded, so every plausible spelling of a field is understood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL, Tariff
from cpbillmgr.model.known import KNOWN_PERIODS, KNOWN_TARIFFS
from cpbillmgr.model.money import Money
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import told

_NAME = ("name", "pricename", "internalname")
_TYPE = ("per_type", "type", "period_type")
_LENGTH = ("p_length", "length", "period_length")
_PRICE = ("price_num", "price", "cost")
_CURRENCY = ("currency", "currency_str")


@dataclass(frozen=True, slots=True)
class Payer:
    """One of our accounts: its id, its currency and what can be spent, credit included."""

    id: str
    currency: str
    balance: Money | None


def payers_of(document: Element, remote: str) -> list[Payer]:
    """Return our accounts. Raises :class:`AnswerNotUnderstood` when there is none, or one without an id."""
    payers = [_payer(row) for row in document.iterfind("elem")]
    if not payers or not all(payer.id.isdecimal() for payer in payers):
        raise AnswerNotUnderstood("the remote does not tell which account pays", where=remote)
    return payers


def _payer(row: Element) -> Payer:
    currency = told(row, "currency")
    balance = values.money(told(row, "balance"), currency)
    credit = values.money(told(row, "creditlimit"), currency)
    if balance is not None and credit is not None and credit.currency == balance.currency:
        balance += credit
    return Payer(told(row, "id"), balance.currency if balance else currency, balance)


def names_of(document: Element, remote: str) -> dict[int, str]:
    """Return the names of the tariffs that licenses are sold at, by id; other products are left out.

    Raises :class:`AnswerNotUnderstood` for a tariff without an id.
    """
    names: dict[int, str] = {}
    for row in document.iterfind("elem"):
        id_ = values.integer(told(row, "id"))
        if id_ is None:
            raise AnswerNotUnderstood("a tariff without an id is in the price list", where=remote)
        if _is_of_licenses(told(row, "itemtype")):
            names[id_] = _first(row, _NAME)
    return names


def _is_of_licenses(itemtype: str) -> bool:
    """Whether a tariff may be one of licenses: ids of item types differ, and it may not be told at all."""
    return not itemtype or itemtype.isdecimal() or itemtype.casefold().startswith("soft")


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods that a tariff is sold for: price and length by id, as far as they are told."""

    prices: dict[int, Money] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)


def periods_of(document: Element, currency: str) -> Periods:
    """Return the periods of a tariff; ``currency`` is that of prices which do not tell their own."""
    periods = Periods()
    for row in document.iterfind("elem"):
        id_ = values.integer(told(row, "id"))
        if id_ is None:
            continue
        price = values.money(_first(row, _PRICE), _first(row, _CURRENCY) or currency)
        length = _length(_first(row, _TYPE), _first(row, _LENGTH), price)
        if price is not None:
            periods.prices[id_] = price
        if length is not None:
            periods.lengths[id_] = length
    return periods


def _length(kind: str, count: str, price: Money | None) -> int | None:
    """Return how long a period is (semantics.md 13: its unit is year, month, day or unlimited).

    ==================  ========  =======  ==========================================
    unit                count     price    length
    ==================  ========  =======  ==========================================
    month               n         any      n
    year                n         any      12 n
    unlimited, lifetime any       any      0
    trial               any       any      -100
    day                 1         any      -50
    day                 more      nothing  -100: a trial is two weeks
    anything else                          ``None``: it can be ordered, by its id
    ==================  ========  =======  ==========================================
    """
    unit, number = values.period(kind), values.integer(count or "1") or 0
    if unit is None or values.integer(kind) is not None:
        return None
    if unit in (LIFETIME, TRIAL):
        return unit
    if unit == DAY:
        paid = DAY if number == 1 else None
        return TRIAL if number > 1 and price is not None and price.amount == 0 else paid
    return unit * number if number > 0 else None


def tariff_of(id_: int, name: str, periods: Periods | None) -> Tariff:
    """Return a tariff; ``periods`` is ``None`` where our account may not read them.

    Then the publicly known lengths are better than none, and there is no price to buy at.
    """
    if periods is None:
        return Tariff(id_, name, {}, lengths=KNOWN_PERIODS.get(id_, {}))
    return Tariff(id_, name, periods.prices, lengths=periods.lengths)


def known_tariffs() -> dict[int, Tariff]:
    """Return the publicly known tariffs, without a price, for an account that may not read the price list."""
    return {id_: tariff_of(id_, KNOWN_TARIFFS[id_], None) for id_ in KNOWN_PERIODS}


def _first(row: Element, names: tuple[str, ...]) -> str:
    return next(filter(None, (told(row, name) for name in names)), "")
