"""Which of several remotes a license is bought from, and what the next may be asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.errors import (
    AccessDenied,
    AlreadyExists,
    ConfigInvalid,
    CpbillmgrError,
    LimitReached,
    LoginRefused,
    MaybeDone,
    NotEnoughMoney,
    StateUnusable,
    Unreachable,
)
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.choosing import Seller, check_accounts, may_go_on, share_out, take_over, together
from cpbillmgr.planner.fixchilds import make_plan
from tests.planner.nouns import (
    ELSEWHERE,
    LITE,
    PRO,
    TARIFFS,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
    the_mark,
)

CHILD = a_child()
KEY = CHILD.key
EVERYBODY = Scope()
UNPRICED = {**TARIFFS, LITE: Tariff(LITE, "ispmanager 6 lite", {12: Money(Decimal(40), "EUR")})}


def a_seller(name: str, *licenses: License, children: tuple[Any, ...] = (CHILD,), **fields: Any) -> Seller:
    own = [replace(child, remote=name) for child in children]
    there = [replace(license, remote=name) for license in licenses]
    return Seller(own, facts(*there, remote=name, **fields), Rules())


def served_by(*sellers: Seller, scope: Scope = EVERYBODY) -> list[str]:
    """Return the remotes that decide about service 12 once the children are shared out."""
    return [own.remote for own in share_out(sellers, scope) if KEY not in own.elsewhere]


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ({}, {}, "first"),
        ({"children": ()}, {}, "second"),
        ({"elsewhere": frozenset({KEY})}, {"links": linked((CHILD, "1")), "there": a_license("1")}, "second"),
        ({"elsewhere": frozenset({KEY})}, {"operations": [an_operation(CHILD)]}, "second"),
        ({}, {"there": a_license("1")}, "second"),
        (
            {"there": a_spare()},
            {"there": a_license("1", ip=ELSEWHERE, remoteid=the_mark(CHILD))},
            "second",
        ),
        ({"there": a_license("1")}, {"there": a_license("2")}, "first"),
        ({}, {"there": a_license("1", tariff=PRO)}, "second"),
        ({"there": a_license("1", tariff=PRO)}, {"there": a_license("2")}, "second"),
        ({}, {"there": a_spare()}, "first"),
        ({"tariffs": UNPRICED}, {}, "second"),
        ({"tariffs": UNPRICED}, {"tariffs": UNPRICED}, "first"),
        ({"tariffs": UNPRICED, "there": a_license("1", tariff=PRO)}, {}, "first"),
    ],
    ids=[
        "both can sell it",
        "the first cannot",
        "it has a license at the second",
        "an order is under way at the second",
        "its license stands at the second",
        "its mark is at the second, though the first has a pool",
        "licenses stand at both",
        "another license is in the way at the second",
        "its license goes before what is in the way",
        "the pool of the second is not used before the first",
        "the first tells no price",
        "nobody tells a price",
        "what is in the way goes before a price",
    ],
)
def test_each_child_is_served_by_one_remote(first: dict[str, Any], second: dict[str, Any], by: str) -> None:
    sellers = [
        a_seller(name, *([there] if (there := fields.pop("there", None)) else []), **fields)
        for name, fields in (("first", dict(first)), ("second", dict(second)))
    ]
    assert served_by(*sellers) == [by]


def test_what_one_remote_alone_is_asked_for_stays_as_it_is() -> None:
    seller = a_seller("first")
    assert share_out([seller], EVERYBODY) == [seller.facts]


def test_where_nothing_is_bought_one_remote_alone_tells_who_stays_without() -> None:
    scope = Scope(link_only=True)
    assert served_by(a_seller("first"), a_seller("second"), scope=scope) == ["first"]


def test_plans_are_one_plan_in_which_everybody_is_counted_once() -> None:
    children = tuple(a_child(str(number)) for number in (12, 13, 14, 15))
    there = a_license("1", ip="203.0.113.13")
    sellers = [
        a_seller("first", there, children=children, links=linked((children[1], "1"))),
        a_seller("second", children=children[:3], elsewhere=frozenset({children[1].key})),
    ]
    shared = [
        replace(seller, facts=own) for seller, own in zip(sellers, share_out(sellers, EVERYBODY), strict=True)
    ]
    plans = [
        replace(make_plan(each.children, each.facts, each.rules, EVERYBODY), warnings=("beware",))
        for each in shared
    ]
    plan = together(plans)
    assert [(each.child.remote, each.child.service) for each in plan.to_do] == [
        ("first", "12"),
        ("first", "14"),
        ("first", "15"),
    ]
    assert (plan.in_sync, plan.warnings) == (1, ("first: beware", "second: beware"))


def test_the_plan_of_one_remote_is_the_plan() -> None:
    plan = Plan("first", in_sync=7, warnings=("beware",))
    assert together([plan]) is plan


@pytest.mark.parametrize(
    ("action", "outcome", "error", "goes_on"),
    [
        (Action.ORDER, Outcome.FAILED, NotEnoughMoney("none"), True),
        (Action.ORDER, Outcome.FAILED, AccessDenied("no"), True),
        (Action.ORDER, Outcome.FAILED, Unreachable("away"), True),
        (Action.ORDER, Outcome.FAILED, LoginRefused("no"), True),
        (Action.TAKE, Outcome.FAILED, AccessDenied("no"), True),
        (Action.ORDER, Outcome.SKIPPED, None, True),
        (Action.ORDER, Outcome.FAILED, AlreadyExists("there is one"), False),
        (Action.ORDER, Outcome.FAILED, LimitReached("too dear"), False),
        (Action.ORDER, Outcome.FAILED, StateUnusable("full"), False),
        (Action.ORDER, Outcome.IN_DOUBT, MaybeDone("lost"), False),
        (Action.ORDER, Outcome.HELD, None, False),
        (Action.ORDER, Outcome.DONE, None, False),
        (Action.RELEASE, Outcome.FAILED, AccessDenied("no"), False),
        (Action.RELEASE, Outcome.SKIPPED, None, False),
    ],
)
def test_only_what_has_certainly_not_happened_goes_on(
    action: Action, outcome: Outcome, error: CpbillmgrError | None, *, goes_on: bool
) -> None:
    assert may_go_on(Row(Decision(action, CHILD, "why"), outcome, error=error)) is goes_on


def test_what_was_refused_is_given_beside_what_the_next_gives_anyway() -> None:
    own, refused, strange = a_child("11"), a_child("12"), a_child("13")
    seller = a_seller(
        "second",
        a_spare("601"),
        children=(refused, own, strange),
        elsewhere=frozenset({refused.key, strange.key}),
    )
    plan = make_plan(seller.children, seller.facts, seller.rules, EVERYBODY)
    assert [(each.action, each.license) for each in plan.to_do] == [(Action.TAKE, "601")]
    (decision,) = take_over(seller, plan, {refused.key: "the first has refused"})
    assert (decision.action, decision.child.service) == (Action.ORDER, "12")
    assert decision.because.startswith("the first has refused; ")


def test_what_the_next_cannot_sell_it_is_not_asked_for() -> None:
    seller = a_seller("second", tariffs=UNPRICED, elsewhere=frozenset({KEY}))
    assert take_over(seller, Plan("second"), {KEY: "the first has refused"}) == ()
    assert take_over(a_seller("second", children=()), Plan("second"), {KEY: "so has the first"}) == ()


def test_the_same_license_at_two_remotes_means_that_they_are_one_account() -> None:
    there, free = a_license("1"), a_spare("2")
    with pytest.raises(ConfigInvalid, match="remotes one and two both list license 1"):
        check_accounts([facts(there, remote="one"), facts(there, remote="two")])
    check_accounts(
        [facts(there, free, remote="one"), facts(a_license("1", ip=ELSEWHERE), free, remote="two")]
    )
