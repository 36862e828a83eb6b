"""How certificates are ordered, shown and changed, until they are issued (wire-api.md 10.1)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.sandbox.account import csr
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements, issue, options
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.certificates import (
    DETAILS,
    GENERATE,
    REQUESTED,
    WAITING,
    Certificate,
    approvers,
    issue_status,
)
from cpbillmgr.sandbox.world.nouns import DELETED, ORDERED, License, Moment, World


def csr_form(_world: World, call: Call) -> str:
    """Return the form that asks for a request; with ``sok`` a new one and its key, which is not kept."""
    subject = {name: call.text(name) for name in ("CN", *DETAILS)}
    if not call.commits:
        return elements({"crt_type": call.text("crt_type", GENERATE), **subject})
    if call.needed("crt_type") != GENERATE:
        raise Refused("value", "crt_type", value=call.text("crt_type"))
    call.needed("CN")
    others = f"{subject['altname']} {subject['altname_input']}".split()
    request, key = csr.new(subject, others)
    return elements({"csr": request, "key": key})


def order_fields(world: World, call: Call) -> str:
    """Return what the order form of a certificate has that others lack."""
    names = ("crt_type", "csr", "approver_email_1", *DETAILS)
    kinds, mails = (GENERATE, world.variants.crt_type), approvers(call.text("CN"))
    choices = {"crt_type": kinds, "approver_email_1": mails if call.text("CN") else ()}
    shown = "".join(options(name, {each: each for each in values}) for name, values in choices.items())
    return elements({name: call.text(name) for name in names}) + shown


def requested(world: World, call: Call, license: License) -> License:
    """Return an ordered license with its request, by whose domain it is named (the refusals are invented).

    =============  ======================  ==========
    crt_type       comes with              source
    =============  ======================  ==========
    generate       a csr and its key       documented
    the variant's  a csr                   invented
    =============  ======================  ==========
    """
    kind = call.needed("crt_type")
    if kind not in {GENERATE, world.variants.crt_type}:
        raise Refused("value", "crt_type", value=kind)
    try:
        request = csr.read(call.needed("csr"))
    except ValueError:
        raise Refused("value", "csr", value=call.text("csr")) from None
    if kind == GENERATE and not csr.is_key_of(call.needed("key"), request):
        raise Refused("value", "key", value="")
    if (call.text("CN") or request.domain).lower() != request.domain.lower():
        raise Refused("value", "CN", value=call.text("CN"))
    details = {name: call.text(name) for name in DETAILS if call.text(name)}
    certificate = Certificate(call.text("csr"), _approver(call, request.domain), details)
    return replace(license, licname=request.domain, certificate=certificate)


def edited(call: Call, license: License, certificate: Certificate, moment: Moment) -> License:
    """Return a certificate that keeps its domain; another approver gets the mail anew (inferred)."""
    if license.status in {ORDERED, DELETED}:
        raise Refused("status", value=str(license.status))
    if call.text("CN", license.licname) != license.licname:
        raise Refused("value", "CN", value=call.text("CN"))
    if call.text("approver_email_1", certificate.approver) == certificate.approver:
        return license
    if issue_status(certificate, moment.real) not in {REQUESTED, WAITING}:
        raise Refused("value", "approver_email_1", value=call.text("approver_email_1"))
    return replace(license, certificate=replace(certificate, approver=_approver(call, license.licname)))


def fields(world: World, certificate: Certificate, moment: Moment, language: str) -> str:
    """Return what the form of a certificate has that others lack."""
    files = {"crt": certificate.leaf, "ca": certificate.chain}
    shown = {
        "csr": certificate.csr,
        "approver_email_1": certificate.approver,
        **{name: certificate.details.get(name, "") for name in DETAILS},
        **(files if world.variants.certificate_files == "form" else {}),
    }
    tells = world.variants.issue_told in {"both", "form"}
    return issue(certificate, moment, language, in_numbers=tells) + elements(shown)


def _approver(call: Call, domain: str) -> str:
    approver = call.needed("approver_email_1")
    if approver.lower() not in approvers(domain):
        raise Refused("value", "approver_email_1", value=approver)
    return approver
