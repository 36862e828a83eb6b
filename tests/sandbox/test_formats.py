"""The formats against shapes that were recorded of real servers or that published clients read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpbillmgr.sandbox.protocol.formats import KNOWN, render

LIST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<doc lang="en" func="vds"><p_sort>id</p_sort>'
    '<elem><id>8226</id><item_status color="green" orig="2">Active</item_status>'
    "<cost>160.00 RUB / Month</cost><period>1</period><ipv6_subnet/></elem><p_elems>1</p_elems>"
    "<tparams><func>vds</func></tparams><saved_filters/></doc>"
)
FORM = (
    '<doc lang="en" func="soft.edit"><id>5</id><lickey>5-ab</lickey><remoteip/>'
    '<status orig="2">Active</status>'
    '<slist name="autoprolong"><val key="null">-</val><val key="1">Month</val></slist>'
    '<list name="tariflist"><elem><pricelist>1</pricelist></elem></list><tparams/></doc>'
)
ROW = "id=8226 item_status=Active cost=160.00 RUB / Month period=1 ipv6_subnet="
ORDER = "<doc><id>5</id><item.id>5</item.id><billorder>9</billorder><ok>func=order</ok><tparams/></doc>"
RENEWAL = "<doc><doc><elid>5</elid><newexpiredate>2027-01-01</newexpiredate></doc><ok/></doc>"
ERROR = (
    '<doc><error type="auth" object="badpassword" lang="en" code="1">'
    '<param name="object" type="msg">badpassword</param><param name="value">remote_addr: [::1]</param>'
    "<detail>No</detail><msg>Invalid username or password</msg></error></doc>"
)
EXPORT = (
    '<doc lang="en" func="pricelist.export"><pricelist><id>277</id><price currency="EUR">'
    '<period cost="" type="month" length="12">yearly</period></price></pricelist></doc>'
)
MENU = '<doc func="menu"><node name="mainmenuservice"><node action="vds" type="list"/></node></doc>'


def shown(document: str, out: str, **more: str) -> Any:
    return json.loads(render(document, out, **more).text)


def test_json_has_attributes_and_texts_under_dollars_and_a_single_element_is_no_array() -> None:
    assert shown(LIST, "json") == {
        "doc": {
            "$lang": "en",
            "$func": "vds",
            "p_sort": {"$": "id"},
            "elem": {
                "id": {"$": "8226"},
                "item_status": {"$color": "green", "$orig": "2", "$": "Active"},
                "cost": {"$": "160.00 RUB / Month"},
                "period": {"$": "1"},
                "ipv6_subnet": {},
            },
            "p_elems": {"$": "1"},
            "tparams": {"func": {"$": "vds"}},
            "saved_filters": {},
        }
    }


def test_json_has_a_repeated_element_as_an_array() -> None:
    document = "<doc><elem><id>1</id></elem><p_elems>2</p_elems><elem><id>2</id></elem></doc>"
    assert shown(document, "json")["doc"]["elem"] == [{"id": {"$": "1"}}, {"id": {"$": "2"}}]


def test_an_error_in_json_is_as_recorded() -> None:
    assert shown(ERROR, "sjson") == {
        "doc": {
            "error": {
                "$type": "auth",
                "$object": "badpassword",
                "$lang": "en",
                "$code": "1",
                "param": [
                    {"$name": "object", "$type": "msg", "$": "badpassword"},
                    {"$name": "value", "$": "remote_addr: [::1]"},
                ],
                "detail": {"$": "No"},
                "msg": {"$": "Invalid username or password"},
            }
        }
    }


def test_sjson_is_json_without_spaces_and_xjson_is_the_same() -> None:
    assert render(ORDER, "sjson").text == render(ORDER, "xjson").text
    assert '{"doc":{"id":{"$":"5"},"item.id":{"$":"5"}' in render(ORDER, "sjson").text
    assert shown(ORDER, "json") == shown(ORDER, "sjson")


def test_a_row_in_bjson_is_flat_and_a_single_one_is_a_list() -> None:
    assert shown(LIST, "bjson") == {
        "func": "vds",
        "p_sort": "id",
        "elem": [
            {
                "id": "8226",
                "item_status": "Active",
                "item_status_orig": "2",
                "cost": "160.00 RUB / Month",
                "period": "1",
                "ipv6_subnet": "",
            }
        ],
        "p_elems": "1",
    }


def test_a_form_in_bjson_has_a_model_and_its_lists() -> None:
    assert shown(FORM, "bjson") == {
        "func": "soft.edit",
        "model": {"id": "5", "lickey": "5-ab", "remoteip": "", "status": "Active", "status_orig": "2"},
        "slist": {"autoprolong": [{"k": "null", "v": "-"}, {"k": "1", "v": "Month"}]},
        "list": {"tariflist": [{"pricelist": "1"}]},
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (ORDER, {"id": "5", "item.id": "5", "billorder": "9", "ok": "func=order"}),
        (RENEWAL, {"elid": "5", "newexpiredate": "2027-01-01", "ok": ""}),
    ],
)
def test_a_change_in_bjson_has_values_of_their_own(document: str, expected: dict[str, str]) -> None:
    assert shown(document, "bjson") == {"func": "", **{name: {"v": text} for name, text in expected.items()}}


def test_an_error_in_bjson_has_a_plain_message() -> None:
    error = shown(ERROR, "bjson")["error"]
    assert (error["type"], error["object"], error["msg"]) == (
        "auth",
        "badpassword",
        "Invalid username or password",
    )


def test_a_price_list_in_bjson_has_lists_of_prices() -> None:
    period = {"cost": "", "type": "month", "length": "12", "v": "yearly"}
    exported = shown(EXPORT, "bjson")["pricelist"]
    assert exported == [{"id": "277", "price": {"currency": "EUR", "period": [period]}}]


def test_nodes_of_a_menu_may_be_within_each_other() -> None:
    top = shown(MENU, "bjson")["node"]
    assert top == {"name": "mainmenuservice", "node": {"action": "vds", "type": "list"}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (LIST, {"p_sort": "id", "p_elems": "1"}),
        ("<doc><elem><id>1</id><period>8</period></elem></doc>", {"elem": [{"id": "1", "period": "8"}]}),
        ("<doc><ok/><item.id>5</item.id></doc>", {"ok": "", "item.id": "5"}),
        (
            '<doc><error code="4" obj="" val="ip">wrong</error></doc>',
            {"error": {"code": "4", "obj": "", "val": "ip", "msg": "wrong"}},
        ),
        ("<doc><authfail/></doc>", {"authfail": ""}),
    ],
)
def test_the_json_of_generation_4_is_flat(document: str, expected: dict[str, Any]) -> None:
    found = shown(document, "JSONdata")
    assert {name: found[name] for name in expected} == expected
    assert not {"doc", "tparams"} & found.keys()


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (LIST, f"p_sort=id\n{ROW}\np_elems=1\n"),
        (FORM, "id=5\nlickey=5-ab\nremoteip=\nstatus=Active\n"),
        (RENEWAL, "elid=5\nnewexpiredate=2027-01-01\nOK\n"),
        (ERROR, "ERROR auth(badpassword) Invalid username or password\n"),
        ("<doc><name>a\nb</name></doc>", "name=a b\n"),
        ('<doc><auth id="ab" level="16">ab</auth></doc>', "id=ab level=16 auth=ab\n"),
        (EXPORT, "id=277 currency=EUR cost= type=month length=12 period=yearly\n"),
    ],
)  # fmt: skip
def test_text_has_a_line_for_each_value(document: str, expected: str) -> None:
    assert render(document, "text").text == expected


def test_the_theme_reads_rows_of_values() -> None:
    rows = shown(LIST, "", sfrom="ajax")["content"]
    assert rows[0]["item_status"] == {"v": "Active"}
    assert shown(ORDER, "", sfrom="ajax") == {"content": []}


def test_without_a_format_it_is_a_page() -> None:
    page = render(LIST, "")
    assert page.text.startswith("<!DOCTYPE html>")
    assert "&lt;id&gt;8226" in page.text


@pytest.mark.parametrize("out", ["xml", "devel"])
def test_xml_is_the_document(out: str) -> None:
    assert render(LIST, out).text == LIST


def test_a_callback_gets_the_json() -> None:
    assert render(ORDER, "bjson", callback="show").text == f"show({render(ORDER, 'bjson').text.strip()});\n"


@pytest.mark.parametrize("out", sorted(KNOWN))
def test_every_format_shows_every_document(out: str) -> None:
    for document in (LIST, FORM, ORDER, RENEWAL, ERROR, EXPORT, MENU, "<doc/>"):
        assert render(document, out).text or document == "<doc/>"
