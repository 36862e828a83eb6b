"""Notices of certificates: what keeps one from being of use, and whom it waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.planner.amiss import SOON, ends_within
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.matching import Key


def of_certificates(facts: Facts, unfetched: Mapping[str, str]) -> Iterator[Notice]:
    """Yield what a person should know of the linked certificates.

    ``unfetched`` are those whose files were to be fetched, each with what went wrong; nothing where
    the remote has none.

    ==================================================  =======
    the certificate                                     level
    ==================================================  =======
    was not issued                                      alarm
    was ordered with a request that is here no more     alarm
    waits for its approver, and
      - the one before it ends within 7 days            alarm
      - that one does not, or there is none             note
    is issued, and its files
      - could not be fetched                            warning
      - are not there yet                               note
    ==================================================  =======
    """
    for key, license in facts.linked:
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
    for id, child in facts.replaced.items():
        before = facts.licenses.get(id)
        if child == key and before and ends_within(before, facts.today, SOON):
            end = f"the one before it ends on {before.expires}"
            return Notice(f"issue {license.id}", Level.ALARM, f"{told}, and {end}", Hook.FAILED)
    return Notice(f"issue {license.id}", Level.NOTE, told)


def _unfetched(license: License, key: Key, error: str) -> Notice:
    named = _named(license, key)
    if error:
        told = f"the files of {named} could not be fetched: {error}"
        return Notice(f"files {license.id}", Level.WARNING, told, Hook.FAILED)
    told = f"{named} is said to be issued, and has no files yet; each run looks for them"
    return Notice(f"files {license.id}", Level.NOTE, told)


def _named(license: License, key: Key) -> str:
    return f"certificate {license.id} for {license.name} of service {key[0]}"
