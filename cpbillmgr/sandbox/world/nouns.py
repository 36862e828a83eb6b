"""The nouns of a pretend remote: its account, price list, licenses and clock, all in one world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from cpbillmgr.sandbox.world.certificates import Certificate
from cpbillmgr.sandbox.world.services import Enumeration, LocalTariff, Service
from cpbillmgr.sandbox.world.variants import Variants

LIFETIME, DAY, TRIAL = 0, -50, -100  # periods that are no months
ORDERED, ACTIVE, SUSPENDED, DELETED, PROCESSING = 1, 2, 3, 4, 5  # status of a service
ON_ITS_WAY, CREDITED = 2, 4  # status of a payment
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
    """An add-on that is counted, such as a tariff's nodes; ``prices`` are of one each, by period."""

    id: int
    intname: str = "nodes"
    name: str = "Nodes"
    minimum: int = 1
    prices: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExtraValue:
    """A value of an extra that is an enumeration; ``prices`` by period."""

    id: int
    name: str
    prices: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extra:
    """Another add-on that a tariff is sold with, in the price list alone: with ``values`` an enumeration."""

    id: int
    name: str
    prices: dict[int, Decimal] = field(default_factory=dict)
    values: Sequence[ExtraValue] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """What is sold; ``prices`` by period. One that is not ``orderable`` can still be renewed.

    An order of one with an ``agreement`` has to accept it, of one with ``datacenters`` to name one of them.

    In generation 4 a period is an id, and ``lengths`` tells what it means. Later ones say the length itself:
    months, or one of the periods that are no months.

    ``counted`` are add-ons that are counted beside the nodes.
    """

    id: int
    name: str
    prices: dict[int, Decimal] = field(default_factory=dict)
    itemtype: str = "soft"
    intname: str = ""
    node_addon: Addon | None = None
    orderable: bool = True
    agreement: bool = False
    datacenters: tuple[int, ...] = ()
    lengths: dict[int, int] = field(default_factory=dict)
    extras: Sequence[Extra] = ()
    counted: Sequence[Addon] = ()

    @property
    def addons(self) -> list[Addon]:
        """The add-ons that are counted: nodes first."""
        return [*([self.node_addon] if self.node_addon else []), *self.counted]

    def length(self, period: int) -> int:
        """Return how long a period is: months, or LIFETIME, DAY or TRIAL."""
        return self.lengths.get(period, period)

    def cost(self, period: int, addons: dict[int, int]) -> Decimal:
        """Return the price of one period with these amounts of add-ons; a price that is not told is zero."""
        nothing = Decimal("0.00")
        each = (addon.prices.get(period, nothing) * addons.get(addon.id, 0) for addon in self.addons)
        return sum(each, self.prices.get(period, nothing))


@dataclass(frozen=True, slots=True)
class License:
    """One license. ``expiredate`` is ``None`` for a lifetime one; ``owner`` names another account, if any.

    A license without a name or an address, by its product's type, keeps them empty and 0.0.0.0. ``item`` is
    the license that a module is on.

    One with a ``certificate`` is one; its name is the domain.

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
    item: int = 0
    opens_at: datetime | None = None
    key_at: datetime | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that was taken: when, by which function, for which license."""

    time: datetime
    func: str
    license: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What waits in the cart, a new license or a ``renewal`` of one; ``order`` is the billorder."""

    order: int
    license: int
    period: int
    renewal: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of an order, and by which method."""

    id: int
    order: int
    time: datetime
    amount: Decimal
    method: str
    status: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to a license: when, by which function, from which address, and what it changed."""

    time: datetime
    license: int
    func: str
    client: str
    desc: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows until the filter is emptied: the values that fields must have."""

    list: str
    fields: dict[str, str]


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
    charges: list[Charge] = field(default_factory=list)
    cart: list[Line] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    next_order: int = 900_001
    filters: list[Filter] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    local_enumerations: list[Enumeration] = field(default_factory=list)
    local_tariffs: list[LocalTariff] = field(default_factory=list)
    local_services: list[Service] = field(default_factory=list)

    def copy(self) -> World:
        """Return a world that can be changed without changing this one; what it consists of is frozen."""
        return replace(
            self,
            licenses=dict(self.licenses),
            charges=list(self.charges),
            cart=list(self.cart),
            payments=list(self.payments),
            filters=list(self.filters),
            history=list(self.history),
        )

    def length(self, license: License) -> int:
        """Return how long a license's period is: months, or LIFETIME, DAY or TRIAL."""
        return self.tariffs[license.pricelist].length(license.period)

    def moment(self, received: datetime) -> Moment:
        """Return the moment of a call that came in at this real time; a clock that is set stands still."""
        now = self.clock or received
        return Moment(now, now.date(), received)

    def listed(self, itemtype: str) -> list[License]:
        """Return the account's own licenses of a type of products, by id."""
        return self._listed.get(itemtype, [])

    @cached_property
    def _listed(self) -> dict[str, list[License]]:
        """The account's own licenses by type, worked out once for a world that is only read."""
        by_type: dict[str, list[License]] = {}
        for license in sorted(self.licenses.values(), key=lambda license: license.id):
            if license.owner is None:
                by_type.setdefault(self.tariffs[license.pricelist].itemtype, []).append(license)
        return by_type
