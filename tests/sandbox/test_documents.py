from __future__ import annotations

import pytest

from tests.sandbox.conftest import Remote, Start, order_form, tags, value

ROW = [
    "id",
    "licname",
    "ip",
    "pricelist",
    "pricelist_id",
    "intname",
    "period",
    "createdate",
    "expiredate",
    "real_expiredate",
    "autoprolong",
    "real_ipchange",
    "real_keychange",
    "update_expiredate",
    "item_status",
    "status",
    "special_status",
    "cost",
    "item_cost",
    "currency_str",
]
FORM = [
    "elid",
    "id",
    "name",
    "licname",
    "ip",
    "remoteip",
    "lickey",
    "status",
    "period",
    "pricelist",
    "pricelist_name",
    "createdate",
    "expiredate",
    "update_expiredate",
    "ip_change_date",
    "lickey_change_date",
    "autoprolong",
    "webdomains",
    "remoteid",
    "addon_55236",
    "slist",
]
MONEY_PARAMS = ["amount", "have", "currency", "deficit", "limit", "reserved", "available"]


def test_the_frame_names_language_and_function_and_echoes_the_parameters_without_login_data(
    remote: Remote,
) -> None:
    doc = remote.good("soft", lang="en", p_cnt=5, password="hidden", auth="hidden")
    assert (doc.get("lang"), doc.get("func"), doc.get("binary")) == ("en", "soft", "/billmgr")
    echo = doc.find("tparams")
    assert echo is not None
    assert {child.tag: child.text for child in echo} == {
        "func": "soft",
        "out": "xml",
        "lang": "en",
        "p_cnt": "5",
    }
    assert tags(doc)[-2:] == ["tparams", "saved_filters"]


def test_a_row_has_the_documented_fields_in_their_order(remote: Remote) -> None:
    row = remote.row(1)
    assert tags(row) == ROW
    assert value(row, "pricelist") == "ispmanager 6 lite"
    assert value(row, "cost") == "4.00 EUR / Month"
    assert value(row, "item_cost") == "4.0000"
    status = row.find("item_status")
    assert status is not None
    assert (status.get("orig"), status.get("color"), status.text) == ("2", "green", "Active")


def test_a_form_has_the_documented_fields_in_their_order(remote: Remote) -> None:
    doc = remote.good("soft.edit", elid=5)
    assert tags(doc)[: len(FORM)] == FORM
    assert value(doc, "pricelist") == "55230"
    assert value(doc, "addon_55236") == "2"


def test_a_list_is_paged_and_tells_how_many_there_are(remote: Remote) -> None:
    doc = remote.good("soft", p_num=2, p_cnt=2)
    assert [value(row, "id") for row in doc.findall("elem")] == ["3", "4"]
    assert (value(doc, "p_num"), value(doc, "p_cnt"), value(doc, "p_elems")) == ("2", "2", "5")
    assert value(doc, "page") == "3 - 4"
    assert remote.good("soft", p_num=9, p_cnt=2).findall("elem") == []


def test_no_page_is_longer_than_the_world_allows(start: Start) -> None:
    remote = start(page_limit=3)
    doc = remote.good("soft", p_cnt=500)
    assert len(doc.findall("elem")) == 3
    assert value(doc, "p_cnt") == "3"


def test_an_order_answers_with_every_id_that_clients_read(remote: Remote) -> None:
    doc = remote.order("198.51.100.1")
    assert tags(doc)[:4] == ["id", "item.id", "billorder", "ok"]
    assert value(doc, "id") == value(doc, "item.id") == "123460"
    assert value(doc, "ok") == "func=order"


def test_whoami_tells_money_rights_and_version(remote: Remote) -> None:
    doc = remote.good("whoami")
    user = doc.find("user")
    assert user is not None
    told = {name: user.get(name) for name in ("name", "balance", "currency", "level", "allowdeleteitem")}
    assert told == {
        "name": "reseller",
        "balance": "1000.00",
        "currency": "EUR",
        "level": "16",
        "allowdeleteitem": "on",
    }
    assert (doc.findtext("version/billmgr") or "").startswith("6.")


@pytest.mark.parametrize(
    ("func", "field", "text"),
    [("subaccount", "balance", "1000.00 EUR"), ("dashboard.info", "realbalance", "1000.00 EUR")],
)
def test_the_balance_is_also_told_as_a_text(remote: Remote, func: str, field: str, text: str) -> None:
    row = remote.good(func).find("elem")
    assert row is not None
    assert value(row, field) == text


def test_the_price_list_tells_periods_prices_and_the_node_addon(remote: Remote) -> None:
    business = remote.good("pricelist.export", itemtype="soft").find("pricelist[id='55230']")
    assert business is not None
    periods = [period.attrib for period in business.findall("price/period")]
    assert periods == [
        {"cost": "15.0000", "type": "month", "length": "1"},
        {"cost": "150.0000", "type": "month", "length": "12"},
    ]
    addon = business.find("addon")
    assert addon is not None
    assert [value(addon, name) for name in ("id", "addontype", "addonmin")] == ["55236", "2", "1"]
    assert [each.get("cost") for each in addon.findall("price/period")] == ["5.0000", "50.0000"]


def test_what_is_not_for_sale_has_an_empty_cost_or_is_left_out(remote: Remote) -> None:
    old = remote.good("pricelist.export", itemtype="soft").find("pricelist[id='3541']")
    assert old is not None
    assert {each.get("cost") for each in old.findall("price/period")} == {""}
    available = remote.good("pricelist.export", itemtype="soft", onlyavailable="on")
    assert available.find("pricelist[id='3541']") is None


def test_a_lack_of_money_is_the_recorded_error_with_all_seven_params_and_sells_nothing(start: Start) -> None:
    remote = start(account={"balance": "3.00", "credit_limit": "0.50"})
    before = remote.kept
    error = remote.order("198.51.100.1").find("error")
    assert error is not None
    assert error.attrib == {"type": "not_enough_money", "lang": "en", "code": "1"}
    params = {param.get("name"): param.text for param in error.findall("param")}
    assert list(params) == MONEY_PARAMS
    assert list(params.values()) == ["4.00", "3.00", "EUR", "0.50", "0.50", "0.00", "3.50"]
    assert "__amount__" in (error.findtext("group") or "")
    assert "Required amount 4.00 EUR" in (error.findtext("msg") or "")
    assert remote.kept == before


@pytest.mark.parametrize(
    ("func", "params", "expected"),
    [
        ("whoami", {"out": "yaml"}, ("value", "out")),
        ("nothing", {}, ("missed", "func")),
        ("soft.edit", {}, ("missed", "elid")),
        ("soft.edit", {"elid": "404"}, ("missed", "elid")),
        ("soft.edit", {"elid": "x"}, ("missed", "elid")),
        ("soft.edit", {"elid": "6"}, ("access", "soft.edit")),
        ("soft.suspend", {"elid": "6"}, ("access", "soft.suspend")),
        ("pricelist.export", {"itemtype": "vds"}, ("value", "itemtype")),
    ],
)
def test_what_cannot_be_answered_is_refused(
    remote: Remote, func: str, params: dict[str, str], expected: tuple[str, str]
) -> None:
    assert remote.refused(func, **params) == expected


@pytest.mark.parametrize(
    "name", ["<&>\"'", "Item #17 дополнение €", "]]>", " two  spaces ", "a\r\nb\tc", "💡"]
)
def test_a_name_comes_back_as_it_was_given(remote: Remote, name: str) -> None:
    elid = remote.ordered("198.51.100.1", licname=name)
    assert remote.field(elid, "licname") == name
    assert value(remote.row(elid), "licname") == name


@pytest.mark.parametrize("name", ["\x00", "a\x1bb", "\ufffe", "x" * 256])
def test_a_name_that_xml_cannot_carry_or_that_is_too_long_is_refused(remote: Remote, name: str) -> None:
    assert remote.order_refused("198.51.100.1", licname=name) == ("value", "licname")


def test_an_order_form_shows_the_total_and_sells_nothing(remote: Remote) -> None:
    before = remote.kept
    form = order_form("198.51.100.1", pricelist=55230, addon_55236=3)
    del form["sok"]
    doc = remote.good("soft.order.param", **form)
    assert value(doc, "orderinfo") == "Total amount: 30.00 EUR"
    assert value(doc, "addon_55236") == "3"
    assert remote.kept == before


def test_the_price_list_tells_what_else_a_tariff_is_sold_with(start: Start) -> None:
    values = [{"id": 3, "name": "10 GB", "prices": {"1": "1.00"}}]
    extras = [{"id": 8, "name": "Backup", "values": values}, {"id": 9, "name": "Support"}]
    lite = {"id": 55227, "name": "lite", "prices": {"1": "4.00"}, "extras": extras}
    remote = start(tariffs=[lite], licenses=[])
    addons = remote.good("pricelist.export").findall("pricelist/addon")
    assert [value(each, "addontype") for each in addons] == ["3", "1"]
    [item] = addons[0].findall("enumeration/enumerationitem")
    assert value(item, "name") == "10 GB"
    assert [each.get("cost") for each in item.findall("price/period")] == ["1.0000"]
