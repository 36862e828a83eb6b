"""Certificates in the texts of documents, whatever was done to their lines on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood

MOST = 20  # certificates; a chain has three or four
LONGEST = 64 * 1024  # characters of one; the largest in use have about 10,000
_LINE = 64  # characters (RFC 7468, 2)

# Nothing but a certificate is taken: a private key, if one is there, stays where it is.
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


def certificates_in(documents: Iterable[Element], remote: str) -> tuple[str, ...]:
    """Return the certificates in any text of these documents, as PEM, in the order told, each once.

    Their lines may end in any way, be escaped once more, or have become one. What is in them is not looked
    at. Raises :class:`AnswerNotUnderstood` for more or longer ones than there can be.
    """
    found = dict.fromkeys(body for document in documents for body in _bodies(document))
    if len(found) > MOST or any(len(body) > LONGEST for body in found):
        raise AnswerNotUnderstood("a certificate's files are more or longer than can be", where=remote)
    return tuple(map(_pem, found))


def _bodies(document: Element) -> Iterable[str]:
    text = html.unescape("\n".join(document.itertext()))
    return ("".join(block.split()) for block in _CERTIFICATE.findall(text))


def _pem(body: str) -> str:
    lines = (body[start : start + _LINE] for start in range(0, len(body), _LINE))
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
