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
from cpbillmgr.remote.dialect import Call
from cpbillmgr.remote.generation5 import requests

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
    assert requests.parameters(change) == (func, expected)


@pytest.mark.parametrize(
    ("call", "func", "params"),
    [
        (requests.whoami(), "whoami", {}),
        (requests.subaccounts(), "subaccount", {}),
        (requests.license_page(2, 500), "soft", {"p_num": "2", "p_cnt": "500"}),
        (requests.license_form("7"), "soft.edit", {"elid": "7"}),
        (requests.price_list("soft"), "pricelist.export", {"itemtype": "soft", "onlyavailable": "on"}),
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
