"""Findings about certificates: what keeps one that is wanted from being of use, or is for another domain."""

from __future__ import annotations

from collections.abc import Iterator

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.pool.money_left import cost_of_period


def not_issued(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked certificates that have failed: whether they are paid back the seller knows."""
    for key, license in _wanted(evidence):
        if license.issue is Issue.FAILED:
            cost = cost_of_period(license, evidence.facts.tariffs)
            why = f"the seller did not issue it for {license.name}; ask there, then have another one ordered"
            mend = _another(license.id, key[0], evidence)
            yield evidence.found(Kind.NOT_ISSUED, license, why, amount=cost, mend=mend)


def request_lost(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked certificates without the request, and so without the key, that they were ordered with."""
    for _, license in _wanted(evidence):
        if license.id in evidence.facts.files.keyless:
            why = "its request is lost, and its key, if that was made here: restore them, or order another"
            mend = evidence.on_license("renew", license.id)
            yield evidence.found(Kind.REQUEST_LOST, license, why, amount=evidence.left(license), mend=mend)


def not_fetched(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked certificates that are issued, and whose files are not here."""
    for _, license in _wanted(evidence):
        if license.issue is Issue.ISSUED and license.id in evidence.facts.files.unfetched:
            why = "it is issued, and its files are not here; checkevent fetches them, or tells why it cannot"
            mend = command("checkevent")
            yield evidence.found(Kind.NOT_FETCHED, license, why, amount=evidence.left(license), mend=mend)


def wrong_domain(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked certificates for another domain than their service has by now."""
    for key, license in _wanted(evidence):
        child = evidence.children.get(key)
        if child is not None and child.domain and child.domain.casefold() != license.name.casefold():
            why = f"it is for {license.name}, and service {key[0]} is {child.domain}"
            mend = _another(license.id, key[0], evidence)
            yield evidence.found(Kind.WRONG_DOMAIN, license, why, amount=evidence.left(license), mend=mend)


def _wanted(evidence: Evidence) -> Iterator[tuple[Key, License]]:
    """Yield the linked certificates that go on to be wanted: any other ends by itself."""
    return ((key, license) for key, license in evidence.facts.linked if evidence.wants(key))


def _another(license: str, service: str, evidence: Evidence) -> str:
    """Return how another certificate is ordered in place of one; the old one stays the account's."""
    unlink = evidence.on_license("unlink", license)
    return f"{unlink} && {command('fixchilds', '--service', service)}"
