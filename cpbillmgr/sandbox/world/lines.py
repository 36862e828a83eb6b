"""A world written as JSON text, with one license a line."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from cpbillmgr.sandbox.world.nouns import License, World


class Renderer:
    """Writes worlds that follow each other: the line of an object that stays in its place is kept."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[list[Any], list[str]]] = {}

    def render(self, world: World) -> str:
        """Return the JSON text of a world: lists have one item a line, everything else is one line."""
        parts = []
        for each in fields(World):
            value = getattr(world, each.name)
            value = list(value.values()) if isinstance(value, dict) else value
            text = self._list(each.name, list(value)) if isinstance(value, list) else _line(value)
            parts.append(f"{json.dumps(each.name)}: {text}")
        return "{\n" + ",\n".join(parts) + "\n}\n"

    def _list(self, name: str, items: list[Any]) -> str:
        before, lines = self._kept.get(name, ([], []))
        same = zip(items, before, lines, strict=False)
        lines = [line if item is known else _line(item) for item, known, line in same]
        lines += map(_line, items[len(before) :])
        self._kept[name] = items, lines
        return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def render(world: World) -> str:
    """Return the JSON text of a world."""
    return Renderer().render(world)


def _line(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> object:
    """Return what JSON has for a dataclass, an object; a day, a time or an amount is a text.

    Of a certificate nothing is said where there is none.
    """
    names = getattr(value, "__slots__", None)
    if names and hasattr(value, "__dataclass_fields__"):
        told = {name: getattr(value, name) for name in names}
        if isinstance(value, License) and value.certificate is None:
            del told["certificate"]
        return told
    return str(value)
