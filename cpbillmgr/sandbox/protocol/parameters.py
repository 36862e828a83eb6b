"""The parameters of a call: from the query, from a body in either encoding, or from both."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class NotUnderstood(ValueError):
    """A body is in an encoding that is not spoken here."""


def of_query(encoded: str) -> dict[str, str]:
    """Return the parameters of a query; of several with one name the last wins."""
    return dict(parse_qsl(encoded, keep_blank_values=True))


def of_body(body: bytes, kind: str) -> dict[str, str]:
    """Return the parameters of a body of this content type, which is a form's if it has none.

    Raises NotUnderstood for a type other than the two of HTML forms.
    """
    name = kind.partition(";")[0].strip().lower()
    if name == MULTIPART:
        return _of_parts(body, kind)
    if name in {"", URLENCODED}:
        return of_query(body.decode(errors="replace"))
    raise NotUnderstood(f"only {URLENCODED} and {MULTIPART} are understood")


def _of_parts(body: bytes, kind: str) -> dict[str, str]:
    head = f"Content-Type: {kind}\r\n\r\n".encode(errors="replace")
    found = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content.decode(errors="replace")
    return found
