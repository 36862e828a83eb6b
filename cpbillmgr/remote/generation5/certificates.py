"""Certificates: what their order says besides, and how far they have come (wire-api.md 10.1)."""

from __future__ import annotations

from cpbillmgr.model.certificates import Contact, Issue, Request
from cpbillmgr.model.services import Status
from cpbillmgr.remote.answers import APPROVER, OWN_REQUESTS, REQUEST_KIND
from cpbillmgr.remote.documents import Fields, orig, text

_TOLD = {"3": Issue.REQUESTED, "4": Issue.WAITING, "5": Issue.ISSUED, "6": Issue.FAILED}
_LIKELY = {Status.PROCESSING: Issue.REQUESTED, Status.ACTIVE: Issue.ISSUED}


def request_fields(request: Request) -> dict[str, str]:
    """Return what the order of a certificate says besides its domain; what is empty is left out.

    Our request goes with it, and never a private key. One person is the contact in all matters.
    """
    subject = request.subject
    others = " ".join(subject.others)
    fields = {
        REQUEST_KIND: OWN_REQUESTS[0],
        "csr": request.csr,
        "altname": others,
        "altname_input": others,
        "O": subject.organization,
        "OU": subject.unit,
        "L": subject.city,
        "ST": subject.region,
        "field_country": "" if request.country_id is None else str(request.country_id),
        "emailAddress": subject.email,
        APPROVER: request.approver,
        **_contact_fields("adm", request.contact),
        **_contact_fields("tech", request.contact),
    }
    return {name: value for name, value in fields.items() if value}


def _contact_fields(role: str, contact: Contact) -> dict[str, str]:
    return {
        f"{role}_fname": contact.first_name,
        f"{role}_lname": contact.last_name,
        f"{role}_jtitle": contact.job_title,
        f"{role}_email": contact.email,
        f"{role}_phone": contact.phone,
    }


def issue_of_row(fields: Fields) -> Issue | None:
    """Return how far a certificate has come, as a row of the list tells it.

    ==============  =============  =========  =========
    service_status  status         in a form  in a row
    ==============  =============  =========  =========
    3               any            requested  requested
    4               any            waiting    waiting
    5               any            issued     issued
    6               any            failed     failed
    anything else   processing     requested  ``None``
    anything else   active         issued     ``None``
    anything else   anything else  ``None``   ``None``
    ==============  =============  =========  =========

    A row that does not tell it says nothing, for its form may: a guess would hide what the form has told.
    """
    return _TOLD.get((orig(fields, "service_status") or text(fields, "service_status")).strip())


def issue_of_form(fields: Fields, status: Status) -> Issue | None:
    """Return how far a certificate has come, as its form tells it; see the table of rows.

    Some remote may show a certificate as active before it is issued: then it still has no files.
    """
    return issue_of_row(fields) or _LIKELY.get(status)
