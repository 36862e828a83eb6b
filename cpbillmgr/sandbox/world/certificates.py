"""Certificates: what one was asked for with, how far it has come, what was issued (wire-api.md 10.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

UNPAID, REQUESTED, WAITING, ISSUED, FAILED = 0, 3, 4, 5, 6  # service_status (documented)
GENERATE = "generate"  # the crt_type of an order whose key the remote made
MAILBOXES = ("admin", "administrator", "hostmaster", "postmaster", "webmaster")
DETAILS = (
    "ST", "L", "O", "OU", "emailAddress", "field_country", "altname", "altname_input",
    "adm_fname", "adm_lname", "adm_jtitle", "adm_email", "adm_phone",
    "tech_fname", "tech_lname", "tech_jtitle", "tech_email", "tech_phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a license has that is a certificate; its name is the domain.

    ``csr`` is the request, ``approver`` the mail address of who has to approve it, ``details`` what else the
    order told. ``waits_at`` is the real time from which it waits for the approver; without one that is as
    soon as it is paid. ``leaf`` and ``chain`` are PEM, and empty until it is issued.
    """

    csr: str
    approver: str
    details: dict[str, str] = field(default_factory=dict)
    service_status: int = UNPAID
    waits_at: datetime | None = None
    leaf: str = ""
    chain: str = ""


def issue_status(certificate: Certificate, received: datetime) -> int:
    """Return the ``service_status`` that a certificate has at a real time.

    ==============  ====================  ===========
    kept            when                  now
    ==============  ====================  ===========
    requested       before ``waits_at``   requested
    requested       else                  waiting
    others          always                as kept
    ==============  ====================  ===========
    """
    if certificate.service_status != REQUESTED:
        return certificate.service_status
    return REQUESTED if certificate.waits_at is not None and received < certificate.waits_at else WAITING


def approvers(domain: str) -> list[str]:
    """Return the addresses that can approve: at the domain, and at each one above it but the topmost."""
    labels = domain.lower().removeprefix("*.").split(".")
    domains = [".".join(labels[first:]) for first in range(max(len(labels) - 1, 1))]
    return [f"{mailbox}@{each}" for each in domains for mailbox in MAILBOXES]
