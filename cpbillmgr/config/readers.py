"""Readers of single settings: a value as TOML gives it goes in, what it means comes out, or ``Wrong``.

They are our own because a run every five minutes pays for what it loads: to load a validation library and
build its models took as long as to load the HTTP client.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any

Reader = Callable[[object], Any]
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class Wrong(ValueError):
    """Why a value cannot be right: how the sentence goes on after its key. ``item`` is of a list, from 0."""

    def __init__(self, sentence: str, item: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.item = item


def text(pattern: str = "", rule: str = "") -> Reader:
    """Return a reader of a text; one that does not match the pattern as a whole breaks the rule."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong(": input should be a valid string")
        if pattern and re.fullmatch(pattern, value) is None:
            raise Wrong(f" {rule}")
        return value

    return read


def whole(least: int | None = None, most: int | None = None) -> Reader:
    """Return a reader of a whole number within bounds."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(": input should be a valid integer")
        if least is not None and value < least:
            raise Wrong(f": input should be greater than or equal to {least}")
        if most is not None and value > most:
            raise Wrong(f": input should be less than or equal to {most}")
        return value

    return read


def seconds(most: int) -> Reader:
    """Return a reader of a time above zero."""

    def read(value: object) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise Wrong(": input should be a valid number")
        if not isfinite(value):
            raise Wrong(": input should be a finite number")
        if value <= 0:
            raise Wrong(": input should be greater than 0")
        if value > most:
            raise Wrong(f": input should be less than or equal to {most}")
        return float(value)

    return read


def amount(value: object) -> Decimal:
    """Read an exact amount of money, a text or a whole number: a fraction of TOML's is a rounded one."""
    if isinstance(value, float) and isfinite(value):
        raise Wrong(f' is not exact as a number; write it in quotes: "{value:.2f}"')
    if isinstance(value, bool) or not _AMOUNT.fullmatch(str(value)):
        raise Wrong(' is not an amount; write it like "500.00"')
    return Decimal(str(value))


def one_of(*choices: str | int) -> Reader:
    """Return a reader of one of these values; of an enumeration's, if they are members of one."""

    def read(value: object) -> object:
        for choice in choices:
            if type(value) in (str, int) and value == choice:
                return choice
        *others, last = [str(each) if isinstance(each, int) else f"'{each}'" for each in choices]
        raise Wrong(f": input should be {', '.join(others)} or {last}")

    return read


def member(kind: type[StrEnum]) -> Reader:
    """Return a reader of an enumeration's value."""
    return one_of(*kind)


def many(item: Reader) -> Reader:
    """Return a reader of a list with at least one item."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong(": input should be a valid list")
        if not value:
            raise Wrong(": list should have at least 1 item")
        return tuple(_item(item, each, number) for number, each in enumerate(value))

    return read


def command(value: object) -> tuple[str, ...]:
    """Read a command as its words; it is run without a shell."""
    if isinstance(value, str):
        example = 'write a list of words, like ["pass", "show", "billing"]'
        raise Wrong(f" is run without a shell; {example}")
    words: tuple[str, ...] = many(text(r"[^\x00]+", "must be a word of the command"))(value)
    return words


def file(folder: Path) -> Reader:
    """Return a reader of a file's name, which counts from the folder; ``~`` is somebody's home."""

    def read(value: object) -> Path:
        name = text()(value)
        if Path(name) == Path() or "\0" in name:
            raise Wrong(" is not the name of a file")
        try:
            return folder / Path(name).expanduser()
        except RuntimeError:
            raise Wrong(" names the home of a user who has none here") from None

    return read


def checked(check: Callable[[str], str]) -> Reader:
    """Return a reader of a text that a function checks; its ``ValueError`` tells what is wrong."""

    def read(value: object) -> str:
        try:
            return check(text()(value))
        except Wrong:
            raise
        except ValueError as error:
            raise Wrong(f" {error}") from None

    return read


def _item(read: Reader, value: object, number: int) -> Any:
    try:
        return read(value)
    except Wrong as wrong:
        raise Wrong(wrong.sentence, number) from None
