"""Requests of certificates: what one is asked for with, prepared before it is ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cpbillmgr.config.settings.certificates import CertificateSettings
from cpbillmgr.config.wanted.demands import demands_of
from cpbillmgr.errors import Held, UsageWrong
from cpbillmgr.model.certificates import Request, Subject, approver_at, ascii_domain
from cpbillmgr.model.services import Service, Wish
from cpbillmgr.planner.basis.scope import only_child
from cpbillmgr.runs.site import Site
from cpbillmgr.store.certificates.folders import Certificates, Kept
from cpbillmgr.store.certificates.requests import subject_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: ``csr`` is a request made elsewhere; what is not named is as usual."""

    service: str
    addon: str | None = None
    csr: str | None = None
    approver: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """The request of a child's next certificate: for whom it is, and what is kept of it."""

    remote: str
    service: str
    addon: str
    subject: Subject
    kept: Kept


@dataclass(frozen=True, slots=True)
class Before:
    """What a child's certificate before was asked for with, issued or not, for the same domain."""

    domain: str
    others: tuple[str, ...] = ()
    approver: str = ""
    csr: str | None = None
    has_key: bool = False

    @classmethod
    def of(cls, certificates: Certificates, key: tuple[str, str], generation: int, domain: str) -> Before:
        """Return that before a generation of a child; ``Held`` where a request is damaged."""
        kept = certificates.before(key, generation, domain)
        if kept is None or kept.csr is None:
            return cls(domain)
        return cls(domain, subject_of(kept.csr).others, kept.approver, kept.csr, kept.has_key)


def request(sites: Sequence[Site], asked: Asked, *, dry_run: bool) -> Prepared:
    """Prepare the request of a service's next certificate; no remote is asked.

    ====================  ===============  ==========================================
    a request is given    is there         then
    ====================  ===============  ==========================================
    no                    no               one is made, with its key; unless others are
                                           named, for the domains of the one before
    no                    yes              that one serves, with the approver asked for
    yes                   no, or the same  it is kept
    yes                   another          it is kept, the other one is put aside
    ====================  ===============  ==========================================

    Raises ``UsageWrong`` where no certificate is sold, none is wanted, or what is asked for does not fit, and
    ``Held`` while the certificate is being ordered.
    """
    site = _seller(sites)
    remote, settings = site.wishes.remote.name, site.wishes.settings
    service = site.state.inventory.service(asked.service)
    key = _key(site, service, asked.addon)
    _refuse_ordered(site, key)
    certificates = Certificates(settings.certificate_folder)
    generation = max(site.state.operations.generations(remote).get(key, 0), certificates.newest(key)) + 1
    there = certificates.find(key, generation)
    made = there.csr if there is not None else None
    csr = made if asked.csr is None else asked.csr
    domain = ascii_domain(service.name)
    before = Before.of(certificates, key, generation, domain)
    if csr is None:
        subject = settings.certificates.subject(domain, _others(asked) or before.others)
    else:
        subject = subject_of(csr)
        _require_fitting(subject, asked, domain, certificates.folder(key, generation))
    known = there.approver if there is not None else before.approver
    approver = _approver(settings.certificates, asked, known, domain)
    if dry_run:
        has_key = asked.csr is None and (there is None or there.has_key)
        kept = Kept(certificates.folder(key, generation), csr, approver, has_key)
    elif csr is None:
        kept = certificates.prepare(key, generation, subject, approver)
    else:
        kept = certificates.give(key, generation, csr, approver)
    return Prepared(remote, *key, subject, kept)


def request_for(settings: CertificateSettings, kept: Kept) -> Request:
    """Return what an order says: whom the kept request is for, and our contact; ``Held`` without one."""
    if kept.csr is None:
        raise Held("there is no request for this certificate", where=str(kept.folder))
    return Request(kept.csr, subject_of(kept.csr), kept.approver, settings.contact, settings.country_id)


def _seller(sites: Sequence[Site]) -> Site:
    sellers = [site for site in sites if site.wishes.remote.product_type.is_certificate]
    if not sellers:
        hint = 'One with product_type = "certificate" does'
        raise UsageWrong(f"no certificates are sold by {_names(sites)}", hint=hint)
    if len(sellers) > 1:
        raise UsageWrong(
            "certificates are sold by several remotes", hint=f"Name one with --remote: {_names(sellers)}"
        )
    return sellers[0]


def _names(sites: Sequence[Site]) -> str:
    return ", ".join(site.wishes.remote.name for site in sites)


def _key(site: Site, service: Service, addon: str | None) -> tuple[str, str]:
    """Return the child that wants a certificate, as far as that is known without a price list."""
    demands = demands_of([service], site.wishes.remote.askers).values()
    return only_child((each for each in demands if each.wish is not Wish.GIVEN_UP), service.id, addon).key


def _refuse_ordered(site: Site, key: tuple[str, str]) -> None:
    for operation in site.state.operations.open(site.wishes.remote.name):
        if operation.key == key:
            hint = f"See 'cpbillmgr operation show {operation.id}'"
            raise Held(f"operation {operation.id} has begun with a request for service {key[0]}", hint=hint)


def _others(asked: Asked) -> tuple[str, ...]:
    return tuple(map(ascii_domain, asked.others))


def _require_fitting(subject: Subject, asked: Asked, domain: str, folder: Path) -> None:
    """Raise ``UsageWrong`` where a request, given or there already, is for other domains than asked for."""
    others = _others(asked) or subject.others
    if subject.domain == domain and {domain, *others} == {domain, *subject.others}:
        return
    told, wanted = (", ".join(each) for each in ((subject.domain, *subject.others), (domain, *others)))
    hint = f"Move {folder} away to have another one made" if asked.csr is None else ""
    raise UsageWrong(f"the request is for {told}, and not for {wanted}", hint=hint)


def _approver(settings: CertificateSettings, asked: Asked, known: str, domain: str) -> str:
    approver = asked.approver or known or settings.approver
    if not approver:
        hint = "Name one with --approver, or in the settings: approver of [certificates]"
        raise UsageWrong(f"there is nobody to approve the certificate for {domain}", hint=hint)
    return approver_at(approver, domain)
