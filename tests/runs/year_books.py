"""A year of fifty services by a seeded schedule, and books of what it must cost, kept by hand.

The books share no code with the program: whoever doubts a sum can follow them with pencil and calendar.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.runs.worlds import LITE, PRO

FIRST_DAY = date(2027, 1, 4)
PRICES = {
    LITE: {1: Decimal("4.00"), 12: Decimal("40.00")},
    PRO: {1: Decimal("8.10"), 12: Decimal("80.00")},
}
KEPT_DAYS = 30  # so long the remote keeps a license that has ended


@dataclass(frozen=True)
class Event:
    """What happens to a service on a day.

    ``what`` is bought, suspended, resumed, closed, upgraded; or by hand at the remote: renamed,
    self-renewing, given (``days`` more for nothing).
    """

    what: str
    service: str
    tariff: int = LITE
    months: int = 1
    days: int = 0


Schedule = dict[date, list[Event]]


def schedule(seed: int, length: int, services: int = 50) -> Schedule:
    """Return what happens on which day of so many."""
    random = Random(seed)  # noqa: S311 - no secret
    days: Schedule = defaultdict(list)
    for number in range(10, 10 + services):
        id, tariff = str(number), random.choice((LITE, LITE, PRO))
        when, is_on = random.randrange(length * 2 // 3), True
        days[_day(when)].append(Event("bought", id, tariff, random.choice((1, 1, 1, 1, 12))))
        while (when := when + random.randint(5, 60)) < length:
            what = _next(random, is_on=is_on, tariff=tariff)
            is_on = what != "suspended"
            tariff = PRO if what == "upgraded" else tariff
            days[_day(when)].append(Event(what, id, days=random.randint(2, 9)))
            if what == "closed":
                break
    return days


def _next(random: Random, *, is_on: bool, tariff: int) -> str:
    what = ["suspended", "suspended", "suspended", "closed", "renamed", "self-renewing", "given"]
    if not is_on:
        what = ["resumed", "resumed", "resumed", "closed"]
    elif tariff == LITE:
        what.append("upgraded")
    return random.choice(what)


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def later(day: date, months: int) -> date:
    """Return the same day some months later, or that month's last."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(eq=False)
class Kept:
    """One license, as the books have it. ``moved`` is when its address last changed."""

    number: int
    tariff: int
    months: int
    ends: date
    is_on: bool = True
    moved: date | None = None

    def is_gone(self, today: date) -> bool:
        """Whether the remote has deleted it."""
        return today >= self.ends + timedelta(days=KEPT_DAYS)

    def may_move(self, today: date) -> bool:
        """Whether more than a month has passed since it moved, a calendar month and 31 days."""
        if self.moved is None:
            return True
        return today > later(self.moved, 1) and today > self.moved + timedelta(days=31)


@dataclass
class Customer:
    """One service: what it asks for, and the license that it has."""

    tariff: int
    months: int
    state: str = "active"
    license: Kept | None = None


Paid = tuple[date, str, str, Decimal]  # when, for what, of which service, how much


@dataclass
class Books:
    """Who has which license, what lies in the pool, and what was paid."""

    customers: dict[str, Customer] = field(default_factory=dict)
    pool: list[Kept] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    taken: int = 0
    _numbers: int = 0

    def close_day(self, today: date, events: list[Event]) -> None:
        """Enter everything that is so by the end of a day."""
        for event in events:
            self._enter(today, event)
        if any(event.what in ("bought", "resumed") for event in events):
            self._serve(today)
        for id, customer in sorted(self.customers.items()):
            if customer.license is not None and not customer.license.is_gone(today):
                self._keep(today, id, customer, customer.license)

    def _enter(self, today: date, event: Event) -> None:
        if event.what == "bought":
            self.customers[event.service] = Customer(event.tariff, event.months)
            return
        customer = self.customers[event.service]
        license = customer.license
        if event.what in ("suspended", "closed"):
            customer.state = event.what
        elif event.what == "resumed":
            customer.state = "active"
        elif event.what == "given" and license is not None:
            license.ends += timedelta(days=event.days)
        elif event.what == "upgraded" and license is not None:
            more = PRICES[PRO][license.months] - PRICES[LITE][license.months]
            self.paid.append((today, "change-tariff", event.service, more))
            customer.tariff = license.tariff = PRO

    def _serve(self, today: date) -> None:
        """Give every active service without a license one: from the pool, else a new one."""
        for id, customer in sorted(self.customers.items()):
            if customer.state != "active":
                continue
            if customer.license is not None and not customer.license.is_gone(today):
                continue
            fit = [
                each
                for each in self.pool
                if each.tariff == customer.tariff and each.ends > today and each.may_move(today)
            ]
            if fit:
                best = min(fit, key=lambda each: (-each.ends.toordinal(), each.moved or today, each.number))
                self.pool.remove(best)
                best.moved, best.is_on, customer.license = today, True, best
                self.taken += 1
            else:
                price = PRICES[customer.tariff][customer.months]
                self.paid.append((today, "order", id, price))
                self._numbers += 1
                ends = later(today, customer.months)
                customer.license = Kept(self._numbers, customer.tariff, customer.months, ends)

    def _keep(self, today: date, id: str, customer: Customer, license: Kept) -> None:
        if customer.state == "closed":
            license.is_on = False
            if license.may_move(today):
                license.moved, customer.license = today, None
                self.pool.append(license)
        elif customer.state == "suspended":
            license.is_on = False
        else:
            license.is_on = True
            if today >= license.ends - timedelta(days=1):
                self.paid.append((today, "renew", id, PRICES[license.tariff][customer.months]))
                license.ends = later(max(license.ends, today), customer.months)
                license.months = customer.months
