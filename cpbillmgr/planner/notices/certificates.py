"""Notices of certificates: what keeps one from being of use, and whom it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.following import Standing
from cpbillmgr.planner.notices.amiss import SOON


def of_certificates(facts: Facts, standing: Standing, unfetched: Mapping[str, str]) -> Iterator[Notice]:
    """Yield what a person should know of the linked certificates.

    ``unfetched`` are those whose files were to be fetched, each with what went wrong; nothing where
    the remote has none.

    ==================================================  =======
    the certificate                                     level
    ==================================================  =======
    is wanted no more                                   -
    was not issued                                      alarm
    was ordered with a request that is here no more     alarm
    waits for its approver, and
      - the last that was issued ends within 7 days     alarm
      - that one does not, or there is none             note
    is issued, and its files
      - could not be fetched                            warning
      - are not there yet                               note
    ==================================================  =======
    """
    for key, license in facts.linked:
        if standing.gives_up(key):
            continue
        if license.issue is Issue.FAILED:
            yield _failed(license, key)
            continue
        if license.id in facts.files.keyless:
            yield _keyless(license, key)
        if license.issue is Issue.WAITING:
            yield _waiting(license, key, facts)
        if license.id in unfetched:
            yield _unfetched(license, key, unfetched[license.id])


def _failed(license: License, key: Key) -> Notice:
    told = f"{_named(license, key)} was not issued: ask the seller"
    again = f"'cpbillmgr license unlink {license.id}' lets fixchilds order another one"
    return Notice(f"issue {license.id}", Level.ALARM, f"{told}; {again}", Hook.FAILED)


def _keyless(license: License, key: Key) -> Notice:
    told = f"the request of {_named(license, key)} is lost, and its key, if that was made here"
    mend = f"restore them from a backup, or 'cpbillmgr license renew {license.id}' orders another one"
    return Notice(f"request {license.id}", Level.ALARM, f"{told}; {mend}", Hook.FAILED)


def _waiting(license: License, key: Key, facts: Facts) -> Notice:
    told = f"{_named(license, key)} waits until its approver answers the seller's mail"
    end = _end_before(key, facts)
    if end is None or end > facts.today + SOON:
        return Notice(f"issue {license.id}", Level.NOTE, told)
    ends = "ends" if end > facts.today else "has ended"
    return Notice(
        f"issue {license.id}", Level.ALARM, f"{told}, and the one before it {ends} on {end}", Hook.FAILED
    )


def _end_before(key: Key, facts: Facts) -> date | None:
    """Return the last day on which a child has been served by one of the certificates before."""
    ends = (
        license.expires
        for id, child in facts.replaced.items()
        if child == key
        and (license := facts.licenses.get(id)) is not None
        and license.issue in (None, Issue.ISSUED)
    )
    return max((end for end in ends if end is not None), default=None)


def _unfetched(license: License, key: Key, error: str) -> Notice:
    named = _named(license, key)
    if error:
        told = f"the files of {named} could not be fetched: {error}"
        return Notice(f"files {license.id}", Level.WARNING, told, Hook.FAILED)
    told = f"{named} is said to be issued, and has no files yet; each run looks for them"
    return Notice(f"files {license.id}", Level.NOTE, told)


def _named(license: License, key: Key) -> str:
    return f"certificate {license.id} for {license.name} of service {key[0]}"
