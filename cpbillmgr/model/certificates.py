"""Certificates: asked for with a request, issued as files (semantics.md 11; wire-api.md 10.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cpbillmgr.errors import UsageWrong

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"(?:\*\.)?(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}"  # digits alone end an address
LONGEST_NAME = 64  # characters of the domain that a certificate is named after (RFC 5280, ub-common-name)
_LONGEST_DOMAIN = 253  # characters
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX = rf"{_ATOM}(?:\.{_ATOM})*"
_LONGEST_MAILBOX = 64  # characters
_WILDCARD = "*."


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


def ascii_domain(name: str) -> str:
    """Return a domain as certificates spell it; raises ``UsageWrong`` for what is none.

    ==============================================  =================================
    a part of it                                    is spelled
    ==============================================  =================================
    of ASCII letters, digits and ``-``              in small letters
    that Python's IDNA (2003) reads back unchanged  in punycode
    another, such as one with a sharp s             refused: newer IDNA (2008) means
                                                    another domain than the older one
    ==============================================  =================================

    The first part may be ``*``.

    >>> ascii_domain("*.Bücher.example")
    '*.xn--bcher-kva.example'
    """
    domain = ".".join(_punycode(label) for label in name.lower().split("."))
    if len(domain) > _LONGEST_DOMAIN or not re.fullmatch(_DOMAIN, domain):
        hint = "" if name.isascii() else "Write it in punycode: xn--..."
        raise UsageWrong(f"'{name}' is no domain that a certificate can be for", hint=hint)
    return domain


def approver_at(approver: str, domain: str) -> str:
    """Return the mail address of an approver; raises ``UsageWrong`` for what is none.

    A mailbox such as ``admin`` is meant at the certificate's domain; a whole address stays as it is.

    >>> approver_at("admin", "*.example.com"), approver_at("me@Example.org", "example.com")
    ('admin@example.com', 'me@example.org')
    """
    mailbox, at, host = approver.partition("@")
    if not at:
        host = domain.removeprefix(_WILDCARD)
    if len(mailbox) > _LONGEST_MAILBOX or not re.fullmatch(_MAILBOX, mailbox) or host.startswith(_WILDCARD):
        raise UsageWrong(f"'{approver}' is neither a mailbox nor a mail address")
    return f"{mailbox}@{ascii_domain(host)}"


def _punycode(label: str) -> str:
    """Return a part of a domain in ASCII; as it is, where that would change it."""
    if label.isascii():
        return label
    try:
        spelled = label.encode("idna")
        return spelled.decode("ascii") if spelled.decode("idna") == label else label
    except UnicodeError:
        return label
