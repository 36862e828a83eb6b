"""Settling: how the facts are, and what is told, once settlements are written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner.settling import Settlement, Verdict, settle, settled, settled_notes
from tests.planner.nouns import (
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
