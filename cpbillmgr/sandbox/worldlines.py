"""A world written as JSON text, with one license a line."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from cpbillmgr.sandbox.world import World


class Renderer:
    """Writes worlds that follow each other; the line of an object that is in both is worked out once."""

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}  # by the identity of objects in the last world
        self._last: World | None = None  # it keeps them alive, so that no other object gets their identity

    def render(self, world: World) -> str:
        """Return the JSON text of a world: lists have one item a line, everything else is one line."""
        used: dict[int, str] = {}
        parts = []
        for each in fields(World):
            value = getattr(world, each.name)
            items = list(value.values()) if isinstance(value, dict) else value
            text = self._list(items, used) if isinstance(items, list) else _line(value)
            parts.append(f"{json.dumps(each.name)}: {text}")
        self._lines, self._last = used, world
        return "{\n" + ",\n".join(parts) + "\n}\n"

    def _list(self, items: list[Any], used: dict[int, str]) -> str:
        ids = list(map(id, items))
        known = map(self._lines.get, ids)
        lines = [line or _line(item) for line, item in zip(known, items, strict=True)]
        used.update(zip(ids, lines, strict=True))
        return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def render(world: World) -> str:
    """Return the JSON text of a world."""
    return Renderer().render(world)


def _line(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> object:
    """Return what JSON has for a dataclass (an object); a day, a time or an amount is a text."""
    names = getattr(value, "__slots__", None)
    if names and hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in names}
    return str(value)
