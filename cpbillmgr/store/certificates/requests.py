"""Requests for certificates: a key and what it signs, and what a request made elsewhere says.

With ``issued`` the only place that works with X.509. The library for it takes a tenth of a second to load, so
that happens where a certificate is at hand, and not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.certificates import LONGEST_NAME, Subject, ascii_domain

if TYPE_CHECKING:
    from cryptography.x509 import CertificateSigningRequest, Name

# Nobody issues for a weaker key (CA/Browser Forum, Baseline Requirements 6.1.5).
_RSA_BITS, _EC_BITS = 2048, 256
_STRONGER = f"Make one with an RSA key of {_RSA_BITS} bits or more"


def new_request(subject: Subject) -> tuple[str, str]:
    """Return a new private key (RSA, PKCS#8, no password) and a request that it has signed, both as PEM.

    All domains stand in the request's SAN. Raises ``UsageWrong`` for a domain that is none, or is longer than
    the name of a certificate may be.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    domains = dict.fromkeys(ascii_domain(name) for name in (subject.domain, *subject.others))
    names = x509.SubjectAlternativeName([x509.DNSName(domain) for domain in domains])
    key = generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_name(subject, next(iter(domains))))
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret.decode(), request.public_bytes(Encoding.PEM).decode()


def request_alone(text: str) -> str:
    """Return the request that a text has, as PEM; a key that stands beside it is left out.

    Raises ``UsageWrong`` for a text without a request.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    return read_request(text).public_bytes(Encoding.PEM).decode()


def subject_of(csr: str) -> Subject:
    """Return for whom a request asks; raises ``UsageWrong`` for one that nobody would issue for.

    ============================================  ========================================
    a request                                     is
    ============================================  ========================================
    that is none, or was changed since its        refused
    key has signed it
    of a key that is weak, or neither RSA nor EC  refused
    without a domain, or with one that is none    refused
    another                                       for the domain of its CN, and for others
                                                  of its SAN; without a CN for the first
    ============================================  ========================================
    """
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    request = read_request(csr)
    _require_strong(request)
    try:
        extensions = [*request.extensions]
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise _unreadable() from error
    said = [
        name
        for extension in extensions
        if isinstance(extension.value, x509.SubjectAlternativeName)
        for name in extension.value.get_values_for_type(x509.DNSName)
    ]

    def text(kind: x509.ObjectIdentifier) -> str:
        return next((str(each.value) for each in request.subject.get_attributes_for_oid(kind)), "")

    names = [name for name in (text(NameOID.COMMON_NAME), *said) if name]
    if not names:
        raise UsageWrong("the request for a certificate names no domain")
    domain, *others = dict.fromkeys(map(ascii_domain, names))
    return Subject(
        domain,
        tuple(others),
        organization=text(NameOID.ORGANIZATION_NAME),
        unit=text(NameOID.ORGANIZATIONAL_UNIT_NAME),
        city=text(NameOID.LOCALITY_NAME),
        region=text(NameOID.STATE_OR_PROVINCE_NAME),
        country=text(NameOID.COUNTRY_NAME),
        email=text(NameOID.EMAIL_ADDRESS),
    )


def _name(subject: Subject, domain: str) -> Name:
    """Return a subject as X.509 names it, from the largest to the smallest; what is empty is left out."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    if len(domain) > LONGEST_NAME:
        raise UsageWrong(f"'{domain}' is longer than the {LONGEST_NAME} characters of a certificate's name")
    parts = {
        NameOID.COUNTRY_NAME: subject.country,
        NameOID.STATE_OR_PROVINCE_NAME: subject.region,
        NameOID.LOCALITY_NAME: subject.city,
        NameOID.ORGANIZATION_NAME: subject.organization,
        NameOID.ORGANIZATIONAL_UNIT_NAME: subject.unit,
        NameOID.COMMON_NAME: domain,
        NameOID.EMAIL_ADDRESS: subject.email,
    }
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts.items() if text])


def read_request(text: str) -> CertificateSigningRequest:
    """Return the request that a text has; raises ``UsageWrong`` for none, and for one that was changed."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        request = x509.load_pem_x509_csr(text.encode(errors="replace"))
        is_signed = request.is_signature_valid
        _ = request.subject
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise _unreadable() from error
    if not is_signed:
        raise UsageWrong("the request for a certificate was changed after its key has signed it")
    return request


def _require_strong(request: CertificateSigningRequest) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    key = request.public_key()
    if not isinstance(key, (RSAPublicKey, EllipticCurvePublicKey)):
        raise UsageWrong("the key of the request for a certificate is neither RSA nor EC", hint=_STRONGER)
    if key.key_size < (_RSA_BITS if isinstance(key, RSAPublicKey) else _EC_BITS):
        raise UsageWrong(
            f"the key of the request for a certificate is too weak: {key.key_size} bits", hint=_STRONGER
        )


def _unreadable() -> UsageWrong:
    hint = "It begins with -----BEGIN CERTIFICATE REQUEST-----"
    return UsageWrong("this is no request for a certificate (PEM)", hint=hint)
