"""The values of an inventory: how each is read, whether the file gave it as text, number or date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from reprlib import repr as shown
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

from cpbillmgr.model.licenses import FREE_IP
from cpbillmgr.model.services import NOBODYS, ON_ITS_OWN, AddonKind, Status

_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"  # controls, line separators, half characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # marks that turn the direction of writing
)
_NOT_IN_ID = re.compile(r"[\s\"']")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,10}", re.ASCII)
_STATUS_NUMBERS = dict(enumerate(Status, start=1))
_MOST = 2**31 - 1
_RESERVED = {ON_ITS_OWN: "ordered on their own", NOBODYS: "linked to nothing"}  # first words of ids, by whose


def _text(value: object) -> str:
    """Accept a text, or a whole number as text, without control characters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ValueError("must be a text")  # noqa: TRY004 - pydantic collects ValueErrors only
    if _UNSHOWABLE.search(value):
        raise ValueError("holds a control character")
    return value


def _filled(value: object) -> str:
    text = _text(value)
    if not text.strip():
        raise ValueError("is empty")
    return text


def _service_id(value: object) -> str:
    text = _filled(value)
    if len(text) > 64:
        raise ValueError("is longer than 64 characters")
    for start, licenses in _RESERVED.items():
        if text.startswith(start):
            raise ValueError(f"starts with '{start}', as only licenses {licenses} do")
    if _NOT_IN_ID.search(text):
        raise ValueError("holds a space or a quote")
    return text


def _optional_text(value: object) -> str:
    return "" if value is None else _text(value)


def _address(value: object) -> str:
    parts = _optional_text(value).replace(",", " ").split()
    addresses = [_parsed(part) for part in parts]
    if not addresses:
        return ""
    first = next((str(address) for address in addresses if isinstance(address, IPv4Address)), None)
    if first is None:
        raise ValueError("holds no IPv4 address")
    if first == FREE_IP:
        raise ValueError(f"is {FREE_IP}, the address of licenses that nobody uses; leave it empty")
    return first


def _parsed(part: str) -> IPv4Address | IPv6Address:
    try:
        return IPv6Address(part) if ":" in part else IPv4Address(part)
    except AddressValueError:
        raise ValueError(f"{shown(part)} is no IP address") from None


def _status(value: object) -> Status:
    try:
        text = _text(value)
        return _STATUS_NUMBERS[int(text)] if text.isdecimal() else Status(text)
    except (KeyError, ValueError):
        known = ", ".join(Status)
        raise ValueError(f"is {shown(value)}; it must be one of {known}, or 1 to 5") from None


def _kind(value: object) -> AddonKind:
    if value == "integer":
        raise ValueError("is 'integer', and no license can be told from a number; leave this add-on out")
    try:
        return AddonKind(_text(value))
    except ValueError:
        raise ValueError(f"is {shown(value)}; it must be enumeration or logic") from None


def _whole(value: object) -> object:
    """Turn a number written as text, as CSV has it, into a number, and an empty text into none."""
    if isinstance(value, str):
        if value == "":
            return None
        if not _WHOLE.fullmatch(value):
            raise ValueError(f"is {shown(value)}, not a whole number")
        return int(value)
    return value


def _amounts(value: object) -> tuple[tuple[str, int], ...]:
    """Return how many by what: from an object, or from a text as in ``55164=50;55165=3``, as CSV has it."""
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        parts = [part.partition("=") for part in value.split(";")]
        if not all(equals for _, equals, _ in parts):
            raise ValueError(f"are {shown(value)}; write them as ID=NUMBER, as in 55164=50;55165=3")
        given = [(what, number) for what, _, number in parts]
    elif isinstance(value, Mapping):
        given = list(value.items())
    else:
        raise ValueError("must be an object, or a text as in 55164=50;55165=3")  # noqa: TRY004 - pydantic collects ValueErrors only
    amounts = [(_counted(what), _amount(what, number)) for what, number in given]
    if len(dict(amounts)) < len(amounts):
        raise ValueError("name the same thing more than once")
    return tuple(sorted(amounts))


def _counted(what: object) -> str:
    text = _filled(what).strip()
    if ";" in text or "=" in text:
        raise ValueError(f"are of {shown(what)}; a name here has no ; and no =")
    return text


def _amount(what: object, number: object) -> int:
    whole = _whole(number.strip() if isinstance(number, str) else number)
    if not isinstance(whole, int) or isinstance(whole, bool) or not 0 <= whole <= _MOST:
        raise ValueError(f"are {shown(number)} of {what}; it must be a whole number from 0 on")
    return whole


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("must be a day as in 2027-01-31")


Text = Annotated[str, BeforeValidator(_text)]
FilledText = Annotated[str, BeforeValidator(_filled)]
OptionalText = Annotated[str, BeforeValidator(_optional_text)]
ServiceId = Annotated[str, BeforeValidator(_service_id)]
Address = Annotated[str, BeforeValidator(_address)]
StatusWord = Annotated[Status, BeforeValidator(_status)]
KindWord = Annotated[AddonKind, BeforeValidator(_kind)]
Day = Annotated[date | None, BeforeValidator(_day)]
Count = Annotated[Annotated[int, Strict(), Field(ge=1, le=_MOST)] | None, BeforeValidator(_whole)]
Amounts = Annotated[tuple[tuple[str, int], ...], BeforeValidator(_amounts)]
Period = Annotated[Annotated[int, Strict(), Field(ge=-100, le=_MOST)] | None, BeforeValidator(_whole)]
