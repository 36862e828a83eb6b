"""A plan: everything that was decided, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.services import Child


class Action(StrEnum):
    """What a child gets, in the words of reports and of the journal."""

    LINK = "link"
    TAKE = "take"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one child gets, and why. ``license`` is set where there is one already, ``cost`` where money goes.

    ``spares`` are other licenses of the pool that a take may turn to when the remote refuses its first.
    ``remoteid`` is the mark that a take or an order puts on the license.
    """

    action: Action
    child: Child
    because: str
    license: str | None = None
    cost: Money | None = None
    remoteid: str = ""
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything decided for one remote.

    ``decisions`` are to be carried out, ``held`` are wanted but must wait for a doubt to be settled or for a
    person to put something right, ``in_sync`` counts the children that have what they should.
    """

    remote: str
    decisions: tuple[Decision, ...] = ()
    held: tuple[Decision, ...] = ()
    in_sync: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def cost(self) -> tuple[Money, ...]:
        """What carrying it out costs, by currency."""
        return totals(decision.cost for decision in self.decisions if decision.cost is not None)

    def count(self, action: Action) -> int:
        """Return how many decisions are of this kind."""
        return sum(decision.action is action for decision in self.decisions)
