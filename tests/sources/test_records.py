from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cpbillmgr.model.licenses import FREE_IP
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.sources.records import Record, services_of

SERVICE: dict[str, Any] = {"id": "12", "type": "vds", "status": "active"}
ADDON: dict[str, Any] = {"name": "panel", "kind": "enumeration", "value": "Lite"}


def _read(**fields: object) -> Service:
    (service,), problems = services_of("file", [Record({**SERVICE, **fields})])
    assert problems == []
    return service


def _wrong(record: object) -> list[str]:
    services, problems = services_of("file", [Record(record)])
    assert services == []
    return [problem.message for problem in problems]


def test_keys_that_may_be_missing_are_empty_and_the_name_is_the_id() -> None:
    assert _read() == Service("12", "vds", "12", "", Status.ACTIVE)


def test_every_key_of_a_record_is_read() -> None:
    addon = {"id": 31, "name": "panel", "kind": "logic", "value": "on", "nodes": 2, "amounts": {"vms": "5"}}
    service = _read(
        name="web1", ip="203.0.113.5", tariff=3, period=10, months=1, expires="2027-01-01", addons=[addon]
    )
    assert service == Service(
        id="12",
        type="vds",
        name="web1",
        ip="203.0.113.5",
        status=Status.ACTIVE,
        tariff=3,
        period=10,
        months=1,
        expires=date(2027, 1, 1),
        addons=(Addon("panel", AddonKind.LOGIC, "on", id=31, nodes=2, amounts=(("vms", 5),)),),
    )


@pytest.mark.parametrize(
    ("key", "written", "read"),
    [
        ("id", 12, "12"),
        ("name", None, "12"),
        ("name", "", "12"),
        ("name", " web 1 ", " web 1 "),
        ("ip", None, ""),
        ("ip", "", ""),
        ("ip", "203.0.113.5 203.0.113.6", "203.0.113.5"),
        ("ip", "2001:db8::1,203.0.113.6, 203.0.113.5", "203.0.113.6"),
        ("status", 1, Status.ORDERED),
        ("status", "2", Status.ACTIVE),
        ("status", 3, Status.SUSPENDED),
        ("status", 4, Status.DELETED),
        ("status", 5, Status.PROCESSING),
        ("status", "processing", Status.PROCESSING),
        ("tariff", "3", 3),
        ("tariff", "", None),
        ("period", 0, 0),
        ("months", "-100", -100),
        ("months", None, None),
        ("expires", "", None),
        ("expires", None, None),
        ("expires", date(2027, 1, 1), date(2027, 1, 1)),
        ("addons", [], ()),
    ],
)
def test_a_value_is_read_however_a_file_spells_it(key: str, written: object, read: object) -> None:
    assert getattr(_read(**{key: written}), key) == read


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("id", "", "service without id: id is empty"),
        ("id", None, "service without id: id must be a text"),
        ("id", "x" * 65, f"service '{'x' * 12}...{'x' * 13}': id is longer than 64 characters"),
        ("id", "a\x07", r"service 'a\x07': id holds a control character"),
        ("id", "my server", "service 'my server': id holds a space or a quote"),
        ("id", "ip:203.0.113.5", "service 'ip:203.0.113.5': id starts with 'ip:'"),
        ("id", "license:5", "service 'license:5': id starts with 'license:'"),
        ("type", "", "service '12': type is empty"),
        ("name", "a\nb", "service '12': name holds a control character"),
        ("name", "a\x9b31m", "service '12': name holds a control character"),
        ("name", "a\u202eb", "service '12': name holds a control character"),
        ("name", "a\ud800", "service '12': name holds a control character"),
        ("name", ["web1"], "service '12': name must be a text"),
        ("ip", "203.0.113", "service '12': ip '203.0.113' is no IP address"),
        ("ip", "203.0.113.5 x", "service '12': ip 'x' is no IP address"),
        ("ip", "203.0.113.05", "service '12': ip '203.0.113.05' is no IP address"),
        ("ip", "2001:db8::1", "service '12': ip holds no IPv4 address"),
        ("ip", FREE_IP, "service '12': ip is 0.0.0.0, the address of licenses that nobody uses"),
        ("status", "stopped", "service '12': status is 'stopped'; it must be one of ordered, active, "),
        ("status", 6, "service '12': status is 6; it must be one of"),
        ("status", True, "service '12': status is True; it must be one of"),
        ("tariff", 0, "service '12': tariff must be at least 1"),
        ("tariff", 2**31, "service '12': tariff must be at most 2147483647"),
        ("tariff", 1.0, "service '12': tariff must be a whole number"),
        ("period", "1 month", "service '12': period is '1 month', not a whole number"),
        ("period", True, "service '12': period must be a whole number"),
        ("months", -101, "service '12': months must be at least -100"),
        ("expires", "01.02.2027", "service '12': expires must be a day as in 2027-01-31"),
        ("expires", "2027-02-30", "service '12': expires must be a day as in 2027-01-31"),
        ("expires", 20270101, "service '12': expires must be a day as in 2027-01-31"),
        ("addons", {}, "service '12': addons must be a list"),
        ("addons", [5], "service '12': addons[0] must be an object"),
        ("addons", [ADDON, ADDON], "service '12': addons have the name 'panel' more than once"),
        ("colour", "red", "service '12': colour is not a known key"),
        ("\x1b[31m", "red", r"service '12': '\x1b[31m' is not a known key"),
    ],
)
def test_a_service_that_breaks_a_rule_is_refused(key: str, value: object, message: str) -> None:
    (told,) = _wrong({**SERVICE, key: value})
    assert told.startswith(message)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("name", "", "name is empty"),
        ("name", "a\tb", "name holds a control character"),
        (
            "kind",
            "integer",
            "kind is 'integer', and no license can be told from a number; leave this add-on out",
        ),
        ("kind", "enum", "kind is 'enum'; it must be enumeration or logic"),
        ("kind", "logic", "value is 'Lite'; of kind logic it must be on or off"),
        ("value", "\x00", "value holds a control character"),
        ("nodes", 0, "nodes must be at least 1"),
        ("amounts", 5, "amounts must be an object, or a text as in 55164=50;55165=3"),
        ("amounts", {"": 5}, "amounts is empty"),
        ("amounts", {"a;b": 5}, "amounts are of 'a;b'; a name here has no ; and no ="),
        ("amounts", {"vms": -1}, "amounts are -1 of vms; it must be a whole number from 0 on"),
        ("amounts", {"vms": True}, "amounts are True of vms; it must be a whole number from 0 on"),
        ("amounts", {"vms": 1.5}, "amounts are 1.5 of vms; it must be a whole number from 0 on"),
        ("amounts", "vms", "amounts are 'vms'; write them as ID=NUMBER, as in 55164=50;55165=3"),
        ("amounts", "vms=5;vms=6", "amounts name the same thing more than once"),
        ("id", "x", "id is 'x', not a whole number"),
        ("price", 1, "price is not a known key"),
    ],
)
def test_an_add_on_that_breaks_a_rule_is_refused(key: str, value: object, message: str) -> None:
    assert _wrong({**SERVICE, "addons": [{**ADDON, key: value}]}) == [f"service '12': addons[0].{message}"]


@pytest.mark.parametrize("key", ["id", "type", "status"])
def test_a_service_needs_its_required_keys(key: str) -> None:
    (told,) = _wrong({name: value for name, value in SERVICE.items() if name != key})
    assert told.endswith(f": {key} is missing")


@pytest.mark.parametrize("key", ["name", "kind", "value"])
def test_an_add_on_needs_its_required_keys(key: str) -> None:
    addon = {name: value for name, value in ADDON.items() if name != key}
    assert _wrong({**SERVICE, "addons": [addon]}) == [f"service '12': addons[0].{key} is missing"]


@pytest.mark.parametrize("record", [5, None, "web1", [SERVICE]])
def test_a_record_that_is_no_object_is_refused(record: object) -> None:
    assert _wrong(record) == ["service without id: must be an object"]


def test_everything_wrong_with_a_record_is_told_at_once() -> None:
    wrong = _wrong(
        {
            "id": "12",
            "status": "x",
            "ip": "x",
            "colour": 1,
            "addons": [{**ADDON, "nodes": 0}, {**ADDON, "kind": "x"}],
        }
    )
    assert len(wrong) == 6


def test_an_id_may_be_there_only_once_also_among_broken_records() -> None:
    records = [Record(SERVICE, 2), Record({**SERVICE, "id": 12}, 3), Record({"id": "12"}, 4)]
    _services, problems = services_of("file", records)
    assert [(problem.line, problem.message) for problem in problems] == [
        (3, "service '12' is there more than once, first on line 2"),
        (4, "service '12' is there more than once, first on line 2"),
        (4, "service '12': type is missing"),
        (4, "service '12': status is missing"),
    ]
