"""What is told after a run: the facts as its changes have left them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cpbillmgr.model.licenses import License
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.planner.checkevent import once_done
from tests.planner.nouns import ELSEWHERE, a_child, a_license, facts

SUSPENDED = a_license(status=Status.SUSPENDED)


def after(action: Action, license: License, **child: Any) -> License:
    decision = Decision(action, a_child(**child), "as planned", license="501")
    return once_done(facts(license, a_license("502")), [decision]).licenses["501"]


@pytest.mark.parametrize(
    ("end", "months", "until"),
    [
        (date(2026, 11, 22), 1, date(2026, 12, 22)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 11, 21), 1, date(2026, 12, 21)),
        (date(2026, 11, 20), 1, date(2026, 12, 21)),
        (date(2026, 10, 23), 1, date(2026, 12, 21)),
    ],
    ids=["before its end", "for a year", "on its day", "a day later", "29 days later"],
)
def test_a_renewal_counts_from_the_end_and_from_today_when_that_is_over(
    end: date, months: int, until: date
) -> None:
    for status in (Status.ACTIVE, Status.SUSPENDED):
        renewed = after(Action.RENEW, a_license(status=status, expires=end), period=months)
        assert (renewed.expires, renewed.status) == (until, Status.ACTIVE)


def test_each_change_shows_in_what_it_changes() -> None:
    assert after(Action.SUSPEND, a_license()) == SUSPENDED
    assert after(Action.RESUME, SUSPENDED) == a_license()
    assert after(Action.MOVE, a_license(), ip=ELSEWHERE) == a_license(ip=ELSEWHERE)


@pytest.mark.parametrize("action", [Action.RELEASE, Action.DELETE, Action.EDIT, Action.CHANGE_TARIFF])
def test_what_is_not_told_of_afterwards_stays(action: Action) -> None:
    assert after(action, a_license(), ip=ELSEWHERE) == a_license()


def test_a_change_of_a_license_that_is_not_there_changes_nothing() -> None:
    look = facts(a_license("502"))
    decisions = [
        Decision(Action.SUSPEND, a_child(), "as planned", license="501"),
        Decision(Action.ORDER, a_child("13"), "none is free"),
    ]
    assert once_done(look, decisions) == look
