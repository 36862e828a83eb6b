from __future__ import annotations

import pytest

from cpbillmgr.model.changes import (
    Change,
    ChangeTariff,
    Delete,
    Edit,
    NewKey,
    Order,
    Renew,
    Resume,
    Suspend,
)
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.dialect import Call
from cpbillmgr.remote.generation5 import requests

SOFT = ProductType.SOFT
ORDER = Order(55230, 1, "203.0.113.5", "Item #17 addon vps17", "cpb1-main-17-panel-1", ((55236, 2),))
SPELLED_ORDER = (
    "clicked_button=finish&sok=ok&skipbasket=on&pricelist=55230&period=1&ip=203.0.113.5"
    "&licname=Item #17 addon vps17&autoprolong=null&remoteid=cpb1-main-17-panel-1&addon_55236=2"
)


@pytest.mark.parametrize(
    ("change", "func", "params"),
    [
        (
            ORDER,
            "soft.order.param",
            SPELLED_ORDER,
        ),
        (Edit("7"), "soft.edit", "elid=7&sok=ok"),
        (Edit("7", name="free.lic", ip="0.0.0.0"), "soft.edit", "elid=7&licname=free.lic&ip=0.0.0.0&sok=ok"),  # noqa: S104 - the address of the pool
        (Edit("7", remoteid=""), "soft.edit", "elid=7&remoteid=&sok=ok"),
        (Edit("7", autoprolong_off=True), "soft.edit", "elid=7&autoprolong=null&sok=ok"),
        (NewKey("7"), "soft.edit", "elid=7&clicked_button=newkey&sok=ok"),
        (Renew("7", 12), "service.prolong", "elid=7&period=12&sok=ok&skipbasket=on"),
        (Suspend("7"), "soft.suspend", "elid=7&sok=ok"),
        (Resume("7"), "soft.resume", "elid=7&sok=ok"),
        (Delete("7"), "soft.delete", "elid=7&sok=ok"),
        (ChangeTariff("7", 55228, 12), "service.changepricelist", "elid=7&pricelist=55228&period=12&sok=ok"),
    ],
)
def test_a_change_is_spelled_as_the_vendor_documents_it(change: Change, func: str, params: str) -> None:
    expected = dict(pair.split("=", 1) for pair in params.split("&"))
    assert requests.parameters(change, SOFT) == (func, expected)


@pytest.mark.parametrize(
    ("call", "func", "params"),
    [
        (requests.whoami(), "whoami", {}),
        (requests.subaccounts(), "subaccount", {}),
        (requests.license_page(2, 500, SOFT), "soft", {"p_num": "2", "p_cnt": "500"}),
        (requests.license_form("7", SOFT), "soft.edit", {"elid": "7"}),
        (requests.price_list(SOFT), "pricelist.export", {"itemtype": "soft", "onlyavailable": "on"}),
        (
            requests.ip_check(55227, 1, "203.0.113.5"),
            "soft.checkip",
            {"pricelist": "55227", "period": "1", "ip": "203.0.113.5", "sok": "ok"},
        ),
    ],
)
def test_a_question_is_spelled_as_the_vendor_documents_it(
    call: Call, func: str, params: dict[str, str]
) -> None:
    assert call == (func, params)


PAID = "clicked_button=finish&sok=ok&skipbasket=on&autoprolong=null&remoteid=mark"


@pytest.mark.parametrize(
    ("product", "order", "params"),
    [
        (
            ProductType.SOFTEXTERNAL,
            Order(9203, 1, "203.0.113.5", "Item #17 addon vps17", "mark"),
            "pricelist=9203&period=1&ip=203.0.113.5&licname=Item #17 addon vps17",
        ),
        (
            ProductType.PLATFORM,
            Order(55163, 12, "", "Item #17 addon vps17", "mark", ((55165, 3),)),
            "pricelist=55163&period=12&comment=Item #17 addon vps17&addon_55165=3",
        ),
        (
            ProductType.ADDITION,
            Order(55371, 1, "", "Item #17 addon vps17", "mark", panel="501"),
            "pricelist=55371&period=1&item=501",
        ),
    ],
    ids=str,
)
def test_an_order_has_the_fields_of_its_product(product: ProductType, order: Order, params: str) -> None:
    expected = dict(pair.split("=", 1) for pair in f"{PAID}&{params}".split("&"))
    assert requests.parameters(order, product) == (f"{product}.order.param", expected)


@pytest.mark.parametrize("product", ProductType)
def test_functions_and_price_list_have_the_name_of_the_product(product: ProductType) -> None:
    assert requests.parameters(Suspend("7"), product)[0] == f"{product}.suspend"
    assert requests.parameters(Renew("7", 1), product)[0] == "service.prolong"
    assert requests.license_page(1, 500, product)[0] == product
    assert requests.license_form("7", product)[0] == f"{product}.edit"
    assert requests.price_list(product)[1]["itemtype"] == product


def test_a_new_name_is_sent_where_the_product_keeps_it_and_nowhere_else() -> None:
    renamed = Edit("7", name="new", autoprolong_off=True)
    assert requests.parameters(renamed, ProductType.PLATFORM)[1]["comment"] == "new"
    assert requests.parameters(renamed, ProductType.ADDITION)[1] == {
        "elid": "7",
        "autoprolong": "null",
        "sok": "ok",
    }


@pytest.mark.parametrize("product", [ProductType.PLATFORM, ProductType.ADDITION])
def test_what_has_no_address_is_not_moved(product: ProductType) -> None:
    with pytest.raises(ValueError, match="no address"):
        requests.parameters(Edit("7", ip="203.0.113.5"), product)
