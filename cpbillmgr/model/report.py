"""What a run did, or would do: the result that a command shows as text or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.model.events import Event
from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.notices import Notice
from cpbillmgr.model.plan import Decision


class Outcome(StrEnum):
    """How one decision ended."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    IN_DOUBT = "in-doubt"
    HELD = "held"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Row:
    """One decision and its end. ``license`` and ``cost`` are the real ones where it was carried out."""

    decision: Decision
    outcome: Outcome
    license: str | None = None
    cost: Money | None = None
    error: CpbillmgrError | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether the end of a sent change is not known, of this run or an earlier one."""
        return self.outcome is Outcome.IN_DOUBT or self.decision.in_doubt


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    ``stopped`` is the error that ended it before its last decision, if any did. ``detailed`` asks for an exit
    code that tells changes from none. ``events`` are what was concluded to have changed at the remote,
    ``notices`` what a person should know now, and ``news`` those of them that nobody was told before.
    ``adoption`` is the number by which an adoption is undone.
    """

    command: str
    rows: tuple[Row, ...] = ()
    dry_run: bool = False
    in_sync: int = 0
    balance: Money | None = None
    warnings: tuple[str, ...] = ()
    stopped: CpbillmgrError | None = None
    detailed: bool = False
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
    news: tuple[Notice, ...] = ()
    adoption: int | None = None

    @property
    def cost(self) -> tuple[Money, ...]:
        """What was paid, or would be, by currency; what is in doubt counts as paid."""
        spent = (Outcome.PLANNED, Outcome.DONE, Outcome.IN_DOUBT)
        return totals(row.cost for row in self.rows if row.cost is not None and row.outcome in spent)

    def count(self, *outcomes: Outcome) -> int:
        """Return how many rows ended in one of these ways."""
        return sum(row.outcome in outcomes for row in self.rows)

    @property
    def exit_code(self) -> int:
        """Return the exit code of the run (cli.md, Exit codes).

        =====================================================  ==================
        the first of these that is so                          code
        =====================================================  ==================
        the end of a sent change is not known                  7
        an error stopped the run (no money, login, network)    the error's own
        something failed or is held                            3
        there are changes, and ``detailed`` asks for them      4
        otherwise                                              0
        =====================================================  ==================
        """
        if any(row.in_doubt for row in self.rows):
            return 7
        if self.stopped is not None:
            return self.stopped.exit_code
        if self.count(Outcome.FAILED, Outcome.HELD):
            return 3
        return 4 if self.detailed and self.count(Outcome.DONE, Outcome.PLANNED) else 0
