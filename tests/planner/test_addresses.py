"""What ``checkevent`` does for services on another address than their license: what costs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import NewAddress, Rules
from cpbillmgr.model.services import Child, Demand, Wish
from cpbillmgr.planner.changes.following import Standing, resting, sharing
from cpbillmgr.planner.needs.addresses import follow_addresses, misplaced
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    IP,
    NODES,
    NOW,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_spare,
    facts,
    linked,
)

CHILD = a_child(ip=ELSEWHERE)
LINKS = linked((CHILD, "501"))
OWN = a_license(ip_changed=TODAY - timedelta(days=60))
FRESH = replace(OWN, ip_changed=TODAY - timedelta(days=3))
SPARE = a_spare(ip_changed=TODAY - timedelta(days=60))
DEMAND = Demand(*CHILD.key, Wish.ON, ELSEWHERE)


def standing(demand: Demand = DEMAND, **fields: Any) -> Standing:
    return Standing(**{"demands": {demand.key: demand}, "shared": {demand.key: IP}, **fields})


@pytest.mark.parametrize(
    ("licenses", "stands", "policy", "asked"),
    [
        ([OWN], standing(), NewAddress.WAIT, True),
        ([OWN], standing(replace(DEMAND, wish=Wish.OFF)), NewAddress.SWAP, False),
        ([OWN], standing(replace(DEMAND, ip="")), NewAddress.SWAP, False),
        ([OWN], standing(replace(DEMAND, ip=IP)), NewAddress.SWAP, False),
        ([OWN], standing(shared={}), NewAddress.SWAP, False),
        ([OWN], standing(shared={CHILD.key: ELSEWHERE}), NewAddress.SWAP, False),
        (
            [OWN],
            standing(tries={("501", Action.MOVE): Tries(10, NOW, "value", "refused", 7)}),
            NewAddress.SWAP,
            False,
        ),
        ([FRESH], standing(), NewAddress.SWAP, False),
        ([FRESH, SPARE], standing(), NewAddress.SWAP, True),
        ([FRESH, SPARE], standing(), NewAddress.ORDER, True),
        ([FRESH, SPARE], standing(), NewAddress.WAIT, False),
        ([FRESH, replace(SPARE, tariff=PRO)], standing(), NewAddress.SWAP, False),
    ],
)
def test_a_misplaced_license_is_one_for_which_something_may_be_done(
    licenses: list[License], stands: Standing, policy: NewAddress, asked: bool
) -> None:
    look = facts(*licenses, links=LINKS)
    found = misplaced(resting(look, stands), look, stands, Rules(new_address=policy))
    assert [each.license.id for each in found] == (["501"] if asked else [])


def the_changes(child: Child, *licenses: License, rules: Rules | None = None) -> list[Decision]:
    look, stands = facts(*licenses, links=LINKS), standing()
    lost = misplaced(resting(look, stands), look, stands, rules or Rules())
    return follow_addresses(lost, [child, a_child("13", tariff=PRO)], (), look, rules or Rules())


def test_it_moves_or_makes_room_for_one_of_the_pool() -> None:
    assert [each.action for each in the_changes(CHILD, OWN)] == [Action.MOVE]
    assert [(each.action, each.license) for each in the_changes(CHILD, FRESH, SPARE)] == [
        (Action.TAKE, "601"),
        (Action.SUSPEND, "501"),
    ]


def test_nothing_that_costs_money_is_done() -> None:
    tired = replace(SPARE, ip_changed=TODAY)
    assert the_changes(CHILD, FRESH, tired, rules=Rules(new_address=NewAddress.ORDER)) == []
    assert the_changes(replace(CHILD, tariff=PRO), OWN) == []
    by_nodes = replace(OWN, tariff=BUSINESS, addons=((NODES, 1),))
    changes = the_changes(replace(CHILD, tariff=BUSINESS, amounts=((NODES, 3),)), by_nodes)
    assert [each.action for each in changes] == [Action.MOVE]


def test_an_address_is_shared_when_both_are_seen_on_it_and_that_is_news() -> None:
    look = facts(OWN, links=LINKS)
    there = standing(replace(DEMAND, ip=IP), shared={})
    assert sharing(resting(look, there), there) == {"501": IP}
    assert sharing(resting(look, standing(replace(DEMAND, ip=IP))), standing()) == {}
    assert sharing(resting(look, standing()), standing()) == {}
