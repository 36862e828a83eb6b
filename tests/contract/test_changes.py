"""What becomes of every change at every remote: it is made, or it is certain that it was not."""

from __future__ import annotations

from datetime import date

import pytest

from cpbillmgr.errors import AcceptedWithoutId, MaybeDone, Refused
from cpbillmgr.model.changes import ChangeTariff, Delete, Edit, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.model.services import Status
from tests.contract.conftest import Remote

ADDRESS = "203.0.113.77"


def an_order(remote: Remote, **more: str) -> Order:
    goods = remote.goods
    return Order(
        goods.lite, goods.month, more.get("ip", ADDRESS), "Item #77 addon web77", "cpb1-main-77-panel-1"
    )


def test_an_order_is_paid_once_and_named(pretend: Remote) -> None:
    if pretend.variants.get("order_answer") == "billorder":
        with pytest.raises(AcceptedWithoutId):
            pretend.billing.order(an_order(pretend))
    else:
        license = pretend.billing.license(pretend.billing.order(an_order(pretend)))
        assert (license.ip, license.name, license.status) == (ADDRESS, "Item #77 addon web77", Status.ACTIVE)
        assert (license.tariff, license.period) == (pretend.goods.lite, pretend.goods.month)
        assert license.remoteid == ("" if pretend.generation == 4 else "cpb1-main-77-panel-1")
    assert pretend.charges == 1


def test_an_order_for_an_address_with_a_license_is_certainly_not_made(pretend: Remote) -> None:
    if pretend.variants.get("refusal") == "unlisted":  # an error that may mean anything
        with pytest.raises(MaybeDone):
            pretend.billing.order(an_order(pretend, ip="203.0.113.1"))
    else:
        with pytest.raises(Refused):
            pretend.billing.order(an_order(pretend, ip="203.0.113.1"))
    assert pretend.charges == 0


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (Edit("1", name="free.lic", ip="0.0.0.0"), {"licname": "free.lic", "ip": "0.0.0.0"}),  # noqa: S104
        (Edit("1", name="renamed"), {"licname": "renamed", "ip": "203.0.113.1"}),
        (Edit("1", ip="203.0.113.9"), {"licname": "Item #1 addon web1", "ip": "203.0.113.9"}),
    ],
    ids=["freed", "renamed", "moved"],
)
def test_an_edit_changes_what_it_names_and_nothing_else(
    pretend: Remote, edit: Edit, told: dict[str, str]
) -> None:
    pretend.billing.change(edit)
    shown = pretend.billing.license("1")
    assert (shown.name, shown.ip) == (told["licname"], told["ip"])
    assert {name: pretend.license("1")[name] for name in told} == told


def test_a_renewal_adds_a_month_and_is_paid_once(pretend: Remote) -> None:
    before = pretend.billing.license("1").expires
    pretend.billing.change(Renew("1", pretend.goods.month))
    after = pretend.billing.license("1").expires
    assert isinstance(before, date)
    assert isinstance(after, date)
    assert 28 <= (after - before).days <= 31
    assert pretend.charges == 1


def test_a_license_is_stopped_started_and_given_up(pretend: Remote) -> None:
    pretend.billing.change(Suspend("1"))
    assert pretend.billing.license("1").status is Status.SUSPENDED
    pretend.billing.change(Resume("1"))
    assert pretend.billing.license("1").status is Status.ACTIVE
    if pretend.variants.get("software_delete") == "unknown":
        with pytest.raises((Refused, MaybeDone)):
            pretend.billing.change(Delete("1"))
        assert pretend.has("1")
    else:
        pretend.billing.change(Delete("1"))
        assert not pretend.has("1")
    assert pretend.charges == 0


def test_a_new_key_and_another_tariff_are_made_or_refused_before_anything_is_sent(pretend: Remote) -> None:
    pro = ChangeTariff("1", pretend.goods.pro, pretend.goods.month)
    before = pretend.license("1")
    if pretend.generation == 4:
        for change in (NewKey("1"), pro):
            with pytest.raises(Refused):
                pretend.billing.change(change)
        assert pretend.license("1") == before
        return
    pretend.billing.change(NewKey("1"))
    assert pretend.license("1")["lickey"] != before["lickey"]
    pretend.billing.change(pro)
    assert pretend.billing.license("1").tariff == pretend.goods.pro


@pytest.mark.parametrize("change", [Edit("9", name="n"), Suspend("9"), Resume("9"), Delete("9")], ids=str)
def test_a_license_that_is_not_there_cannot_be_changed(pretend: Remote, change: Edit | Suspend) -> None:
    with pytest.raises((Refused, MaybeDone)):
        pretend.billing.change(change)
