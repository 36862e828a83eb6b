"""Carrying out a plan: for each change a row in the journal, one remote call, the outcome recorded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cpbillmgr.errors import (
    AlreadyExists,
    CpbillmgrError,
    Held,
    Interrupted,
    MaybeDone,
    RemoteError,
)
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.plan import GIVING, Action, Decision
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.protection import check_protected
from cpbillmgr.planner.choosing import OURS, THE_ACCOUNTS
from cpbillmgr.planner.needs.obstacles import address_taken
from cpbillmgr.planner.needs.strands import strands
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.acting.changing import change
from cpbillmgr.runs.acting.ordering import order
from cpbillmgr.runs.acting.taking import take
from cpbillmgr.runs.certificates.issuing import fetch
from cpbillmgr.runs.looking.look import Look
from cpbillmgr.runs.site import Site
from cpbillmgr.store.rescue import Rescue


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What carrying out has come to: a row for each decision, and the error that stopped it, if any did."""

    rows: tuple[Row, ...]
    stopped: CpbillmgrError | None


def carry_out(look: Look) -> Outcomes:
    """Carry a plan out and return a row for each decision, in their order; held ones stay as they are.

    Links are written first, for they cost nothing. What is about one child runs one after the other, and ends
    where something does not succeed; children are served side by side, as many at once as the remote's
    ``parallel`` allows. An error that concerns the whole account stops what has not begun yet, and so does a
    person who interrupts: what was sent is waited for, unless that is interrupted, too.
    Raises ``LimitReached``, and then nothing is done, where a protected license would be changed.
    """
    site, facts, decisions = look.site, look.facts, look.plan.decisions
    check_protected(decisions, site.state.protections.all(facts.remote))
    _write_links(site, facts, [decision for decision in decisions if not decision.held])
    with site.state.rescue() as rescue:
        crew = _Crew(site, look.remote, facts, rescue)
        threads = ThreadPoolExecutor(site.wishes.remote.parallel)
        try:
            for _ in threads.map(crew.attempt_in_turn, strands(decisions)):
                site.watch("changes", len(crew.rows), len(decisions))
        except KeyboardInterrupt:  # when it comes again, nobody is waited for: so there is no ``with``
            crew.stopped = Interrupted("interrupted: what was not begun is left out")
            site.watch(Interrupted.kind, len(crew.rows), len(decisions))
        except BaseException:
            threads.shutdown()
            raise
        threads.shutdown()
        rows = (crew.rows.get(number) or crew.attempt(each) for number, each in enumerate(decisions))
        return Outcomes(tuple(rows), crew.stopped)


def _write_links(site: Site, facts: Facts, decisions: Sequence[Decision]) -> None:
    """Bind the licenses that were found, after closing what stands in the way of that.

    In the way are links to licenses that are gone, and orders that never arrived, of children that have
    another license by now.
    """
    for decision in decisions:
        gone = facts.links.get(decision.child.key)
        if gone is not None and decision.action in GIVING and decision.replaces is None:
            site.state.links.unlink(facts.remote, gone)
        if decision.action is Action.LINK and decision.operation is not None:
            operation = site.state.operations.get(decision.operation)
            site.state.journal.failed(operation, decision.because, at=site.now())
    site.state.links.link(
        [
            (Link(facts.remote, decision.license, *decision.child.key), decision.because)
            for decision in decisions
            if decision.action is Action.LINK and decision.license is not None
        ],
        site.now(),
    )


@dataclass(slots=True)
class _Crew:
    """Those who carry decisions out at the same time, and what makes all of them stop."""

    site: Site
    remote: RemoteBilling
    facts: Facts
    rescue: Rescue
    stopped: CpbillmgrError | None = None
    rows: dict[int, Row] = field(default_factory=dict)  # by the decision's place

    def attempt_in_turn(self, strand: Sequence[tuple[int, Decision]]) -> None:
        """Carry decisions out, the next one only when the last has succeeded or was held."""
        goes_on = True
        for number, decision in strand:
            row = self.attempt(decision) if goes_on else Row(decision, Outcome.SKIPPED, decision.license)
            goes_on = goes_on and row.outcome in (Outcome.DONE, Outcome.HELD)
            self.rows[number] = row

    def attempt(self, decision: Decision) -> Row:
        """Carry one decision out and return how it ended.

        =====================================  =========  ========================
        what happens                           row        the other decisions
        =====================================  =========  ========================
        it is held, or has to be               held       go on
        an error or a person has stopped it    skipped    are skipped too
        it is done                             done       go on
        there are no files to be fetched yet   skipped    go on
        sent, and the end is unknown           in-doubt   go on
        an error of the account or the way     failed     are skipped
        any other error                        failed     go on
        =====================================  =========  ========================
        """
        if decision.held:
            return Row(decision, Outcome.HELD, decision.license, decision.cost)
        if decision.action is Action.LINK:
            return Row(decision, Outcome.DONE, decision.license)
        if self.stopped is not None:
            return Row(decision, Outcome.SKIPPED, decision.license, decision.cost)
        try:
            license = self._carry_out(decision)
        except Held as error:
            return Row(decision, Outcome.HELD, decision.license, decision.cost, error)
        except MaybeDone as error:
            return Row(decision, Outcome.IN_DOUBT, decision.license, decision.cost, error)
        except (RemoteError, *OURS) as error:
            if isinstance(error, (*OURS, *THE_ACCOUNTS)) and self.stopped is None:
                self.stopped = error
            return Row(decision, Outcome.FAILED, decision.license, decision.cost, error)
        if license is None:
            return Row(decision, Outcome.SKIPPED, decision.license)
        return Row(decision, Outcome.DONE, license, decision.cost)

    def _carry_out(self, decision: Decision) -> str | None:
        try:
            return self._send(decision)
        except AlreadyExists as error:
            error.hint = error.hint or address_taken(decision.child, self.facts)
            raise

    def _send(self, decision: Decision) -> str | None:
        if decision.action is Action.ORDER:
            return order(self.site, self.remote, self.facts, decision, self.rescue)
        if decision.action is Action.TAKE:
            return take(self.site, self.remote, self.facts, decision)
        if decision.action is Action.FETCH:
            return fetch(self.site, self.remote, decision)
        return change(self.site, self.remote, self.facts, decision)
