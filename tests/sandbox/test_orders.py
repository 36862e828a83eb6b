from __future__ import annotations

import pytest

from tests.sandbox.conftest import FREE_IP, Remote, Start, license, value


def test_an_order_is_charged_and_active_at_once(remote: Remote) -> None:
    elid = remote.ordered("198.51.100.1", licname="Item #1", remoteid="a1", remoteip="10.0.0.1")
    assert remote.kept["account"]["balance"] == "996.00"
    assert remote.kept["charges"] == [
        {
            "time": "2026-11-21 12:00:00+00:00",
            "func": "soft.order.param",
            "license": int(elid),
            "amount": "4.00",
        }
    ]
    fields = ("status", "expiredate", "createdate", "remoteid", "remoteip", "licname", "autoprolong")
    told = [remote.field(elid, name) for name in fields]
    assert told == ["2", "2026-12-21", "2026-11-21", "a1", "10.0.0.1", "Item #1", "null"]
    assert remote.field(elid, "lickey").startswith(f"{elid}-")


def test_an_order_without_skipbasket_waits_unpaid_in_the_cart(remote: Remote) -> None:
    elid = remote.ordered("198.51.100.1", skipbasket="")
    assert remote.field(elid, "status") == "1"
    assert remote.field(elid, "lickey") == ""
    assert remote.kept["account"]["balance"] == "1000.00"
    assert remote.kept["charges"] == []


def test_nodes_are_charged_one_by_one(remote: Remote) -> None:
    elid = remote.ordered("198.51.100.1", pricelist=55230, period=12, addon_55236=3)
    assert remote.field(elid, "addon_55236") == "3"
    assert remote.kept["charges"][0]["amount"] == "300.00"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"pricelist": 404}, ("value", "pricelist")),
        ({"pricelist": 3541}, ("value", "pricelist")),
        ({"pricelist": "x"}, ("value", "pricelist")),
        ({"pricelist": ""}, ("missed", "pricelist")),
        ({"period": 3}, ("value", "period")),
        ({"period": ""}, ("missed", "period")),
        ({"ip": "300.1.1.1"}, ("value", "ip")),
        ({"ip": ""}, ("missed", "ip")),
        ({"remoteip": "here"}, ("value", "remoteip")),
        ({"autoprolong": "never"}, ("value", "autoprolong")),
        ({"pricelist": 55230, "addon_55236": 0}, ("value", "addon_55236")),
        ({"addon_55236": 1}, ("value", "addon_55236")),
    ],
)
def test_a_wrong_order_is_refused_and_sells_nothing(
    remote: Remote, changed: dict[str, object], expected: tuple[str, str]
) -> None:
    before = remote.kept
    assert remote.order_refused(**{"ip": "198.51.100.1", **changed}) == expected  # type: ignore[arg-type] # a form
    assert remote.kept == before


def test_a_stray_semicolon_after_a_number_is_let_pass(remote: Remote) -> None:
    assert remote.ordered("198.51.100.1", pricelist="55227;") == "123460"


@pytest.mark.parametrize(
    ("holder", "refused"),
    [
        ({"status": 2}, True),
        ({"status": 3}, True),
        ({"status": 5}, True),
        ({"status": 1}, False),
        ({"status": 4}, False),
        ({"pricelist": 55230}, True),
        ({"pricelist": 9}, False),
        ({"ip": FREE_IP}, False),
        ({"owner": "somebody"}, True),
        ({"expiredate": "2026-11-20"}, True),
        ({"expiredate": "2026-10-01"}, False),
    ],
)
def test_an_ip_carries_one_license_of_a_product(
    start: Start, holder: dict[str, object], refused: bool
) -> None:
    other = {"id": 9, "name": "DNSmanager", "prices": {"1": "2.00"}}
    world_tariffs = [
        {"id": 55227, "name": "ispmanager 6 lite", "prices": {"1": "4.00"}},
        {"id": 55230, "name": "ISPmanager 6 Business", "prices": {"1": "4.00"}},
        other,
    ]
    remote = start(tariffs=world_tariffs, licenses=[license(**holder)], next_id=10)
    ip = str(holder.get("ip", "203.0.113.1"))
    checked = remote.call("soft.checkip", pricelist=55227, period=1, ip=ip).find("error")
    ordered = remote.order(ip).find("error")
    for error in (checked, ordered):
        found = None if error is None else (error.get("type"), error.get("object"))
        assert found == (("exists", "ip") if refused else None)


def test_a_credit_limit_is_money_too(start: Start) -> None:
    remote = start(account={"balance": "1.00", "credit_limit": "3.00"})
    remote.ordered("198.51.100.1")
    assert remote.kept["account"]["balance"] == "-3.00"


def test_a_trial_lasts_14_days_and_costs_nothing(remote: Remote) -> None:
    elid = remote.ordered("198.51.100.1", pricelist=55239, period=-100)
    assert remote.field(elid, "expiredate") == "2026-12-05"
    assert remote.kept["account"]["balance"] == "1000.00"


@pytest.mark.parametrize("func", ["soft.order.param", "soft.checkip"])
def test_an_ip_has_no_second_trial_of_a_product_until_six_months_after_the_first(
    start: Start, func: str
) -> None:
    trial = license(pricelist=55239, period=-100, expiredate="2026-05-22", status=4)
    remote = start(licenses=[trial], next_id=2)
    params = {"pricelist": 55239, "period": -100, "ip": "203.0.113.1", "sok": "ok", "skipbasket": "on"}
    assert remote.refused(func, **params) == ("limit", "trial")
    remote.control("clock", days=1)
    remote.good(func, **params)


def test_a_trial_gives_way_when_it_is_suspended(remote: Remote) -> None:
    assert remote.order_refused("203.0.113.4") == ("exists", "ip")
    remote.good("soft.suspend", elid=4)
    remote.ordered("203.0.113.4")


@pytest.mark.parametrize(
    ("holder", "refused"),
    [
        ({"createdate": "2026-08-21"}, False),
        ({"createdate": "2026-08-22"}, True),
        ({"createdate": "2026-01-01", "lickey_change_date": "2026-08-22"}, True),
        ({"createdate": "2026-01-01", "lickey_change_date": "2026-08-21"}, False),
        ({}, True),
        ({"createdate": "2026-01-01", "expiredate": "2027-01-01"}, True),
    ],
)
def test_a_lifetime_license_gives_way_three_months_after_its_last_key(
    start: Start, holder: dict[str, object], refused: bool
) -> None:
    lifetime = license(**{"period": 0, "expiredate": None, **holder})
    remote = start(licenses=[lifetime], next_id=2)
    error = remote.order("203.0.113.1").find("error")
    assert (error is not None) == refused


def test_a_tariff_may_need_more_nodes_than_one(start: Start) -> None:
    nodes = {"id": 3889, "minimum": 5, "prices": {"1": "4.00"}}
    cloud = {"id": 3887, "name": "VMmanager 5 Cloud", "prices": {"1": "20.00"}, "node_addon": nodes}
    remote = start(tariffs=[cloud], licenses=[], next_id=1)
    assert remote.order_refused("198.51.100.1", pricelist=3887, addon_3889=4) == ("value", "addon_3889")
    remote.ordered("198.51.100.1", pricelist=3887)
    assert (remote.field(1, "addon_3889"), remote.kept["charges"][0]["amount"]) == ("5", "40.00")


@pytest.mark.parametrize("accepted", ["licence_agreement", "agree", "conditions_agree"])
def test_an_agreement_has_to_be_accepted_where_the_tariff_has_one(start: Start, accepted: str) -> None:
    tariff = {"id": 55227, "name": "ispmanager 6 lite", "prices": {"1": "4.00"}, "agreement": True}
    remote = start(tariffs=[tariff], licenses=[], next_id=1)
    form = remote.good("soft.order.param", pricelist=55227, period=1)
    assert value(form, "licence_agreement") == "off"
    assert remote.order_refused("198.51.100.1") == ("missed", "licence_agreement")
    assert remote.order_refused("198.51.100.1", **{accepted: "off"}) == ("missed", "licence_agreement")
    remote.ordered("198.51.100.1", **{accepted: "on"})


@pytest.mark.parametrize(("autoprolong", "kept"), [("on", "12"), ("off", "null"), ("1", "1")])
def test_the_newer_order_form_calls_the_period_order_period(
    remote: Remote, autoprolong: str, kept: str
) -> None:
    form = {"pricelist": 55227, "order_period": 12, "ip": "198.51.100.1", "autoprolong": autoprolong}
    more = {"clicked_button": "order", "datacenter": 1, "skipbasket": "on", "sok": "ok"}
    elid = value(remote.good("v2.soft.order.param", **form, **more), "id")
    assert [remote.field(elid, name) for name in ("period", "autoprolong", "status")] == ["12", kept, "2"]
    assert remote.refused("v2.soft.order.param", **{**form, "order_period": 6}, sok="ok") == (
        "value",
        "order_period",
    )


@pytest.mark.parametrize("func", ["soft.order", "soft.order.pricelist"])
def test_the_steps_before_the_order_form_show_what_is_sold(remote: Remote, func: str) -> None:
    doc = remote.good(func, snext="ok")
    rows = {value(row, "pricelist"): row for row in doc.findall("list[@name='tariflist']/elem")}
    assert {"55227", "3541"} <= rows.keys()
    assert "9203" not in rows, "that is no license of ours"
    assert [value(rows["55227"], name) for name in ("desc", "price", "order_available")] == [
        "ispmanager 6 lite",
        "4.00 EUR",
        "on",
    ]
    assert value(rows["3541"], "order_available") == "off"
    assert "1" in [val.get("key") for val in doc.findall("slist[@name='period']/val")]


def test_what_is_no_license_cannot_be_ordered_as_one(remote: Remote) -> None:
    assert remote.order_refused("198.51.100.1", pricelist=9203) == ("value", "pricelist")
