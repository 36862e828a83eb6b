"""A plan: everything that was decided, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.services import Child


class Action(StrEnum):
    """What is done for a child, or with its license, in the words of reports and of the journal."""

    LINK = "link"
    TAKE = "take"
    ORDER = "order"
    RENEW = "renew"
    SUSPEND = "suspend"
    RESUME = "resume"
    RELEASE = "release"
    DELETE = "delete"
    EDIT = "edit"  # other amounts, such as nodes, or the remote's own renewal turned off
    NEWKEY = "newkey"
    MOVE = "move"
    CHANGE_TARIFF = "change-tariff"
    FETCH = "fetch"  # the files of an issued certificate: nothing is changed at the remote


GIVING = (Action.LINK, Action.TAKE, Action.ORDER)  # what gives a child a license that it does not have


def renewed_license(
    action: Action, license: str | None, replaces: str | None, expires_before: date | None
) -> str | None:
    """Return the license that a change renews: a certificate by the order of another one in its place."""
    if action is Action.RENEW:
        return license
    return None if expires_before is None else replaces


@dataclass(frozen=True, slots=True)
class Considered:
    """A license that might have served a child, and why it does not."""

    license: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What one child gets, and why.

    ``license`` is set where there is one already, ``cost`` where money goes. ``held`` means wanted, but
    waiting: for a doubt to be settled (``in_doubt``) or for a person. ``remoteid`` is the mark that a take or
    an order puts on the license. ``spares`` are other licenses of the pool that a take may turn to when the
    remote refuses its own. ``operation`` is the journal's row where the child has an open one.
    ``expires_before`` is what a renewal moves forward. ``replaces`` is the license that the child has until a
    take or an order gives it another. ``considered`` only tells of it: decisions that differ in that alone
    are equal.
    """

    action: Action
    child: Child
    because: str
    license: str | None = None
    cost: Money | None = None
    held: bool = False
    in_doubt: bool = False
    remoteid: str = ""
    spares: tuple[str, ...] = ()
    operation: int | None = None
    expires_before: date | None = None
    replaces: str | None = None
    considered: tuple[Considered, ...] = field(default=(), compare=False)

    @property
    def renews(self) -> str | None:
        """The license that it renews, or ``None``."""
        return renewed_license(self.action, self.license, self.replaces, self.expires_before)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything decided for one remote; ``in_sync`` counts the children that have what they should."""

    remote: str
    decisions: tuple[Decision, ...] = ()
    in_sync: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def to_do(self) -> tuple[Decision, ...]:
        """The decisions that are to be carried out."""
        return tuple(decision for decision in self.decisions if not decision.held)

    @property
    def cost(self) -> tuple[Money, ...]:
        """What carrying it out costs, by currency."""
        return totals(decision.cost for decision in self.to_do if decision.cost is not None)

    def count(self, action: Action) -> int:
        """Return how many decisions of this kind are to be carried out."""
        return sum(decision.action is action for decision in self.to_do)
