"""``fixchilds``: what every child gets, row by row of the table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.fixchilds import make_plan, waiting
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    EUROS,
    IP,
    PRO,
    a_child,
    a_license,
    a_spare,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD = a_child("12")
SUSPENDED = a_child("12", status=Status.SUSPENDED)
MARK = the_mark(CHILD)
RULES = Rules()
WHOLE, LINK_ONLY = Scope(), Scope(link_only=True)


def the_plan(
    *licenses: License,
    children: tuple[Child, ...] = (CHILD,),
    rules: Rules = RULES,
    scope: Scope = WHOLE,
    **fields: Any,
) -> Plan:
    return make_plan(children, facts(*licenses, **fields), rules, scope)


def the_decision(*licenses: License, **fields: Any) -> Decision:
    (decision,) = the_plan(*licenses, **fields).decisions
    return decision


def gist(plan: Plan) -> list[tuple[Action, str | None, bool]]:
    return [(decision.action, decision.license, decision.held) for decision in plan.decisions]


@pytest.mark.parametrize(
    ("license", "waits"),
    [
        (a_license(), False),
        (a_license(status=Status.SUSPENDED, ip=ELSEWHERE, tariff=PRO), False),
        (a_license(status=Status.PROCESSING), False),
        (a_license(status=Status.ORDERED), True),
        (a_license(status=Status.DELETED), True),
        (a_license("502"), True),
    ],
    ids=["there", "there though different", "not ready yet", "not paid", "deleted", "not on the account"],
)
def test_a_child_waits_without_a_link_or_with_one_to_a_license_that_is_gone_or_not_paid(
    license: License, waits: bool
) -> None:
    look = facts(license, links=linked((CHILD, "501")))
    assert waiting([CHILD], look, WHOLE) == ([CHILD] if waits else [])
    assert waiting([CHILD], look, Scope(services=("13",))) == []


def test_a_child_that_another_remote_serves_waits_for_nothing_here() -> None:
    other = a_child("13")
    look = facts(elsewhere=frozenset({CHILD.key}))
    assert waiting([CHILD, other], look, WHOLE) == [other]


def test_a_linked_child_is_in_sync_whatever_else_could_be_done_for_it() -> None:
    links = linked((CHILD, "501"))
    plan = the_plan(a_license("501"), a_license("502"), a_spare(), links=links)
    assert plan == Plan("isp", in_sync=1)


@pytest.mark.parametrize("others", [(), (a_license("502"),), (a_spare(),)])
def test_a_linked_license_that_is_not_paid_is_held_and_no_other_bought(others: tuple[License, ...]) -> None:
    unpaid = a_license("501", status=Status.ORDERED)
    decision = the_decision(unpaid, *others, links=linked((CHILD, "501")))
    told = "license 501 is not paid yet: it waits in the cart of the account"
    assert decision == Decision(Action.ORDER, CHILD, told, license="501", held=True)


def test_what_is_not_looked_at_is_neither_in_sync_nor_planned() -> None:
    gone = a_child("13", status=Status.DELETED)
    children = (CHILD, gone, a_child("14", status=Status.PROCESSING))
    plan = the_plan(
        a_license(), a_license("502"), children=children, links=linked((CHILD, "501"), (gone, "502"))
    )
    assert plan == Plan("isp", in_sync=1)


@pytest.mark.parametrize("scope", [WHOLE, LINK_ONLY])
@pytest.mark.parametrize("child", [CHILD, SUSPENDED])
def test_a_license_of_the_account_is_linked_before_anything_is_bought(scope: Scope, child: Child) -> None:
    rules = Rules(no_fix_suspended=True)
    plan = the_plan(a_license(), a_spare(), children=(child,), scope=scope, rules=rules)
    assert gist(plan) == [(Action.LINK, "501", False)]
    assert plan.cost == ()
    assert plan.warnings == ()


def test_a_match_that_is_not_clear_is_held_for_a_person() -> None:
    plan = the_plan(a_license("501"), a_license("502"), a_spare())
    assert gist(plan) == [(Action.LINK, None, True)]


def test_to_name_one_of_two_services_on_an_address_does_not_decide_between_them() -> None:
    """The license on their address bears the other one's name."""
    other = a_child("13", ip=IP)
    license = a_license(name=named_after("13"))
    plan = the_plan(license, children=(CHILD, other), scope=Scope(services=("12",)))
    assert plan.to_do == ()


def test_a_service_that_is_not_up_yet_may_want_the_license_on_its_address_too() -> None:
    plan = the_plan(a_license(), children=(CHILD, a_child("13", ip=IP, status=Status.PROCESSING)))
    assert gist(plan) == [(Action.LINK, None, True)]


def test_what_stands_in_the_way_holds_the_order() -> None:
    decision = the_decision(a_license(tariff=PRO), a_spare())
    assert (decision.action, decision.held, decision.cost) == (Action.ORDER, True, None)
    assert "is in the way" in decision.because


def test_a_service_outside_the_scope_is_in_the_way_too() -> None:
    scope = Scope(services=("12",))
    (decision,) = the_plan(children=(CHILD, a_child("13", ip=IP)), scope=scope).decisions
    assert (decision.child, decision.held) == (CHILD, True)


@pytest.mark.parametrize(
    ("child", "rules", "scope"),
    [
        (CHILD, RULES, LINK_ONLY),
        (SUSPENDED, Rules(no_fix_suspended=True), WHOLE),
    ],
    ids=["--link-only", "NoFixSuspended"],
)
def test_where_nothing_may_be_bought_nothing_is_taken_either(
    child: Child, rules: Rules, scope: Scope
) -> None:
    plan = the_plan(a_spare(), children=(child,), rules=rules, scope=scope)
    assert plan == Plan("isp", warnings=("services that stay without a license, as asked for: 1",))


def test_the_option_for_suspended_services_concerns_no_others() -> None:
    assert gist(the_plan(rules=Rules(no_fix_suspended=True))) == [(Action.ORDER, None, False)]


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.SUSPENDED])
def test_the_pool_serves_before_money_is_spent(status: Status) -> None:
    child = a_child("12", status=status)
    assert the_decision(a_spare("601"), a_spare("602"), children=(child,)) == Decision(
        Action.TAKE,
        child,
        "license 601 of the pool is free and fits",
        license="601",
        remoteid=MARK,
        spares=("602",),
    )


@pytest.mark.parametrize(
    ("licenses", "rules", "pool"),
    [
        ((), RULES, "none free in the pool"),
        ((a_spare(tariff=PRO),), RULES, "none free in the pool"),
        ((a_spare(),), Rules(reuse=Reuse.NEVER), "the pool is not used for it"),
        ((a_spare(),), Rules(generation=Generation.FOUR), "the pool is not used for it"),
    ],
)
def test_an_order_is_the_last_resort(licenses: tuple[License, ...], rules: Rules, pool: str) -> None:
    assert the_decision(*licenses, rules=rules) == Decision(
        Action.ORDER, CHILD, f"no license for {IP} and {pool}", cost=EUROS[1], remoteid=MARK
    )


def test_the_cost_of_an_order_counts_its_nodes() -> None:
    decision = the_decision(children=(a_child(tariff=BUSINESS, nodes=3, period=12),))
    assert decision.cost == Money(Decimal("160.00"), "EUR")


def test_an_order_without_a_known_price_is_held() -> None:
    child = a_child(period=36)
    none = f"no license for {child.ip} and none free in the pool"
    told = f"{none}; the remote tells no price of tariff 55227 for period 36"
    assert the_decision(children=(child,)) == Decision(Action.ORDER, child, told, held=True, remoteid=MARK)


def test_where_the_price_list_may_not_be_read_nothing_is_bought_but_what_is_paid_is_used() -> None:
    child = a_child(tariff=7, period=8, length=1, local_ids=(3,))
    tariffs = {7: Tariff(7, "ISPmanager 4 Lite", {}, lengths={8: 1})}
    rules = Rules(generation=Generation.FOUR, reuse_licenses=True, reuse_prices=frozenset({3}))
    bought = the_decision(children=(child,), tariffs=tariffs, rules=rules)
    assert (bought.action, bought.held) == (Action.ORDER, True)
    assert bought.because.endswith("the remote tells no price of tariff 7 for period 8")
    spare = a_spare(tariff=7, period=8, remoteid="")
    taken = the_decision(spare, children=(child,), tariffs=tariffs, rules=rules)
    assert (taken.action, taken.license, taken.held) == (Action.TAKE, "601", False)


@pytest.mark.parametrize(("used", "mark"), [(0, "cpb1-main-12-panel-1"), (2, "cpb1-main-12-panel-3")])
@pytest.mark.parametrize("licenses", [(), (a_spare(),)])
def test_each_need_has_a_mark_of_its_own(used: int, mark: str, licenses: tuple[License, ...]) -> None:
    assert the_decision(*licenses, generations={CHILD.key: used}).remoteid == mark


def test_the_mark_tells_the_installation() -> None:
    assert the_decision(rules=Rules(installation="branch-2")).remoteid == "cpb1-branch%2D2-12-panel-1"


@pytest.mark.parametrize("licenses", [(), (a_license(status=Status.DELETED),)])
def test_a_license_that_is_gone_is_told_where_it_is_replaced(licenses: tuple[License, ...]) -> None:
    decision = the_decision(*licenses, links=linked((CHILD, "501")))
    assert decision.action is Action.ORDER
    assert decision.because.startswith("license 501 is gone from the account; no license for")


def test_a_license_that_is_gone_is_replaced_by_one_that_matches() -> None:
    assert gist(the_plan(a_license("502"), links=linked((CHILD, "501")))) == [(Action.LINK, "502", False)]


def test_decisions_stand_in_the_order_of_the_children() -> None:
    children = tuple(a_child(service) for service in ("15", "12", "14", "13"))
    plan = the_plan(a_license(), a_spare(), children=children)
    assert [decision.child for decision in plan.decisions] == list(children)


def test_what_a_suspended_service_asks_for_otherwise_is_counted_and_left() -> None:
    children = tuple(a_child(service, status=Status.SUSPENDED) for service in ("12", "13", "14"))
    licenses = [
        a_license("501"),
        a_license("502", ip=ELSEWHERE),
        a_license("503", ip="203.0.113.14", tariff=PRO),
    ]
    links = linked(*zip(children, ("501", "502", "503"), strict=True))
    plan = the_plan(*licenses, children=children, links=links)
    told = "linked licenses that have another address or tariff than their service wants: 2"
    assert plan == Plan("isp", in_sync=3, warnings=(told,))


@pytest.mark.parametrize("licenses", [(), (a_spare(),)])
def test_suspended_services_that_get_a_license_are_counted(licenses: tuple[License, ...]) -> None:
    told = "suspended services that get a license too (Option NoFixSuspended prevents it): 1"
    children = (SUSPENDED, a_child("13"), a_child("14"))
    assert the_plan(*licenses, children=children).warnings == (told,)


def test_a_suspended_service_that_gets_nothing_is_not_counted_among_those_who_do() -> None:
    child = replace(SUSPENDED, ip="")
    assert the_plan(children=(child,), rules=Rules(no_fix_suspended=True)).warnings == ()
