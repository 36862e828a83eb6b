"""What was paid for a need that another license serves goes into the pool; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cpbillmgr.model.catalogue import TRIAL
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License, Link
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.matching import forms_to_read
from cpbillmgr.planner.changes.surplus import surplus
from tests.planner.nouns import (
    LITE,
    PRO,
    a_child,
    a_license,
    a_take,
    an_operation,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD = a_child()
OURS = a_license("501", remoteid=the_mark(CHILD))
LATE = a_license("502", remoteid=the_mark(CHILD), ip="198.51.100.7")


def released(*licenses: License, **more: Any) -> list[str | None]:
    look = facts(*licenses, **{"links": linked((CHILD, "501")), **more})
    return [decision.license for decision in surplus(look, Rules())]


def test_a_second_license_with_the_mark_of_a_served_child_is_released() -> None:
    look = facts(OURS, LATE, links=linked((CHILD, "501")))
    (decision,) = surplus(look, Rules())
    assert (decision.action, decision.license, decision.cost) == (Action.RELEASE, "502", None)
    assert decision.child.key != CHILD.key, "the service's own operations are not in its way"
    assert decision.because == "it was bought for service 12, which has license 501 already"


def test_a_license_with_the_mark_of_a_child_that_is_served_elsewhere_is_released() -> None:
    look = facts(LATE, kept_elsewhere={CHILD.key: Link("away", "801", *CHILD.key)})
    (decision,) = surplus(look, Rules())
    assert decision.because == "it was bought for service 12, which has license 801 at remote away already"
    unread = replace(LATE, name=CHILD.license_name, remoteid=None)
    assert forms_to_read([], replace(look, licenses={"502": unread})) == ["502"]


def test_the_very_license_under_the_name_of_another_remote_is_not_released() -> None:
    look = facts(LATE, kept_elsewhere={CHILD.key: Link("twin", LATE.id, *CHILD.key)})
    assert surplus(look, Rules()) == []


@pytest.mark.parametrize(
    "license",
    [
        replace(LATE, remoteid=""),
        replace(LATE, remoteid=None),
        replace(LATE, remoteid="a17"),
        replace(LATE, remoteid=the_mark(CHILD, "other")),
        replace(LATE, remoteid=the_mark(a_child("13"))),
        replace(LATE, status=Status.DELETED),
        replace(LATE, status=Status.PROCESSING),
        replace(LATE, status=Status.ORDERED),
        replace(LATE, name=FREE_NAME, ip=FREE_IP),
        replace(LATE, period=TRIAL, length=TRIAL),
    ],
    ids=[
        "no mark",
        "form not read",
        "foreign",
        "another installation's",
        "a child's without a license",
        "deleted",
        "processing",
        "in the cart",
        "in the pool",
        "trial",
    ],
)
def test_any_other_license_is_left_alone(license: License) -> None:
    assert released(OURS, license) == []


def test_what_is_linked_or_has_an_open_operation_is_in_use() -> None:
    other = a_child("13")
    assert released(OURS, LATE, links=linked((CHILD, "501"), (other, "502"))) == []
    assert released(OURS, LATE, operations=[a_take(other, "502")]) == []


def test_what_was_unlinked_by_hand_is_left_alone() -> None:
    assert released(OURS, LATE, unlinked=frozenset({"502"})) == []


@pytest.mark.parametrize("gone", [[], [replace(OURS, status=Status.DELETED)]])
def test_nothing_is_released_while_the_linked_license_is_not_there(gone: list[License]) -> None:
    assert released(*gone, LATE) == []


@pytest.mark.parametrize("status", Status)
def test_what_is_paid_is_not_released_while_the_linked_license_waits_in_the_cart(status: Status) -> None:
    is_served = status not in (Status.ORDERED, Status.DELETED)
    assert released(replace(OURS, status=status), LATE) == (["502"] if is_served else [])


# Generation 4 has no remote id: what an order has asked for tells what it has bought.
GIVEN_UP = an_operation(CHILD, tariff=LITE, ip="198.51.100.7", state=State.FAILED)
NAMED = a_license("502", remoteid="", name=named_after("12"), ip="198.51.100.7")
SERVED = a_license("501", remoteid="", name=named_after("12"))


def released_by_name(license: License, **more: Any) -> list[str | None]:
    more = {"links": linked((CHILD, "501")), "given_up": [GIVEN_UP], **more}
    return [decision.license for decision in surplus(facts(SERVED, license, **more), Rules())]


def test_in_generation_4_what_a_given_up_order_has_bought_is_told_by_name_tariff_and_address() -> None:
    assert released_by_name(NAMED) == ["502"]
    assert released_by_name(replace(NAMED, name="Item #12 addon renamed")) == ["502"]


@pytest.mark.parametrize(
    ("license", "more"),
    [
        (NAMED, {"given_up": []}),
        (NAMED, {"links": {}}),
        (replace(NAMED, name=named_after("13")), {}),
        (replace(NAMED, name="somebody's"), {}),
        (replace(NAMED, ip="198.51.100.8"), {}),
        (replace(NAMED, tariff=PRO), {}),
        (replace(NAMED, status=Status.DELETED), {}),
        (replace(NAMED, length=TRIAL), {}),
        (NAMED, {"links": linked((CHILD, "501"), (a_child("13"), "502"))}),
    ],
)
def test_in_generation_4_a_name_alone_makes_no_license_ours(license: License, more: dict[str, Any]) -> None:
    assert released_by_name(license, **more) == []
