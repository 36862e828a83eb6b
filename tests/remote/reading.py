"""XML written in tests, read as answers are, and what may stand in it."""

from __future__ import annotations

import base64
from xml.etree.ElementTree import Element

from cpbillmgr.remote.xml import Reader


def parsed(xml: str) -> Element:
    reader = Reader()
    reader.feed(xml.encode())
    return reader.close()


def pem(number: int, kind: str = "CERTIFICATE") -> str:
    """A file in the form of a certificate or a key, with nothing in it."""
    body = base64.b64encode(bytes([number % 256, number // 256]) * 50).decode()
    lines = (body[start : start + 64] for start in range(0, len(body), 64))
    return "\n".join((f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""))
