"""Requests of our own, and orders of certificates with them."""

from __future__ import annotations

from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.sandbox.conftest import Remote, value

DOMAIN, DOMAINSSL = "www.example.com", 55348


@cache
def new_request(*domains: str) -> tuple[str, str]:
    """A request for domains, the first of which is its CN, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each) for each in domains[:1]])
    builder = x509.CertificateSigningRequestBuilder(subject)
    if len(domains) > 1:
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in domains])
        builder = builder.add_extension(names, critical=False)
    csr = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return csr.decode(), pem.decode()


def order_form(*domains: str, **params: object) -> dict[str, object]:
    form = {"clicked_button": "finish", "sok": "ok", "skipbasket": "on", "pricelist": DOMAINSSL, "period": 12}
    asked = {"crt_type": "existing", "csr": new_request(*(domains or [DOMAIN]))[0]}
    return {**form, **asked, "approver_email_1": "admin@example.com", "autoprolong": "null", **params}


def ordered(remote: Remote, *domains: str, **params: object) -> str:
    return value(remote.good("certificate.order.param", **order_form(*domains, **params)), "id")


def field(remote: Remote, elid: object, name: str) -> str:
    return value(remote.good("certificate.edit", elid=elid), name)


def issue_status(remote: Remote, elid: object) -> tuple[str, str]:
    return field(remote, elid, "service_status"), field(remote, elid, "status")
