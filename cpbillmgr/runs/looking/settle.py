"""Settling: what a look tells about open operations goes into the journal."""

from __future__ import annotations

from collections.abc import Iterable

from cpbillmgr.model.operations import State
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.changing import is_paid
from cpbillmgr.planner.changes.settling import Settlement, Verdict, paid_for
from cpbillmgr.runs.site import Site


def write_down(site: Site, facts: Facts, settlements: Iterable[Settlement]) -> None:
    """Record how operations ended, or how far the doubt about them has come."""
    journal = site.state.journal
    for settlement in settlements:
        operation, why = settlement.operation, settlement.because
        match settlement.verdict:
            case Verdict.FOUND if settlement.license is not None:
                cost = paid_for(operation, settlement.license)
                journal.done(operation, license=settlement.license.id, cost=cost, at=site.now())
            case Verdict.NEVER_SENT:
                journal.failed(operation, why, at=site.now())
            case Verdict.ABANDONED:
                journal.doubt(operation, why, at=site.now())
            case Verdict.GO_ON if operation.state is State.SENT:
                journal.doubt(operation, why, at=site.now())
            case Verdict.MISSED:
                journal.missed(operation, requested_at=facts.requested_at)
            case Verdict.ABSENT if is_paid(operation):
                journal.absent(operation, why, at=site.now())
            case Verdict.ABSENT:
                journal.failed(operation, why, at=site.now())
            case Verdict.MANUAL:
                journal.manual(operation, why, at=site.now())
            case _:
                pass
