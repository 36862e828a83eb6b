"""The forecast: what renewals will cost, day by day, if everything stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.plan import Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child
from cpbillmgr.planner.checkevent import once_done
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.following import Standing
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.renewal import due, renewals


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which licenses are renewed; ``left`` is what the account has afterwards, below zero if short.

    ``left`` is ``None`` where the balance is not known. Amounts in another currency than the balance's are
    not taken from it.
    """

    date: date
    renewals: tuple[Decision, ...]
    cost: tuple[Money, ...]
    left: Money | None

    @property
    def fits(self) -> bool:
        """Whether the balance covers this day and all before it, as far as it is known."""
        return self.left is None or self.left.amount >= 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What renewals will cost in so many days, the first of which is ``first``.

    ``days`` are those on which any is renewed. ``unpriced`` are licenses that are due, and that the remote
    tells no price for: a person has to renew them there.
    """

    first: date
    length: int
    balance: Money | None
    days: tuple[Day, ...]
    unpriced: tuple[str, ...]

    @property
    def cost(self) -> tuple[Money, ...]:
        """What all days cost together, by currency."""
        return totals(cost for day in self.days for cost in day.cost)

    @property
    def first_short(self) -> Day | None:
        """The first day that does not fit, ``None`` when all do."""
        return next((day for day in self.days if not day.fits), None)


def forecast(
    facts: Facts,
    standing: Standing,
    children: Mapping[Key, Child],
    rules: Rules,
    balance: Money | None,
    length: int,
) -> Forecast:
    """Return what the next ``length`` days will cost, today among them.

    Each day is decided as ``checkevent`` decides it, on what the days before have left: a license that ends
    several times is renewed several times. For how long a period of unknown length renews one nobody can
    tell: such a license is renewed once.
    """
    days: list[Day] = []
    unpriced: dict[str, None] = {}
    left = balance
    for decisions, day in _days(facts, standing, children, rules, length):
        unpriced |= dict.fromkeys(each.renews or each.license or "" for each in decisions if each.held)
        paid = tuple(each for each in decisions if not each.held)
        if paid:
            cost = totals(each.cost for each in paid if each.cost is not None)
            left = _less(left, cost)
            days.append(Day(day, paid, cost, left))
    return Forecast(facts.today, length, balance, tuple(days), tuple(unpriced))


def _days(
    facts: Facts, standing: Standing, children: Mapping[Key, Child], rules: Rules, length: int
) -> Iterator[tuple[list[Decision], date]]:
    began = facts.requested_at
    for number in range(length):
        facts = replace(facts, requested_at=began + timedelta(days=number))
        decisions = renewals(due(facts, standing, rules), children, facts, rules)
        yield decisions, facts.today
        done = [each for each in decisions if not each.held]
        facts = once_done(facts, done)
        renewed = {(each.renews, each.expires_before) for each in done if each.renews and each.expires_before}
        standing = replace(standing, renewed=standing.renewed | renewed)


def _less(balance: Money | None, cost: tuple[Money, ...]) -> Money | None:
    if balance is None:
        return None
    spent = sum((each.amount for each in cost if each.currency == balance.currency), balance.amount * 0)
    return replace(balance, amount=balance.amount - spent)
