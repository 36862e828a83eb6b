"""Money: an exact amount in one currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency; amounts of two currencies are never added."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def covers(self, cost: Money) -> bool | None:
        """Return whether this is enough for a cost, ``None`` where the two are in different currencies."""
        return self.amount >= cost.amount if self.currency == cost.currency else None

    def __str__(self) -> str:
        return f"{self.digits} {self.currency}"

    @property
    def digits(self) -> str:
        """The amount as people and JSON write it: two digits after the point."""
        return f"{self.amount:.2f}"


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Return one sum for each currency, ordered by currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        known = sums.get(amount.currency)
        sums[amount.currency] = amount if known is None else known + amount
    return tuple(sums[currency] for currency in sorted(sums))
