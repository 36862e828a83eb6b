"""Findings about what is under way: operations that are open, licenses that are being given up."""

from __future__ import annotations

from collections.abc import Iterator

from cpbillmgr.model.command import command
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.services import Status, Wish
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.changes.changing import waits_for_its_day
from cpbillmgr.planner.pool.handing_out import usable_from


def in_doubt(evidence: Evidence) -> Iterator[Finding]:
    """Yield the open operations that the next runs settle or finish."""
    for operation in evidence.facts.operations:
        if operation.state is not State.MANUAL:
            why = f"operation {operation.id}, {operation.action}, is {operation.state}: {_latest(operation)}"
            yield _of(Kind.IN_DOUBT, operation, why, mend=command("checkevent"))


def for_a_person(evidence: Evidence) -> Iterator[Finding]:
    """Yield the open operations that no run goes on with.

    ===========================================  =================
    its service                                  mend
    ===========================================  =================
    wants a license still                        restart
    is gone, or wants none any more              cancel
    ===========================================  =================
    """
    for operation in evidence.facts.operations:
        if operation.state is State.MANUAL and not waits_for_its_day(operation):
            demand = evidence.standing.demands.get(operation.key)
            is_wanted = demand is not None and demand.wish is not Wish.GIVEN_UP
            verb = "restart" if is_wanted else "cancel"
            why = f"operation {operation.id}, {operation.action}, needs a decision: {_latest(operation)}"
            yield _of(Kind.FOR_A_PERSON, operation, why, mend=command("operation", verb, str(operation.id)))


def releasing(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that are given up, or replaced, and wait for the day on which they are freed."""
    for operation in evidence.facts.operations:
        license = evidence.facts.licenses.get(operation.license or "")
        if waits_for_its_day(operation) and license is not None:
            day = usable_from(license)
            why = f"it is freed on {day or 'the first day that the remote allows'} (operation {operation.id})"
            yield evidence.found(
                Kind.RELEASING, license, why, key=operation.key, amount=evidence.left(license)
            )
    for each in evidence.linked:
        day = usable_from(each.license)
        if (
            each.demand.wish is Wish.GIVEN_UP
            and each.license.status is Status.SUSPENDED
            and day is not None
            and day > evidence.facts.today
        ):
            why = f"service {each.demand.service} wants it no more; it is freed on {day}"
            yield evidence.found(Kind.RELEASING, each.license, why, amount=evidence.left(each.license))
    if evidence.rules.product.can_change:  # what cannot ends by itself
        yield from _replaced(evidence)


def _replaced(evidence: Evidence) -> Iterator[Finding]:
    for id, (service, _) in evidence.facts.replaced.items():
        license = evidence.facts.licenses.get(id)
        if license is None or license.is_free or license.status not in (Status.ACTIVE, Status.SUSPENDED):
            continue
        day = usable_from(license)
        when = f"on {day}" if day is not None and day > evidence.facts.today else "by the next checkevent"
        why = f"service {service} has another license in its place; it is given up {when}"
        yield evidence.found(Kind.RELEASING, license, why, amount=evidence.left(license))


def _latest(operation: Operation) -> str:
    return operation.error or "its end is not known yet"


def _of(kind: Kind, operation: Operation, why: str, *, mend: str) -> Finding:
    return Finding(
        operation.remote,
        kind,
        why,
        operation.service,
        operation.addon,
        operation.license,
        operation.ip,
        operation.cost,
        mend,
    )
