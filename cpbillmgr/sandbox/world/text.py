"""A world read from JSON text, with every mistake told by its place."""

from __future__ import annotations

import json

from cpbillmgr.sandbox.world.certificates import (
    DETAILS,
    FAILED,
    ISSUED,
    REQUESTED,
    UNPAID,
    WAITING,
    Certificate,
)
from cpbillmgr.sandbox.world.check import check
from cpbillmgr.sandbox.world.nouns import (
    CREDITED,
    DAY,
    LIFETIME,
    ON_ITS_WAY,
    TRIAL,
    Account,
    Addon,
    Charge,
    Entry,
    Extra,
    ExtraValue,
    Filter,
    License,
    Line,
    Payment,
    Tariff,
    World,
)
from cpbillmgr.sandbox.world.parsing import (
    Parse,
    WorldInvalid,
    address,
    by_id,
    by_name,
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
from cpbillmgr.sandbox.world.services import Choice, Enumeration, LocalTariff, Resource, Service
from cpbillmgr.sandbox.world.variants import CHOICES, MOST, Variants, variant


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


def _payment_status(value: object) -> int:
    if value not in {ON_ITS_WAY, CREDITED}:
        raise mistake("must be 2 on its way or 4 credited")
    return number(value)


def _service_status(value: object) -> int:
    if value not in {UNPAID, REQUESTED, WAITING, ISSUED, FAILED}:
        raise mistake("must be 0 not paid, 3 requested, 4 waiting, 5 issued or 6 failed")
    return number(value)


def _details(value: object) -> dict[str, str]:
    details: dict[str, str] = by_name(text)(value)
    for name in details:
        if name not in DETAILS:
            raise mistake(f"{name!r} is none of {', '.join(DETAILS)}")
    return details


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
EXTRA_VALUE = record(ExtraValue, {"id": positive, "name": text, "prices": by_number(price)})
EXTRA = record(Extra, {"id": positive, "name": text, "prices": by_number(price), "values": many(EXTRA_VALUE)})
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
        "agreement": flag,
        "datacenters": many(positive),
        "lengths": by_number(_length),
        "extras": many(EXTRA),
        "counted": many(ADDON),
    },
)
CERTIFICATE = record(
    Certificate,
    {
        "csr": text,
        "approver": text,
        "details": _details,
        "service_status": _service_status,
        "waits_at": optional(time),
        "leaf": text,
        "chain": text,
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
        "item": number,
        "opens_at": optional(time),
        "key_at": optional(time),
        "certificate": optional(CERTIFICATE),
    },
)
NAMED: dict[str, Parse] = {"id": positive, "intname": text, "name": text}
ENUMERATION = record(Enumeration, {**NAMED, "items": many(record(Choice, NAMED))})
LOCAL_TARIFF = record(
    LocalTariff,
    {
        **NAMED,
        "itemtype": text,
        "addons": many(record(Resource, {**NAMED, "enumeration": optional(positive)})),
    },
)
SERVICE = record(
    Service,
    {
        "id": positive,
        "pricelist": positive,
        "type": text,
        "domain": text,
        "ips": many(address),
        "status": _status,
        "period": number,
        "createdate": optional(day),
        "expiredate": optional(day),
        "addons": by_number(text),
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
    "charges": many(record(Charge, {"time": time, "func": text, "license": number, "amount": money})),
    "cart": many(record(Line, {"order": positive, "license": positive, "period": number, "renewal": flag})),
    "payments": many(
        record(
            Payment,
            {
                "id": positive,
                "order": positive,
                "time": time,
                "amount": money,
                "method": text,
                "status": _payment_status,
            },
        )
    ),
    "next_order": positive,
    "filters": many(record(Filter, {"list": text, "fields": by_name(text)})),
    "local_enumerations": many(ENUMERATION),
    "local_tariffs": many(LOCAL_TARIFF),
    "local_services": many(SERVICE),
    "history": many(
        record(Entry, {"time": time, "license": number, "func": text, "client": text, "desc": text})
    ),
}


def parse(source: str | bytes, name: str) -> World:
    """Return the world that a JSON text tells. Raises WorldInvalid with every mistake and its place."""
    try:
        world: World = record(World, WORLD)(json.loads(source))
        check(world)
    except WorldInvalid as wrong:
        raise WorldInvalid([f"{name}: {problem.lstrip('.: ')}" for problem in wrong.problems]) from None
    except (ValueError, RecursionError) as wrong:
        raise WorldInvalid([f"{name}: is not JSON: {wrong}"]) from None
    world.next_id = max([world.next_id, *(id + 1 for id in world.licenses)])
    return world
