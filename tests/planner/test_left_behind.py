"""What is at remotes that the settings do not have any more is an alarm."""

from __future__ import annotations

from cpbillmgr.model.notices import Level
from cpbillmgr.planner.notices.left_behind import left_behind


def test_what_is_at_a_remote_that_the_settings_have_is_no_matter() -> None:
    assert left_behind(["main"], {"main": 3}, {"main": 1}) == []


def test_licenses_and_open_operations_at_any_other_are_an_alarm_each() -> None:
    found = left_behind(["main"], {"main": 3, "old": 2}, {"old": 1, "older": 4})
    assert [(each.topic, each.level) for each in found] == [
        ("left old", Level.ALARM),
        ("left older", Level.ALARM),
    ]
    assert (
        "has of ours licenses that nobody renews: 2, open operations that nobody settles: 1;" in found[0].text
    )
    assert "has of ours open operations that nobody settles: 4;" in found[1].text
