"""What can be bought: remote tariffs, their periods and prices."""

from __future__ import annotations

from dataclasses import dataclass, field

from cpbillmgr.model.money import Money

LIFETIME, DAY, TRIAL = 0, -50, -100  # remote periods that are no months (wire-api.md 9.2)


@dataclass(frozen=True, slots=True)
class NodeAddon:
    """The add-on that counts a tariff's nodes: its id, the least amount, and the price of one by period.

    A ``minimum`` of 0 means that it need not be ordered at all.
    """

    id: int
    minimum: int = 1
    prices: dict[int, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tariff:
    """A remote tariff. ``prices`` says for which periods it is sold, and for how much."""

    id: int
    name: str
    prices: dict[int, Money]
    node_addon: NodeAddon | None = None

    def cost(self, period: int, nodes: int | None) -> Money | None:
        """Return the price of one order, or ``None`` when it is not sold for this period."""
        price = self.prices.get(period)
        if price is None or self.node_addon is None or nodes is None:
            return price
        each = self.node_addon.prices.get(period)
        return price if each is None else price + each * nodes

    @property
    def shortest_period(self) -> int | None:
        """The fewest months it can be ordered for, or ``None`` when it is not sold by the month."""
        return min((period for period in self.prices if period > 0), default=None)


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at the remote: login name, money at hand, and what we may do to our own services.

    ``balance`` is what can be spent (with credit limit, less what is reserved) where the remote tells it.
    ``version`` is the remote's own, empty when it is not told.
    """

    name: str
    balance: Money | None
    may_suspend: bool = True
    may_delete: bool = True
    version: str = ""
