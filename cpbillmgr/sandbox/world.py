"""The nouns of a pretend remote: its account, price list, licenses and clock, all in one world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from cpbillmgr.sandbox.variants import Variants

LIFETIME, DAY, TRIAL = 0, -50, -100  # periods that are no months
ORDERED, ACTIVE, SUSPENDED, DELETED, PROCESSING = 1, 2, 3, 4, 5  # status of a service
FREE_IP = "0.0.0.0"  # noqa: S104 - an address in a document, nothing listens here


@dataclass(frozen=True, slots=True)
class Account:
    """Who may log in, the money there is, and what the account may do to its own services.

    ``allowed_from`` names the addresses and networks that ``authinfo`` may come from; without any it is all.
    """

    user: str = "reseller"
    password: str = "secret"  # noqa: S105 - of a pretend remote on loopback
    balance: Decimal = Decimal("1000.00")
    credit_limit: Decimal = Decimal("0.00")
    currency: str = "EUR"
    allowsuspenditem: bool = True
    allowdeleteitem: bool = True
    level: int = 16
    allowed_from: Sequence[str] = ()

    @property
    def available(self) -> Decimal:
        """What can be spent: balance and credit limit."""
        return self.balance + self.credit_limit


@dataclass(frozen=True, slots=True)
class Addon:
    """The add-on that counts a tariff's nodes; ``prices`` are of one node, by period."""

    id: int
    intname: str = "nodes"
    name: str = "Nodes"
    minimum: int = 1
    prices: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What is sold; ``prices`` by period. One that is not ``orderable`` can still be renewed.

    In generation 4 a period is an id, and ``lengths`` tells what it means. Later ones say the length itself:
    months, or one of the periods that are no months.
    """

    id: int
    name: str
    prices: dict[int, Decimal] = field(default_factory=dict)
    itemtype: str = "soft"
    intname: str = ""
    node_addon: Addon | None = None
    orderable: bool = True
    lengths: dict[int, int] = field(default_factory=dict)

    def length(self, period: int) -> int:
        """Return how long a period is: months, or LIFETIME, DAY or TRIAL."""
        return self.lengths.get(period, period)

    def cost(self, period: int, addons: dict[int, int]) -> Decimal:
        """Return the price of one period with these amounts of nodes; a price that is not told is zero."""
        price = self.prices.get(period, Decimal("0.00"))
        if self.node_addon is None:
            return price
        each = self.node_addon.prices.get(period, Decimal("0.00"))
        return price + each * addons.get(self.node_addon.id, 0)


@dataclass(frozen=True, slots=True)
class License:
    """One license. ``expiredate`` is ``None`` for a lifetime one; ``owner`` names another account, if any.

    ``opens_at`` and ``key_at`` are real times until which it is processed and its key is not shown.
    """

    id: int
    pricelist: int
    licname: str = ""
    ip: str = FREE_IP
    period: int = 1
    status: int = ACTIVE
    createdate: date | None = None
    expiredate: date | None = None
    ip_change_date: date | None = None
    lickey_change_date: date | None = None
    autoprolong: str = "null"
    remoteid: str = ""
    remoteip: str = ""
    lickey: str = ""
    addons: dict[int, int] = field(default_factory=dict)
    owner: str | None = None
    opens_at: datetime | None = None
    key_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExpiryFilter:
    """Which licenses generation 4 lists: those that expire within these days, both of them included."""

    expires: date | None = None
    expiree: date | None = None

    def lets_pass(self, expires: date | None) -> bool:
        """Return whether a license that ends on a day is listed; one that never ends is not (invented)."""
        if expires is None:
            return self == ExpiryFilter()
        return (self.expires or date.min) <= expires <= (self.expiree or date.max)


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that was taken: when, by which function, for which license."""

    time: datetime
    func: str
    license: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Moment:
    """When a call came in: by the world's clock (``now``, ``today``) and by the real one."""

    now: datetime
    today: date
    real: datetime


@dataclass
class World:
    """Everything the pretend remote knows. Changes are made to a copy: no reader sees half of one."""

    account: Account = field(default_factory=Account)
    generation: int = 6
    clock: datetime | None = None
    tariffs: dict[int, Tariff] = field(default_factory=dict)
    licenses: dict[int, License] = field(default_factory=dict)
    next_id: int = 1
    page_limit: int = 50
    variants: Variants = field(default_factory=Variants)
    software_filter: ExpiryFilter = field(default_factory=ExpiryFilter)
    charges: list[Charge] = field(default_factory=list)

    def copy(self) -> World:
        """Return a world that can be changed without changing this one."""
        return replace(self, licenses=dict(self.licenses), charges=list(self.charges))

    def moment(self, received: datetime) -> Moment:
        """Return the moment of a call that came in at this real time; a clock that is set stands still."""
        now = self.clock or received
        return Moment(now, now.date(), received)

    @cached_property
    def listed(self) -> list[License]:
        """The account's own licenses by id, worked out once for a world that is only read."""
        own = (license for license in self.licenses.values() if license.owner is None)
        return sorted(own, key=lambda license: license.id)
