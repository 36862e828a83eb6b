from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from cpbillmgr.errors import Refused
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
from cpbillmgr.remote.generation4 import requests

ORDER = Order(7, 8, "203.0.113.5", "Item #17 addon vps17", "cpb1-main-17-panel-1")


@pytest.mark.parametrize(
    ("change", "func", "params"),
    [
        (ORDER, "software.edit", "price=7&period=8&licname=Item %2317 addon vps17&ip=203.0.113.5&sok=ok"),
        (
            Edit("501", name="free.lic", ip="0.0.0.0", remoteid="", autoprolong_off=True),  # noqa: S104
            "software.edit",
            "elid=501&licname=free.lic&ip=0.0.0.0&sok=ok",
        ),
        (Renew("501", 8), "software.period", "elid=501&period=8&payfrom=account12&sok=ok"),
        (Suspend("501"), "software.disable", "elid=501&sok=yes"),
        (Resume("501"), "software.enable", "elid=501&sok=yes"),
        (Delete("501"), "software.delete", "elid=501&sok=ok"),
    ],
)
def test_a_change_is_spelled_as_generation_4_knows_it(change: Change, func: str, params: str) -> None:
    assert requests.parameters(change, "12", "main") == (func, dict(parse_qsl(params)))


@pytest.mark.parametrize("change", [NewKey("501"), ChangeTariff("501", 11, 16)])
def test_what_generation_4_cannot_do_is_refused(change: Change) -> None:
    with pytest.raises(Refused, match="a remote of generation 4"):
        requests.parameters(change, "12", "main")


@pytest.mark.parametrize("id", ["", " ", "new", "501, 502"])
def test_a_change_of_no_license_in_particular_is_never_spelled_for_it_would_be_an_order(id: str) -> None:
    with pytest.raises(ValueError, match="not the id of a license"):
        requests.parameters(Edit(id, name="free.lic", ip="203.0.113.5"), "12", "main")


@pytest.mark.parametrize("edit", [Edit("501", name="free.lic"), Edit("501", ip="203.0.113.5"), Edit("501")])
def test_half_an_edit_is_never_spelled_for_the_other_half_could_be_lost(edit: Edit) -> None:
    with pytest.raises(ValueError, match="both name and address"):
        requests.parameters(edit, "12", "main")


@pytest.mark.parametrize(
    ("call", "func", "params"),
    [
        (requests.accounts(), "accountinfo", {}),
        (requests.licenses(), "software", {}),
        (requests.license_form("501"), "software.edit", {"elid": "501"}),
        (requests.tariffs(), "availableprice", {}),
        (requests.periods(7), "availableprice.periods", {"elid": "7", "sok": "ok"}),
        (
            requests.ip_check(7, 8, "203.0.113.5"),
            "software.licinfo",
            {"price": "7", "period": "8", "ip": "203.0.113.5", "sok": "ok"},
        ),
    ],
)
def test_a_question_is_spelled_as_generation_4_knows_it(
    call: Call, func: str, params: dict[str, str]
) -> None:
    assert call == (func, params)
