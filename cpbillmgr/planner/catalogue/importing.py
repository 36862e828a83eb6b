"""Importing: which of the remote's tariffs can become ours, and what they are then (semantics.md 10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from cpbillmgr.model.catalogue import Tariff, length_text
from cpbillmgr.model.local import LocalResource, LocalTariff, in_currency


@dataclass(frozen=True, slots=True)
class Terms:
    """How we sell: for which lengths (months, 0 lifetime; empty when that is not known), in which currency.

    ``currency`` is ``None`` when it is the remote's. ``rate`` is what one unit of the remote's costs in ours.
    """

    lengths: frozenset[int] = frozenset()
    currency: str | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a tariff cannot become ours, and what to do."""

    reason: str
    hint: str


def misfit(tariff: Tariff, terms: Terms) -> Misfit | None:
    """Return why a remote tariff cannot become ours, or ``None`` when it can.

    =====================================================================  ==================
    the tariff                                                             answer
    =====================================================================  ==================
    has no price                                                           no price is told
    is sold for none of our lengths, nor for a part of one                 both are told
    has prices in another currency, and there is no rate                   both are told
    any other                                                              none: it can
    =====================================================================  ==================

    A month is a part of a quarter: its license is renewed twice. Without lengths of ours every one fits.
    """
    if not tariff.prices:
        return Misfit("the remote tells no price of it", "Have the remote sell it to our account")
    sold = {length for period in tariff.prices if (length := tariff.length(period)) is not None}
    if terms.lengths and not _fit(sold, terms.lengths):
        reason = f"it is sold for {_in_words(sold)}, and we sell for {_in_words(terms.lengths)}"
        return Misfit(reason, "Name the months that it shall be sold for with --period")
    theirs = _currency(tariff)
    if terms.currency not in (None, theirs) and terms.rate is None:
        reason = f"its prices are in {theirs}, ours are in {terms.currency}, and there is no rate"
        return Misfit(reason, f"Tell what one {theirs} costs in {terms.currency} with --rate")
    return None


def _fit(sold: Collection[int], ours: Collection[int]) -> bool:
    return any(own == one or (own > 0 and one > 0 and own % one == 0) for own in ours for one in sold)


def _in_words(lengths: Collection[int]) -> str:
    return ", ".join(map(length_text, sorted(lengths))) or "periods of unknown length"


def imported(tariff: Tariff, remote: str, product_type: str, terms: Terms, *, enabled: bool) -> LocalTariff:
    """Return our tariff as it is first: with the remote's name, and its prices in our currency.

    The tariff must be one that has no ``misfit``.
    """
    theirs = _currency(tariff)
    currency = terms.currency or theirs
    rate = None if currency == theirs else terms.rate
    prices = {period: in_currency(cost, currency, rate) for period, cost in tariff.prices.items()}
    return LocalTariff(
        remote,
        product_type,
        tariff,
        tariff.name,
        {period: price for period, price in prices.items() if price is not None},
        currency,
        rate,
        is_enabled=enabled,
        resources=tuple(LocalResource(each, is_active=True) for each in tariff.resources),
    )


def _currency(tariff: Tariff) -> str:
    return next(iter(tariff.prices.values())).currency
