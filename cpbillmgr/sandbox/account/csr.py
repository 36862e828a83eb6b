"""Certificate signing requests (PEM): read, or made as the remote makes one for who has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from cpbillmgr.sandbox.protocol.refusals import Refused

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

COUNTRIES = {"182": "RU"}  # by the remote's number; others are not known here, and left out of a request

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Csr:
    """What a request asks a certificate for: a domain, all names, and a public key."""

    domain: str
    names: tuple[str, ...]
    key: CertificatePublicKeyTypes


def read(pem: str) -> Csr:
    """Read a request. Raises ValueError for what is none, is not signed by its own key, or has no CN."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509.oid import NameOID

    try:
        request = x509.load_pem_x509_csr(pem.encode())
        is_signed, names = request.is_signature_valid, _names(request)
        domains = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension):
        raise ValueError("this is no certificate signing request") from None
    if not is_signed:
        raise ValueError("the request is not signed by its own key")
    if not domains:
        raise ValueError("the request has no CN")
    domain = str(domains[0].value)
    return Csr(domain, tuple(dict.fromkeys([domain, *names])), request.public_key())


def is_key_of(pem: str, csr: Csr) -> bool:
    """Return whether a private key is that of a request."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem.encode(), None).public_key() == csr.key
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def new(subject: Mapping[str, str], others: Iterable[str]) -> tuple[str, str]:
    """Return a new request for the domain CN and others, and its private key.

    ``subject`` is in the words of the order form. Raises Refused for what no request can hold.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    words = {
        "CN": NameOID.COMMON_NAME,
        "field_country": NameOID.COUNTRY_NAME,
        "ST": NameOID.STATE_OR_PROVINCE_NAME,
        "L": NameOID.LOCALITY_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "emailAddress": NameOID.EMAIL_ADDRESS,
    }
    told = {**subject, "field_country": COUNTRIES.get(subject.get("field_country", ""), "")}
    attributes = [
        _made(word, told[word], partial(x509.NameAttribute, oid))
        for word, oid in words.items()
        if told.get(word)
    ]
    names = [
        _made("CN", told["CN"], x509.DNSName),
        *(_made("altname", each, x509.DNSName) for each in others),
    ]
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder(x509.Name(attributes))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    request = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return request.decode(), private.decode()


def _names(request: x509.CertificateSigningRequest) -> list[str]:
    """Return the domains among a request's alternative names."""
    from cryptography import x509

    try:
        found = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)


def _made(field: str, value: str, make: Callable[[str], Made]) -> Made:
    """Return a part of a request, made of a form's field."""
    try:
        return make(value)
    except ValueError:
        raise Refused("value", field, value=value) from None
