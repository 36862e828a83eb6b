"""The formats of an answer: an XML document turned into what a call's ``out`` asks for.

==================  =================================================================  ==================
out                 shape                                                              where it comes from
==================  =================================================================  ==================
xml, devel          the document; ``devel`` adds nothing here                          documented
json, sjson, xjson  ``{"doc": ...}``: attribute ``$name``, text ``$``, empty element   recorded; xjson
                    ``{}``, a repeated one an array, a single one none                 invented
bjson               flat, see ``_bjson``                                               recorded, reported
JSONdata            flat, all values plain; what generation 4 answers to ``json``      reported
text                ``name=value`` lines; an element of a list is one line             reported
none, sfrom=ajax    ``{"content": [{"id": {"v": "1"}}]}``                              reported
none                an HTML page, which here shows the document                        invented
==================  =================================================================  ==================

``callback=NAME`` wraps JSON as ``NAME(...);`` (wire-api.md 1.2 to 1.4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

XML, HTML, TEXT, JSON, SCRIPT = (
    f"{kind}; charset=UTF-8"
    for kind in ("text/xml", "text/html", "text/plain", "application/json", "text/javascript")
)
AS_THEY_ARE = frozenset({"xml", "devel"})
CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.]*")
ECHO = frozenset({"tparams", "saved_filters"})  # what flat formats leave out
ROWS = frozenset(
    {"elem", "pricelist", "period", "addon", "enumerationitem"}
)  # lists in bjson, also when single


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer and its content type."""

    kind: str
    text: str


def render(document: str, out: str, *, callback: str = "", sfrom: str = "") -> Answer:
    """Return a document in a format (see the table above). Raises KeyError for a format that is not known."""
    if out in AS_THEY_ARE:
        return Answer(XML, document)
    shape = "ajax" if not out and sfrom == "ajax" else out
    root = ET.fromstring(document)  # noqa: S314 - it was written here
    if shape == "":
        return Answer(HTML, _page(document))
    if shape == "text":
        return Answer(TEXT, "".join(f"{line}\n" for line in _lines(root)))
    separators = (", ", ": ") if shape == "json" else (",", ":")
    text = json.dumps(SHAPES[shape](root), ensure_ascii=False, separators=separators)
    return Answer(SCRIPT, f"{callback}({text});\n") if callback else Answer(JSON, f"{text}\n")


def _doc(root: ET.Element) -> dict[str, Any]:
    """Return ``{"doc": ...}``, in which only a repeated element is an array (recorded)."""
    return {root.tag: _node(root)}


def _node(element: ET.Element) -> dict[str, Any]:
    node: dict[str, Any] = {f"${name}": value for name, value in element.attrib.items()}
    if element.text:
        node["$"] = element.text
    return node | _gathered((child.tag, _node(child)) for child in element)


def _bjson(root: ET.Element) -> dict[str, Any]:
    """Return the flat form; the document within a committed form is part of it.

    ========================  =========================  ================================  =========
    element of the document   the document is            becomes                           source
    ========================  =========================  ================================  =========
    ``elem``                  a list                     ``elem[]``, a flat row each       recorded
    ``slist name=f``          any                        ``slist.f[] = {k, v}``            recorded
    ``list name=t``           any                        ``list.t[]``, a flat row each     recorded
    a text alone              committed (has ``ok``)     ``name: {"v": text}``             reported
    a text alone              a list                     ``name: text``                    invented
    a text alone              a form (neither of them)   ``model.name: text``              reported
    ``error``, all others     any                        an object: attributes, elements,  reported;
                                                         and the text as ``v``             v invented
    ========================  =========================  ================================  =========
    """
    flat: dict[str, Any] = {"func": root.get("func", "")}
    fields = [child for child in _fields(root) if child.tag not in {"slist", "list"}]
    tags = {child.tag for child in fields}
    for child in fields:
        if not _is_text(child):
            value = _row(child) if child.tag == "elem" else _object(child)
            _add(flat, child.tag, value)
        elif "ok" in tags:
            flat[child.tag] = {"v": child.text or ""}
        elif tags & {"elem", "p_elems"}:
            flat |= _with_orig(child)
        else:
            flat.setdefault("model", {}).update(_with_orig(child))
    for child in _fields(root):
        if child.tag == "slist":
            options = [{"k": val.get("key", ""), "v": val.text or ""} for val in child]
            flat.setdefault("slist", {})[child.get("name", "")] = options
        elif child.tag == "list":
            flat.setdefault("list", {})[child.get("name", "")] = [_row(row) for row in child]
    return flat


def _flat(root: ET.Element) -> dict[str, Any]:
    """Return a generation 4 document: no ``doc`` and no ``$``; of an error the text is ``msg`` (reported)."""
    flat: dict[str, Any] = {}
    for child in _fields(root):
        if child.tag == "error":
            flat["error"] = {**child.attrib, "msg": child.findtext("msg") or child.text or ""}
        else:
            _add(flat, child.tag, _object(child))
    return flat


def _ajax(root: ET.Element) -> dict[str, Any]:
    """Return the rows of a list as the theme reads them (reported); what is no list has none."""
    rows = ({field.tag: {"v": field.text or ""} for field in row} for row in root.iter("elem"))
    return {"content": list(rows)}


SHAPES: dict[str, Callable[[ET.Element], dict[str, Any]]] = {
    "json": _doc,
    "sjson": _doc,
    "xjson": _doc,
    "bjson": _bjson,
    "JSONdata": _flat,
    "ajax": _ajax,
}
KNOWN = frozenset({"", "text", *AS_THEY_ARE, *SHAPES} - {"ajax"})


def _fields(root: ET.Element) -> Iterable[ET.Element]:
    """Yield the elements of a document, and those of a document within it."""
    for child in root:
        if child.tag == "doc":
            yield from _fields(child)
        elif child.tag not in ECHO:
            yield child


def _is_text(element: ET.Element) -> bool:
    return not len(element) and not set(element.keys()) - {"orig", "color", "type"}


def _object(element: ET.Element) -> Any:
    if not len(element) and not element.attrib:
        return element.text or ""
    found: dict[str, Any] = dict(element.attrib)
    if element.text:
        found["v"] = element.text
    for child in element:
        _add(found, child.tag, _object(child))
    return found


def _row(row: ET.Element) -> dict[str, str]:
    """Return a row of texts; a field's ``orig`` stands beside it as ``FIELD_orig`` (recorded)."""
    flat: dict[str, str] = {}
    for field in row:
        flat |= _with_orig(field)
    return flat


def _with_orig(field: ET.Element) -> dict[str, str]:
    orig = field.get("orig")
    return {field.tag: field.text or "", **({} if orig is None else {f"{field.tag}_orig": orig})}


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    """Put a value under a name; what is a list, or comes again, is an array."""
    if name in ROWS and isinstance(value, dict):
        found.setdefault(name, []).append(value)
    elif name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _gathered(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return values by name; only what comes again is an array."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _lines(root: ET.Element) -> Iterable[str]:
    """Yield ``name=value`` lines; a list's element is one, its pairs joined by spaces.

    An error is one line that begins with ERROR, and a change that is done says OK (both invented). A bad
    login in generation 4 is told in words (reported).
    """
    for child in _fields(root):
        if child.tag == "error":
            yield _error_line(child)
        elif child.tag == "authfail":
            yield "access deny"
        elif child.tag == "ok":
            yield "OK"
        elif child.tag not in {"slist", "list"}:
            yield " ".join(_pair(name, text) for name, text in _texts(child))


def _error_line(error: ET.Element) -> str:
    """Return an error by its type, or by its code in generation 4, and its text."""
    kind, about = error.get("type") or error.get("code"), error.get("object") or error.get("obj", "")
    return f"ERROR {kind}({about}) {error.findtext('msg') or error.text}"


def _texts(element: ET.Element) -> Iterable[tuple[str, str]]:
    """Yield what an element says in words, by name: of one that is not a text alone the attributes too."""
    if not _is_text(element):
        yield from element.items()
    if element.text or not (len(element) or element.attrib):
        yield element.tag, element.text or ""
    for child in element:
        yield from _texts(child)


def _pair(name: str, text: str) -> str:
    return f"{name}={' '.join(text.splitlines())}"


def _page(document: str) -> str:
    head = "<!DOCTYPE html>\n<html><head><title>BILLmanager</title></head>"
    return f"{head}<body><pre>{escape(document)}</pre></body></html>\n"
