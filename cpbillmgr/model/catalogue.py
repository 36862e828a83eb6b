"""What can be bought: remote tariffs, their periods and prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cpbillmgr.model.money import Money

LIFETIME, DAY, TRIAL = 0, -50, -100  # lengths of periods that are no months (wire-api.md 9.2)

Amounts = tuple[tuple[int, int], ...]  # how many of each counted resource, by its id, sorted


def length_text(length: int) -> str:
    """Return the length of a period in words.

    >>> length_text(12), length_text(1), length_text(DAY), length_text(LIFETIME)
    ('12 months', '1 month', '1 day', 'lifetime')
    """
    named = {LIFETIME: "lifetime", DAY: "1 day", TRIAL: "trial", 1: "1 month"}
    return named.get(length, f"{length} months")


class ResourceKind(StrEnum):
    """What a tariff's resource is ordered by (semantics.md 2.2)."""

    LOGIC = "logic"  # on or off
    AMOUNT = "amount"  # a number, such as nodes: it is counted
    ENUMERATION = "enumeration"  # one of its values


@dataclass(frozen=True, slots=True)
class ResourceValue:
    """A value of a resource that is an enumeration, with its price by period."""

    id: int
    name: str
    prices: dict[int, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """What a tariff is sold with: one of its add-ons at the remote. ``prices`` are by period, of one each.

    ``minimum`` is the least amount of one that is counted; 0 means that it need not be ordered at all.
    """

    id: int
    name: str
    kind: ResourceKind
    prices: dict[int, Money] = field(default_factory=dict)
    values: tuple[ResourceValue, ...] = ()
    intname: str = ""
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Tariff:
    """A remote tariff. ``prices`` says for which periods it is sold, and for how much.

    ``lengths`` says how long each period is where periods are ids, as in generation 4: months, or
    ``LIFETIME``, ``DAY``, ``TRIAL``; a period that it lacks is of unknown length. It is ``None`` where a
    period is its own length, as in generations 5 and 6. ``node_addon`` counts its
    nodes; it is known, and not among the ``resources``, where the price list describes no add-ons.
    """

    id: int
    name: str
    prices: dict[int, Money]
    node_addon: Resource | None = None
    lengths: dict[int, int] | None = None
    resources: tuple[Resource, ...] = ()

    @property
    def counted(self) -> dict[int, Resource]:
        """The resources that are ordered by a number, by id."""
        told = {each.id: each for each in self.resources if each.kind is ResourceKind.AMOUNT}
        return told if self.node_addon is None else {**told, self.node_addon.id: self.node_addon}

    def unit(self, id_: int) -> str:
        """Return what a counted resource counts, in a word of ours for nodes, else in the remote's."""
        if self.node_addon is not None and id_ == self.node_addon.id:
            return "nodes"
        known = self.counted.get(id_)
        return known.name if known is not None and known.name else f"of add-on {id_}"

    def cost(self, period: int, amounts: Amounts) -> Money | None:
        """Return the price of one order, or ``None`` when it is not sold for this period.

        Of a resource whose price is not told, any amount adds nothing.
        """
        price = self.prices.get(period)
        if price is None or not amounts:
            return price
        counted = self.counted
        for id_, amount in amounts:
            each = counted[id_].prices.get(period) if id_ in counted else None
            if each is not None:
                price += each * amount
        return price

    def length(self, period: int) -> int | None:
        """Return how long a period is (see ``lengths``), or ``None`` when that is not known."""
        return period if self.lengths is None else self.lengths.get(period)

    def period_of(self, length: int) -> int | None:
        """Return the period of this length, or ``None`` when none is known to be sold.

        Without prices any length may be sold where a period is its own length.
        """
        if self.lengths is None:
            return length if length in self.prices or not self.prices else None
        known = self.prices or self.lengths
        return next((period for period in sorted(known) if self.lengths.get(period) == length), None)

    @property
    def shortest_period(self) -> int | None:
        """The period of the fewest months it is sold for, or ``None`` when it is not sold by the month."""
        by_months = ((months, period) for period in self.prices if (months := self.length(period) or 0) > 0)
        return min(by_months, default=(0, None))[1]


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
