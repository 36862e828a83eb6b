"""Tries: how often a change that was refused is sent again, and when it is for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpbillmgr.model.operations import Tries
from cpbillmgr.planner.basis.retries import are_used_up, may_try
from tests.planner.nouns import NOW

STANDING = ["access", "remote-limit", "rule"]  # what the next minute does not change
PASSING = ["refused", "unreachable", "value", "missed", "exists", ""]


def tries(failure: str, failed: int = 1, hours: float = 0) -> Tries:
    return Tries(failed, NOW - timedelta(hours=hours), failure, "refused by the remote", 7)


def test_what_has_never_failed_is_sent_now() -> None:
    assert may_try(None, NOW)


@pytest.mark.parametrize("failure", STANDING)
@pytest.mark.parametrize("failed", [1, 10, 99])
@pytest.mark.parametrize(("hours", "sent"), [(0, False), (23, False), (23.99, False), (24, True), (25, True)])
def test_for_want_of_a_right_or_too_early_it_is_sent_a_day_later_however_often(
    failure: str, failed: int, hours: float, *, sent: bool
) -> None:
    assert may_try(tries(failure, failed, hours), NOW) is sent


@pytest.mark.parametrize("failure", PASSING)
@pytest.mark.parametrize(("failed", "sent"), [(1, True), (9, True), (10, False), (11, False)])
@pytest.mark.parametrize("hours", [0, 24, 1000])
def test_for_any_other_reason_it_is_sent_ten_times_and_not_again(
    failure: str, failed: int, hours: float, *, sent: bool
) -> None:
    assert may_try(tries(failure, failed, hours), NOW) is sent


@pytest.mark.parametrize("failed", [9, 10, 11])
@pytest.mark.parametrize("failure", [*STANDING, *PASSING])
def test_only_what_is_not_sent_again_is_for_a_person(failure: str, failed: int) -> None:
    assert are_used_up(tries(failure, failed)) is (failure in PASSING and failed >= 10)
