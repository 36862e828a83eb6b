"""Third-party software, platforms and modules: the same questions and changes, in functions of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cpbillmgr.errors import AcceptedWithoutId, Refused
from cpbillmgr.model.changes import Delete, Edit, Order, Renew, Resume, Suspend
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Status
from tests.contract.conftest import Remote, pretended, spelled, spoken

NAME, MARK = "Item #77 addon web77", "cpb1-main-77-more-1"
ORDERS = {
    ProductType.SOFTEXTERNAL: Order(9203, 1, "203.0.113.77", NAME, MARK),
    ProductType.PLATFORM: Order(55163, 1, "", NAME, MARK, ((55164, 50), (55165, 3))),
    ProductType.ADDITION: Order(55371, 1, "", NAME, MARK, panel="1"),
}
KNOWN_BY = {  # address and name
    ProductType.SOFTEXTERNAL: ("203.0.113.77", NAME),
    ProductType.PLATFORM: ("", NAME),
    ProductType.ADDITION: ("", ""),
}
VARIANTS = [pytest.param(each, id=spelled(each)) for each in spoken() if each[0] != 4]


@pytest.fixture(params=ORDERS)
def product(request: pytest.FixtureRequest) -> ProductType:
    found: ProductType = request.param
    return found


@pytest.fixture(params=VARIANTS)
def seller(request: pytest.FixtureRequest, product: ProductType, tmp_path: Path) -> Iterator[Remote]:
    """A pretend remote in one of its variants, of which one type of products is asked."""
    generation, variants = request.param
    with ExitStack() as stack:
        yield pretended(stack, tmp_path / "world.json", generation, variants, product)


def bought(seller: Remote, product: ProductType) -> str:
    """Order one and return its id, which is in the list where the answer does not tell it."""
    try:
        return seller.billing.order(ORDERS[product])
    except AcceptedWithoutId:
        (row,) = seller.billing.licenses()
        return row.id


def test_an_order_is_paid_once_and_shown_in_list_and_form_as_its_type_is_known(
    seller: Remote, product: ProductType
) -> None:
    id = bought(seller, product)
    order, form = ORDERS[product], seller.billing.license(id)
    (row,) = seller.billing.licenses()
    assert (form.ip, form.name) == (row.ip, row.name) == KNOWN_BY[product]
    assert (form.tariff, form.period, form.status) == (order.tariff, 1, Status.ACTIVE)
    assert (form.remoteid, form.addons) == (MARK, order.addons)
    assert (row.tariff, form.panel) == (order.tariff, order.panel)
    assert seller.charges == 1


def test_it_is_stopped_started_renewed_renamed_and_given_up(seller: Remote, product: ProductType) -> None:
    id = bought(seller, product)
    before = seller.billing.license(id).expires
    for change, status in ((Suspend(id), Status.SUSPENDED), (Resume(id), Status.ACTIVE)):
        seller.billing.change(change)
        assert seller.billing.license(id).status is status
    seller.billing.change(Renew(id, 1))
    after = seller.billing.license(id).expires
    assert before is not None
    assert after is not None
    assert 28 <= (after - before).days <= 31
    seller.billing.change(Edit(id, name="renamed", remoteid=""))
    shown = seller.billing.license(id)
    assert (shown.name, shown.remoteid) == ("renamed" if KNOWN_BY[product][1] else "", "")
    seller.billing.change(Delete(id))
    assert not seller.has(id)


@pytest.mark.parametrize("product", [ProductType.PLATFORM], indirect=True)
def test_each_amount_is_changed_alone_and_more_of_it_is_paid(seller: Remote, product: ProductType) -> None:
    id, platform = bought(seller, product), seller.billing.tariffs()[55163]
    for addons in (((55164, 60),), ((55165, 4),), ((55164, 10), (55165, 2))):
        amounts = tuple(sorted({**dict(seller.billing.license(id).addons or ()), **dict(addons)}.items()))
        seller.billing.change(Edit(id, addons=addons))
        assert seller.billing.license(id).addons == amounts
    cost = platform.cost(1, ORDERS[product].addons)
    assert cost is not None
    assert seller.paid == [cost.amount, Decimal("5.00"), Decimal("6.00")]


def test_its_price_list_tells_what_is_sold_of_its_type_alone(seller: Remote, product: ProductType) -> None:
    assert set(seller.billing.tariffs()) == {ORDERS[product].tariff}


@pytest.mark.parametrize("product", [ProductType.SOFTEXTERNAL, ProductType.ADDITION], indirect=True)
def test_a_second_one_for_an_address_or_a_panel_is_certainly_not_sold(
    seller: Remote, product: ProductType
) -> None:
    seller.billing.check_ip(ORDERS[product].tariff, 1, ORDERS[product].ip)
    bought(seller, product)
    with pytest.raises(Refused):
        seller.billing.order(replace(ORDERS[product], remoteid="another"))
    assert seller.charges == 1
