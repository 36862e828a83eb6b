"""Turns: when a form is read again, and the balance asked for, though nothing has changed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.planner.checkevent import MONEY_TURN, TURN, is_money_asked, to_read_again

TIMES = st.integers(0, 4_000_000_000).map(float)
IDS = st.lists(st.integers(1, 10**9).map(str) | st.text(min_size=1, max_size=3), unique=True)


@given(IDS, TIMES)
def test_each_form_is_read_once_in_a_turn(ids: list[str], start: float) -> None:
    hours = [start + hour * 3600 for hour in range(7 * 24 + 1)]
    read = [id for last, now in pairwise(hours) for id in to_read_again(ids, last, now)]
    assert sorted(read) == sorted(ids)
    assert to_read_again(ids, start, start + TURN.total_seconds()) == ids


def test_the_turns_of_a_big_account_are_spread() -> None:
    ids = [str(number) for number in range(100_000, 101_680)]
    for hour in range(7 * 24):
        assert 5 <= len(to_read_again(ids, hour * 3600.0, hour * 3600.0 + 3600)) <= 15


@given(TIMES)
def test_no_time_that_passes_is_no_turn(now: float) -> None:
    assert to_read_again(["501"], now, now) == []
    assert not is_money_asked(now, now)


@given(TIMES)
def test_the_balance_is_asked_for_four_times_a_day(start: float) -> None:
    steps = [start + minute * 60 for minute in range(0, 24 * 60 + 1, 5)]
    assert sum(is_money_asked(last, now) for last, now in pairwise(steps)) == 4
    assert is_money_asked(start, start + MONEY_TURN.total_seconds())
