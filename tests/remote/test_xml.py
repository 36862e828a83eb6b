from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.remote.xml import MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, Reader, Unreadable

LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><doc>&b;</doc>'
ATTRIBUTES = " ".join(f'a{number}="1"' for number in range(MAX_ATTRIBUTES + 1))

ATTACKS = {
    "entities": (LAUGHS, "declares"),
    "an external entity": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><doc>&x;</doc>',
        "declares",
    ),
    "a remote document type": (b'<!DOCTYPE d SYSTEM "http://example.com/d"><doc/>', "declares"),
    "a web page": (b"<!DOCTYPE html><html><body>Log in</body></html>", "declares"),
    "depth": (b"<d>" * (MAX_DEPTH + 1), "nested too deep"),
    "attributes": (f"<doc {ATTRIBUTES}/>".encode(), "too many attributes"),
    "an undefined entity": (b"<doc>&nbsp;</doc>", "XML is wrong"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><doc/>', "encoding"),
    "a multi-byte encoding": (b'<?xml version="1.0" encoding="euc-jp"?><doc/>', "encoding"),
    "wrong bytes": (b"<doc>\xff\xfe</doc>", "XML is wrong"),
    "a zero byte": (b"<doc>\x00</doc>", "XML is wrong"),
    "two roots": (b"<doc/><doc/>", "XML is wrong"),
    "no XML": (b"access deny", "XML is wrong"),
    "half a document": (b"<doc><elem><id>1</id>", "cut short"),
    "half a tag": (b"<doc><elem", "cut short"),
    "nothing": (b"", "empty"),
    "white space": (b"  \n", "cut short"),
}


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def read(data: Iterable[bytes]) -> Element:
    reader = Reader()
    for piece in data:
        reader.feed(piece)
    return reader.close()


@pytest.mark.parametrize("name", ATTACKS)
def test_a_document_that_no_billmanager_writes_is_refused(name: str) -> None:
    data, reason = ATTACKS[name]
    with pytest.raises(Unreadable, match=reason):
        read(pieces(data, 4096))


@pytest.mark.parametrize("size", [4096, 256 * 1024, 4 * 1024 * 1024])
def test_a_tag_that_does_not_end_is_given_up_after_one_mebibyte(size: int) -> None:
    endless = iter([b"<doc "] + [b"a" * size] * (20 * 1024 * 1024 // size))
    with pytest.raises(Unreadable, match="does not end"):
        read(endless)
    assert len(list(endless)) * size >= 16 * 1024 * 1024  # what was never looked at


def test_a_document_that_is_too_long_is_given_up_at_the_limit() -> None:
    mebibyte = b" " * (1024 * 1024)
    endless = iter([b"<doc>"] + [mebibyte] * (2 * MAX_BYTES // len(mebibyte)))
    with pytest.raises(Unreadable, match="longer than 64 MiB"):
        read(endless)
    assert len(list(endless)) == MAX_BYTES // len(mebibyte)


def test_too_many_elements_are_given_up_at_the_limit() -> None:
    elements = b"<a/>" * 100_000
    endless = iter([b"<doc>"] + [elements] * (2 * MAX_ELEMENTS // 100_000))
    with pytest.raises(Unreadable, match="too many elements"):
        read(endless)
    assert len(list(endless)) == MAX_ELEMENTS // 100_000


def test_what_stays_within_every_limit_is_read() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(MAX_ATTRIBUTES))
    deep = "<d>" * (MAX_DEPTH - 1) + "</d>" * (MAX_DEPTH - 1)
    root = read([f"<doc {attributes}>{deep}</doc>".encode()])
    assert (root.tag, len(root.attrib), len(list(root.iter()))) == ("doc", MAX_ATTRIBUTES, MAX_DEPTH)


@given(st.integers(min_value=1, max_value=40))
def test_the_pieces_of_a_document_may_be_cut_anywhere(size: int) -> None:
    data = '<?xml version="1.0"?><doc func="soft"><item.id>7</item.id><n>Ж €&amp;</n></doc>'.encode()
    root = read(pieces(data, size))
    assert (root.get("func"), root.findtext("n"), [child.tag for child in root]) == (
        "soft",
        "Ж €&",
        ["item.id", "n"],
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Unreadable):
        assert read([data]).tag
