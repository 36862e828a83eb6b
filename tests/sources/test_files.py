from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.sources.files import read_inventory
from tests.sources.conftest import Problems

WEB1 = Service(
    id="12",
    type="vds",
    name="web1",
    ip="203.0.113.5",
    status=Status.ACTIVE,
    tariff=3,
    period=10,
    months=1,
    expires=date(2027, 1, 1),
    addons=(
        Addon("panel", AddonKind.ENUMERATION, "Lite", id=31),
        Addon("ispmgr", AddonKind.LOGIC, "on", nodes=2, amounts=(("55164", 50), ("vms", 0))),
    ),
)
WEB2 = Service("13", "vds", "13", "", Status.SUSPENDED)

FILES = {
    "i.json": """
    {"services": [{"id": "12", "type": "vds", "name": "web1", "ip": "203.0.113.5", "status": "active",
                   "tariff": 3, "period": 10, "months": 1, "expires": "2027-01-01",
                   "addons": [{"id": 31, "name": "panel", "kind": "enumeration", "value": "Lite",
                               "nodes": null},
                              {"name": "ispmgr", "kind": "logic", "value": "on", "nodes": 2,
                               "amounts": {"vms": 0, "55164": 50}}]},
                  {"id": "13", "type": "vds", "status": "suspended"}]}
    """,
    "i.csv": (
        "id,type,name,ip,status,tariff,period,months,expires,"
        "addon_id,addon_name,addon_kind,addon_value,addon_nodes,addon_amounts\n"
        "12,vds,web1,203.0.113.5,active,3,10,1,2027-01-01,31,panel,enumeration,Lite,,\n"
        "13,vds,,,suspended,,,,,,,,,,\n"
        "\n"
        "12,vds,web1,203.0.113.5,active,3,10,1,2027-01-01,,ispmgr,logic,on,2,vms=0; 55164 = 50\n"
    ),
    "i.toml": """
    [[services]]
    id = "12"
    type = "vds"
    name = "web1"
    ip = "203.0.113.5"
    status = "active"
    tariff = 3
    period = 10
    months = 1
    expires = 2027-01-01
    [[services.addons]]
    id = 31
    name = "panel"
    kind = "enumeration"
    value = "Lite"
    [[services.addons]]
    name = "ispmgr"
    kind = "logic"
    value = "on"
    nodes = 2
    amounts = { vms = 0, 55164 = 50 }

    [[services]]
    id = 13
    type = "vds"
    status = "suspended"
    """,
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_each_format_says_the_same(tmp_path: Path, name: str, mark: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(mark + FILES[name].encode())
    assert read_inventory(path) == [WEB1, WEB2]


def test_the_suffix_may_be_in_capitals_and_lines_may_end_as_in_windows(tmp_path: Path) -> None:
    path = tmp_path / "I.CSV"
    path.write_bytes(FILES["i.csv"].replace("\n", "\r\n").encode())
    assert read_inventory(path) == [WEB1, WEB2]


@pytest.mark.parametrize("text", ['{"services": []}', ' { "services" : [ ] } '])
def test_an_inventory_may_be_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "i.json"
    path.write_text(text)
    assert read_inventory(path) == []


@pytest.mark.parametrize("name", ["i.yaml", "inventory"])
def test_a_file_of_another_kind_is_refused(problems: Problems, name: str) -> None:
    assert problems(name, "") == [(None, "the kind of this inventory is not known")]


@pytest.mark.parametrize(("name", "told"), [("none.json", "No such file"), ("folder.csv", "Is a directory")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ConfigInvalid, match=f"cannot be read: {told}"):
        read_inventory(tmp_path / name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf_8_is_told_with_the_line(problems: Problems, name: str) -> None:
    assert problems(name, b"\n\n\xff") == [(3, "the file is not UTF-8")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file is no JSON: Expecting '{'"),
        ("[]", 1, "the file must hold an object with 'services', not an array"),
        ("{}", 1, "'services' is missing"),
        ('{"services": {}}', 1, "the file is no JSON: Expecting '['"),
        (
            '{"services": [\n{"id": 1,}]}',
            2,
            "the file is no JSON: Expecting property name enclosed in double quotes",
        ),
        ('{"services": [\n1\n2]}', 3, "the file is no JSON: Expecting ']'"),
        ('{"services": []\n}\nx', 3, "the file is no JSON: Extra data"),
        ('{"services": [],\n"services": []}', 2, "'services' is there more than once"),
        ('{"schema": 1, "services": []}', 1, "'schema' is not a known key; only 'services' may be here"),
        ('{"services": [\n' + "[" * 100_000, 2, "is nested too deep"),
        ('{"services": [\n{"id": ' + "9" * 5000 + "}]}", 2, "holds a number that is too long"),
    ],
)
def test_json_that_is_no_inventory_is_told_with_its_line(
    problems: Problems, text: str, line: int, message: str
) -> None:
    assert problems("i.json", text) == [(line, message)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x =\n", 1, "is no TOML: Invalid value"),
        ('services = "x', 1, "is no TOML: Unterminated string"),
        ("", 1, "'services' is missing"),
        ("services = 5", 1, "'services' must be a list of tables"),
        (
            "x = 1\n[[services]]\nid='1'\ntype='vds'\nstatus=2",
            1,
            "'x' is not a known key; only 'services' may",
        ),
        ("x = " + "[" * 100_000, 1, "is nested too deep"),
        ("x = " + "9" * 5000, 1, "holds a number that is too long"),
        ("\n[[services]]\ntype='vds'\nstatus=2", 2, "service without id: id is missing"),
        ("services = [\n{type='vds', status=2}]", None, "service without id: id is missing"),
    ],
)
def test_toml_that_is_no_inventory_is_told_with_its_line(
    problems: Problems, text: str, line: int | None, message: str
) -> None:
    ((told_line, told),) = problems("i.toml", text)
    assert told_line == line
    assert told.startswith(message)


STATUSES = "it must be one of ordered, active, suspended, deleted, processing, or 1 to 5"
HEADER = "id,type,status,addon_name,addon_kind,addon_value,addon_nodes\n"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("id,type,status,colour\n", [(1, "column 'colour' is not known")]),
        ("id,type\n", [(1, "column 'status' is missing")]),
        ("id,type,status,id\n", [(1, "column 'id' is there 2 times")]),
        (HEADER + "12,vds\n", [(2, "the row has 2 cells, and the header has 7")]),
        (HEADER + '12,"vds"x,active,,,,\n', [(2, "is no CSV: ',' expected after '\"'")]),
        (
            HEADER + "12,vds,active,panel,logic,x,0\n",
            [
                (2, "service '12': addon_value is 'x'; of kind logic it must be on or off"),
                (2, "service '12': addon_nodes must be at least 1"),
            ],
        ),
        (
            HEADER + "12,vds,active,panel,logic,on,\n\n12,dedic,2,ispmgr,logic,maybe,\n",
            [
                (4, "service '12': addon_value is 'maybe'; of kind logic it must be on or off"),
                (4, "service '12': type, status differs from line 2"),
            ],
        ),
        (
            HEADER + '"a\nb",vds,active,,,,\n13,vds,x,,,,\n',
            [
                (2, r"service 'a\nb': id holds a control character"),
                (
                    4,
                    "service '13': status is 'x'; " + STATUSES,
                ),
            ],
        ),
    ],
)
def test_csv_that_is_no_inventory_is_told_with_its_lines(
    problems: Problems, text: str, wrong: list[tuple[int, str]]
) -> None:
    assert problems("i.csv", text) == wrong


def test_an_empty_csv_lacks_its_required_columns(problems: Problems) -> None:
    assert problems("i.csv", "") == [(1, f"column {name!r} is missing") for name in ("id", "type", "status")]


def test_every_problem_of_a_file_is_told_at_once_in_the_order_of_its_lines(problems: Problems) -> None:
    records = [{"id": str(number), "type": "vds", "status": "x"} for number in range(50)]
    rows = ",\n".join(json.dumps(record) for record in records)
    told = problems("i.json", f'{{"services": [\n{rows}\n],\n"more": 1}}')
    assert [line for line, _message in told] == [*range(2, 52), 53]
