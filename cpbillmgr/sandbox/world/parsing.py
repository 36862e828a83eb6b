"""Reading what somebody wrote as JSON into dataclasses, with every mistake told by its place."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Parse = Callable[[Any], Any]

FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class WorldInvalid(ValueError):
    """A world file is wrong; ``problems`` tells each mistake in one line that starts with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def mistake(message: str) -> WorldInvalid:
    """Return what to raise for one value; whoever knows the value's place puts it in front."""
    return WorldInvalid([f": {message}"])


def text(value: object) -> str:
    """Return a text that XML can carry."""
    if not isinstance(value, str):
        raise mistake("must be a text in quotes")
    if FORBIDDEN_IN_XML.search(value):
        raise mistake("holds a character that XML forbids")
    return value


def number(value: object) -> int:
    """Return a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise mistake("must be a whole number")
    return value


def positive(value: object) -> int:
    """Return a whole number above zero."""
    if number(value) < 1:
        raise mistake("must be above zero")
    return number(value)


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise mistake("must be true or false")
    return value


def money(value: object) -> Decimal:
    """Return an amount that was written as a text, so that no cent is lost."""
    try:
        amount = Decimal(text(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise mistake('must be an amount such as "4.00"')
    return amount


def price(value: object) -> Decimal:
    """Return an amount that is not below zero."""
    amount = money(value)
    if amount < 0:
        raise mistake("must not be below zero")
    return amount


def day(value: object) -> date:
    """Return a day."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise mistake('must be a day such as "2026-12-01"') from None


def time(value: object) -> datetime:
    """Return a time in UTC, which is also what a time without a zone is."""
    try:
        moment = datetime.fromisoformat(text(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise mistake('must be a time such as "2026-12-01T10:00:00"') from None


def address(value: object) -> str:
    """Return an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text(value))
    except ValueError:
        raise mistake(f"{value!r} is not an IP address") from None
    return text(value)


def network(value: object) -> str:
    """Return an address, or a network such as "10.0.0.0/8"."""
    try:
        ipaddress.ip_network(text(value), strict=False)
    except ValueError:
        raise mistake(f"{value!r} is neither an IP address nor a network") from None
    return text(value)


def optional(parse: Parse) -> Parse:
    """Return a parser that also takes null."""
    return lambda value: None if value is None else parse(value)


def by_number(parse: Parse) -> Parse:
    """Return a parser of an object whose keys are whole numbers."""

    def parsed(value: object) -> dict[int, Any]:
        if not isinstance(value, dict):
            raise mistake('must be an object such as {"1": ...}')
        result: dict[int, Any] = {}
        problems: list[str] = []
        for key, each in value.items():
            try:
                result[int(key)] = parse(each)
            except WorldInvalid as wrong:
                problems.extend(f".{key}{problem}" for problem in wrong.problems)
            except ValueError:
                problems.append(f".{key}: must have a whole number as its name")
        if problems:
            raise WorldInvalid(problems)
        return result

    return parsed


def by_name(parse: Parse) -> Parse:
    """Return a parser of an object with any names."""

    def parsed(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise mistake('must be an object such as {"name": ...}')
        return {text(key): parse(each) for key, each in value.items()}

    return parsed


def many(parse: Parse) -> Parse:
    """Return a parser of a list, which tells the mistakes of all its items."""

    def parsed(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise mistake("must be a list")
        items: list[Any] = []
        problems: list[str] = []
        for position, item in enumerate(value):
            try:
                items.append(parse(item))
            except WorldInvalid as wrong:
                problems.extend(f"[{position}]{problem}" for problem in wrong.problems)
        if problems:
            raise WorldInvalid(problems)
        return items

    return parsed


def by_id(parse: Parse) -> Parse:
    """Return a parser of a list into a dict by the items' ids, which must differ."""
    listed = many(parse)

    def parsed(value: object) -> dict[int, Any]:
        items = listed(value)
        result = {item.id: item for item in items}
        if len(result) < len(items):
            twice = [
                f"[{position}].id: {item.id} is used twice"
                for position, item in enumerate(items)
                if result[item.id] is not item
            ]
            raise WorldInvalid(twice)
        return result

    return parsed


def record(kind: type, fields: Mapping[str, Parse]) -> Parse:
    """Return a parser of an object into a dataclass: what is not there keeps its default."""
    required = [
        each.name
        for each in dataclasses.fields(kind)
        if each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
    ]

    def parsed(value: object) -> Any:
        if not isinstance(value, dict):
            raise mistake("must be an object")
        problems = [f".{name}: is missing" for name in required if name not in value]
        values = {}
        for name, each in value.items():
            try:
                values[name] = fields[name](each)
            except KeyError:
                problems.append(f".{name}: is not known; known are {', '.join(fields)}")
            except WorldInvalid as wrong:
                problems.extend(f".{name}{problem}" for problem in wrong.problems)
        if problems:
            raise WorldInvalid(problems)
        return kind(**values)

    return parsed
