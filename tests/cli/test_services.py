"""``service``: taken over from files, shown, changed, forgotten."""

from __future__ import annotations

import json

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, service

CSV = """\
id,type,name,ip,status,tariff,period,months,expires,addon_id,addon_name,addon_kind,addon_value,addon_nodes
21,vds,web21,203.0.113.21,active,3,10,1,2027-01-01,31,panel,enumeration,55227,
21,vds,web21,203.0.113.21,active,3,10,1,2027-01-01,32,dnsmgr,logic,on,
22,dedic,web22,,suspended,,,,,,,,,
"""
TOML = """\
[[services]]
id = "21"
type = "vds"
name = "web21"
ip = "203.0.113.21"
status = "active"
addons = [{ name = "panel", kind = "enumeration", value = "Business", nodes = 3 }]
"""


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(
        services=[service("12"), service("13", "Business", nodes=3)], conf="Price Business 55230\n"
    )


def listed(office: Office) -> list[Fields]:
    services: list[Fields] = office.run("service", "list", "--json").json["services"]
    return services


@pytest.mark.parametrize(
    ("file", "text", "added"),
    [
        ("more.json", json.dumps({"services": [service("21")]}), ["21"]),
        ("more.csv", CSV, ["21", "22"]),
        ("more.toml", TOML, ["21"]),
    ],
)
def test_an_inventory_of_each_notation_is_added_to_what_is_there(
    office: Office, file: str, text: str, added: list[str]
) -> None:
    office.write(file, text)
    result = office.run("service", "import", file, "--json")
    assert (result.code, result.json["added"], result.json["unchanged"]) == (0, len(added), 0)
    assert [each["id"] for each in listed(office)] == ["12", "13", *added]
    again = office.run("service", "import", file, "--json").json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, len(added))


@pytest.mark.parametrize(
    ("file", "text", "places"),
    [
        (
            "bad.csv",
            CSV.replace("suspended", "asleep").replace("logic,on", "logic,perhaps"),
            ["bad.csv:3", "bad.csv:4"],
        ),
        ("bad.csv", CSV + "23,vds\n", ["bad.csv:5"]),
        ("bad.json", json.dumps({"services": [service("21"), service("22", ip="here")]}), ["'22'"]),
        ("bad.json", '{"services": [', ["bad.json:1"]),
        ("bad.toml", TOML + TOML, ["bad.toml:8"]),
        ("bad.txt", "", ["bad.txt"]),
    ],
)
def test_one_bad_row_keeps_everything_out_and_every_bad_row_is_told(
    office: Office, file: str, text: str, places: list[str]
) -> None:
    before = listed(office)
    office.write(file, text)
    result = office.run("service", "import", file, "--json")
    assert (result.code, result.json["error"]["kind"]) == (78, "config")
    lines = result.err.splitlines()
    assert all(place in line for place, line in zip(places, lines, strict=True))
    assert listed(office) == before


def test_an_import_may_be_tried_first(office: Office) -> None:
    before = office.state_file.read_bytes()
    office.write("more.csv", CSV)
    result = office.run("service", "import", "more.csv", "--dry-run", "--json")
    assert (result.json["dry_run"], result.json["added"]) == (True, 2)
    assert office.state_file.read_bytes() == before


@pytest.mark.parametrize("notation", ["json", "csv", "toml"])
def test_an_export_can_be_imported_and_changes_nothing(office: Office, notation: str) -> None:
    office.write(f"all.{notation}", office.run("service", "export", "--format", notation).out)
    result = office.run("service", "import", f"all.{notation}", "--json")
    assert (result.json["added"], result.json["changed"], result.json["unchanged"]) == (0, 0, 2)


def test_a_service_is_shown_with_its_license(office: Office) -> None:
    office.run("order", "--service", "12")
    shown = office.run("service", "show", "12", "--json").json
    assert shown["services"][0]["ip"] == "203.0.113.12"
    assert shown["licenses"] == [{"remote": "main", "license": "7000", "addon": "panel"}]
    told = office.run("service", "show", "12").out
    assert [word for word in ("web12", "203.0.113.12", "55227", "7000") if word not in told] == []


def test_a_list_has_a_line_for_each_service(office: Office) -> None:
    titles, *rows = office.run("service", "list").out.splitlines()
    assert titles.split()[:4] == ["id", "type", "name", "ip"]
    assert [row.split()[0] for row in rows] == ["12", "13"]
    assert office.run("service", "list", "-q").out == "12\n13\n"


def test_no_services_are_no_lines(open_office: OpenOffice) -> None:
    office = open_office()
    assert (office.run("service", "list").out, listed(office)) == ("", [])


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("ip=203.0.113.99", "ip", "203.0.113.99"),
        ("status=suspended", "status", "suspended"),
        ("status=3", "status", "suspended"),
        ("name=two words", "name", "two words"),
        ("name=a=b", "name", "a=b"),
        ("expires=", "expires", None),
        ("months=12", "months", 12),
    ],
)
def test_a_value_is_set(office: Office, change: str, key: str, value: object) -> None:
    assert office.run("service", "set", "12", change).code == 0
    assert listed(office)[0][key] == value


def test_an_addon_is_set_by_its_name(office: Office) -> None:
    assert office.run("service", "set", "12", "panel=Business", "panel.nodes=5", "+dnsmgr=3136").code == 0
    panel, dns = listed(office)[0]["addons"]
    assert (panel["id"], panel["value"], panel["nodes"]) == (31, "Business", 5)
    assert (dns["name"], dns["kind"], dns["value"]) == ("dnsmgr", "enumeration", "3136")


def test_amounts_of_an_addon_are_set_shown_and_exported(office: Office) -> None:
    assert office.run("service", "set", "13", "panel.amounts=vms=5; 55164=50").code == 0
    assert "Business, 3 nodes, 50 of 55164, 5 of vms" in office.run("service", "show", "13").out
    assert listed(office)[1]["addons"][0]["amounts"] == {"55164": 50, "vms": 5}
    for notation in ("json", "csv", "toml"):
        office.write(f"all.{notation}", office.run("service", "export", "--format", notation).out)
        again = office.run("service", "import", f"all.{notation}", "--json").json
        assert (again["changed"], again["unchanged"]) == (0, 2)
    assert office.run("service", "set", "13", "panel.amounts=").code == 0
    assert listed(office)[1]["addons"][0]["amounts"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["12", "status=asleep"], 78),
        (["12", "ip=here"], 78),
        (["12", "panel.nodes=none"], 78),
        (["12", "panel.amounts=55164"], 78),
        (["12", "panel.color=red"], 2),
        (["12", "panel"], 2),
        (["12", "=1"], 2),
        (["12"], 2),
        (["99", "ip=203.0.113.99"], 2),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_set(office: Office, words: list[str], code: int) -> None:
    before = listed(office)
    assert office.run("service", "set", *words).code == code
    assert listed(office) == before


def test_a_change_and_a_removal_may_be_tried_first(office: Office) -> None:
    before = office.state_file.read_bytes()
    changed = office.run("service", "set", "12", "ip=203.0.113.99", "--dry-run", "--json").json
    assert changed["services"][0]["ip"] == "203.0.113.99"
    assert office.run("service", "remove", "12", "--dry-run").code == 0
    assert office.state_file.read_bytes() == before


def test_a_service_is_forgotten_and_its_license_told(office: Office) -> None:
    office.run("order", "--service", "12")
    result = office.run("service", "remove", "12", "--json")
    assert (result.code, result.json["licenses"]) == (0, ["7000"])
    assert "license 7000" in result.err
    assert [each["id"] for each in listed(office)] == ["13"]
    assert office.licenses(id=7000)[0]["status"] == 2
    gone = office.run("service", "remove", "12")
    assert (gone.code, "service list" in gone.err) == (2, True)
