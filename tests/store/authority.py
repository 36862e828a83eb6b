"""Somebody who issues certificates, and requests of every kind to issue them for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def a_request(
    domain: str = "example.com",
    key: Key | ed25519.Ed25519PrivateKey | None = None,
    others: tuple[str, ...] = (),
) -> str:
    """Return a request that somebody has made elsewhere, with a key of EC unless one is given."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(name(domain) if domain else x509.Name([]))
    if others:
        said = x509.SubjectAlternativeName([x509.DNSName(each) for each in others])
        builder = builder.add_extension(said, critical=False)
    key = key or ec.generate_private_key(ec.SECP256R1())
    signed = builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True)
class Authority:
    """One that signs certificates, with the certificate that it has of another one or of itself."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    pem: str

    def issue(self, csr: str, *, days: int = 365, since: datetime = START) -> str:
        """Return a certificate for a request."""
        request = x509.load_pem_x509_csr(csr.encode())
        return _signed(request.subject, request.public_key(), self.name, self.key, days, since)

    def below(self, text: str) -> Authority:
        """Return another one, which this one vouches for."""
        key = ec.generate_private_key(ec.SECP256R1())
        return Authority(
            name(text), key, _signed(name(text), key.public_key(), self.name, self.key, 3650, START)
        )


def an_authority(text: str = "Root") -> Authority:
    """Return one that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(name(text), key, _signed(name(text), key.public_key(), name(text), key, 7300, START))


def _signed(
    subject: x509.Name,
    key: object,
    issuer: x509.Name,
    secret: ec.EllipticCurvePrivateKey,
    days: int,
    since: datetime,
) -> str:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)  # type: ignore[arg-type] # whatever key a request has
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .sign(secret, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()
