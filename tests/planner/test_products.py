from __future__ import annotations

from typing import Any

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import License
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Demand, Status, Wish
from cpbillmgr.planner.basis.matching import Key, match, standing_license
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.following import Linked
from cpbillmgr.planner.changes.surplus import surplus
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.needs.modules import without_panel
from cpbillmgr.planner.needs.obstacles import obstacles_of_modules, obstacles_to
from cpbillmgr.planner.needs.renewal import renewals
from cpbillmgr.planner.pool.handing_out import may_reuse
from cpbillmgr.planner.safety import check_possible
from tests.planner.nouns import EUROS, PRO, a_child, a_license, a_spare, facts, linked, named_after, the_mark

CHILD = a_child(ip="")
RULES = {product: Rules(product=product) for product in ProductType}
WITHOUT_ADDRESS = [ProductType.PLATFORM, ProductType.ADDITION]


def decided(
    product: ProductType, *licenses: License, panels: dict[str, tuple[str, ...]] | None = None
) -> Decision:
    """Return what service 12's child gets."""
    look = facts(*licenses, panels=panels or {})
    (decision,) = make_plan([CHILD], look, RULES[product], Scope()).decisions
    return decision


@pytest.mark.parametrize("product", ProductType)
def test_only_what_has_an_address_is_reused(product: ProductType) -> None:
    assert may_reuse(a_child(), RULES[product]) == product.has_address


def test_a_platform_is_ordered_without_an_address_though_the_pool_has_one() -> None:
    decision = decided(ProductType.PLATFORM, a_spare())
    assert (decision.action, decision.held) == (Action.ORDER, False)
    assert decision.because == "service 12 has none for its add-on panel"


@pytest.mark.parametrize("product", [ProductType.SOFT, ProductType.SOFTEXTERNAL])
def test_a_service_without_an_address_waits_for_one_where_it_matters(product: ProductType) -> None:
    assert decided(product).held


@pytest.mark.parametrize(
    ("panels", "why"),
    [
        ({}, "the panel of service 12 has no license"),
        ({"13": ("5",)}, "the panel of service 12 has no license"),
        ({"12": ("5",)}, None),
        ({"12": ("5", "6")}, "service 12 has licenses 5, 6: onto which is not clear"),
    ],
)
def test_a_module_needs_exactly_one_license_of_a_panel(
    panels: dict[str, tuple[str, ...]], why: str | None
) -> None:
    assert obstacles_of_modules([CHILD], facts(panels=panels)).get(CHILD.key) == why
    decision = decided(ProductType.ADDITION, panels=panels)
    assert (decision.action, decision.held) == (Action.ORDER, why is not None)


@pytest.mark.parametrize(
    ("twin", "links", "why"),
    [
        ({"panel": "5"}, linked((a_child("13"), "501")), "module 501 of service 13 is on license 5 already"),
        ({"panel": "5"}, {}, "module 501 is on license 5 already"),
        ({"panel": "5", "status": Status.DELETED}, {}, None),
        ({"panel": "5", "tariff": PRO}, {}, None),
        ({"panel": "6"}, {}, None),
        ({}, {}, None),
    ],
)
def test_a_license_with_such_a_module_already_gets_no_second_one(
    twin: dict[str, Any], links: dict[Key, str], why: str | None
) -> None:
    look = facts(a_license(ip="", name="", **twin), links=links, panels={"12": ("5",)})
    assert obstacles_of_modules([CHILD], look).get(CHILD.key) == why


@pytest.mark.parametrize(
    ("panels", "stands_on", "why"),
    [
        (None, "5", None),
        ({}, None, "the panel of service 12 has no license"),
        ({}, "5", "the panel of service 12 has no license"),
        ({"12": ("5",)}, "5", None),
        ({"12": ("4", "5")}, "5", None),
        ({"12": ("5",)}, None, None),
        ({"12": ("6",), "13": ("5",)}, "5", "it is on license 5, which is not the panel's any more"),
    ],
)
def test_a_module_that_its_services_panel_is_not_on_is_not_renewed(
    panels: dict[str, tuple[str, ...]] | None, stands_on: str | None, why: str | None
) -> None:
    license = a_license(ip="", name="", panel=stands_on)
    look = facts(license, links=linked((CHILD, "501")), panels=panels)
    module = Linked(license, Demand(*CHILD.key, Wish.ON, ""))
    assert without_panel(module, look) == why
    (renewal,) = renewals([module], {}, look, RULES[ProductType.ADDITION])
    assert (renewal.held, renewal.cost) == (why is not None, EUROS[1])
    assert renewal.because == f"it is paid until 2027-01-01, and {why or 'service 12 is active'}"


@pytest.mark.parametrize("wish", [each for each in Wish if each is not Wish.ON])
def test_a_module_that_is_not_wanted_now_needs_no_panel(wish: Wish) -> None:
    module = Linked(a_license(ip="", panel="5"), Demand(*CHILD.key, wish, ""))
    assert without_panel(module, facts(panels={})) is None


def test_nothing_is_in_the_way_of_a_platform() -> None:
    other = a_child("13", ip="")
    look = facts(a_license(ip="", name="another"))
    assert obstacles_to([CHILD], [CHILD, other], look, RULES[ProductType.PLATFORM]) == {}


def test_without_an_address_the_mark_is_looked_at_and_then_the_name() -> None:
    marked = a_license("501", ip="", name="", remoteid=the_mark(CHILD))
    named = a_license("502", ip="", name=named_after("12"))
    for licenses, found in (((marked, named), "501"), ((named,), "502"), ((a_license("503", ip=""),), None)):
        matched = match([CHILD], facts(*licenses), "main").get(CHILD.key)
        assert (matched.license.id if matched and matched.license else None) == found


def test_another_services_license_is_not_taken_for_ones_own_for_want_of_an_address() -> None:
    other = a_child("13", ip="")
    look = facts(a_license("501", ip=""), links=linked((other, "501")))
    assert standing_license(CHILD, look) is None


@pytest.mark.parametrize("product", WITHOUT_ADDRESS)
def test_a_surplus_of_what_has_no_address_is_left_to_end(product: ProductType) -> None:
    twice = a_license("502", ip="", remoteid=the_mark(CHILD))
    look = facts(a_license("501", ip=""), twice, links=linked((CHILD, "501")))
    assert surplus(look, RULES[product]) == []
    assert [each.license for each in surplus(look, RULES[ProductType.SOFT])] == ["502"]


def test_without_an_address_another_tariff_is_changed_and_nothing_moves() -> None:
    child = a_child(ip="", tariff=PRO)
    look = facts(a_license("501", ip=""), links=linked((child, "501")))
    plan = make_plan([child], look, RULES[ProductType.PLATFORM], Scope())
    assert [each.action for each in plan.decisions] == [Action.CHANGE_TARIFF]


@pytest.mark.parametrize("product", ProductType)
@pytest.mark.parametrize("action", [Action.MOVE, Action.RELEASE])
def test_only_what_has_an_address_can_move_or_be_released(product: ProductType, action: Action) -> None:
    if product.has_address:
        check_possible(action, RULES[product])
        return
    with pytest.raises(UsageWrong, match="has no address"):
        check_possible(action, RULES[product])
