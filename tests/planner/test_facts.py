"""Facts: one look at an account."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.planner.nouns import facts


def test_today_is_the_day_on_which_the_list_was_asked_for_not_the_day_on_which_it_came() -> None:
    before_midnight = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    assert facts(requested_at=before_midnight).today == date(2026, 11, 30)
