from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.sandbox.conftest import Remote, Start, order_form, tags, value

ITEM = ["item.id", "item.type", "item.period", "item.autoprolong", "cost", "rolled_back"]


def put(remote: Remote, ip: str, **params: object) -> tuple[str, str]:
    """Put a license into the cart; return its id and the billorder."""
    doc = remote.good("soft.order.param", **order_form(ip, skipbasket="", **params))
    return value(doc, "id"), value(doc, "billorder")


def items(remote: Remote) -> list[ET.Element]:
    return remote.good("basket").findall("list[@name='itemlist']/elem")


def test_the_cart_shows_what_waits_and_what_it_costs(remote: Remote) -> None:
    first, order = put(remote, "198.51.100.1")
    second, same = put(remote, "198.51.100.2", period=12)
    assert order == same
    doc = remote.good("basket")
    assert tags(doc)[:4] == ["total_sum", "tax", "full_discount", "billorder"]
    assert (value(doc, "total_sum"), value(doc, "billorder")) == ("44.00 EUR", order)
    assert [tags(item) for item in items(remote)] == [ITEM, ITEM]
    assert [value(item, "item.id") for item in items(remote)] == [first, second]
    assert [value(item, "cost") for item in items(remote)] == ["4.00 EUR", "40.00 EUR"]
    assert remote.good("cart").findtext("total_sum") == "44.00 EUR"
    assert [value(row, "id") for row in remote.good("order").findall("list/elem")] == [order]


def test_an_empty_cart_has_no_order(remote: Remote) -> None:
    doc = remote.good("basket")
    assert (value(doc, "total_sum"), value(doc, "billorder")) == ("0.00 EUR", "")
    assert remote.good("order").findall("list/elem") == []
    assert remote.refused("payment.add", billorder=1, clicked_button="fromsubaccount", sok="ok") == (
        "missed",
        "billorder",
    )


@pytest.mark.parametrize(
    "paid",
    [
        {"func": "payment.add", "clicked_button": "fromsubaccount"},
        {"func": "payment.add.method", "paymethod": "subaccount"},
    ],
)
def test_what_is_paid_from_the_balance_is_active(remote: Remote, paid: dict[str, str]) -> None:
    first, order = put(remote, "198.51.100.1")
    second, _ = put(remote, "198.51.100.2", pricelist=55230, addon_55236=2)
    doc = remote.good(**paid, billorder=order, sok="ok")
    assert (value(doc, "ok"), value(doc, "payment_id")) == ("func=order", "1")
    assert [remote.field(id, "status") for id in (first, second)] == ["2", "2"]
    assert [remote.field(id, "expiredate") for id in (first, second)] == ["2026-12-21", "2026-12-21"]
    assert remote.field(first, "lickey").startswith(f"{first}-")
    assert [charge["amount"] for charge in remote.kept["charges"]] == ["4.00", "25.00"]
    assert items(remote) == []
    payment = remote.good("payment").find("elem")
    assert payment is not None
    assert [value(payment, name) for name in ("paymethodamount_iso", "real_status")] == ["29.00 EUR", "4"]


def test_the_form_of_a_payment_tells_the_amount_and_pays_nothing(remote: Remote) -> None:
    _, order = put(remote, "198.51.100.1")
    doc = remote.good("payment.add", billorder=order)
    assert value(doc, "amount") == "4.00"
    assert remote.kept["charges"] == []


def test_by_another_method_an_address_to_pay_at_is_told(remote: Remote) -> None:
    id, order = put(remote, "198.51.100.1")
    ok = remote.good("payment.add.method", billorder=order, paymethod="card", sok="ok").find("ok")
    assert ok is not None
    assert (ok.get("type"), (ok.text or "")[:7]) == ("url", "http://")
    assert remote.field(id, "status") == "1"
    payments = remote.good("payment", filter="on", status="2").findall("elem/status")
    assert [status.get("orig") for status in payments] == ["2"]
    assert remote.refused("payment.add.method", billorder=order, paymethod="gold", sok="ok") == (
        "value",
        "paymethod",
    )


def test_without_money_for_all_of_it_nothing_is_paid(start: Start) -> None:
    remote = start(account={"balance": "5.00"})
    _, order = put(remote, "198.51.100.1")
    put(remote, "198.51.100.2")
    before = remote.kept
    pay = {"billorder": order, "clicked_button": "fromsubaccount", "sok": "ok"}
    assert remote.refused("payment.add", **pay) == ("not_enough_money", None)
    assert remote.kept == before


def test_an_address_that_was_taken_meanwhile_is_told_when_paying(remote: Remote) -> None:
    _, order = put(remote, "198.51.100.1")
    remote.ordered("198.51.100.1")
    pay = {"billorder": order, "clicked_button": "fromsubaccount", "sok": "ok"}
    assert remote.refused("payment.add", **pay) == ("exists", "ip")


def test_an_item_can_be_taken_out_and_the_cart_emptied(remote: Remote) -> None:
    first, order = put(remote, "198.51.100.1")
    put(remote, "198.51.100.2")
    remote.good("basket", id=first, clicked_button="delete", sok="ok")
    assert remote.refused("soft.edit", elid=first) == ("missed", "elid")
    assert len(items(remote)) == 1
    remote.good("basket", id=order, clicked_button="clearbasket", sok="ok")
    assert items(remote) == []
    put(remote, "198.51.100.3")
    remote.good("cart.empty")
    assert items(remote) == []
    assert remote.kept["charges"] == []


def test_an_emptied_cart_gets_another_order(remote: Remote) -> None:
    _, order = put(remote, "198.51.100.1")
    remote.good("cart.empty")
    assert put(remote, "198.51.100.1")[1] != order


def test_only_what_is_free_is_got_for_nothing(remote: Remote) -> None:
    trial, order = put(remote, "198.51.100.1", pricelist=55239, period=-100)
    remote.good("basket", id=order, clicked_button="free", sok="ok")
    assert remote.field(trial, "status") == "2"
    _, order = put(remote, "198.51.100.2")
    assert remote.refused("basket", id=order, clicked_button="free", sok="ok") == ("value", "id")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"promocode": "GIFT"}, ("missed", "promocode")),
        ({"clicked_button": "delete", "id": 1}, ("missed", "id")),
        ({"clicked_button": "clearbasket", "id": 1}, ("missed", "id")),
        ({"clicked_button": "steal"}, ("value", "clicked_button")),
    ],
)
def test_what_the_cart_cannot_do_is_refused(
    remote: Remote, params: dict[str, object], expected: tuple[str, str]
) -> None:
    put(remote, "198.51.100.1")
    before = remote.kept
    assert remote.refused("basket", **params, sok="ok") == expected
    assert remote.kept == before


def test_a_renewal_waits_in_the_cart_until_it_is_paid(remote: Remote) -> None:
    remote.good("service.prolong", elid=1, period=1, clicked_button="basket", sok="ok")
    remote.good("service.prolong", elid=1, period=12, clicked_button="basket", sok="ok")
    assert [value(item, "item.period") for item in items(remote)] == ["12"]
    order = value(remote.good("basket"), "billorder")
    remote.good("payment.add", billorder=order, clicked_button="fromsubaccount", sok="ok")
    assert [remote.field(1, name) for name in ("expiredate", "period")] == ["2027-12-31", "12"]
    assert [charge["amount"] for charge in remote.kept["charges"]] == ["40.00"]


def test_a_renewal_that_is_taken_out_of_the_cart_leaves_the_license(remote: Remote) -> None:
    remote.good("service.prolong", elid=1, period=1, clicked_button="basket", sok="ok")
    remote.good("basket", id=1, clicked_button="delete", sok="ok")
    assert (remote.field(1, "status"), items(remote)) == ("2", [])


def test_what_was_deleted_does_not_wait_any_more(remote: Remote) -> None:
    id, _ = put(remote, "198.51.100.1")
    remote.good("service.prolong", elid=1, period=1, clicked_button="basket", sok="ok")
    remote.good("soft.delete", elid=f"{id}, 1", sok="ok")
    assert items(remote) == []
