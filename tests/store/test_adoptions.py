"""Adoptions: licenses taken over, and given back, each time all or none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable, UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.store.state import State
from tests.store.nouns import CHILD, LATER, LITE, NOW

LINK = Link("isp", "501", "12", "panel")
LINKS = [(LINK, "the file says so"), (Link("isp", "502", "13", "panel"), "the file says so")]


@pytest.fixture(autouse=True)
def seen(state: State) -> None:
    state.sightings.record("isp", [replace(LITE, id=id) for id in ("501", "502", "503")], NOW)


def adopt(state: State, *links: tuple[Link, str]) -> int:
    return state.adoptions.adopt(links or LINKS, remote="isp", run="license adopt", at=NOW)


def dump(state: State) -> list[str]:
    """Return the whole state as text, but for the record of adoptions."""
    return [line for line in state.database.iterdump() if '"adoption"' not in line]


def test_an_adoption_is_links_like_any_other_and_has_a_number(state: State, path: Path) -> None:
    number = adopt(state)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.links.all("isp") == {("12", "panel"): "501", ("13", "panel"): "502"}
        assert reader.adoptions.links_of(number) == [link for link, _ in LINKS]


def test_undone_the_state_is_as_it_was_before(state: State) -> None:
    state.links.link([(LINK, "by hand")], NOW)
    state.links.unlink_by_hand("isp", "501", NOW)
    before = dump(state)
    number = adopt(state)
    assert dump(state) != before
    assert state.adoptions.undo(number, LATER) == [link for link, _ in LINKS]
    assert dump(state) == before
    assert state.database.execute("SELECT run, licenses, undone_at FROM adoption").fetchall() == [
        ("license adopt", 2, "2026-11-21T12:05:00.000000+00:00")
    ]


def test_one_link_that_cannot_be_made_leaves_none_and_no_record(state: State) -> None:
    before = dump(state)
    with pytest.raises(UsageWrong, match="license 501 is linked to service 12"):
        adopt(state, *LINKS, (Link("isp", "501", "14", "panel"), "twice"))
    assert dump(state) == before
    assert state.database.execute("SELECT count(*) FROM adoption").fetchone() == (0,)


def test_a_disk_that_fails_at_the_last_row_leaves_no_link(state: State) -> None:
    before = dump(state)
    state.database.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON link WHEN NEW.license = '502'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises((StateUnusable, UsageWrong)):
        adopt(state)
    assert dump(state) == before


def test_only_the_named_adoption_is_undone(state: State) -> None:
    first = adopt(state, LINKS[0])
    second = adopt(state, LINKS[1])
    assert first != second
    state.adoptions.undo(first, LATER)
    assert state.links.all("isp") == {("13", "panel"): "502"}


def test_what_was_linked_otherwise_since_then_is_left_alone(state: State) -> None:
    number = adopt(state)
    state.links.unlink_by_hand("isp", "501", NOW)
    state.links.link([(replace(LINK, service="14"), "by hand")], NOW)
    assert [link.license for link in state.adoptions.undo(number, LATER)] == ["502"]
    assert state.links.all("isp") == {("14", "panel"): "501"}


def test_an_adoption_is_undone_once(state: State) -> None:
    number = adopt(state)
    state.adoptions.undo(number, LATER)
    with pytest.raises(UsageWrong, match=f"adoption {number} was undone already"):
        state.adoptions.undo(number, LATER)
    with pytest.raises(UsageWrong, match=f"adoption {number} was undone already"):
        state.adoptions.links_of(number)


def test_an_adoption_that_is_not_there_is_told_with_those_that_are(state: State) -> None:
    with pytest.raises(UsageWrong, match="there is no adoption 9") as caught:
        state.adoptions.undo(9, LATER)
    assert caught.value.hint == "Nothing was adopted"
    number = adopt(state)
    with pytest.raises(UsageWrong) as caught:
        state.adoptions.undo(9, LATER)
    assert caught.value.hint == f"There is: {number} (2 licenses)"


def test_while_an_operation_on_one_of_them_is_open_nothing_is_undone(state: State) -> None:
    number = adopt(state)
    renew = Decision(Action.RENEW, CHILD, "it ends", license="501", expires_before=LITE.expires)
    operation = state.journal.plan(renew, run="run1", name="web1", at=NOW)
    with pytest.raises(UsageWrong, match=f"operation {operation.id} of license 501 is still open"):
        state.adoptions.undo(number, LATER)
    assert len(state.links.all("isp")) == 2
