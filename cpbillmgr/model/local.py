"""Our side of what can be bought: local tariffs, made from the remote's, and the panels that we name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cpbillmgr.model.catalogue import Resource, Tariff
from cpbillmgr.model.money import Money

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LocalResource:
    """A resource of a local tariff, as the remote last told it. Whether it ``is_active`` is ours to say."""

    resource: Resource
    is_active: bool
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class LocalTariff:
    """A tariff that we sell: name and prices are ours, everything else follows the remote's.

    ``theirs`` is the remote's tariff as last read, ``prices`` are ours by remote period, in ``currency``.
    ``rate`` is what one unit of the remote's currency costs in ours, ``None`` where it is the same one. One
    that is not enabled is not ordered; ``is_gone`` says that the remote sells it no more.
    """

    remote: str
    product_type: str
    theirs: Tariff
    name: str
    prices: Mapping[int, Money]
    currency: str
    rate: Decimal | None = None
    is_enabled: bool = False
    is_gone: bool = False
    resources: tuple[LocalResource, ...] = ()

    @property
    def id(self) -> int:
        """The id of the remote's tariff, which is ours, too."""
        return self.theirs.id

    @property
    def their_currency(self) -> str | None:
        """The currency of the remote's prices, ``None`` where it tells none."""
        return next((price.currency for price in self.theirs.prices.values()), None)

    @property
    def needs_rate(self) -> bool:
        """Whether the remote's prices are in another currency than ours."""
        return self.their_currency not in (None, self.currency)

    def in_ours(self, theirs: Money | None) -> Money | None:
        """Return an amount of the remote's in our currency, ``None`` where no rate tells it."""
        return None if theirs is None else in_currency(theirs, self.currency, self.rate)

    def cost(self, period: int) -> Money | None:
        """Return what a period costs us, in our currency; ``None`` when that is not known."""
        return self.in_ours(self.theirs.prices.get(period))

    def margin(self, period: int) -> Decimal | None:
        """Return how much of our price stays with us, in percent of it; ``None`` where that is not known."""
        return margin(self.prices.get(period), self.cost(period))


@dataclass(frozen=True, slots=True)
class EnumerationValue:
    """A value of our panel enumeration: an internal name, and the remote tariff that it means.

    ``prices`` are what we take for it together with a service, by the months that the service is sold for.
    """

    name: str
    tariff: int
    prices: Mapping[int, Money]


def in_currency(amount: Money, currency: str, rate: Decimal | None) -> Money | None:
    """Return an amount in another currency, to the cent; ``None`` without the rate that this takes."""
    if amount.currency == currency:
        return amount
    if rate is None:
        return None
    return Money((amount.amount * rate).quantize(_CENT, ROUND_HALF_UP), currency)


def margin(price: Money | None, cost: Money | None) -> Decimal | None:
    """Return how much of a price stays, in percent of the price; ``None`` where it cannot be told.

    >>> margin(Money(Decimal(5), "EUR"), Money(Decimal(4), "EUR"))
    Decimal('20.0')
    """
    if price is None or cost is None or price.currency != cost.currency or not price.amount:
        return None
    return (100 * (price.amount - cost.amount) / price.amount).quantize(Decimal("0.1"), ROUND_HALF_UP)
