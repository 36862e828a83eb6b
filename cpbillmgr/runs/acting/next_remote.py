"""Carrying out at several remotes, one after the other: what one does not give, the next is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cpbillmgr.errors import CpbillmgrError, Interrupted, LimitReached
from cpbillmgr.model.plan import Decision, Plan
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.choosing import OURS, may_go_on, take_over
from cpbillmgr.planner.safety import check_plan
from cpbillmgr.runs.acting.agreement import have_agreed, planned, remember_agreement
from cpbillmgr.runs.acting.carry_out import carry_out
from cpbillmgr.runs.looking.gather import balance_of
from cpbillmgr.runs.looking.look import Asked, Look


@dataclass(frozen=True, slots=True)
class Ended:
    """What has become of the plans of all remotes: a row for each child, what stopped them, and warnings."""

    rows: tuple[Row, ...]
    stopped: CpbillmgrError | None
    warnings: tuple[str, ...]


def carry_out_in_turn(looks: Sequence[Look], asked: Asked, *, command: str) -> Ended:
    """Carry out the plan of each look, in the order in which the remotes are used.

    A child whose order or take has certainly failed is offered to the remotes that come later, until one
    gives it a license. The journal decides what is certain: while it has an open operation, or a license by
    now, or its order was in doubt before it was refused, it is offered to nobody. Each send counts against
    the one ``max_spend`` of the run.
    """
    relay = _Relay(asked, command, tuple(look.remote.name for look in looks))
    for number, look in enumerate(looks):
        relay.carry_out(look, looks[number + 1 :])
    return relay.ended()


@dataclass(slots=True)
class _Relay:
    """What the remotes so far have given, and what none of them has."""

    asked: Asked
    command: str
    remotes: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    left: dict[Key, tuple[Row, str]] = field(default_factory=dict)  # each with why it was refused
    stops: list[tuple[str, CpbillmgrError]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_over: bool = False  # for a reason that is ours, not a remote's

    def carry_out(self, look: Look, later: Sequence[Look]) -> None:
        """Carry out the plan of one remote, and what the earlier ones have not given."""
        if self.is_over:
            self.rows += map(_not_begun, look.plan.decisions)
            return
        decisions = (*look.plan.decisions, *self._taken_over(look, later))
        outcomes = carry_out(replace(look, plan=replace(look.plan, decisions=decisions)))
        if outcomes.stopped is not None:
            self.stops.append((look.remote.name, outcomes.stopped))
            self.is_over = isinstance(outcomes.stopped, OURS)
        for row in outcomes.rows:
            error = row.error or outcomes.stopped
            if not later or self.asked.exactly or error is None or not may_go_on(row):
                self.rows.append(row)
            else:
                self.left[row.decision.child.key] = (row, f"{look.remote.name} has refused: {error.message}")

    def ended(self) -> Ended:
        """Return what has become of everything. What another remote has made good does not stop a run."""
        rows = (*self.rows, *(row for row, _ in self.left.values()))
        failing = {
            row.decision.child.remote for row in rows if row.outcome in (Outcome.FAILED, Outcome.SKIPPED)
        }
        told = (error for remote, error in self.stops if remote in failing or isinstance(error, Interrupted))
        stopped = next(told, None)
        return Ended(rows, stopped, tuple(self.warnings))

    def _taken_over(self, look: Look, later: Sequence[Look]) -> tuple[Decision, ...]:
        """Return what this remote gives to children that were refused.

        It is nothing when nobody agrees to it, or the run as a whole would pass a limit by it.
        """
        state, name = look.site.state, look.remote.name
        stays = state.links.elsewhere(name) | state.operations.open_elsewhere(name)
        stays |= state.operations.may_arrive_elsewhere(name)
        refused = {key: why for key, (_, why) in self.left.items() if key not in stays}
        taken = take_over(look.seller, look.plan, refused) if refused else ()
        if not taken:
            return ()
        balance = look.balance or balance_of(look.remote)
        more = replace(look, warnings=(), plan=Plan(name, taken), balance=balance)
        report = replace(planned(self.command, [more], dry_run=False), remotes=self.remotes)
        try:
            check_plan(self._whole_run([more, look, *later]), look.site.wishes.rules.limits)
            agreed = self.asked.by_name or have_agreed([more], self.asked, report)
        except LimitReached as limit:
            self.warnings.append(f"{name} is not asked instead: {limit}")
            return ()
        if agreed and not self.asked.by_name:
            remember_agreement([more])
        reasons = Counter(self.left.pop(each.child.key)[1] for each in taken)
        self.warnings += [f"{why}; asked for at {name} instead: {count}" for why, count in reasons.items()]
        return taken

    def _whole_run(self, looks: Sequence[Look]) -> Plan:
        """Return what this run has done, or may have, together with the plans that it carries out yet."""
        paid = [row.decision for row in self.rows if row.outcome in (Outcome.DONE, Outcome.IN_DOUBT)]
        return Plan("", (*paid, *(each for look in looks for each in look.plan.decisions)))


def _not_begun(decision: Decision) -> Row:
    outcome = Outcome.HELD if decision.held else Outcome.SKIPPED
    return Row(decision, outcome, decision.license, decision.cost)
