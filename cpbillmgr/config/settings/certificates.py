"""How certificates are asked for: the table ``[certificates]`` of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cpbillmgr.config.readers import Reader, checked, file, text, whole
from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.certificates import Contact, Subject, approver_at

LONGEST_TEXT = 64  # characters that a name in a certificate may have (RFC 5280, ub-organization-name)


@dataclass(frozen=True, slots=True)
class CertificateSettings:
    """Where the files of certificates are, who approves them, and what is said of us in a request.

    ``folder`` is ``None`` for the usual one, beside the state. ``approver`` is a mailbox, meant at the
    certificate's domain, or a whole mail address. ``days_before`` is how many days before its end a
    certificate is renewed. ``country`` has the two letters of ISO 3166, ``country_id`` is the remote's number
    of it.
    """

    folder: Path | None = None
    approver: str | None = None
    days_before: int = 30
    organization: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    country_id: int | None = None
    first_name: str = ""
    last_name: str = ""
    job_title: str = ""
    email: str = ""
    phone: str = ""

    def subject(self, domain: str, others: tuple[str, ...] = ()) -> Subject:
        """Return for whom a certificate for these domains is."""
        return Subject(
            domain,
            others,
            organization=self.organization,
            unit=self.unit,
            city=self.city,
            region=self.region,
            country=self.country,
            email=self.email,
        )

    @property
    def contact(self) -> Contact:
        """The person to whom the seller turns."""
        return Contact(self.first_name, self.last_name, self.job_title, self.email, self.phone)


def certificate_keys(folder: Path) -> Mapping[str, Reader]:
    """Return how the keys of ``[certificates]`` are read; file names count from the folder."""
    line = checked(_line)
    return {
        "folder": file(folder),
        "approver": checked(_approver),
        "days_before": whole(1, 90),
        **dict.fromkeys(("organization", "unit", "city", "region"), line),
        "country": text("[A-Z]{2}", "must be the two capital letters of a country, such as DE"),
        "country_id": whole(least=1),
        **dict.fromkeys(("first_name", "last_name", "job_title"), line),
        "email": checked(_address),
        "phone": line,
    }


def _line(value: str) -> str:
    if not 0 < len(value.strip()) == len(value) <= LONGEST_TEXT or not value.isprintable():
        raise ValueError(f"must be up to {LONGEST_TEXT} characters in one line")
    return value


def _approver(value: str) -> str:
    _mail(value)
    return value  # where a mailbox is, only a certificate's domain tells


def _address(value: str) -> str:
    if "@" not in value:
        raise ValueError("must be a whole mail address")
    return _mail(value)


def _mail(value: str) -> str:
    try:
        return approver_at(value, "example.com")
    except UsageWrong:
        raise ValueError("must be a mailbox such as admin, or a whole mail address") from None
