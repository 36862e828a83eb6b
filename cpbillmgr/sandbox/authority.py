"""The pretend certificate authority, whose keys are no secret."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from cpbillmgr.sandbox.account.csr import Csr

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

ROOT, INTERMEDIATE = "Sandbox Root", "Sandbox CA"
KEYS = {ROOT: 0x5EED_0001, INTERMEDIATE: 0x5EED_0002}  # private keys: the same in every world, kept in none


def issue(csr: Csr, start: date, end: date) -> tuple[str, str]:
    """Return the certificate that a request asks for, and its chain up to the root (PEM).

    All of it is good from one day to another, at midnight (UTC). Raises ValueError for days that no
    certificate can have.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    days = (start, end)
    names = x509.SubjectAlternativeName([x509.DNSName(each) for each in csr.names])
    leaf = _signed(csr.domain, csr.key, INTERMEDIATE, days, names)
    chain = (_signed(each, _key(each).public_key(), ROOT, days) for each in (INTERMEDIATE, ROOT))
    told, *rest = (each.public_bytes(Encoding.PEM).decode() for each in (leaf, *chain))
    return told, "".join(rest)


def _signed(
    subject: str,
    key: CertificatePublicKeyTypes,
    issuer: str,
    days: tuple[date, date],
    names: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    """Return a certificate: with names that of a server, else that of an authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    start, end = (datetime.combine(day, time(), UTC) for day in days)
    serial, signer = x509.random_serial_number(), _key(issuer)
    builder = x509.CertificateBuilder(_name(issuer), _name(subject), key, serial, start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
    builder = builder.add_extension(_usage(is_authority=names is None), critical=True)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return builder.add_extension(signed_by, critical=False).sign(signer, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    """Return what a key is for: a server shows who it is, an authority signs certificates."""
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key(authority: str) -> ec.EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(KEYS[authority], ec.SECP256R1())
