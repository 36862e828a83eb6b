"""The audit as a whole: every remote and every class in its turn, and everything told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from cpbillmgr.planner.audit import certificates, drift, links, needs, operations, unlinked
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Audit, Finding, Kind

_CLASSES: tuple[Callable[[Evidence], Iterable[Finding]], ...] = (
    operations.in_doubt,
    operations.for_a_person,
    operations.releasing,
    links.vanished,
    certificates.not_issued,
    certificates.request_lost,
    certificates.not_fetched,
    certificates.wrong_domain,
    needs.unknown_names,
    links.contradicted,
    unlinked.doubles,
    links.renewing_for_nobody,
    unlinked.renewing_for_nobody,
    links.without_service,
    unlinked.without_service,
    links.without_panel,
    drift.wrong_tariff,
    drift.other_amounts,
    drift.wrong_ip,
    drift.status_drift,
    drift.not_renewed,
    drift.expiring,
    drift.wrong_period,
    needs.without_license,
    unlinked.idle,
    unlinked.left_to_end,
    unlinked.strangers,
)
"""The classes in the order of ``Kind``."""


def audit(everywhere: Sequence[Evidence]) -> Audit:
    """Return what is to be told of each remote, in the order of its evidence."""
    found = [_audit(evidence) for evidence in everywhere]
    return Audit(
        remotes=tuple(evidence.facts.remote for evidence in everywhere),
        findings=tuple(finding for findings, _ in found for finding in findings),
        in_order=sum(in_order for _, in_order in found),
    )


def _audit(evidence: Evidence) -> tuple[list[Finding], int]:
    """Return the findings of one remote, and how many linked children are in order.

    Each license and each child is told once, under its most specific class.
    """
    told: set[str | tuple[str, str]] = set()
    findings: list[Finding] = []
    for find in _CLASSES:
        for finding in find(evidence):
            subjects = _subjects(finding)
            if told.isdisjoint(subjects):
                findings.append(finding)
                told |= subjects
    return findings, sum(key not in told for key in evidence.facts.links)


def _subjects(finding: Finding) -> set[str | tuple[str, str]]:
    """Return what a finding is about: a license's id, a child's key, or both.

    A double is about the second license alone: the child has another one, of which more may be told.
    """
    subjects: set[str | tuple[str, str]] = set()
    if finding.license is not None:
        subjects.add(finding.license)
    if finding.service is not None and finding.addon is not None and finding.kind is not Kind.DOUBLE:
        subjects.add((finding.service, finding.addon))
    return subjects
