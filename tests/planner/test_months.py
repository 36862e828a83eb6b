"""Calendar months: the same day of another month, or its last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.planner.basis.months import add_months, has_ended
from tests.planner.nouns import TODAY, a_license


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)), st.integers(1, 120))
def test_more_months_never_end_earlier(day: date, months: int) -> None:
    assert day < add_months(day, months) <= add_months(day, months + 1)


@pytest.mark.parametrize(("days", "ended"), [(-1, True), (0, True), (1, False)])
def test_a_license_has_ended_from_its_day_of_expiry_on(days: int, *, ended: bool) -> None:
    assert has_ended(a_license(expires=TODAY + timedelta(days=days)), TODAY) is ended


def test_a_license_without_an_end_never_ends() -> None:
    assert not has_ended(a_license(expires=None), date.max)
