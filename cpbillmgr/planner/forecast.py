"""The forecast: what renewals will cost, day by day, if everything stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.plan import Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.checkevent import once_done
from cpbillmgr.planner.needs.certificates import once_issued
from cpbillmgr.planner.needs.renewal import due, renewals


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is renewed at one remote, by day from ``first`` on, and the balance of its account today.

    ``days`` are those on which any is renewed. ``unpriced`` are licenses that are due, and that the remote
    tells no price for: a person has to renew them there.
    """

    remote: str
    first: date
    balance: Money | None
    days: Mapping[date, Sequence[Decision]]
    unpriced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which an account pays; ``left`` is what it has afterwards, below zero if it falls short.

    ``left`` is ``None`` where the balance is not known. Amounts in another currency than the balance's are
    not taken from it.
    """

    date: date
    remotes: tuple[str, ...]
    renewals: tuple[Decision, ...]
    cost: tuple[Money, ...]
    left: Money | None

    @property
    def fits(self) -> bool:
        """Whether the balance covers this day and all before it, as far as it is known."""
        return self.left is None or self.left.amount >= 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one account has, and the days on which it pays for what these remotes renew."""

    remotes: tuple[str, ...]
    balance: Money | None
    days: tuple[Day, ...]

    @property
    def first_short(self) -> Day | None:
        """The first day that does not fit, ``None`` when all do."""
        return next((day for day in self.days if not day.fits), None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What renewals will cost in so many days, the first of which is ``first``: a ledger for each account.

    ``unpriced`` are licenses without a price, each after its remote.
    """

    first: date
    length: int
    ledgers: tuple[Ledger, ...]
    unpriced: tuple[tuple[str, str], ...]

    @property
    def days(self) -> list[Day]:
        """The days of all accounts, one for each account that pays."""
        return sorted((day for ledger in self.ledgers for day in ledger.days), key=lambda day: day.date)

    @property
    def cost(self) -> tuple[Money, ...]:
        """What all days cost together, by currency."""
        return totals(cost for day in self.days for cost in day.cost)

    @property
    def first_short(self) -> Day | None:
        """The first day that does not fit, of whichever account; ``None`` when all do."""
        return next((day for day in self.days if not day.fits), None)


def forecast(accounts: Iterable[Sequence[Outlook]], length: int) -> Forecast:
    """Return what ``length`` days will cost, of outlooks that are sorted by the account that pays."""
    accounts = [*accounts]
    everywhere = [outlook for outlooks in accounts for outlook in outlooks]
    return Forecast(
        first=min(outlook.first for outlook in everywhere),
        length=length,
        ledgers=tuple(_ledger(outlooks) for outlooks in accounts),
        unpriced=tuple((outlook.remote, id) for outlook in everywhere for id in outlook.unpriced),
    )


def _ledger(outlooks: Sequence[Outlook]) -> Ledger:
    """Return the days of one account, each with what all its remotes renew."""
    remotes = tuple(outlook.remote for outlook in outlooks)
    balance = next((outlook.balance for outlook in outlooks if outlook.balance is not None), None)
    days: list[Day] = []
    left = balance
    for date_ in sorted({date_ for outlook in outlooks for date_ in outlook.days}):
        paid = tuple(decision for outlook in outlooks for decision in outlook.days.get(date_, ()))
        cost = totals(each.cost for each in paid if each.cost is not None)
        left = _less(left, cost)
        days.append(Day(date_, remotes, paid, cost, left))
    return Ledger(remotes, balance, tuple(days))


def outlook(
    facts: Facts,
    standing: Standing,
    children: Mapping[Key, Child],
    rules: Rules,
    balance: Money | None,
    length: int,
) -> Outlook:
    """Return what one remote renews in the next ``length`` days, today among them.

    Each day is decided as ``checkevent`` decides it, on what the days before have left: a license that ends
    several times is renewed several times. For how long a period of unknown length renews one nobody can
    tell: such a license is renewed once. A certificate that is on its way is taken for issued.
    """
    days: dict[date, Sequence[Decision]] = {}
    unpriced: dict[str, None] = {}
    for decisions, day in _days(facts, standing, children, rules, length):
        unpriced |= dict.fromkeys(
            each.renews or each.license or "" for each in decisions if each.held and each.cost is None
        )
        if paid := [each for each in decisions if not each.held]:
            days[day] = paid
    return Outlook(facts.remote, facts.today, balance, days, tuple(unpriced))


def _days(
    facts: Facts, standing: Standing, children: Mapping[Key, Child], rules: Rules, length: int
) -> Iterator[tuple[list[Decision], date]]:
    if rules.product.is_certificate:
        facts = once_issued(facts, standing)
    began, licenses = facts.requested_at, resting(facts, standing)
    for number in range(length):
        facts = replace(facts, requested_at=began + timedelta(days=number))
        decisions = renewals(due(licenses, facts, standing, rules), children, facts, rules)
        yield decisions, facts.today
        if done := [each for each in decisions if not each.held]:
            facts = once_done(facts, done)
            renewed = {
                (each.renews, each.expires_before) for each in done if each.renews and each.expires_before
            }
            standing = replace(standing, renewed=standing.renewed | renewed)
            licenses = resting(facts, standing)


def _less(balance: Money | None, cost: tuple[Money, ...]) -> Money | None:
    if balance is None:
        return None
    spent = sum((each.amount for each in cost if each.currency == balance.currency), balance.amount * 0)
    return replace(balance, amount=balance.amount - spent)
