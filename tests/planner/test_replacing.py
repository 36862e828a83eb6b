"""Replacing: when another license comes in place of one, and what becomes of the one that goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cpbillmgr.model.licenses import FREE_IP, License
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import NewAddress, Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.protection import unprotected
from cpbillmgr.planner.changes.replacing import may_take, must_order, order_instead, outlived, take_instead
from tests.planner.nouns import (
    BILLING,
    ELSEWHERE,
    PRO,
    TARIFFS,
    TODAY,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
    the_mark,
)

CHILD, MOVED = a_child(), a_child(ip=ELSEWHERE)
WANTS_PRO, WANTS_BILLING = a_child(tariff=PRO), a_child(tariff=BILLING)
RESTED = a_license(ip_changed=TODAY - timedelta(days=60))
FRESH = a_license(ip_changed=TODAY - timedelta(days=3))
NOWHERE = replace(FRESH, ip=FREE_IP)
USE = Rules(use_existing=True)
WAIT, SWAP, ORDER = (Rules(new_address=policy) for policy in NewAddress)
NEVER = Rules(reuse=Reuse.NEVER, use_existing=True)


@pytest.mark.parametrize(
    ("child", "license", "rules", "takes", "orders"),
    [
        (CHILD, RESTED, USE, False, False),
        (WANTS_BILLING, RESTED, SWAP, True, True),
        (WANTS_BILLING, FRESH, WAIT, True, True),
        (WANTS_BILLING, RESTED, NEVER, False, True),
        (WANTS_PRO, RESTED, SWAP, False, False),
        (WANTS_PRO, RESTED, USE, True, False),
        (WANTS_PRO, FRESH, USE, False, False),
        (WANTS_PRO, RESTED, NEVER, False, False),
        (replace(WANTS_PRO, ip=ELSEWHERE), FRESH, SWAP, True, False),
        (replace(WANTS_PRO, ip=ELSEWHERE), RESTED, USE, True, False),
        (replace(WANTS_PRO, ip=ELSEWHERE), RESTED, SWAP, False, False),
        (WANTS_PRO, replace(RESTED, tariff=None), USE, False, False),
        (MOVED, RESTED, ORDER, False, False),
        (MOVED, FRESH, WAIT, False, False),
        (MOVED, FRESH, SWAP, True, False),
        (MOVED, FRESH, ORDER, True, True),
        (MOVED, NOWHERE, WAIT, True, True),
        (MOVED, replace(NOWHERE, ip_changed=None), WAIT, False, False),
    ],
)
def test_another_one_is_taken_or_ordered_as_the_tables_say(
    child: Child, license: License, rules: Rules, takes: bool, orders: bool
) -> None:
    look = facts(license)
    assert may_take(child, license, look, rules) is takes
    assert must_order(child, license, look, rules) is orders


def test_what_the_remote_has_found_too_early_may_not_move_whatever_its_dates_say() -> None:
    look = facts(RESTED, moved_too_early=frozenset({"501"}))
    assert may_take(MOVED, RESTED, look, SWAP)
    assert not may_take(WANTS_PRO, RESTED, look, USE)


def test_a_take_in_place_tells_what_it_replaces_and_has_a_mark_of_its_own() -> None:
    own = replace(RESTED, remoteid=the_mark(CHILD))
    decision = take_instead(WANTS_PRO, own, ["601", "602"], "wanted", facts(own), USE)
    assert decision == Decision(
        Action.TAKE,
        WANTS_PRO,
        "wanted; license 601 of the pool takes the place of 501",
        license="601",
        remoteid=the_mark(CHILD, generation=2),
        spares=("602",),
        replaces="501",
    )


@pytest.mark.parametrize(("used", "generation"), [({}, 1), ({CHILD.key: 4}, 5)])
def test_an_order_in_place_costs_its_price_and_is_held_without_one(
    used: dict[Any, int], generation: int
) -> None:
    look = facts(RESTED, generations=used)
    decision = order_instead(WANTS_BILLING, RESTED, "wanted", look, USE)
    assert (decision.cost, decision.replaces, decision.held) == (
        TARIFFS[BILLING].prices[1],
        "501",
        False,
    )
    assert decision.remoteid == the_mark(CHILD, generation=generation)
    unknown = order_instead(replace(WANTS_BILLING, period=12), RESTED, "wanted", look, USE)
    assert (unknown.held, unknown.cost, unknown.replaces) == (True, None, "501")


def the_outlived(license: License, rules: Rules | None = None, **fields: Any) -> list[tuple[Action, str]]:
    look = facts(license, replaced={"501": CHILD.key}, **fields)
    found = outlived(look, {CHILD.key: (3, 31)}, rules or Rules())
    assert all(each.license == "501" for each in found)
    return [(each.action, each.child.service) for each in found]


@pytest.mark.parametrize(
    ("license", "action"),
    [
        (RESTED, Action.RELEASE),
        (NOWHERE, Action.RELEASE),
        (FRESH, Action.SUSPEND),
        (replace(FRESH, status=Status.SUSPENDED), None),
        (replace(RESTED, tariff_name="ispmanager 6 trial"), Action.DELETE),
        (replace(RESTED, status=Status.DELETED), None),
        (replace(RESTED, status=Status.PROCESSING), None),
        (a_spare("501"), None),
        (replace(RESTED, id="502"), None),
    ],
)
def test_what_is_replaced_is_given_up(license: License, action: Action | None) -> None:
    assert the_outlived(license) == ([] if action is None else [(action, "license:501")])


def test_what_is_replaced_waits_while_the_remote_finds_it_too_early() -> None:
    early = frozenset({"501"})
    assert the_outlived(RESTED, moved_too_early=early) == [(Action.SUSPEND, "license:501")]
    assert the_outlived(replace(RESTED, status=Status.SUSPENDED), moved_too_early=early) == []


def test_what_is_replaced_is_deleted_where_it_may_not_be_reused() -> None:
    assert the_outlived(RESTED, Rules(reuse=Reuse.NEVER)) == [(Action.DELETE, "license:501")]
    assert the_outlived(RESTED, Rules(reuse_prices=frozenset({31}))) == [(Action.RELEASE, "license:501")]
    assert the_outlived(RESTED, Rules(reuse_prices=frozenset({32}))) == [(Action.DELETE, "license:501")]


def test_what_is_replaced_is_left_alone_while_an_operation_of_it_is_open() -> None:
    busy = an_operation(a_child("license:501"), action=Action.RELEASE, license="501")
    assert the_outlived(RESTED, operations=[busy]) == []


def test_a_protected_license_is_not_replaced() -> None:
    look = facts(RESTED, links=linked((CHILD, "501")), protected=frozenset({"501"}))
    assert unprotected([take_instead(WANTS_PRO, RESTED, ["601"], "", look, USE)], look) == ()
