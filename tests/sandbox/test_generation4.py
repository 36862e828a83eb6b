"""Generation 4: each function and its document, element for element."""

from __future__ import annotations

import pytest

from cpbillmgr.sandbox import new_world
from tests.sandbox.conftest import Remote, Start, fetch, parsed, tags, value
from tests.sandbox.generation4 import FREE_IP, license, order, refused

ROW = ["id", "ip", "licname", "price", "period", "expiredate", "status", "cost"]


@pytest.fixture
def remote(start: Start) -> Remote:
    return start(generation=4)


def row(remote: Remote, id: object) -> dict[str, str]:
    rows = remote.good("software").findall("elem")
    found = next(each for each in rows if value(each, "id") == str(id))
    return {name: value(found, name) for name in tags(found)}


def test_the_list_has_all_own_licenses_with_the_fields_of_the_manual(remote: Remote) -> None:
    doc = remote.good("software")
    assert (doc.tag, doc.attrib, tags(doc)) == ("doc", {}, ["elem"] * 4)
    assert all(tags(each) == ROW for each in doc)
    assert row(remote, 1) == {
        "id": "1",
        "ip": "203.0.113.1",
        "licname": "monthly",
        "price": "7",
        "period": "8",
        "expiredate": "2026-12-31",
        "status": "2",
        "cost": "4.00",
    }


def test_a_list_for_machines_is_the_same(remote: Remote) -> None:
    assert remote.body("software", api="on") == remote.body("software")


def test_there_are_no_pages(start: Start) -> None:
    many = [license(id=id, ip=f"10.0.0.{id}") for id in range(1, 81)]
    assert len(start(generation=4, licenses=many).good("software", p_cnt=10, p_num=2)) == 80


@pytest.mark.parametrize("name", ["key", "lickey", "remoteid", "real_ipchange", "ip_change_date"])
def test_keys_remote_ids_and_days_of_changes_are_not_told(remote: Remote, name: str) -> None:
    assert remote.good("software").find(f".//{name}") is None
    assert remote.good("software.edit", elid=1).find(f".//{name}") is None


def test_one_license_is_told_with_the_name_of_its_price(remote: Remote) -> None:
    doc = remote.good("software.edit", elid=1)
    assert tags(doc) == ["elid", *ROW, "pricename"]
    assert value(doc, "pricename") == "ISPmanager 4 Lite (without support)"
    assert [value(doc, name) for name in ("elid", "ip", "price", "period")] == ["1", "203.0.113.1", "7", "8"]


@pytest.mark.parametrize(
    ("days", "listed"),
    [
        ({"expires": "2026-12-31", "expiree": "2027-03-01"}, ["1", "2"]),
        ({"expires": "2027-01-01"}, ["2"]),
        ({"expiree": "2026-12-30"}, ["4"]),
        ({"expires": "", "expiree": ""}, ["1", "2", "3", "4"]),
        ({}, ["1", "2", "3", "4"]),
    ],
)
def test_a_filter_is_kept_until_an_empty_one_clears_it(
    remote: Remote, days: dict[str, str], listed: list[str]
) -> None:
    remote.good("software.filter", expires="2030-01-01", sok="ok")
    assert tags(remote.good("software")) == []
    assert tags(remote.good("software.filter", **days, sok="ok")) == ["ok"]
    for _ in range(2):
        assert [value(each, "id") for each in remote.good("software")] == listed
    form = remote.good("software.filter")
    assert [value(form, name) for name in ("expires", "expiree")] == [
        days.get("expires", ""),
        days.get("expiree", ""),
    ]


def test_a_filter_without_sok_is_not_kept(remote: Remote) -> None:
    remote.good("software.filter", expires="2030-01-01")
    assert len(remote.good("software")) == 4
    assert refused(remote, "software.filter", expires="soon", sok="ok") == ("4", None, "expires")


@pytest.mark.parametrize("sok", ["ok", "yes"])
def test_an_order_is_charged_at_once(remote: Remote, sok: str) -> None:
    doc = remote.good("software.edit", **order("198.51.100.1", sok=sok))
    assert tags(doc) == ["ok", "id"]
    assert row(remote, value(doc, "id")) == {
        "id": value(doc, "id"),
        "ip": "198.51.100.1",
        "licname": "new",
        "price": "7",
        "period": "8",
        "expiredate": "2026-12-21",
        "status": "2",
        "cost": "4.00",
    }
    assert remote.kept["account"]["balance"] == "996.00"
    assert [(charge["func"], charge["amount"]) for charge in remote.kept["charges"]] == [
        ("software.edit", "4.00")
    ]


@pytest.mark.parametrize(
    ("price", "period", "until", "cost"),
    [
        (7, 7, "2026-12-05", "0.00"),
        (7, 8, "2026-12-21", "4.00"),
        (7, 9, "", "120.00"),
        (11, 15, "2026-12-05", "0.00"),
        (11, 16, "2026-12-21", "8.00"),
        (11, 17, "", "240.00"),
        (16, 29, "2027-11-21", "70.00"),
        (2891, 1815, "2026-12-21", "3.00"),
        (2891, 1816, "2027-11-21", "30.00"),
        (2891, 1817, "", "90.00"),
    ],
)
def test_a_period_is_an_id_whose_length_decides(
    remote: Remote, price: int, period: int, until: str, cost: str
) -> None:
    id = value(remote.good("software.edit", **order("198.51.100.1", price=price, period=period)), "id")
    bought = row(remote, id)
    assert (bought["period"], bought["expiredate"], bought["cost"]) == (str(period), until, cost)


@pytest.mark.parametrize(
    ("params", "val"),
    [
        ({"price": 55227}, "price"),
        ({"price": "x"}, "price"),
        ({"price": ""}, "price"),
        ({"period": 1}, "period"),
        ({"period": 16}, "period"),
        ({"period": ""}, "period"),
        ({"ip": "somewhere"}, "ip"),
        ({"ip": ""}, "ip"),
        ({"licname": "x" * 256}, "licname"),
    ],
)
def test_a_wrong_parameter_is_named(remote: Remote, params: dict[str, object], val: str) -> None:
    before = remote.kept
    form = {**order("198.51.100.1"), **params}
    assert refused(remote, "software.edit", **form) == ("4", None, val)
    if val != "licname":
        assert refused(remote, "software.licinfo", **form) == ("4", None, val)
    assert remote.kept == before


def test_an_address_can_be_asked_about_before_an_order(remote: Remote) -> None:
    before = remote.kept
    doc = remote.good("software.licinfo", price=7, period=8, ip="198.51.100.1", sok="ok")
    assert tags(doc) == ["ok"]
    assert refused(remote, "software.licinfo", price=11, period=16, ip="203.0.113.1", sok="ok")[0] == "8"
    assert remote.kept == before


def test_a_change_keeps_what_was_not_sent(remote: Remote) -> None:
    doc = remote.good("software.edit", elid=1, ip="198.51.100.7", sok="ok")
    assert (tags(doc), value(doc, "id")) == (["ok", "id"], "1")
    assert (row(remote, 1)["licname"], row(remote, 1)["ip"]) == ("monthly", "198.51.100.7")
    remote.good("software.edit", elid=1, licname="renamed", sok="yes")
    assert (row(remote, 1)["licname"], row(remote, 1)["ip"]) == ("renamed", "198.51.100.7")


def test_a_license_goes_into_the_pool_and_comes_out_again(remote: Remote) -> None:
    assert tags(remote.good("software.disable", elid=1, sok="yes")) == ["ok"]
    remote.good("software.edit", elid=1, licname="free.lic", ip=FREE_IP, sok="ok")
    assert [row(remote, 1)[name] for name in ("licname", "ip", "status")] == ["free.lic", FREE_IP, "3"]
    remote.control("clock", at="2026-12-22")
    remote.good("software.edit", elid=1, licname="Item #2 addon two", ip="198.51.100.2", sok="ok")
    assert tags(remote.good("software.enable", elid=1, sok="yes")) == ["ok"]
    assert [row(remote, 1)[name] for name in ("ip", "status")] == ["198.51.100.2", "2"]


def test_a_form_without_a_license_needs_one(remote: Remote) -> None:
    assert refused(remote, "software.edit") == ("4", None, "elid")


def test_a_renewal_shows_its_cost_first(remote: Remote) -> None:
    before = remote.kept
    form = remote.good("software.period", elid=1)
    assert {name: value(form, name) for name in tags(form)} == {
        "cost": "4.00",
        "elid": "1",
        "expiredate": "2026-12-31",
        "ip": "203.0.113.1",
        "licname": "monthly",
        "payfrom": "",
        "period": "8",
        "pricename": "ISPmanager 4 Lite (without support)",
    }
    assert remote.kept == before


@pytest.mark.parametrize(
    ("kept", "period", "until", "amount"),
    [
        ({"expiredate": "2027-01-31"}, 8, "2027-02-28", "4.00"),
        ({"status": 3}, 8, "2026-12-21", "4.00"),
        ({"expiredate": "2026-11-20"}, 8, "2026-12-21", "4.00"),
        ({"pricelist": 2891, "period": 1815}, 1816, "2027-12-31", "30.00"),
    ],
)
def test_a_renewal_goes_on_from_expiry_or_from_today(
    start: Start, kept: dict[str, object], period: int, until: str, amount: str
) -> None:
    remote = start(generation=4, licenses=[license(**kept)])
    payer = "account" + value(remote.good("accountinfo")[0], "id")
    assert tags(remote.good("software.period", elid=1, period=period, payfrom=payer, sok="ok")) == ["ok"]
    renewed = row(remote, 1)
    assert (renewed["expiredate"], renewed["status"], renewed["period"]) == (until, "2", str(period))
    assert [charge["amount"] for charge in remote.kept["charges"]] == [amount]


def test_a_renewal_by_a_new_order_waits_unpaid(remote: Remote) -> None:
    remote.good("software.period", elid=1, period=8, payfrom="neworder", sok="ok")
    assert row(remote, 1)["expiredate"] == "2026-12-31"
    assert remote.kept["charges"] == []


@pytest.mark.parametrize(
    ("id", "params", "val"),
    [
        (1, {"payfrom": "account3"}, "payfrom"),
        (1, {"payfrom": ""}, "payfrom"),
        (1, {"period": 16}, "period"),
        (1, {"period": 9}, "period"),
        (1, {"period": 7}, "period"),
        (3, {"period": 17}, "period"),
    ],
)
def test_a_renewal_that_cannot_be_is_refused(
    remote: Remote, id: int, params: dict[str, object], val: str
) -> None:
    before = remote.kept
    form = {"elid": id, "period": 8, "payfrom": "account12", "sok": "ok", **params}
    assert refused(remote, "software.period", **form) == ("4", None, val)
    assert remote.kept == before


def test_a_license_is_deleted_at_once_and_stays_in_the_list(remote: Remote) -> None:
    assert tags(remote.good("software.delete", elid=1)) == ["ok"]
    assert row(remote, 1)["status"] == "4"


def test_the_account_tells_its_balance_and_the_id_to_pay_from(remote: Remote) -> None:
    doc = remote.good("accountinfo", sok="ok")
    assert tags(doc) == ["elem"]
    assert {name: value(doc[0], name) for name in tags(doc[0])} == {
        "id": "12",
        "name": "reseller",
        "project": "sandbox",
        "balance": "1000.00",
        "currency": "EUR",
        "enoughdays": "",
    }


def test_the_price_list_has_the_prices_of_the_manual(remote: Remote) -> None:
    doc = remote.good("availableprice")
    names = {value(each, "id"): value(each, "name") for each in doc}
    assert len(doc) == len(names) == 18
    assert (names["7"], names["2891"]) == ("ISPmanager 4 Lite (without support)", "IPmanager 5")


def test_a_price_that_is_not_for_sale_is_not_listed(start: Start) -> None:
    gone = {"id": 7, "name": "gone", "orderable": False, "prices": {"8": "4.00"}, "lengths": {"8": 1}}
    remote = start(generation=4, tariffs=[gone], licenses=[license()])
    assert tags(remote.good("availableprice")) == []
    assert len(remote.good("availableprice.periods", elid=7)) == 1
    assert refused(remote, "software.edit", **order("198.51.100.1")) == ("4", None, "price")
    remote.good("software.period", elid=1, payfrom="account12", sok="ok")
    assert row(remote, 1)["expiredate"] == "2027-01-31"


@pytest.mark.parametrize(
    ("price", "periods"),
    [
        (7, [("7", "day", "14"), ("8", "month", "1"), ("9", "unlimited", "0")]),
        (11, [("15", "day", "14"), ("16", "month", "1"), ("17", "unlimited", "0")]),
        (16, [("27", "day", "14"), ("28", "month", "1"), ("29", "year", "1"), ("661", "unlimited", "0")]),
        (3193, [("1951", "day", "14")]),
        (
            2891,
            [
                ("1814", "day", "14"),
                ("1815", "month", "1"),
                ("1816", "year", "1"),
                ("1817", "unlimited", "0"),
            ],
        ),
    ],
)
def test_a_price_tells_its_periods(remote: Remote, price: int, periods: list[tuple[str, str, str]]) -> None:
    doc = remote.good("availableprice.periods", elid=price, sok="ok")
    assert all(tags(each) == ["id", "name", "per_type", "p_length", "price_num"] for each in doc)
    told = [tuple(value(each, name) for name in ("id", "per_type", "p_length")) for each in doc]
    assert told == periods


def test_a_session_is_told_in_an_element_and_used_in_calls(remote: Remote) -> None:
    doc = parsed(fetch(f"{remote.url}?func=auth&username=reseller&password=secret&out=xml")[1])
    assert (doc.attrib, tags(doc), doc[0].attrib) == ({}, ["auth"], {})
    session = value(doc, "auth")
    assert len(session) == 24
    assert (
        tags(parsed(fetch(remote.url, {"func": "software", "out": "xml", "auth": session})[1]))
        == ["elem"] * 4
    )


@pytest.mark.parametrize(
    "form",
    [
        {"func": "auth", "username": "reseller", "password": "wrong"},
        {"func": "software", "authinfo": "reseller:wrong"},
        {"func": "software", "authinfo": "reseller"},
        {"func": "software", "auth": "f33bc6752e3a434e231230f6"},
        {"func": "software"},
        {"func": "soft"},
    ],
)
def test_a_bad_login_is_an_authfail(remote: Remote, form: dict[str, str]) -> None:
    status, body = fetch(remote.url, {"out": "xml", **form})
    doc = parsed(body)
    assert (status, doc.attrib, tags(doc), doc[0].text) == (200, {}, ["authfail"], None)


def test_the_sample_world_has_licenses_of_each_kind(start: Start) -> None:
    remote = start(generation=4, licenses=new_world(4)["licenses"], clock=None)
    rows = [row(remote, id) for id in (50101, 50102, 50103, 50104, 50105, 50106)]
    assert [each["status"] for each in rows] == ["2", "3", "3", "2", "2", "2"]
    assert [(each["price"], each["period"]) for each in rows if each["ip"] == FREE_IP] == [
        ("7", "9"),
        ("11", "16"),
    ]
