"""Notices: what a person is told of licenses, operations and money, and how urgently."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.model.operations import State, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.notices.notices import notices_of
from tests.planner.nouns import (
    ELSEWHERE,
    IP,
    NOW,
    TODAY,
    a_child,
    a_license,
    an_operation,
    facts,
    linked,
)

CHILD = a_child()
DAY = timedelta(days=1)
FREE_OF_CHARGE = Money(Decimal(0), "EUR")
ON_ITS_OWN = a_child("ip:203.0.113.12", "55227")
Told = list[tuple[str, Level]]


def standing(wish: Wish | None = Wish.ON, ip: str = IP, **fields: Any) -> Standing:
    demands = {} if wish is None else {CHILD.key: Demand("12", "panel", wish, ip)}
    return Standing(demands=demands, **fields)


def notices(*licenses: License, stands: Standing | None = None, **fields: Any) -> list[Notice]:
    wanted, unpaid, failed = (fields.pop(name, {}) for name in ("wanted", "unpaid", "failed"))
    held = fields.pop("held", ())
    look = facts(*licenses, **{"links": linked((CHILD, "501")), **fields})
    stands = stands or standing()
    return notices_of(look, stands, resting(look, stands), wanted, unpaid, failed, held)


def told(*licenses: License, **fields: Any) -> Told:
    return [(each.topic, each.level) for each in notices(*licenses, **fields)]


def tries(failure: str = "refused", failed: int = 1) -> Tries:
    return Tries(failed, NOW, failure, "not today", 7)


def ends_in(days: int, **fields: Any) -> License:
    return a_license(expires=TODAY + days * DAY, **fields)


def test_where_all_is_well_nothing_is_told() -> None:
    assert told(a_license()) == []


@pytest.mark.parametrize(("days", "level"), [(1, Level.WARNING), (-1, Level.ALARM), (-25, Level.LAST)])
def test_a_renewal_that_is_held_is_told_louder_as_the_license_is_lost(days: int, level: Level) -> None:
    held = [Decision(Action.RENEW, CHILD, "the remote tells no price", license="501", held=True)]
    (notice,) = notices(ends_in(days), held=held)
    assert (notice.topic, notice.level, notice.hook) == ("renew 501", level, Hook.FAILED)
    assert notice.text.endswith(": the remote tells no price")


@pytest.mark.parametrize(
    ("state", "level"),
    [
        (State.PLANNED, None),
        (State.SENT, Level.NOTE),
        (State.IN_DOUBT, Level.NOTE),
        (State.ABSENT, None),
        (State.MANUAL, Level.ALARM),
    ],
)
@pytest.mark.parametrize("action", [Action.ORDER, Action.RENEW, Action.TAKE, Action.SUSPEND])
def test_an_operation_is_told_while_its_end_is_not_known_or_a_person_decides(
    action: Action, state: State, level: Level | None
) -> None:
    operation = an_operation(action=action, license="501", state=state, error="cut")
    found = notices(a_license(), operations=[operation])
    assert [(each.topic, each.level) for each in found] == ([] if level is None else [("operation 7", level)])
    assert [each.hook for each in found] == ([Hook.FAILED] if level is Level.ALARM else [None] * len(found))


def test_a_release_that_waits_for_its_day_is_not_told() -> None:
    operation = an_operation(action=Action.RELEASE, license="501", state=State.MANUAL, failure="remote-limit")
    assert told(a_license(), operations=[operation]) == []


@pytest.mark.parametrize(("failed", "is_sent"), [(1, True), (9, True), (10, False), (11, False)])
def test_an_order_without_money_is_an_alarm_with_its_error(failed: int, *, is_sent: bool) -> None:
    (found,) = notices(a_license(), unpaid={("13", "panel"): tries("money", failed)})
    assert (found.topic, found.level, found.hook) == ("order 13 panel", Level.ALARM, Hook.FAILED)
    assert "service 13" in found.text
    assert ("is sent when there is enough" in found.text) is is_sent
    assert found.text.endswith(": not today")


def test_an_order_that_failed_is_a_task_that_names_its_service() -> None:
    (notice,) = notices(failed={CHILD.key: tries("access")}, links={})
    assert (notice.topic, notice.level, notice.hook) == ("order 12 panel", Level.ALARM, Hook.FAILED)
    assert "service 12 failed: not today" in notice.text
    assert "operation restart 7" in notice.text


def refused(*ids: str, action: Action = Action.SUSPEND, **failed: Any) -> list[Notice]:
    """Return what is told when a change of these licenses, in accord otherwise, was refused."""
    failures = {(id, action): tries(**failed) for id in ids}
    wanted = [Decision(action, a_child(id), "it is to be", license=id) for id in ids]
    return notices(a_license(), stands=standing(tries=failures), wanted=wanted)


@pytest.mark.parametrize(
    ("failure", "failed", "topic", "level"),
    [
        ("access", 1, "right suspend", Level.WARNING),
        ("access", 99, "right suspend", Level.WARNING),
        ("refused", 1, "suspend 501", Level.WARNING),
        ("refused", 9, "suspend 501", Level.WARNING),
        ("refused", 10, "suspend 501", Level.ALARM),
        ("refused", 11, "suspend 501", Level.ALARM),
        ("remote-limit", 99, "suspend 501", Level.WARNING),
    ],
)
def test_what_the_remote_refuses_is_a_warning_until_it_is_not_tried_any_more(
    failure: str, failed: int, topic: str, level: Level
) -> None:
    (found,) = refused("501", failure=failure, failed=failed)
    assert (found.topic, found.level) == (topic, level)
    assert found.hook is (None if failure == "access" else Hook.FAILED)
    assert ("operation restart 7" in found.text) is (level is Level.ALARM)


def test_want_of_a_right_is_told_once_for_all_licenses_and_once_for_each_action() -> None:
    (found,) = refused("501", "502", "503", failure="access")
    assert found.text.startswith("this account may not suspend licenses")
    assert [each.topic for each in refused("501", "502")] == ["suspend 501", "suspend 502"]


def test_what_is_wanted_and_has_not_failed_is_not_told() -> None:
    wanted = [Decision(Action.SUSPEND, CHILD, "it is to be", license="501")]
    assert told(a_license(), wanted=wanted) == []
    other = standing(tries={("501", Action.RESUME): tries(), ("502", Action.SUSPEND): tries()})
    assert told(a_license(), stands=other, wanted=wanted) == []


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (1, Level.WARNING),
        (0, Level.ALARM),
        (-1, Level.ALARM),
        (-22, Level.ALARM),
        (-23, Level.LAST),
        (-24, Level.LAST),
        (-31, Level.LAST),
    ],
)
def test_a_renewal_that_fails_is_told_louder_as_the_end_comes_near(days: int, level: Level) -> None:
    failing = standing(tries={("501", Action.RENEW): tries("money")})
    (found,) = notices(ends_in(days), stands=failing)
    assert (found.topic, found.level, found.hook) == ("renew 501", level, Hook.FAILED)
    assert found.text.endswith(": not today")
    assert ("the remote deletes it on" in found.text) is (days <= 0)


@pytest.mark.parametrize(
    ("license", "wish"), [(a_license(cost=FREE_OF_CHARGE), Wish.ON), (a_license(), Wish.OFF)]
)
def test_a_renewal_that_failed_and_is_wanted_no_more_is_not_told(license: License, wish: Wish) -> None:
    failing = standing(wish, tries={("501", Action.RENEW): tries("money")}, followed={})
    assert "renew 501" not in [topic for topic, _ in told(license, stands=failing)]


def test_a_renewal_of_which_the_remote_shows_nothing_is_an_alarm_whatever_failed_before() -> None:
    done = standing(renewed=frozenset({("501", TODAY)}), tries={("501", Action.RENEW): tries()})
    assert told(ends_in(0), stands=done) == [("renew 501", Level.ALARM)]
    assert told(ends_in(31), stands=standing(renewed=frozenset({("501", TODAY)}))) == []


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (15, None),
        (14, Level.WARNING),
        (1, Level.WARNING),
        (0, Level.ALARM),
        (-22, Level.ALARM),
        (-23, Level.LAST),
    ],
)
def test_a_license_that_costs_nothing_is_to_be_renewed_by_hand(days: int, level: Level | None) -> None:
    expected = [] if level is None else [("discount 501", level)]
    assert told(ends_in(days, cost=FREE_OF_CHARGE)) == expected


@pytest.mark.parametrize("wish", [Wish.OFF, Wish.LATER, Wish.GIVEN_UP])
def test_a_license_that_costs_nothing_and_is_not_wanted_may_end(wish: Wish) -> None:
    license = ends_in(1, cost=FREE_OF_CHARGE, status=Status.SUSPENDED)
    assert told(license, stands=standing(wish)) == []


@pytest.mark.parametrize(
    ("wish", "followed", "now", "mend"),
    [
        (Wish.ON, Status.ACTIVE, Status.SUSPENDED, "resume"),
        (Wish.OFF, Status.SUSPENDED, Status.ACTIVE, "suspend"),
        (Wish.ON, None, Status.SUSPENDED, None),
        (Wish.ON, Status.SUSPENDED, Status.SUSPENDED, None),
        (Wish.ON, Status.ACTIVE, Status.ACTIVE, None),
        (Wish.OFF, Status.ACTIVE, Status.ACTIVE, None),
        (Wish.OFF, None, Status.ACTIVE, None),
        (Wish.LATER, Status.ACTIVE, Status.SUSPENDED, None),
        (Wish.GIVEN_UP, Status.ACTIVE, Status.SUSPENDED, None),
    ],
)
def test_what_was_done_by_hand_is_told_with_the_command_that_mends_it(
    wish: Wish, followed: Status | None, now: Status, mend: str | None
) -> None:
    stands = standing(wish, followed={} if followed is None else {CHILD.key: followed})
    found = notices(a_license(status=now), stands=stands)
    assert [(each.topic, each.level) for each in found] == ([("status 501", Level.WARNING)] if mend else [])
    assert all(f"'cpbillmgr license {mend} 501'" in each.text for each in found)


def test_of_a_certificate_that_is_stopped_nothing_is_told_for_no_command_starts_it() -> None:
    stopped = a_license(status=Status.SUSPENDED, issue=Issue.ISSUED)
    assert told(stopped, stands=standing(followed={CHILD.key: Status.ACTIVE})) == []


@pytest.mark.parametrize(("days", "is_told"), [(1, True), (0, False), (-1, False)])
def test_a_license_that_was_stopped_by_its_end_was_not_stopped_by_hand(days: int, *, is_told: bool) -> None:
    stands = standing(followed={CHILD.key: Status.ACTIVE})
    found = told(ends_in(days, status=Status.SUSPENDED), stands=stands)
    assert found == ([("status 501", Level.WARNING)] if is_told else [])


@pytest.mark.parametrize(
    ("wish", "ip", "is_told"),
    [
        (Wish.ON, ELSEWHERE, True),
        (Wish.OFF, ELSEWHERE, True),
        (Wish.ON, IP, False),
        (Wish.ON, "", False),
        (Wish.LATER, ELSEWHERE, False),
        (Wish.GIVEN_UP, ELSEWHERE, False),
    ],
)
def test_a_license_on_another_address_than_its_service_is_told(wish: Wish, ip: str, *, is_told: bool) -> None:
    status = Status.ACTIVE if wish is Wish.ON else Status.SUSPENDED
    found = notices(a_license(status=status), stands=standing(wish, ip))
    assert [(each.topic, each.level) for each in found] == ([("ip 501", Level.WARNING)] if is_told else [])
    assert all(f"'cpbillmgr license move 501 {ip}'" in each.text for each in found)


def test_what_cannot_be_moved_there_is_told_without_a_command() -> None:
    (found,) = notices(a_license(), stands=standing(ip="10.0.0.5"))
    assert found.text.endswith("; 10.0.0.5 is not a public address")


@pytest.mark.parametrize("wish", [Wish.ON, Wish.OFF])
@pytest.mark.parametrize("licenses", [[], [a_license(status=Status.DELETED)]], ids=["not listed", "deleted"])
def test_a_license_that_is_wanted_and_gone_is_an_alarm(wish: Wish, licenses: list[License]) -> None:
    (found,) = notices(*licenses, stands=standing(wish))
    assert (found.topic, found.level, found.hook) == ("gone 501", Level.ALARM, Hook.FAILED)


@pytest.mark.parametrize("wish", [Wish.LATER, Wish.GIVEN_UP, None])
def test_a_license_that_is_not_wanted_may_be_gone(wish: Wish | None) -> None:
    assert told(stands=standing(wish)) == []


def test_a_license_of_a_service_that_is_not_in_the_inventory_is_told() -> None:
    (found,) = notices(a_license(), stands=standing(None))
    assert (found.topic, found.level, found.hook) == ("nobody 501", Level.WARNING, None)
    assert "service 12, add-on panel" in found.text


@pytest.mark.parametrize(
    ("end", "level"),
    [
        (TODAY + 8 * DAY, None),
        (TODAY + 7 * DAY, Level.WARNING),
        (TODAY, Level.ALARM),
        (TODAY - 23 * DAY, Level.LAST),
        (None, None),
    ],
    ids=str,
)
def test_a_license_on_its_own_is_told_before_it_ends_for_nothing_renews_it(
    end: date | None, level: Level | None
) -> None:
    found = told(a_license(expires=end), stands=standing(None), links=linked((ON_ITS_OWN, "501")))
    assert found == ([] if level is None else [("end 501", level)])


@pytest.mark.parametrize(("wish", "child"), [(Wish.ON, CHILD), (None, CHILD), (None, ON_ITS_OWN)])
def test_a_license_that_waits_in_the_cart_is_an_alarm(wish: Wish | None, child: Child) -> None:
    license = a_license(status=Status.ORDERED)
    assert told(license, stands=standing(wish), links=linked((child, "501"))) == [("cart 501", Level.ALARM)]


@pytest.mark.parametrize(
    ("key", "status", "fresh", "is_told"),
    [
        ("", Status.ACTIVE, "501", True),
        ("", Status.ACTIVE, "502", False),
        ("", Status.SUSPENDED, "501", False),
        (None, Status.ACTIVE, "501", False),
        ("AB-12", Status.ACTIVE, "501", False),
    ],
)
def test_a_new_active_license_whose_form_shows_no_key_is_told(
    key: str | None, status: Status, fresh: str, *, is_told: bool
) -> None:
    found = told(a_license(key=key, status=status), stands=standing(fresh=frozenset({fresh})))
    assert found == ([("key 501", Level.WARNING)] if is_told else [])


def test_a_license_on_its_own_that_is_gone_is_not_told_any_more() -> None:
    for licenses in ([], [ends_in(-40, status=Status.DELETED)]):
        assert told(*licenses, stands=standing(None), links=linked((ON_ITS_OWN, "501"))) == []
