"""Calls as published clients make them, and what they read of the answers (wire-api.md 2.3, 3.3, 13)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from tests.sandbox.conftest import FREE_IP, Remote, Start, fetch, parsed, value
from tests.sandbox.test_calls import multipart


class Whmcs:
    """The vendor's own WHMCS module: POST, XML, and an absolute path for each thing that it reads."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def request(self, func: str, **params: object) -> ET.Element:
        form = {"out": "xml", "func": func, "authinfo": self.remote.login, **params}
        doc = parsed(fetch(self.remote.url, form)[1])
        assert doc.find("error") is None, doc.findtext("error/msg")
        return doc

    def order(self, service: int, ip: str, **addons: object) -> str:
        order = {
            "pricelist": 55227,
            "period": 1,
            "pid": service,
            "project": 1,
            "sok": "ok",
            "skipbasket": "on",
        }
        named = {"ip": ip, "licname": f"service {service}", "remoteid": f"l{service}"}
        doc = self.request("soft.order.param", **order, **named, clicked_button="finish", **addons)
        return read(doc, "id")

    def edit(self, id: str, name: str, ip: str, remoteid: str) -> None:
        self.request("soft.edit", elid=id, licname=name, ip=ip, remoteid=remoteid, sok="ok")

    def key_and_day(self, id: str) -> tuple[str, str]:
        doc = self.request("soft.edit", elid=id)
        return read(doc, "lickey"), read(doc, "expiredate")


def read(document: ET.Element, path: str) -> str:
    """Return the text at a path from the document's root; there has to be exactly one."""
    found = [each for each in document.iter() if each.tag == path] if "." in path else document.findall(path)
    assert len(found) == 1, (path, ET.tostring(document))
    return found[0].text or ""


def test_a_whmcs_module_orders_edits_renews_suspends_and_resumes(remote: Remote) -> None:
    whmcs = Whmcs(remote)
    id = whmcs.order(17, "198.51.100.17")
    key, day = whmcs.key_and_day(id)
    assert (key.partition("-")[0], day) == (id, "2026-12-21")
    whmcs.edit(id, "another name", "198.51.100.18", "l17")
    renewed = whmcs.request("service.prolong", elid=id, period=1, sok="ok")
    assert read(renewed, "doc/newexpiredate") == "2027-01-21"
    for func, status in (("soft.suspend", "3"), ("soft.resume", "2")):
        whmcs.request(func, elid=id)
        assert read(whmcs.request("soft.edit", elid=id), "status") == status
    newer = read(whmcs.request("soft.edit", elid=id, clicked_button="newkey", sok="ok"), "lickey")
    assert (newer.partition("-")[0], newer != key) == (id, True)
    form = whmcs.request("soft.edit", elid=id)
    told = [read(form, name) for name in ("licname", "ip", "remoteid", "pricelist")]
    assert told == ["another name", "198.51.100.18", "l17", "55227"]


def test_a_whmcs_module_waits_for_the_key(start: Start) -> None:
    whmcs = Whmcs(start(key_delay_seconds=1))
    id, tries = whmcs.order(17, "198.51.100.17"), 1
    while not whmcs.key_and_day(id)[0]:
        tries += 1
    assert tries > 1


def test_a_whmcs_module_frees_a_license_and_uses_it_again(remote: Remote) -> None:
    whmcs = Whmcs(remote)
    id = whmcs.order(17, "198.51.100.17")
    whmcs.request("soft.suspend", elid=id)
    whmcs.edit(id, "free.lic", FREE_IP, "l")
    remote.control("clock", days=31)
    whmcs.edit(id, "next", "198.51.100.19", "l18")
    renewed = whmcs.request("service.prolong", elid=id, period=1, sok="ok")
    assert read(renewed, "doc/newexpiredate") == "2027-01-22"
    assert read(whmcs.request("soft.edit", elid=id), "status") == "2"
    with pytest.raises(AssertionError, match="can be changed only after"):
        whmcs.edit(id, "too soon", "198.51.100.20", "l19")


def test_a_whmcs_administrator_gets_a_session_by_a_key(remote: Remote) -> None:
    key = "0123456789abcdef" * 4
    Whmcs(remote).request("session.newkey", username="reseller", key=key)
    link = {"checkcookie": "no", "func": "auth", "username": "reseller", "key": key}
    status, page = fetch(f"{remote.url}?{urlencode(link)}")
    assert (status, page[:15]) == (200, b"<!DOCTYPE html>")


class Provider:
    """A provision provider in PHP: bjson by POST, without a content type of its own."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    def request(self, **params: object) -> dict[str, Any]:
        form = {**params, "out": "bjson", "lang": "en", "authinfo": self.remote.login}
        result: dict[str, Any] = json.loads(fetch(self.remote.url, form, Content_Type="")[1])
        message = result.get("error", {}).get("msg", "")
        assert isinstance(message, str)
        if message:
            raise RuntimeError(message)
        return result


def test_a_provision_provider_orders_and_reads_the_form(remote: Remote) -> None:
    provider = Provider(remote)
    order = {"pricelist": 55227, "period": 1, "ip": "198.51.100.1", "licname": "sub1", "remoteid": "sub1"}
    sold = {"sok": "ok", "skipbasket": "on", "clicked_button": "finish", "autoprolong": "null"}
    id = provider.request(func="soft.order.param", **order, **sold)["id"]["v"]
    model = provider.request(func="soft.edit", elid=id)["model"]
    assert model["lickey"].partition("-")[0] == model["id"] == id
    assert {name: model[name] for name in ("licname", "ip", "name", "status", "pricelist_name")} == {
        "licname": "sub1",
        "ip": "198.51.100.1",
        "name": "ispmanager 6 lite",
        "status": "2",
        "pricelist_name": "ispmanager 6 lite",
    }
    assert (model["webdomains"], model["createdate"], model["expiredate"]) == (
        "0",
        "2026-11-21",
        "2026-12-21",
    )
    provider.request(func="service.prolong", elid=id, period=1, sok="ok")
    provider.request(func="service.changepricelist", elid=id, pricelist=55228, period=1, sok="ok")
    provider.request(func="soft.edit", elid=id, clicked_button="newkey", sok="ok")
    assert provider.request(func="soft.edit", elid=id)["model"]["lickey"] != model["lickey"]
    provider.request(func="soft.delete", elid=id, sok="ok")
    assert provider.request(func="soft.edit", elid=id)["model"]["status"] == "4"


def test_a_provision_provider_is_told_what_is_wrong_in_words(remote: Remote) -> None:
    with pytest.raises(RuntimeError, match="Invalid username or password"):
        Provider(Remote(remote.url, remote.path, "reseller:wrong")).request(func="soft.edit", elid=1)
    with pytest.raises(RuntimeError, match="already exists"):
        Provider(remote).request(func="soft.checkip", pricelist=55227, period=1, ip="203.0.113.1", sok="ok")


def test_a_hostbill_module_checks_an_address(remote: Remote) -> None:
    def checked(ip: str) -> ET.Element:
        query = {"authinfo": remote.login, "out": "xml", "func": "soft.checkip", "pricelist": 55227}
        return parsed(fetch(f"{remote.url}?{urlencode({**query, 'period': 1, 'ip': ip})}")[1])

    assert checked("198.51.100.1").find("error") is None
    error = checked("203.0.113.1").find("error")
    assert error is not None
    assert (error.get("type"), error.findtext("msg")) == (
        "exists",
        "The license with this IP address already exists",
    )


def test_a_python_client_logs_in_for_a_session_and_asks_in_json(remote: Remote) -> None:
    def asked(**params: object) -> dict[str, Any]:
        query = urlencode({"out": "json", **params})
        found: dict[str, dict[str, Any]] = json.loads(fetch(f"{remote.url}?{query}")[1])
        return found["doc"]

    session = asked(func="auth", username="reseller", password="secret")["auth"]["$id"]
    rows = asked(func="soft", auth=session, p_cnt=2)["elem"]
    assert [row["id"]["$"] for row in rows] == ["1", "2"]
    assert rows[0]["item_status"] == {"$color": "green", "$orig": "2", "$": "Active"}
    assert asked(func="soft", auth=session, p_cnt=1)["elem"]["id"]["$"] == "1", "a single row is no array"
    assert asked(func="soft.edit", auth=session, elid=1)["lickey"]["$"] == "1-aa"
    refused = asked(func="soft.edit", auth="0" * 24, elid=1)["error"]
    assert (refused["$type"], refused["msg"]["$"]) == ("auth", "The session has expired")


def test_a_tracker_reads_rows_balance_and_tariffs_in_bjson(remote: Remote) -> None:
    def asked(func: str, **params: object) -> dict[str, Any]:
        query = {"authinfo": remote.login, "out": "bjson", "func": func, **params}
        found: dict[str, Any] = json.loads(fetch(f"{remote.url}?{urlencode(query)}")[1])
        assert "error" not in found
        return found

    row = asked("soft", p_cnt=1)["elem"][0]
    assert {name: row[name] for name in ("id", "item_status", "item_status_orig", "cost")} == {
        "id": "1",
        "item_status": "Active",
        "item_status_orig": "2",
        "cost": "4.00 EUR / Month",
    }
    money = asked("dashboard.info", dashboard="info", sfrom="ajax")["elem"][0]
    assert money["realbalance"] == "1000.00 EUR"
    wizard = asked("soft.order", sfrom="ajax")
    assert {
        "pricelist": "55227",
        "desc": "ispmanager 6 lite",
        "price": "4.00 EUR",
        "order_available": "on",
    } in (wizard["list"]["tariflist"])
    assert wizard["slist"]["datacenter"] == [{"k": "1", "v": "sandbox"}]


def test_an_independent_billing_finds_the_id_and_the_form_wherever_they_are(start: Start) -> None:
    """It reads the literal element ``item.id``, and a form in /doc or else in /doc/doc."""
    for form in ("mixed", "flat", "nested"):
        remote = start(form=form)
        id = read(remote.order("198.51.100.1"), "item.id")
        doc = remote.good("soft.edit", elid=id, licname="x", sok="ok")
        found: ET.Element | None = doc if doc.find("pricelist") is not None else doc.find("doc")
        assert found is not None
        assert [value(found, name) for name in ("elid", "pricelist", "licname")] == [id, "55227", "x"]


def test_a_script_moves_a_license_by_a_form_in_parts(remote: Remote) -> None:
    fields = {"func": "soft.edit", "elid": "1", "out": "text", "authinfo": remote.login, "sok": "ok"}
    body, kind = multipart(*fields.items(), ("ip", "203.0.113.77"))
    _, answer = fetch(remote.url, body, Content_Type=kind)
    assert {"elid=1", "ip=203.0.113.77", "OK"} <= set(answer.decode().splitlines())
    wrong, kind = multipart(*fields.items(), ("ip", "203.0.113.5"), ("elid", "404"))
    assert fetch(remote.url, wrong, Content_Type=kind)[1].startswith(b"ERROR missed(elid) ")


def test_a_module_buys_from_the_cart(remote: Remote) -> None:
    order = {
        "pricelist": 55227,
        "period": 1,
        "ip": "198.51.100.1",
        "licname": "x",
        "clicked_button": "finish",
    }
    billorder = read(remote.good("soft.order.param", **order, sok="ok"), "billorder")
    paid = remote.good("payment.add", billorder=billorder, sok="ok", clicked_button="fromsubaccount")
    assert read(paid, "ok") == "func=order"


def test_the_vendors_line_with_its_stray_semicolon_orders(remote: Remote) -> None:
    line = (
        "out=xml&func=soft.order.param&clicked_button=finish&ip=82.156.37.16&licname=name&period=1"
        "&pricelist=55230;&addon_55236=1&autoprolong=1&sok=ok&skipbasket=on"
    )
    doc = parsed(fetch(f"{remote.url}?authinfo={remote.login}&{line}")[1])
    assert remote.field(read(doc, "id"), "addon_55236") == "1"
