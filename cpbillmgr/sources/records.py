"""The border of the inventory: one record of a file becomes a service, or a list of what is wrong with it.

======================  ==============================================================================
key                     rule
======================  ==============================================================================
``id``                  required, at most 64 characters, no space, quote or control character (the
                        license's name ``Item #ID addon NAME`` must be readable again), not ``ip:...``
                        (a license ordered on its own is called so)
``type``                required text
``name``                text without control characters; the id when it is missing
``ip``                  addresses with spaces or commas between them; the first IPv4 is taken; may be empty
``status``              required: ordered, active, suspended, deleted, processing, or 1 to 5
``tariff``              local id, from 1
``period``, ``months``  whole numbers from -100 (0 lifetime, -50 day, -100 trial)
``expires``             ``YYYY-MM-DD`` or empty
``addons``              list; each has ``name`` (once in a service), ``kind``, ``value``, and perhaps
                        ``id``, ``nodes`` (from 1) and ``amounts``
``amounts``             how many (from 0) by a counted resource's id or internal name: an object, or a
                        text as in ``55164=50;55165=3``
``kind``                ``enumeration`` (value: internal name) or ``logic`` (value: ``on`` or ``off``)
======================  ==============================================================================
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from reprlib import repr as shown
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from cpbillmgr.errors import Problem
from cpbillmgr.model.services import Addon, AddonKind, Service
from cpbillmgr.sources.fields import (
    Address,
    Amounts,
    Count,
    Day,
    FilledText,
    KindWord,
    OptionalText,
    Period,
    ServiceId,
    StatusWord,
    Text,
)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _AddonRecord(_Record):
    name: FilledText
    kind: KindWord
    value: Text
    id: Count = None
    nodes: Count = None
    amounts: Amounts = ()

    @field_validator("value")
    @classmethod
    def _logic_is_on_or_off(cls, value: str, others: ValidationInfo) -> str:
        if others.data.get("kind") is AddonKind.LOGIC and value not in ("on", "off"):
            raise ValueError(f"is {shown(value)}; of kind logic it must be on or off")
        return value


class _ServiceRecord(_Record):
    id: ServiceId
    type: FilledText
    name: OptionalText = ""
    ip: Address = ""
    status: StatusWord
    tariff: Count = None
    period: Period = None
    months: Period = None
    expires: Day = None
    addons: tuple[_AddonRecord, ...] = ()

    @field_validator("addons")
    @classmethod
    def _names_differ(cls, addons: tuple[_AddonRecord, ...]) -> tuple[_AddonRecord, ...]:
        times = Counter(addon.name for addon in addons)
        if repeated := [name for name in times if times[name] > 1]:
            raise ValueError(f"have the name {shown(repeated[0])} more than once")
        return addons


@dataclass(frozen=True, slots=True)
class Record:
    """One service as a file spells it, with the line it begins at and, where known, those of its add-ons."""

    fields: object
    line: int | None = None
    addon_lines: tuple[int, ...] = ()


def services_of(file: str, records: Iterable[Record]) -> tuple[list[Service], list[Problem]]:
    """Return the services that the records describe, and everything that is wrong with the records."""
    services: list[Service] = []
    problems: list[Problem] = []
    lines: dict[str, int | None] = {}
    for record in records:
        if (name := _name(record.fields)) in lines:
            problems.append(_repeated(file, record, lines[name]))
        elif name:
            lines[name] = record.line
        try:
            services.append(_service(_ServiceRecord.model_validate(record.fields)))
        except ValidationError as error:
            problems += _problems(file, record, error)
    return services, problems


def fields_of(service: Service) -> dict[str, Any]:
    """Return a service as a record spells it, with every key: what ``services_of`` reads as the same."""
    return {
        "id": service.id,
        "type": service.type,
        "name": service.name,
        "ip": service.ip,
        "status": service.status.value,
        "tariff": service.tariff,
        "period": service.period,
        "months": service.months,
        "expires": None if service.expires is None else service.expires.isoformat(),
        "addons": [
            {
                "id": addon.id,
                "name": addon.name,
                "kind": addon.kind.value,
                "value": addon.value,
                "nodes": addon.nodes,
                "amounts": dict(addon.amounts) or None,
            }
            for addon in service.addons
        ],
    }


def _service(record: _ServiceRecord) -> Service:
    return Service(
        id=record.id,
        type=record.type,
        name=record.name or record.id,
        ip=record.ip,
        status=record.status,
        tariff=record.tariff,
        period=record.period,
        months=record.months,
        expires=record.expires,
        addons=tuple(
            Addon(addon.name, addon.kind, addon.value, addon.id, addon.nodes, addon.amounts)
            for addon in record.addons
        ),
    )


def _repeated(file: str, record: Record, first: int | None) -> Problem:
    place = "" if first is None else f", first on line {first}"
    return Problem(file, record.line, f"{_named(record)} is there more than once{place}")


def _problems(file: str, record: Record, error: ValidationError) -> Iterable[Problem]:
    for detail in error.errors(include_url=False, include_input=False):
        line, place = record.line, detail["loc"]
        if record.addon_lines and len(place) > 1:  # ("addons", number, name) of a row that has its own line
            line = record.addon_lines[int(place[1])]
            place = tuple(f"addon_{name}" for name in place[2:])
        message = _sentence(detail["type"], detail["msg"], detail.get("ctx", {}))
        yield Problem(file, line, f"{_named(record)}: {_path(place)}{message}")


def _named(record: Record) -> str:
    """Return how messages call a record, even if it is broken."""
    name = _name(record.fields)
    return f"service {shown(name)}" if name else "service without id"


def _name(fields: object) -> str:
    """Return the id as the file has it, empty where there is none."""
    known = fields.get("id") if isinstance(fields, Mapping) else None
    return str(known) if isinstance(known, str | int) else ""


def _path(place: tuple[int | str, ...]) -> str:
    """Return where in the record, as in ``addons[0].kind``; what is no plain word is quoted."""
    path = ""
    for part in place:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if part.isidentifier() else f".{shown(part)}"
    return f"{path.removeprefix('.')} " if path else ""


_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known key",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "value_error": "{error}",
}


def _sentence(kind: str, message: str, context: dict[str, Any]) -> str:
    known = _SENTENCES.get(kind)
    return message if known is None else known.format(**context)
