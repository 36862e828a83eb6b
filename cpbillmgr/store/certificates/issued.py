"""What a seller has issued: which certificate is for our request, and what stands above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.store.certificates.requests import read_request

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateSigningRequest

_LOOK = "Look at the files of this certificate at the remote; what is here was not changed"


def in_order(pems: Iterable[str], csr: str | None) -> tuple[str, ...]:
    """Return the certificate that is for a request, and after each one its issuer, all PEM.

    The ``pems`` come in any order, also several in one text. What does not stand above the certificate is
    left out. Raises ``AnswerNotUnderstood`` where none is the one:

    ===============  =============================================
    request          its certificate
    ===============  =============================================
    known            has its key; of several the newest
    ``None``         is the only one that is nobody else's issuer
    ===============  =============================================
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    there = _certificates(pems)
    chain = [_leaf(there, csr)]
    while chain[-1].issuer != chain[-1].subject:
        issuer = chain[-1].issuer
        above = next((each for each in there if each.subject == issuer and each not in chain), None)
        if above is None:
            break
        chain.append(above)
    return tuple(each.public_bytes(Encoding.PEM).decode() for each in chain)


def _leaf(there: Sequence[Certificate], csr: str | None) -> Certificate:
    if csr is not None:
        key = _key(read_request(csr))
        ours = [each for each in there if _key(each) == key]
        if not ours:
            raise AnswerNotUnderstood("none of the certificates is for our request", hint=_LOOK)
        return max(ours, key=lambda each: each.not_valid_before_utc)
    issuers = {each.issuer for each in there if each.issuer != each.subject}
    leaves = [each for each in there if each.subject not in issuers]
    if len(leaves) != 1:
        raise AnswerNotUnderstood(
            "which of the certificates is the one that was bought is not told", hint=_LOOK
        )
    return leaves[0]


def _certificates(pems: Iterable[str]) -> list[Certificate]:
    """Return each certificate once; raises ``AnswerNotUnderstood`` where a text, or everything, has none."""
    from cryptography import x509

    try:
        found = [
            each for pem in pems for each in x509.load_pem_x509_certificates(pem.encode(errors="replace"))
        ]
    except (ValueError, x509.InvalidVersion) as error:
        raise AnswerNotUnderstood("what was issued is no certificate (PEM)", hint=_LOOK) from error
    if not found:
        raise AnswerNotUnderstood("nothing was issued", hint=_LOOK)
    return list(dict.fromkeys(found))


def _key(signed: Certificate | CertificateSigningRequest) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return signed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
