"""What all documents of BILLmanager have in common (wire-api.md 1.4 and 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.remote.text import clean

Fields = Mapping[str, Element]


def form_fields(document: Element) -> Fields:
    """Return a form's fields by name, wherever they stand.

    A form that is shown has its fields in ``/doc``, a committed one may have them in ``/doc/doc``. A field
    that stands in both is taken from ``/doc``.
    """
    nested = document.find("doc")
    inner = {} if nested is None else {field.tag: field for field in nested}
    return inner | {field.tag: field for field in document}


def text(fields: Fields, name: str) -> str:
    """Return a field's text as it is, empty where there is none."""
    field = fields.get(name)
    return "" if field is None else field.text or ""


def orig(fields: Fields, name: str) -> str:
    """Return a field's value before it was put into words of some language, empty where it is not told."""
    field = fields.get(name)
    return "" if field is None else field.get("orig", "")


def told(element: Element, name: str) -> str:
    """Return what an element says in an attribute, or else in a child, of this name; empty if nothing."""
    return (element.get(name) or element.findtext(name) or "").strip()


def echoes(document: Element, func: str) -> bool:
    """Whether a document is the answer of this function, as far as it says of which it is."""
    return document.get("func", func) == func


def require_answer(document: Element, func: str, remote: str) -> None:
    """Raise :class:`AnswerNotUnderstood` when a question was answered with another function's document."""
    if not echoes(document, func):
        other = clean(document.get("func", ""))
        raise AnswerNotUnderstood(f"{func} was answered with a document of {other}", where=remote)
