"""XML written in tests, read as answers are."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from cpbillmgr.remote.xml import Reader


def parsed(xml: str) -> Element:
    reader = Reader()
    reader.feed(xml.encode())
    return reader.close()
