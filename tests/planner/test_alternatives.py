"""What else was considered for a child, row by row of the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.needs.alternatives import NEAREST
from tests.planner.nouns import (
    BILLING,
    BUSINESS,
    ELSEWHERE,
    IP,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_spare,
    a_take,
    an_operation,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD, OTHER = a_child("12"), a_child("13")
RESTING = TODAY - timedelta(days=12)


def the_plan(
    *licenses: License, children: tuple[Child, ...] = (CHILD,), rules: Rules | None = None, **fields: Any
) -> tuple[Decision, ...]:
    return make_plan(children, facts(*licenses, **fields), rules or Rules(), Scope()).decisions


def considered(*licenses: License, **fields: Any) -> list[tuple[str, str]]:
    """Return what is told of the first decision: license, and why not."""
    return [(each.license, each.why_not) for each in the_plan(*licenses, **fields)[0].considered]


@pytest.mark.parametrize(
    ("license", "why_not"),
    [
        (
            a_spare(ip_changed=RESTING),
            f"its address changed on {RESTING}, it can be used from 2026-12-11",
        ),
        (a_spare(expires=TODAY), "it has expired"),
        (a_spare(tariff=PRO), "it is ispmanager 6 pro"),
        (a_spare(tariff=None, tariff_name="ispmanager 6 old"), "it is ispmanager 6 old"),
        (a_spare(remoteid=the_mark(OTHER, "twin"), expires=TODAY), "it has expired"),
    ],
)
def test_an_order_tells_why_a_license_of_the_pool_does_not_serve(license: License, why_not: str) -> None:
    assert considered(license) == [("601", why_not)]


@pytest.mark.parametrize(
    ("fields", "why_not"),
    [
        ({"refused": frozenset({"601"})}, "the remote refused to hand it out; it is tried again after a day"),
        ({"operations": [a_take(OTHER)]}, "operation 7 is about it"),
        ({"links": linked((OTHER, "601"))}, "it belongs to service 13 panel"),
        ({"protected": frozenset({"601"})}, "it is protected"),
    ],
)
def test_an_order_tells_who_else_is_after_a_license_of_the_pool(fields: dict[str, Any], why_not: str) -> None:
    assert considered(a_spare(), **fields) == [("601", why_not)]


def test_an_order_tells_who_gets_the_only_license_of_the_pool() -> None:
    take, order = the_plan(a_spare(), children=(CHILD, OTHER))
    assert (take.action, take.considered) == (Action.TAKE, ())
    (told,) = order.considered
    assert (order.action, told.license, told.why_not) == (Action.ORDER, "601", "service 12 panel gets it")


def test_a_take_tells_of_the_licenses_that_nobody_gets() -> None:
    pool = [
        a_spare("601"),
        a_spare("602", expires=TODAY + timedelta(days=5)),
        a_spare("603", expires=TODAY + timedelta(days=9), ip_changed=TODAY),
        a_spare("604", tariff=PRO),
    ]
    assert considered(*pool) == [
        ("603", f"its address changed on {TODAY}, it can be used from 2026-12-23"),
        ("602", "another one goes first"),
        ("604", "it is ispmanager 6 pro"),
    ]


@pytest.mark.parametrize(
    ("license", "told"),
    [
        (a_license(name=named_after("12"), ip=ELSEWHERE, tariff=PRO), "it is ispmanager 6 pro"),
        (
            a_license(name=named_after("12"), ip=ELSEWHERE, remoteid=the_mark(OTHER), tariff=PRO),
            "it bears the mark of service 13 panel",
        ),
        (
            a_license(remoteid=the_mark(CHILD, "twin"), name=named_after("12")),
            "it bears the mark of installation twin",
        ),
        (a_license(remoteid=the_mark(CHILD), tariff=PRO), "it is ispmanager 6 pro"),
    ],
)
def test_a_license_that_is_named_after_the_service_is_told_of(license: License, told: str) -> None:
    assert considered(license) == [("501", told)]


def test_a_license_that_serves_whoever_stands_on_its_address_says_so() -> None:
    license = a_license(name=named_after("12"), ip="203.0.113.13")
    order, link = the_plan(license, children=(CHILD, OTHER))
    assert (link.action, link.considered) == (Action.LINK, ())
    assert [(each.license, each.why_not) for each in order.considered] == [
        ("501", "service 13 panel gets it")
    ]


def test_what_is_held_tells_of_every_license_that_fits_alike() -> None:
    held = the_plan(a_license("501"), a_license("502"))[0]
    assert held.held
    assert {each.license: each.why_not for each in held.considered} == {
        "501": "it fits, and a person decides",
        "502": "it fits, and a person decides",
    }


def test_what_a_person_has_unlinked_says_so() -> None:
    assert considered(a_license(), unlinked=frozenset({"501"})) == [("501", "it was unlinked by hand")]


def test_what_is_held_by_an_obstacle_tells_nothing_of_the_pool() -> None:
    assert considered(a_license(tariff=PRO), a_spare(ip_changed=TODAY)) == [("501", "it is ispmanager 6 pro")]


@pytest.mark.parametrize(
    "licenses",
    [
        [a_license(), a_license("502", name=named_after("12"), tariff=PRO)],
        [a_license(tariff=BILLING)],
        [a_license(status=Status.DELETED)],
        [a_spare(tariff=BILLING)],
        [a_license(ip=ELSEWHERE)],
    ],
    ids=["of a child that is linked", "another product", "deleted", "another product's pool", "far away"],
)
def test_nothing_is_told_of_what_could_not_serve(licenses: list[License]) -> None:
    assert considered(*licenses) == []


def test_nothing_is_told_of_a_pool_that_is_not_used() -> None:
    assert considered(a_spare(ip_changed=TODAY), rules=Rules(reuse=Reuse.NEVER)) == []


def test_nothing_is_told_of_the_pool_when_an_order_is_sent_once_more() -> None:
    absent = an_operation(CHILD, state=State.ABSENT)
    assert considered(a_spare(ip_changed=TODAY), operations=[absent]) == []


def test_children_that_are_alike_are_told_the_same_of_a_large_pool() -> None:
    pool = [a_spare(str(n), ip_changed=TODAY) for n in range(600, 700)]
    orders = the_plan(*pool, children=(CHILD, OTHER, a_child("14", tariff=BUSINESS, nodes=2)))
    assert [len(each.considered) for each in orders] == [NEAREST] * 3
    assert orders[0].considered is orders[1].considered
    assert {each.why_not for each in orders[2].considered} == {"it is ispmanager 6 lite"}


def test_the_reasons_are_no_part_of_a_decision() -> None:
    with_pool, without = the_plan(a_spare(ip_changed=TODAY)), the_plan()
    assert with_pool == without
    assert with_pool[0].considered != without[0].considered
    assert IP in without[0].because
