"""Facts: one look at an account."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cpbillmgr.model.catalogue import TRIAL, Tariff
from tests.planner.nouns import EUROS, TARIFFS, a_license, facts


def test_today_is_the_day_on_which_the_list_was_asked_for_not_the_day_on_which_it_came() -> None:
    before_midnight = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    assert facts(requested_at=before_midnight).today == date(2026, 11, 30)


def test_the_price_list_tells_the_length_of_a_period_that_the_list_does_not() -> None:
    lite = Tariff(7, "Lite", {8: EUROS[1]}, lengths={7: TRIAL, 8: 1})
    rows = [
        a_license(id, tariff=tariff, period=period, length=None)
        for id, tariff, period in (("1", 7, 7), ("2", 7, 8), ("3", 7, 9), ("4", 99, 8), ("5", None, None))
    ]
    told = facts(*rows, tariffs={}).with_tariffs({7: lite})
    assert [each.length for each in told.licenses.values()] == [TRIAL, 1, None, None, None]
    assert [each.is_trial for each in told.licenses.values()] == [True, False, False, False, False]


def test_a_length_that_the_list_tells_is_kept() -> None:
    told = facts(a_license(period=12), tariffs={}).with_tariffs(TARIFFS)
    assert (told.licenses["501"].length, told.tariffs) == (12, TARIFFS)
