from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.model.notices import Level, Notice
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, NOW

DRIFT = Notice("ip 501", Level.WARNING, "license 501 is elsewhere")
GONE = Notice("gone 502", Level.ALARM, "license 502 is gone")


def test_what_nobody_was_told_yet_is_news(state: State) -> None:
    assert state.notices.news("isp", [DRIFT, GONE]) == [DRIFT, GONE]
    state.notices.tell("isp", [DRIFT], NOW)
    assert state.notices.news("isp", [DRIFT, GONE]) == [GONE]
    assert state.notices.news("other", [DRIFT]) == [DRIFT]


@pytest.mark.parametrize(
    ("level", "is_news"), [(Level.NOTE, False), (Level.WARNING, False), (Level.ALARM, True)]
)
def test_what_has_become_worse_is_news_again(state: State, level: Level, is_news: bool) -> None:
    state.notices.tell("isp", [DRIFT], NOW)
    now = replace(DRIFT, level=level)
    assert state.notices.news("isp", [now]) == ([now] if is_news else [])


def test_what_is_no_longer_so_is_forgotten_and_news_when_it_comes_back(state: State) -> None:
    state.notices.tell("isp", [DRIFT, GONE], NOW)
    state.notices.tell("isp", [GONE], LATER)
    assert state.notices.in_force("isp") == [GONE]
    assert state.notices.news("isp", [DRIFT]) == [DRIFT]


def test_the_most_urgent_is_told_first(state: State) -> None:
    state.notices.tell("isp", [DRIFT, GONE], NOW)
    assert state.notices.in_force("isp") == [GONE, DRIFT]


def test_the_same_notices_again_write_nothing(state: State) -> None:
    state.notices.tell("isp", [DRIFT, GONE], NOW)
    before = state.database.total_changes
    state.notices.tell("isp", [GONE, DRIFT], LATER)
    assert state.database.total_changes == before
