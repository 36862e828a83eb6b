"""The simulated account at the remote: licenses, charges, and what becomes of a call later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from cpbillmgr.errors import LimitRefused, NotFound
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.changes import ChangeTariff, Edit, LicenseChange, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.months import add_months
from tests.crash.sim_scheduler import BEGIN

REMOTE = "main"
LITE, PRO, DNS = 55227, 55228, 3136
TARIFFS = {
    LITE: Tariff(LITE, "ispmanager 6 lite", {1: Money(Decimal("4.00"), "EUR")}),
    PRO: Tariff(PRO, "ispmanager 6 pro", {1: Money(Decimal("6.50"), "EUR")}),
    DNS: Tariff(DNS, "DNSmanager 5", {1: Money(Decimal("2.00"), "EUR")}),
}
TODAY = BEGIN.date()
MONTH = timedelta(days=31)  # an address stays at least so long
OPENS_AFTER = 40.0  # seconds from purchase or resumption until a license is active


@dataclass(slots=True)
class Soft:
    """A license as the remote knows it. Times are seconds of the simulation."""

    id: str
    name: str
    ip: str
    tariff: int
    status: Status = Status.ACTIVE
    remoteid: str = ""
    expires: date = TODAY + timedelta(days=30)
    changed: date | None = None
    key: str = "key"
    listed_at: float = 0.0
    active_at: float = 0.0
    stranger: bool = False
    stubborn: bool = False  # the remote will not rename it

    @property
    def is_free(self) -> bool:
        """Whether it lies in the pool."""
        return (self.name, self.ip) == (FREE_NAME, FREE_IP)

    def form(self, now: float) -> License:
        """Return it as its form shows it."""
        opening = self.status is Status.ACTIVE and now < self.active_at
        return License(
            remote=REMOTE,
            id=self.id,
            name=self.name,
            ip=self.ip,
            tariff=self.tariff,
            tariff_name=TARIFFS[self.tariff].name,
            period=1,
            length=1,
            status=Status.PROCESSING if opening else self.status,
            expires=self.expires,
            ip_changed=self.changed,
            key_changed=self.changed,
            renews_itself=False,
            remoteid=self.remoteid,
            key="" if opening else self.key,
            addons=(),
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that the remote took: of an order ``what`` is the mark, of another change the license.

    ``due`` is the end that a renewal was to move, by the journal when the call left.
    """

    action: Action
    what: str
    cost: Money
    due: str = ""

    @property
    def child(self) -> str:
        """The service that the order's mark names, whichever need of it this was."""
        mark = Mark.read(self.what)
        return mark.service if mark is not None else self.what


@dataclass(slots=True)
class Account:
    """What the remote has, and what it has charged; ``wrongs`` are calls that should never have come."""

    licenses: dict[str, Soft] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    writes: int = 0
    wrongs: list[str] = field(default_factory=list)
    one_per_address: bool = False
    one_move_a_month: bool = False
    now: float = 0.0
    _late: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _next_id: int = 7000

    def put(self, soft: Soft) -> None:
        """Put a license there that nobody has ordered here."""
        self.licenses[soft.id] = soft

    def pass_time(self, now: float) -> None:
        """Let happen what was late and is due by now, in the order in which it falls due."""
        for late in sorted(self._late, key=lambda late: late[0]):
            if late[0] <= now:
                self._late.remove(late)
                self.now, effect = late
                effect()
        self.now = now

    def later(self, at: float, effect: Callable[[], None]) -> None:
        """Let an effect happen at that time."""
        self._late.append((at, effect))

    @property
    def last_effect(self) -> float:
        """When the last late effect is due that has not happened yet."""
        return max((at for at, _ in self._late), default=self.now)

    def listed(self) -> list[License]:
        """Return the rows of the list; what only forms tell is not in them."""
        return [_row(soft.form(self.now)) for soft in self.licenses.values() if soft.listed_at <= self.now]

    def form(self, id: str) -> License:
        """Return a license's form; raises ``NotFound``."""
        return self._find(id).form(self.now)

    def stands_on(self, order: Order) -> bool:
        """Whether the remote would say that there is such a license on this address already."""
        return self.one_per_address and any(
            (soft.ip, soft.tariff) == (order.ip, order.tariff) for soft in self.licenses.values()
        )

    def buy(self, order: Order, *, lag: float, paid: bool) -> str:
        """Sell a license and return its id."""
        self._next_id += 1
        soft = Soft(
            str(self._next_id),
            order.name,
            order.ip,
            order.tariff,
            status=Status.ACTIVE if paid else Status.ORDERED,
            remoteid=order.remoteid,
            listed_at=self.now + lag,
            active_at=self.now + OPENS_AFTER,
        )
        self.put(soft)
        cost = TARIFFS[order.tariff].cost(order.period, ())
        if paid and cost is not None:
            self.charges.append(Charge(Action.ORDER, order.remoteid, cost))
        return soft.id

    def refuse(self, change: LicenseChange) -> None:
        """Raise what the remote itself has against a change."""
        soft = self._find(change.license)
        if isinstance(change, Edit) and (soft.stubborn or self._moves_too_soon(soft, change)):
            raise LimitRefused("the address was changed less than a month ago", where=REMOTE)

    def carry_out(self, change: LicenseChange, due: str) -> None:
        """Make a change, unless it came late and is not allowed any more; ``due`` is as in ``Charge``."""
        soft = self._find(change.license)
        match change:
            case Edit() if self._moves_too_soon(soft, change):
                pass
            case Edit():
                soft.name = soft.name if change.name is None else change.name
                soft.ip = soft.ip if change.ip is None else change.ip
                soft.remoteid = soft.remoteid if change.remoteid is None else change.remoteid
                soft.changed = TODAY
            case NewKey():
                soft.key, soft.active_at = f"{soft.key}+", self.now + OPENS_AFTER
            case Resume():
                soft.status, soft.active_at = Status.ACTIVE, self.now + OPENS_AFTER
            case Suspend():
                soft.status = Status.SUSPENDED
            case Renew():
                self._renew(soft, change.period, due)
            case ChangeTariff():
                self._change_tariff(soft, change)

    def _moves_too_soon(self, soft: Soft, edit: Edit) -> bool:
        moves = edit.ip is not None and edit.ip != soft.ip
        return self.one_move_a_month and moves and soft.changed is not None and soft.changed + MONTH > TODAY

    def _renew(self, soft: Soft, period: int, due: str) -> None:
        soft.expires, soft.status = add_months(soft.expires, period), Status.ACTIVE
        cost = TARIFFS[soft.tariff].cost(period, ())
        if cost is not None:
            self.charges.append(Charge(Action.RENEW, soft.id, cost, due))

    def _change_tariff(self, soft: Soft, change: ChangeTariff) -> None:
        """Charge the difference; nothing is paid back, and nobody should pay for what it is already."""
        if soft.tariff == change.tariff:
            self.wrongs.append(f"license {soft.id} was paid twice to be of tariff {change.tariff}")
        before, after = (TARIFFS[each].cost(change.period, ()) for each in (soft.tariff, change.tariff))
        if before is not None and after is not None and after.amount > before.amount:
            more = Money(after.amount - before.amount, after.currency)
            self.charges.append(Charge(Action.CHANGE_TARIFF, soft.id, more))
        soft.tariff = change.tariff

    def _find(self, id: str) -> Soft:
        if id not in self.licenses:
            raise NotFound(f"there is no license {id}", where=REMOTE)
        return self.licenses[id]


def _row(form: License) -> License:
    return License(
        remote=form.remote,
        id=form.id,
        name=form.name,
        ip=form.ip,
        tariff=form.tariff,
        tariff_name=form.tariff_name,
        period=form.period,
        length=form.length,
        status=form.status,
        expires=form.expires,
        renews_itself=form.renews_itself,
    )
