"""A world as JSON text: checked when it is read, written with one license a line."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from cpbillmgr.sandbox.parsing import (
    Parse,
    WorldInvalid,
    address,
    by_id,
    by_number,
    day,
    flag,
    many,
    mistake,
    money,
    network,
    number,
    optional,
    positive,
    price,
    record,
    text,
    time,
)
from cpbillmgr.sandbox.variants import CHOICES, MOST, Variants, variant
from cpbillmgr.sandbox.world import (
    DAY,
    LIFETIME,
    TRIAL,
    Account,
    Addon,
    Charge,
    ExpiryFilter,
    License,
    Tariff,
    World,
)


def _status(value: object) -> int:
    if value not in {1, 2, 3, 4, 5}:
        raise mistake("must be 1 ordered, 2 active, 3 suspended, 4 deleted or 5 processing")
    return number(value)


def _generation(value: object) -> int:
    if number(value) not in {4, 5, 6}:
        raise mistake("must be 4, 5 or 6")
    return number(value)


def _length(value: object) -> int:
    if number(value) < 0 and value not in {DAY, TRIAL}:
        raise mistake(f"must be months, or {LIFETIME} lifetime, {DAY} a day, {TRIAL} a trial")
    return number(value)


def _variant(name: str) -> Parse:
    def parsed(value: object) -> str | int:
        try:
            return variant(name, value)
        except ValueError as wrong:
            raise mistake(str(wrong)) from None

    return parsed


ADDON = record(
    Addon, {"id": positive, "intname": text, "name": text, "minimum": number, "prices": by_number(price)}
)
TARIFF = record(
    Tariff,
    {
        "id": positive,
        "name": text,
        "prices": by_number(price),
        "itemtype": text,
        "intname": text,
        "node_addon": optional(ADDON),
        "orderable": flag,
        "lengths": by_number(_length),
    },
)
LICENSE = record(
    License,
    {
        "id": positive,
        "pricelist": positive,
        "licname": text,
        "ip": address,
        "period": number,
        "status": _status,
        "createdate": optional(day),
        "expiredate": optional(day),
        "ip_change_date": optional(day),
        "lickey_change_date": optional(day),
        "autoprolong": text,
        "remoteid": text,
        "remoteip": text,
        "lickey": text,
        "addons": by_number(number),
        "owner": optional(text),
        "opens_at": optional(time),
        "key_at": optional(time),
    },
)
WORLD: dict[str, Parse] = {
    "account": record(
        Account,
        {
            "user": text,
            "password": text,
            "balance": money,
            "credit_limit": price,
            "currency": text,
            "allowsuspenditem": flag,
            "allowdeleteitem": flag,
            "level": number,
            "allowed_from": many(network),
        },
    ),
    "generation": _generation,
    "clock": optional(time),
    "tariffs": by_id(TARIFF),
    "licenses": by_id(LICENSE),
    "next_id": positive,
    "page_limit": positive,
    "variants": record(Variants, {name: _variant(name) for name in [*CHOICES, *MOST]}),
    "software_filter": record(ExpiryFilter, {"expires": optional(day), "expiree": optional(day)}),
    "charges": many(record(Charge, {"time": time, "func": text, "license": number, "amount": money})),
}


def parse(source: str | bytes, name: str) -> World:
    """Return the world that a JSON text tells. Raises WorldInvalid with every mistake and its place."""
    try:
        world: World = record(World, WORLD)(json.loads(source))
        _check_tariffs(world)
    except WorldInvalid as wrong:
        raise WorldInvalid([f"{name}: {problem.lstrip('.: ')}" for problem in wrong.problems]) from None
    except (ValueError, RecursionError) as wrong:
        raise WorldInvalid([f"{name}: is not JSON: {wrong}"]) from None
    world.next_id = max([world.next_id, *(id + 1 for id in world.licenses)])
    return world


def _check_tariffs(world: World) -> None:
    problems = [
        f"the license with id {license.id}: has the pricelist {license.pricelist}, which is no tariff's id"
        for license in world.licenses.values()
        if license.pricelist not in world.tariffs
    ]
    problems += [
        f"the tariff with id {tariff.id}: has the period {period}, whose length is missing in lengths"
        for tariff in world.tariffs.values()
        for period in tariff.prices
        if world.generation == 4 and period not in tariff.lengths
    ]
    if problems:
        raise WorldInvalid(problems)


def render(world: World) -> str:
    """Return the JSON text of a world: lists have one item a line, everything else is one line."""
    parts = [f"{json.dumps(each.name)}: {_value(getattr(world, each.name))}" for each in fields(World)]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return _line(value)
    return "[\n" + ",\n".join(map(_line, value)) + "\n]" if value else "[]"


def _line(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> object:
    """Return what JSON has for a dataclass (an object); a day, a time or an amount is a text."""
    names = getattr(value, "__slots__", None)
    if names and hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in names}
    return str(value)
