"""Certificates: asked for with a request, issued as files (semantics.md 11; wire-api.md 10.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Issue(StrEnum):
    """How far a certificate has come; the number beside it is BILLmanager's ``service_status``."""

    REQUESTED = "requested"  # 3
    WAITING = "waiting"  # 4: for whoever has to approve it
    ISSUED = "issued"  # 5
    FAILED = "failed"  # 6


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom a certificate is; what is empty is left out. ``country`` has the two letters of ISO 3166."""

    domain: str
    others: tuple[str, ...] = ()  # the other domains that it is for, too
    organization: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """The person to whom the seller turns about a certificate."""

    first_name: str = ""
    last_name: str = ""
    job_title: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What the order of a certificate says about it.

    ``csr`` is the certificate signing request (PEM). The private key is no part of it: that never leaves this
    machine. ``approver`` is the mail address of whoever has to approve, ``country_id`` the remote's number of
    the subject's country.
    """

    csr: str
    subject: Subject
    approver: str
    contact: Contact = Contact()
    country_id: int | None = None
