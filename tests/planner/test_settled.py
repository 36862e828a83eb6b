"""Settling: how the facts are, and what is told, once settlements are written down."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.changes.settling import (
    Settlement,
    Verdict,
    check_may_close,
    ended_change,
    paid_for,
    settle,
    settled,
    settled_notes,
)
from tests.planner.nouns import (
    EUROS,
    a_child,
    a_license,
    a_spare,
    a_take,
    an_operation,
    facts,
    linked,
    the_mark,
)

RULES = Rules()
ORDER, TAKE = an_operation(), a_take()
MARK = the_mark(a_child())


@pytest.mark.parametrize(
    ("operation", "verdict", "license", "state", "links"),
    [
        (ORDER, Verdict.FOUND, "501", None, linked((a_child(), "501"))),
        (TAKE, Verdict.GO_ON, "601", State.IN_DOUBT, {}),
        (replace(TAKE, state=State.SENT), Verdict.GO_ON, "601", State.SENT, {}),
        (replace(ORDER, state=State.PLANNED), Verdict.NEVER_SENT, None, None, {}),
        (replace(TAKE, state=State.PLANNED), Verdict.NEVER_SENT, None, None, {}),
        (replace(ORDER, state=State.SENT), Verdict.ABANDONED, None, State.SENT, {}),
        (ORDER, Verdict.WAIT, None, State.IN_DOUBT, {}),
        (ORDER, Verdict.MISSED, None, State.IN_DOUBT, {}),
        (ORDER, Verdict.ABSENT, None, State.ABSENT, {}),
        (TAKE, Verdict.ABSENT, None, None, {}),
        (ORDER, Verdict.MANUAL, None, State.IN_DOUBT, {}),
    ],
)
def test_the_facts_are_as_the_settlements_leave_them(
    operation: Operation,
    verdict: Verdict,
    license: str | None,
    state: State | None,
    links: dict[tuple[str, str], str],
) -> None:
    look = facts(a_license("501"), a_spare("601"), operations=[operation])
    found = look.licenses[license] if license else None
    after = settled(look, [Settlement(operation, verdict, "as seen", found)])
    still_open = [] if state is None else [replace(operation, state=state, error="as seen")]
    assert after == replace(look, links=links, operations=still_open)


def test_what_is_settled_leaves_the_links_of_others_alone() -> None:
    links = linked((a_child("13"), "502"))
    look = facts(a_license(remoteid=MARK), operations=[ORDER], links=links)
    after = settled(look, settle(look, RULES))
    assert after.links == {**links, **linked((a_child(), "501"))}
    assert look.links == links


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.FOUND, True),
        (Verdict.ABSENT, True),
        (Verdict.MANUAL, True),
        (Verdict.GO_ON, False),
        (Verdict.NEVER_SENT, False),
        (Verdict.ABANDONED, False),
        (Verdict.WAIT, False),
        (Verdict.MISSED, False),
    ],
)
def test_an_end_that_is_known_now_or_that_a_person_decides_is_told(verdict: Verdict, told: bool) -> None:
    note = f"operation 7 of service 12 was settled as {verdict}: as seen"
    assert settled_notes([Settlement(ORDER, verdict, "as seen")]) == ((note,) if told else ())


def test_a_change_that_is_found_links_no_license_that_was_not_linked() -> None:
    operation = replace(ORDER, action=Action.MOVE, license="501")
    look = facts(a_license(), operations=[operation])
    after = settled(look, [Settlement(operation, Verdict.FOUND, "as seen", a_license())])
    assert (after.links, after.operations) == ({}, [])


@pytest.mark.parametrize(
    ("cost", "status", "paid"),
    [
        (EUROS[1], Status.ACTIVE, EUROS[1]),
        (EUROS[1], Status.PROCESSING, EUROS[1]),
        (EUROS[1], Status.ORDERED, Money(Decimal(0), "EUR")),
        (None, Status.ACTIVE, None),
        (None, Status.ORDERED, None),
    ],
)
def test_nothing_is_paid_yet_for_what_waits_in_the_cart(
    cost: Money | None, status: Status, paid: Money | None
) -> None:
    assert paid_for(replace(ORDER, cost=cost), a_license(status=status)) == paid


RENEWAL = replace(ORDER, action=Action.RENEW, license="501")


@pytest.mark.parametrize(
    ("operation", "verdict", "has_ended"),
    [
        (RENEWAL, Verdict.FOUND, True),
        (RENEWAL, Verdict.WAIT, False),
        (RENEWAL, Verdict.ABSENT, False),
        (replace(RENEWAL, license="502"), Verdict.FOUND, False),
        (replace(RENEWAL, action=Action.MOVE), Verdict.FOUND, False),
    ],
)
def test_a_change_has_ended_when_this_look_shows_it(
    operation: Operation, verdict: Verdict, has_ended: bool
) -> None:
    others = Settlement(ORDER, Verdict.FOUND, "license 502 carries its mark", a_license("502"))
    settlements = [others, Settlement(operation, verdict, "license 501 shows it", a_license())]
    told = "operation 7 has done it: license 501 shows it"
    expected = Decision(Action.RENEW, operation.child, told, license="501") if has_ended else None
    assert ended_change(settlements, "501", Action.RENEW) == expected


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.PLANNED, None),
        (State.ABSENT, None),
        (State.MANUAL, None),
        (State.SENT, "operation 7 may have been paid, so nobody can close it by a word"),
        (State.IN_DOUBT, "operation 7 may have been paid, so nobody can close it by a word"),
        (State.DONE, "operation 7 is done already"),
        (State.FAILED, "operation 7 is failed already"),
    ],
)
def test_a_person_may_close_what_was_surely_not_paid_or_waits_for_a_person(
    state: State, told: str | None
) -> None:
    operation = replace(ORDER, state=state)
    if told is None:
        check_may_close(operation)
    else:
        with pytest.raises(UsageWrong, match=told):
            check_may_close(operation)
