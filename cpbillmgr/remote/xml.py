"""A reader of XML documents that no document can choke: bytes in pieces become an element tree.

The standard parser accepts a million nested elements and entities of 90 MB, and spends half a minute of CPU
on one endless tag in small pieces (CVE-2023-52425). BILLmanager's documents need none of these.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

MAX_BYTES = 64 * 1024 * 1024  # a list of 100,000 licenses in one document is 59 MB
MAX_ELEMENTS = 3_000_000  # that list has 2.3 million
MAX_DEPTH = 32
MAX_ATTRIBUTES = 64  # of one element; the richest one seen, whoami's <user>, has about 30
MAX_UNPARSED = 1024 * 1024  # bytes that the parser may hold without having made sense of them
PIECE = 256 * 1024  # bytes for the parser at once


class Unreadable(Exception):
    """This is no document that we read; the text says why, as in "it is nested too deep"."""


class Reader:
    """Builds one document: :meth:`feed` it its bytes in pieces of any size, then :meth:`close` it."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._fed = 0
        _build(self._parser, self._builder)

    def feed(self, data: bytes) -> None:
        """Read on. Raises :class:`Unreadable` as soon as a limit is passed or the XML is wrong."""
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self._fed += len(piece)
            if self._fed > MAX_BYTES:
                raise Unreadable(f"it is longer than {MAX_BYTES // 1024 // 1024} MiB")
            self._parse(piece)
            if self._fed - self._parser.CurrentByteIndex > MAX_UNPARSED:
                raise Unreadable("it has a tag that does not end")

    def close(self) -> Element:
        """Return the root. Raises :class:`Unreadable` when its closing tag was never seen."""
        if not self._fed:
            raise Unreadable("it is empty")
        self._parse(b"", final=True)
        return self._builder.close()

    def _parse(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(piece, final)
        except ExpatError as error:
            raise Unreadable("it is cut short" if final else f"its XML is wrong, {error}") from error
        except (LookupError, ValueError) as error:  # what Python's codecs say to the name of an encoding
            raise Unreadable("its encoding is not known") from error


def _build(parser: XMLParserType, builder: TreeBuilder) -> None:
    """Have the parser call the builder, with a guard wherever a document can grow beyond reason."""
    depth = elements = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH:
            raise Unreadable("it is nested too deep")
        if elements > MAX_ELEMENTS:
            raise Unreadable("it has too many elements")
        if len(attributes) > MAX_ATTRIBUTES:
            raise Unreadable("one of its elements has too many attributes")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration


def _refuse_declaration(*_: object) -> None:
    raise Unreadable("it declares a document type or entities")
