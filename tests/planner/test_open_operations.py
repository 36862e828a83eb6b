"""``fixchilds``: what a child gets while an operation of it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.fixchilds import make_plan
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    EUROS,
    IP,
    NODES,
    PRO,
    a_child,
    a_license,
    a_spare,
    a_take,
    an_operation,
    facts,
    named_after,
    the_mark,
)

CHILD = a_child("12")
SUSPENDED = a_child("12", status=Status.SUSPENDED)
MARK = the_mark(CHILD)
RULES = Rules()
WHOLE, LINK_ONLY = Scope(), Scope(link_only=True)
ABSENT = an_operation(CHILD, state=State.ABSENT, error="two lists lack it")


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


@pytest.mark.parametrize("state", [State.PLANNED, State.SENT, State.IN_DOUBT, State.MANUAL])
def test_an_open_operation_holds_its_child(state: State) -> None:
    """Even when a license seems to be its: the operation is settled first."""
    operation = an_operation(CHILD, state=state, error="the connection was cut")
    for licenses in ((), (a_spare(),), (a_license(),)):
        decision = the_decision(*licenses, operations=[operation])
        assert (decision.action, decision.held, decision.operation) == (Action.ORDER, True, operation.id)
        assert decision.because == f"operation 7 is {state}: the connection was cut"
        assert decision.in_doubt is (state in (State.SENT, State.IN_DOUBT))


def test_an_operation_without_an_error_is_told_as_not_known_yet() -> None:
    decision = the_decision(operations=[an_operation(CHILD)])
    assert decision.because == "operation 7 is in doubt: its end is not known yet"


def test_an_absent_order_is_sent_once_more_with_the_same_mark() -> None:
    operation = replace(ABSENT, remoteid=the_mark(CHILD, generation=4))
    decision = the_decision(operations=[operation], generations={CHILD.key: 8})
    assert decision == Decision(
        Action.ORDER,
        CHILD,
        "order 7 never arrived: two lists lack it",
        cost=EUROS[1],
        remoteid=operation.remoteid,
        operation=7,
    )


@pytest.mark.parametrize(
    "wish",
    [{"tariff": PRO}, {"period": 12}, {"ip": ELSEWHERE}, {"tariff": BUSINESS, "amounts": ((NODES, 5),)}],
    ids=["tariff", "period", "address", "nodes"],
)
def test_an_absent_order_of_something_else_is_held(wish: dict[str, Any]) -> None:
    asked = a_child(tariff=BUSINESS, nodes=1) if "amounts" in wish else CHILD
    child = replace(CHILD, **wish)
    decision = the_decision(children=(child,), operations=[an_operation(asked, state=State.ABSENT)])
    assert decision.held
    assert decision.because == "operation 7 asked for something else and is still open"


@pytest.mark.parametrize(
    "license",
    [a_license(), a_license(tariff=PRO), a_license(status=Status.PROCESSING)],
    ids=["bought by a person meanwhile", "of another tariff", "not ready yet"],
)
def test_an_absent_order_is_not_sent_again_where_a_license_stands_by_now(license: License) -> None:
    assert the_plan(license, operations=[ABSENT]).count(Action.ORDER) == 0


def test_an_absent_order_is_not_sent_again_where_services_share_the_address_by_now() -> None:
    plan = the_plan(children=(CHILD, a_child("13", ip=IP)), operations=[ABSENT])
    assert plan.count(Action.ORDER) == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"scope": LINK_ONLY},
        {"children": (SUSPENDED,), "rules": Rules(no_fix_suspended=True)},
    ],
    ids=["--link-only", "NoFixSuspended"],
)
def test_an_absent_order_is_not_sent_again_where_nothing_may_be_bought(asked: dict[str, Any]) -> None:
    assert the_plan(operations=[ABSENT], **asked).count(Action.ORDER) == 0


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT])
def test_a_take_whose_license_bears_our_name_goes_on(state: State) -> None:
    operation = a_take(CHILD, "601", state=state)
    license = a_license("601", name=named_after("12"), status=Status.SUSPENDED)
    assert the_decision(license, operations=[operation]) == Decision(
        Action.TAKE, CHILD, "license 601 bears its name already", license="601", remoteid=MARK, operation=7
    )


@pytest.mark.parametrize(
    "licenses", [(a_spare("601"),), (), (a_license("601", name=named_after("12"), ip=ELSEWHERE),)]
)
def test_a_take_whose_license_does_not_bear_our_name_is_held(licenses: tuple[License, ...]) -> None:
    decision = the_decision(*licenses, operations=[a_take(CHILD, "601", error="cut")])
    assert (decision.action, decision.held, decision.license) == (Action.TAKE, True, "601")


def test_another_childs_operation_holds_nobody_else() -> None:
    operations = [an_operation(a_child("13"))]
    assert not the_decision(operations=operations).held


def test_a_held_decision_tells_what_the_open_operation_costs() -> None:
    assert the_decision(operations=[an_operation(CHILD)]).cost == EUROS[1]


def test_a_take_that_waits_for_a_person_is_held_though_its_license_bears_our_name() -> None:
    operation = a_take(CHILD, "601", state=State.MANUAL, error="putting back was refused")
    decision = the_decision(a_license("601", name=named_after("12")), operations=[operation])
    assert (decision.held, decision.in_doubt) == (True, False)
    assert decision.because == "operation 7 is manual: putting back was refused"


def test_only_a_take_goes_on_by_the_name_of_its_license() -> None:
    """A renewal costs money, so it is held even where the license, which no link holds, has its name."""
    operation = an_operation(CHILD, action=Action.RENEW, license="501", name="web12")
    assert the_decision(a_license(name="web12"), operations=[operation]).held


def test_a_license_that_is_linked_names_the_childs_own_order_that_never_arrived() -> None:
    """So that it can be closed; another child's stays as it is."""
    others = an_operation(a_child("13"), id=6, state=State.ABSENT)
    assert the_decision(a_license(), operations=[others, ABSENT]) == Decision(
        Action.LINK, CHILD, "license 501 is already paid for 203.0.113.12", license="501", operation=7
    )
    assert the_decision(a_license(), operations=[others]).operation is None


def test_a_match_that_is_not_clear_names_the_order_that_never_arrived_too() -> None:
    decision = the_decision(a_license("501"), a_license("502"), operations=[ABSENT])
    assert (decision.action, decision.held, decision.operation) == (Action.LINK, True, 7)


def test_an_order_that_is_sent_once_more_keeps_no_license_of_the_pool_from_others() -> None:
    plan = the_plan(a_spare(), children=(CHILD, a_child("13")), operations=[ABSENT])
    assert [decision.action for decision in plan.decisions] == [Action.ORDER, Action.TAKE]
