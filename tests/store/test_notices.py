"""Notices on disk: each is told once, and again only when it has become worse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, NOW

DUE = Notice("renew 501", Level.WARNING, "could not be renewed", Hook.FAILED)
GONE = Notice("gone 502", Level.ALARM, "is gone", Hook.FAILED)


def tell(state: State, *notices: Notice, remote: str = "isp") -> None:
    state.notices.tell(remote, notices, NOW)


def as_kept(*notices: Notice) -> list[Notice]:
    """Return notices as they are remembered: the hook has been run by then."""
    return [replace(notice, hook=None) for notice in notices]


def test_what_nobody_was_told_is_news(state: State) -> None:
    assert state.notices.news("isp", [DUE, GONE]) == [DUE, GONE]
    assert state.notices.in_force("isp") == []


def test_what_was_told_is_no_news_after_the_program_ended(state: State, path: Path) -> None:
    tell(state, DUE)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.notices.news("isp", [DUE, GONE]) == [GONE]
        assert reader.notices.in_force("isp") == as_kept(DUE)


@pytest.mark.parametrize("before", Level)
@pytest.mark.parametrize("now", Level)
def test_a_notice_is_news_again_when_its_level_has_risen(state: State, before: Level, now: Level) -> None:
    tell(state, replace(DUE, level=before))
    notice = replace(DUE, level=now, text="in other words")
    assert state.notices.news("isp", [notice]) == ([notice] if now > before else [])


def test_a_level_that_has_fallen_is_remembered_so_that_its_rise_is_news(state: State) -> None:
    worse = replace(DUE, level=Level.LAST)
    tell(state, worse)
    tell(state, DUE)
    assert state.notices.in_force("isp") == as_kept(DUE)
    assert state.notices.news("isp", [worse]) == [worse]


def test_what_is_no_longer_so_is_forgotten_and_news_when_it_comes_back(state: State) -> None:
    tell(state, DUE, GONE)
    tell(state, GONE)
    assert state.notices.in_force("isp") == as_kept(GONE)
    assert state.notices.news("isp", [DUE, GONE]) == [DUE]
    tell(state)
    assert state.notices.in_force("isp") == []


def test_the_most_urgent_notice_comes_first(state: State) -> None:
    later = replace(GONE, topic="gone 499")
    tell(state, DUE, GONE, later)
    assert state.notices.in_force("isp") == as_kept(later, GONE, DUE)


def test_each_remote_has_notices_of_its_own(state: State) -> None:
    tell(state, DUE)
    tell(state, GONE, remote="other")
    assert state.notices.in_force("isp") == as_kept(DUE)
    assert state.notices.news("other", [DUE, GONE]) == [DUE]
    tell(state, remote="other")
    assert state.notices.in_force("isp") == as_kept(DUE)


@pytest.mark.parametrize("notices", [[], [DUE], [DUE, GONE]], ids=len)
def test_what_is_remembered_already_is_not_written_again(state: State, notices: list[Notice]) -> None:
    tell(state, *notices)
    before = state.database.total_changes
    state.notices.tell("isp", [replace(each, text="in other words") for each in notices], LATER)
    assert state.database.total_changes == before


def test_a_notice_that_changes_leaves_the_others_alone(state: State) -> None:
    tell(state, DUE, GONE)
    before = state.database.total_changes
    tell(state, replace(DUE, level=Level.LAST), GONE)
    assert state.database.total_changes == before + 1
