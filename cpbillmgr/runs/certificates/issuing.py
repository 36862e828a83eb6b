"""Issuing: what a certificate is ordered with, and the files that come of it (semantics.md 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cpbillmgr.errors import Held
from cpbillmgr.model.certificates import Request, approver_at
from cpbillmgr.model.events import Event, EventKind
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.notices import Hook
from cpbillmgr.model.plan import Decision
from cpbillmgr.planner.basis.facts import CertificateFiles, Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.replacing import next_generation
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.certificates.requests import Before, request_for
from cpbillmgr.runs.hooks import calls_for
from cpbillmgr.runs.site import Site
from cpbillmgr.store.certificates.folders import Certificates
from cpbillmgr.store.certificates.requests import subject_of


def with_files(site: Site, facts: Facts, keys: Iterable[Key] = ()) -> Facts:
    """Return the facts with what lies on disk for linked certificates, and for the children of ``keys``.

    A generation that was issued is used up, though it be another remote's, or of a journal that is lost.
    """
    certificates = Certificates(site.wishes.settings.certificate_folder)
    children = {*keys, *facts.links}
    used = {key: max(facts.generations.get(key, 0), certificates.newest(key)) for key in children}
    facts = replace(facts, generations={**facts.generations, **used})
    marks = _marks(site, facts)
    unfetched = {
        id: str(mark) for id, (key, mark) in marks.items() if not certificates.is_issued(key, mark.generation)
    }
    keyless = frozenset(
        id
        for id, (key, mark) in marks.items()
        if mark.generation > 0 and not certificates.has_request(key, mark.generation)
    )
    prepared, approved, damaged = _requests(site, certificates, facts, children)
    return replace(facts, files=CertificateFiles(prepared, damaged, unfetched, keyless, approved))


def _requests(
    site: Site, certificates: Certificates, facts: Facts, children: Iterable[Key]
) -> tuple[dict[Key, str], dict[Key, frozenset[str]], dict[Key, str]]:
    """Return the domains of the requests that are there already for children's next certificates.

    Where there is none, and the settings name nobody, also the domains for which an earlier one names who
    approves; and of those that cannot be read, what is wrong.
    """
    prepared: dict[Key, str] = {}
    approved: dict[Key, frozenset[str]] = {}
    damaged: dict[Key, str] = {}
    for key in children:
        own = facts.licenses.get(facts.links.get(key, ""))
        try:
            kept = certificates.find(key, next_generation(key, own, facts))
            if kept is not None and kept.csr is not None:
                prepared[key] = subject_of(kept.csr).domain
            elif not site.wishes.rules.approver:
                approved[key] = certificates.approved(key)
        except Held as error:
            damaged[key] = str(error)
    return prepared, approved, damaged


def _marks(site: Site, facts: Facts) -> dict[str, tuple[Key, Mark]]:
    """Return, by linked certificate, its child and its mark; 0 is the generation of one that has none."""
    ordered_as = site.state.operations.ordered_as(facts.remote)
    marks: dict[str, tuple[Key, Mark]] = {}
    for key, id in facts.links.items():
        license = facts.licenses.get(id)
        told = ordered_as.get(id) or (license.remoteid if license is not None else None)
        marks[id] = key, Mark.read(told) or Mark(site.wishes.rules.installation, *key, generation=0)
    return marks


def request_of(site: Site, decision: Decision) -> Request:
    """Return what a certificate is ordered with, which is on disk before anything is sent.

    So the same mark always brings the same request.

    ==========================================  ===================================================
    on disk is                                  the request
    ==========================================  ===================================================
    one for the mark                            that one
    that of the certificate before, issued or
    not, for the same domain, and its key
      - is here                                 one for the same domains, with a new key
      - is elsewhere                            the same one: nobody else can make another
    neither                                     one for the domain alone, with a new key
    ==========================================  ===================================================
    """
    key, generation, settings = decision.child.key, _mark(decision).generation, site.wishes.settings
    certificates = Certificates(settings.certificate_folder)
    kept = certificates.find(key, generation)
    if kept is None or kept.csr is None:
        before = Before.of(certificates, key, generation, decision.child.domain)
        approver = before.approver or settings.certificates.approver
        if not approver:
            raise Held(f"nobody is named who approves the certificate for {before.domain}")
        approver = approver_at(approver, before.domain)
        if before.csr is not None and not before.has_key:
            kept = certificates.give(key, generation, before.csr, approver)
        else:
            subject = settings.certificates.subject(before.domain, before.others)
            kept = certificates.prepare(key, generation, subject, approver)
    return request_for(settings.certificates, kept)


def fetch(site: Site, remote: RemoteBilling, decision: Decision) -> str | None:
    """Store the files of an issued certificate, and return its id; ``None`` while the remote has none.

    Hooks are told where they are. Raises ``AnswerNotUnderstood`` when none of them is for our request.
    """
    license = decision.license or ""
    pems = remote.certificate_files(license)
    if not pems:
        return None
    certificates = Certificates(site.wishes.settings.certificate_folder)
    kept = certificates.keep(decision.child.key, _mark(decision).generation, pems)
    event = Event(remote.name, license, EventKind.FILES, "", str(kept.folder), site.now())
    site.state.events.add(event, calls_for(site, Hook.CHANGED, remote.name, [event]))
    return license


def _mark(decision: Decision) -> Mark:
    mark = Mark.read(decision.remoteid)
    if mark is None:
        raise ValueError("nothing is planned about a certificate without a mark")
    return mark
