from __future__ import annotations

import json

import pytest

from tests.sandbox.conftest import Remote, Start, tags, value

PANEL = {
    "id": 6,
    "intname": "panel",
    "name": "Server control panel",
    "items": [
        {"id": 61, "intname": "nopanel", "name": "No panel"},
        {"id": 62, "intname": "55227", "name": "ispmanager 6 lite"},
    ],
}
ADDONS = [
    {"id": 31, "intname": "panel", "name": "Control panel", "enumeration": 6},
    {"id": 32, "intname": "backup", "name": "Backup"},
]
TARIFF = {"id": 3, "name": "VPS-1", "itemtype": "vds", "intname": "vps1", "addons": ADDONS}
SERVICES = [
    {"id": 12, "pricelist": 3, "domain": "web12", "ips": ["203.0.113.12", "2001:db8::12"], "period": 10,
     "expiredate": "2027-01-01", "createdate": "2026-01-01", "addons": {"31": "62", "32": "on"}},
    {"id": 13, "pricelist": 3, "domain": "web13", "status": 3},
    {"id": 14, "pricelist": 3, "type": "vds.vps", "domain": "web14"},
]  # fmt: skip


@pytest.fixture
def local(start: Start) -> Remote:
    return start(
        account={"level": 29},
        local_enumerations=[PANEL],
        local_tariffs=[TARIFF],
        local_services=SERVICES,
        licenses=[],
    )


def test_a_list_shows_the_services_of_its_own_type_without_their_addons(local: Remote) -> None:
    rows = local.good("vds").findall("elem")
    assert [value(row, "id") for row in rows] == ["12", "13"]
    names = (
        "domain",
        "ip",
        "pricelist",
        "pricelist_id",
        "intname",
        "period",
        "expiredate",
        "real_expiredate",
    )
    assert [value(rows[0], name) for name in names] == [
        "web12",
        "203.0.113.12 2001:db8::12",
        "VPS-1",
        "3",
        "vps1",
        "10",
        "2027-01-01",
        "2027-01-01",
    ]
    assert not any(tag.startswith("addon") for tag in tags(rows[0]))
    assert [value(row, "id") for row in local.good("vds.vps").findall("elem")] == ["14"]
    assert local.good("dedic").findall("elem") == []


def test_a_row_of_services_in_bjson_is_as_recorded(local: Remote) -> None:
    row = json.loads(local.body("vds", out="bjson", lang="ru"))["elem"][1]
    assert [row[name] for name in ("id", "item_status_orig", "item_status")] == ["13", "3", "Остановлен"]


def test_a_form_shows_the_addons_with_their_choices_and_labels(local: Remote) -> None:
    doc = local.good("vds.edit", elid=12)
    names = (
        "addon_31",
        "addon_31_current_value",
        "addon_32",
        "addon_32_current_value",
        "pricelist",
        "status",
    )
    assert [value(doc, name) for name in names] == ["62", "ispmanager 6 lite", "on", "on", "3", "2"]
    choices = {val.get("key"): val.text for val in doc.findall("slist[@name='addon_31']/val")}
    assert choices == {"61": "No panel", "62": "ispmanager 6 lite"}
    assert doc.find("slist[@name='addon_32']") is None
    labels = {msg.get("name"): msg.text for msg in doc.findall("messages/msg")}
    assert labels == {"addon_31": "Control panel", "addon_32": "Backup"}


def test_a_form_in_bjson_has_model_and_slist(local: Remote) -> None:
    found = json.loads(local.body("vds.edit", elid=12, out="bjson"))
    assert (found["model"]["addon_31"], found["slist"]["addon_31"][1]) == (
        "62",
        {"k": "62", "v": "ispmanager 6 lite"},
    )


@pytest.mark.parametrize(("func", "elid"), [("vds.edit", 404), ("dedic.edit", 12), ("vds.edit", 14)])
def test_a_service_that_is_not_of_this_type_is_not_found(local: Remote, func: str, elid: int) -> None:
    assert local.refused(func, elid=elid) == ("missed", "elid")


def test_the_elements_of_an_enumeration_tell_internal_names(local: Remote) -> None:
    rows = local.good("enumeration").findall("elem")
    assert [(value(row, "id"), value(row, "intname")) for row in rows] == [("6", "panel")]
    items = local.good("enumeration.item", plid=6).findall("elem")
    assert [(value(item, "id"), value(item, "intname")) for item in items] == [
        ("61", "nopanel"),
        ("62", "55227"),
    ]
    assert local.good("enumeration.item", plid=7).findall("elem") == []


@pytest.mark.parametrize("func", ["enumeration", "enumeration.item"])
def test_a_customer_may_not_ask_for_enumerations(start: Start, func: str) -> None:
    assert start(local_enumerations=[PANEL]).refused(func, plid=6) == ("access", func)


def test_the_price_list_tells_what_the_addons_of_a_tariff_are(local: Remote) -> None:
    found = local.good("pricelist.export", elid=3).findall("pricelist")
    assert [value(each, "itemtype") for each in found] == ["vds"]
    assert [addon.findtext("addontype") for addon in found[0].findall("addon")] == ["3", "1"]
    items = found[0].findall("addon/enumeration/enumerationitem")
    assert [(value(item, "id"), value(item, "intname")) for item in items] == [
        ("61", "nopanel"),
        ("62", "55227"),
    ]
    assert [value(each, "id") for each in local.good("pricelist.export", itemtype="vds")[:1]] == ["3"]


def test_the_menu_names_the_lists_that_there_are(local: Remote, start: Start) -> None:
    nodes = local.good("menu").findall("node[@name='mainmenuservice']/node[@type='list']")
    assert [node.get("action") for node in nodes] == ["vds", "vds.vps", "soft"]


def test_a_service_tells_all_its_addresses(local: Remote) -> None:
    rows = local.good("service.ip", elid=12).findall("elem")
    assert [value(row, "ip") for row in rows] == ["203.0.113.12", "2001:db8::12"]
    assert local.good("service.ip", elid=13).findall("elem") == []


def test_a_local_side_survives_a_change_of_the_world(local: Remote) -> None:
    before = local.kept
    local.ordered("198.51.100.1")
    for part in ("local_enumerations", "local_tariffs", "local_services"):
        assert len(local.kept[part]) == len(before[part])
    assert value(local.good("vds.edit", elid=12), "addon_31") == "62"
