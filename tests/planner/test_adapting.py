"""Adapting a license to what its service asks for now: which change, for how much, and what is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.model.catalogue import Resource, ResourceKind, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import NewAddress, Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.following import Linked
from cpbillmgr.planner.changes.moving import move
from cpbillmgr.planner.changes.resizing import has_other_amounts, resize
from cpbillmgr.planner.changes.upgrading import upgrade
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.needs.adapting import adapt, differing
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    LITE,
    NODES,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
)

MACHINES = 55164


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


PRICES = {
    LITE: Tariff(LITE, "ispmanager 6 lite", {1: euros("4.00"), 12: euros("40.00")}),
    PRO: Tariff(PRO, "ispmanager 6 pro", {1: euros("8.10")}),
    BUSINESS: Tariff(
        BUSINESS,
        "ispmanager 6 business",
        {1: euros("15.00")},
        Resource(NODES, "Nodes", ResourceKind.AMOUNT, {1: euros("5.00")}, minimum=1),
        resources=(Resource(MACHINES, "machines", ResourceKind.AMOUNT, {1: euros("0.50")}),),
    ),
}
CHILD, WANTS_PRO, MOVED = a_child(), a_child(tariff=PRO), a_child(ip=ELSEWHERE)
LINKS = linked((CHILD, "501"))
OWN = a_license(ip_changed=TODAY - timedelta(days=60))
FRESH = replace(OWN, ip_changed=TODAY - timedelta(days=3))
BY_NODES = replace(OWN, tariff=BUSINESS, tariff_name="ispmanager 6 business", addons=((NODES, 3),))


def the_changes(
    child: Child, *licenses: License, rules: Rules | None = None, scope: Scope | None = None, **fields: Any
) -> list[Decision]:
    look = facts(*licenses, **{"links": LINKS, "tariffs": PRICES, **fields})
    return adapt([child], (), look, rules or Rules(), scope or Scope())


def gist(decisions: list[Decision]) -> list[tuple[Action, str | None, str | None, bool]]:
    return [
        (each.action, each.license, each.cost.digits if each.cost else None, each.held) for each in decisions
    ]


@pytest.mark.parametrize(
    ("license", "period", "cost"),
    [
        (OWN, 1, "4.10"),
        (replace(OWN, period=12), 1, "4.10"),
        (replace(OWN, tariff=BUSINESS, addons=((NODES, 3),)), 1, "0.00"),
        (replace(OWN, tariff=99, tariff_name="ispmanager 6 old"), 1, "8.10"),
    ],
    ids=["its own period", "a period that it is not sold for", "cheaper", "its price is not known"],
)
def test_a_tariff_is_changed_for_the_difference_of_one_period(
    license: License, period: int, cost: str
) -> None:
    decision = upgrade(WANTS_PRO, license, facts(license, tariffs=PRICES), Rules())
    assert (decision.action, decision.child.tariff, decision.child.period) == (
        Action.CHANGE_TARIFF,
        PRO,
        period,
    )
    assert (decision.cost, decision.held) == (euros(cost), False)


@pytest.mark.parametrize(
    ("child", "rules", "told"),
    [
        (WANTS_PRO, Rules(generation=Generation.FOUR), "a remote of generation 4 changes no tariffs"),
        (replace(WANTS_PRO, period=12), Rules(), "tells no price of that for period 12"),
    ],
)
def test_a_tariff_that_cannot_be_changed_is_held_and_told(child: Child, rules: Rules, told: str) -> None:
    license = replace(OWN, period=12)
    decision = upgrade(child, license, facts(license, tariffs=PRICES), rules)
    assert (decision.held, decision.cost, told in decision.because) == (True, None, True)


@pytest.mark.parametrize(
    ("license", "early", "held", "told"),
    [
        (OWN, (), False, "it is on 203.0.113.12, its service on 198.51.100.7"),
        (replace(OWN, ip_changed=None), (), False, ""),
        (replace(FRESH, key_changed=None), (), True, "it can be moved from 2026-12-20"),
        (replace(OWN, key_changed=TODAY), (), False, ""),
        (replace(OWN, ip_changed=None), ("501",), True, "it cannot be moved yet"),
    ],
)
def test_a_license_moves_when_a_month_has_passed(
    license: License, early: tuple[str, ...], held: bool, told: str
) -> None:
    decision = move(MOVED, license, facts(license, moved_too_early=frozenset(early)))
    assert (decision.action, decision.child.ip, decision.held) == (Action.MOVE, ELSEWHERE, held)
    assert told in decision.because


@pytest.mark.parametrize(
    ("nodes", "license", "cost"),
    [
        (3, BY_NODES, None),
        (5, BY_NODES, "10.00"),
        (1, BY_NODES, "0.00"),
        (2, replace(BY_NODES, addons=()), "5.00"),
        (None, OWN, None),
    ],
)
def test_nodes_are_edited_and_more_of_them_cost_the_difference(
    nodes: int | None, license: License, cost: str | None
) -> None:
    child = a_child(tariff=BUSINESS if nodes else LITE, nodes=nodes)
    decision = resize(child, license, facts(license, tariffs=PRICES))
    if cost is None:
        assert decision is None
    else:
        assert decision is not None
        assert (decision.action, decision.child.amounts, decision.cost) == (
            Action.EDIT,
            ((NODES, nodes),),
            euros(cost),
        )


@pytest.mark.parametrize(
    ("has", "asked", "sent", "cost", "because"),
    [
        ({NODES: 3, MACHINES: 50}, {NODES: 3, MACHINES: 50}, {}, "", ""),
        ({NODES: 3, MACHINES: 50}, {NODES: 3}, {}, "", ""),
        ({NODES: 3}, {NODES: 3, MACHINES: 0}, {}, "", ""),
        (
            {NODES: 3, MACHINES: 50},
            {NODES: 3, MACHINES: 60},
            {MACHINES: 60},
            "5.00",
            "it has 50 machines, its service asks for 60 machines",
        ),
        (
            {NODES: 3, MACHINES: 50},
            {NODES: 3, MACHINES: 0},
            {MACHINES: 0},
            "0.00",
            "it has 50 machines, its service asks for 0 machines",
        ),
        (
            {NODES: 3},
            {NODES: 4, MACHINES: 10},
            {NODES: 4, MACHINES: 10},
            "10.00",
            "it has 0 machines and 3 nodes, its service asks for 10 machines and 4 nodes",
        ),
    ],
)
def test_of_several_amounts_those_that_are_other_are_edited(
    has: dict[int, int], asked: dict[int, int], sent: dict[int, int], cost: str, because: str
) -> None:
    license = replace(BY_NODES, addons=tuple(sorted(has.items())))
    child = a_child(tariff=BUSINESS, amounts=tuple(sorted(asked.items())))
    decision = resize(child, license, facts(license, tariffs=PRICES))
    if not sent:
        assert decision is None
    else:
        assert decision is not None
        assert (dict(decision.child.amounts), decision.because) == (sent, because)
        assert decision.cost == euros(cost)


def test_nodes_without_a_known_price_are_held() -> None:
    license = replace(BY_NODES, period=12)
    decision = resize(a_child(tariff=BUSINESS, nodes=5), license, facts(license, tariffs=PRICES))
    assert decision is not None
    assert decision.held


def test_what_changes_the_license_itself_follows_each_other() -> None:
    child = a_child(tariff=BUSINESS, nodes=2, ip=ELSEWHERE)
    assert gist(the_changes(child, replace(OWN, addons=()))) == [
        (Action.CHANGE_TARIFF, "501", "16.00", False),
        (Action.MOVE, "501", None, False),
        (Action.EDIT, "501", "5.00", False),
    ]


def test_what_is_bought_for_another_address_is_right_in_everything() -> None:
    child = a_child(tariff=BUSINESS, nodes=2, ip=ELSEWHERE)
    rules = Rules(new_address=NewAddress.ORDER)
    assert gist(the_changes(child, FRESH, rules=rules)) == [
        (Action.ORDER, None, "25.00", False),
        (Action.SUSPEND, "501", None, False),
    ]


def test_a_change_without_a_price_holds_the_nodes_too() -> None:
    child = a_child(tariff=BUSINESS, nodes=2)
    assert gist(the_changes(child, OWN, rules=Rules(generation=Generation.FOUR))) == [
        (Action.CHANGE_TARIFF, "501", None, True)
    ]


@pytest.mark.parametrize(
    ("child", "fields"),
    [
        (replace(WANTS_PRO, status=Status.SUSPENDED), {}),
        (replace(WANTS_PRO, status=Status.PROCESSING), {}),
        (CHILD, {}),
        (WANTS_PRO, {"links": {}}),
        (WANTS_PRO, {"scope": Scope(link_only=True)}),
        (WANTS_PRO, {"scope": Scope(services=("13",))}),
        (WANTS_PRO, {"protected": frozenset({"501"})}),
        (WANTS_PRO, {"elsewhere": frozenset({CHILD.key})}),
        (WANTS_PRO, {"operations": [an_operation(action=Action.MOVE, license="501")]}),
    ],
    ids=[
        "suspended",
        "not up yet",
        "as asked for",
        "not linked",
        "link only",
        "out of scope",
        "protected",
        "at another remote",
        "under way",
    ],
)
def test_a_license_is_left_as_it_is(child: Child, fields: dict[str, Any]) -> None:
    assert the_changes(child, OWN, **fields) == []


@pytest.mark.parametrize("status", [Status.ORDERED, Status.PROCESSING, Status.DELETED])
def test_a_license_that_is_not_ready_is_left_as_it_is(status: Status) -> None:
    assert differing([WANTS_PRO], facts(replace(OWN, status=status), links=LINKS), Scope()) == []


def test_an_address_with_something_in_the_way_holds_the_change() -> None:
    theirs = a_license("502", ip=ELSEWHERE, tariff=PRO)
    (decision,) = the_changes(MOVED, OWN, theirs)
    assert (decision.action, decision.held, "license 502" in decision.because) == (Action.MOVE, True, True)


def test_its_own_license_is_in_nobodys_way() -> None:
    rules = Rules(use_existing=True)
    spare = a_spare(tariff=PRO, ip_changed=TODAY - timedelta(days=60))
    assert gist(the_changes(WANTS_PRO, OWN, spare, rules=rules)) == [
        (Action.TAKE, "601", None, False),
        (Action.RELEASE, "501", None, False),
    ]


def test_a_license_of_the_pool_that_serves_a_need_is_not_given_away_twice() -> None:
    needy = a_child("13", tariff=PRO)
    spare = a_spare(tariff=PRO)
    look = facts(OWN, spare, links=LINKS, tariffs=PRICES)
    plan = make_plan([needy, WANTS_PRO], look, Rules(use_existing=True), Scope())
    assert [(each.action, each.child.service) for each in plan.decisions] == [
        (Action.TAKE, "13"),
        (Action.CHANGE_TARIFF, "12"),
    ]


def test_what_a_change_costs_is_said_to_be_the_price_lists() -> None:
    plan = make_plan([WANTS_PRO], facts(OWN, links=LINKS, tariffs=PRICES), Rules(), Scope())
    assert plan.cost == (euros("4.10"),)
    assert "what the remote charges is not told beforehand" in plan.warnings[0]
    held = make_plan(
        [WANTS_PRO], facts(OWN, links=LINKS, tariffs=PRICES), Rules(generation=Generation.FOUR), Scope()
    )
    assert held.warnings == ()


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT])
def test_a_take_in_place_of_another_license_goes_on_whatever_its_license_shows(state: State) -> None:
    take = an_operation(WANTS_PRO, action=Action.TAKE, license="601", cost=None, replaces="501", state=state)
    spares = [a_spare(id, tariff=PRO) for id in ("601", "602")]
    look = facts(OWN, *spares, links=LINKS, tariffs=PRICES, operations=[take])
    (decision,) = make_plan([WANTS_PRO], look, Rules(), Scope()).decisions
    assert (decision.action, decision.license, decision.held) == (Action.TAKE, "601", False)
    assert (decision.replaces, decision.spares, decision.operation) == ("501", ("602",), 7)


def test_an_order_in_place_of_another_license_is_held_while_it_is_in_doubt() -> None:
    order = an_operation(MOVED, replaces="501")
    look = facts(OWN, links=LINKS, operations=[order])
    (decision,) = make_plan([MOVED], look, Rules(), Scope()).decisions
    assert (decision.action, decision.held, decision.in_doubt) == (Action.ORDER, True, True)
    absent = replace(look, operations=[replace(order, state=State.ABSENT)])
    (again,) = make_plan([MOVED], absent, Rules(), Scope()).decisions
    assert (again.held, again.replaces, again.operation) == (False, "501", 7)


@pytest.mark.parametrize(
    ("shown", "demand", "other"),
    [
        ({"addons": ((NODES, 2),)}, {}, True),
        ({"addons": ((NODES, 3),)}, {}, False),
        ({"addons": ((NODES, 2),)}, {"amounts": ()}, False),
        ({"addons": ((NODES, 2),)}, {"tariff": PRO}, False),
        ({"addons": ((NODES, 2),)}, {"wish": Wish.OFF}, False),
        ({"addons": ((7, 2),)}, {}, False),
        ({"addons": None}, {}, False),
    ],
)
def test_amounts_differ_where_both_sides_tell_them(shown: Any, demand: Any, other: bool) -> None:
    usual = {"wish": Wish.ON, "ip": "", "tariff": BUSINESS, "amounts": ((NODES, 3),)}
    linked = Linked(a_license(tariff=BUSINESS, **shown), Demand("12", "panel", **{**usual, **demand}))
    assert has_other_amounts(linked) == other
