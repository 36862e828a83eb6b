"""Events: what two looks at an account show to have changed, and which of it somebody else has done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.events import Differences, Event, EventKind
from cpbillmgr.model.licenses import License
from cpbillmgr.model.plan import Action
from cpbillmgr.model.services import Status
from cpbillmgr.planner.events import events_of, is_by_somebody_else, other_systems, second_tools
from tests.planner.nouns import ELSEWHERE, IP, LITE, NOW, PRO, TODAY, a_child, a_license, the_mark

DAY = timedelta(days=1)
KNOWN = a_license(
    remoteid="cpb1-main-12-panel-1",
    renews_itself=False,
    ip_changed=date(2026, 1, 1),
    key_changed=date(2026, 2, 1),
    issue=Issue.WAITING,
)
# What every kind is told by: the fact that changes, and how it is told then and now.
CHANGES: dict[EventKind, tuple[dict[str, Any], str, str]] = {
    EventKind.STATUS: ({"status": Status.SUSPENDED}, "active", "suspended"),
    EventKind.EXPIRES: ({"expires": date(2027, 2, 1)}, "2027-01-01", "2027-02-01"),
    EventKind.IP: ({"ip": ELSEWHERE}, IP, ELSEWHERE),
    EventKind.NAME: ({"name": "free.lic"}, "bought by hand", "free.lic"),
    EventKind.TARIFF: ({"tariff": PRO}, str(LITE), str(PRO)),
    EventKind.KEY: ({"key_changed": TODAY}, "2026-02-01", "2026-11-21"),
    EventKind.REMOTEID: ({"remoteid": ""}, "cpb1-main-12-panel-1", ""),
    EventKind.AUTOPROLONG: ({"renews_itself": True}, "off", "on"),
    EventKind.ISSUE: ({"issue": Issue.ISSUED}, "waiting", "issued"),
}


def an_event(kind: EventKind, before: str = "", after: str = "", operation: int | None = None) -> Event:
    return Event("isp", "501", kind, before, after, NOW, operation)


def told(then: License, now: License) -> list[tuple[EventKind, str, str]]:
    events = events_of(Differences(changed=((then, now),)), NOW, {})
    return [(event.kind, event.before, event.after) for event in events]


def test_licenses_with_the_mark_of_another_installation_mean_another_system() -> None:
    marks = ["cpb1-main-12-panel-1", "cpb1-spare-12-panel-1", "cpb1-spare-13-panel-1", "a7", "", None]
    licenses = [a_license(str(number), remoteid=mark) for number, mark in enumerate(marks)]
    (warning,) = other_systems(licenses, "main")
    assert warning.startswith("licenses of the installation 'spare' are on this account: 2;")


def test_a_license_that_only_one_look_shows_has_appeared_or_vanished() -> None:
    found = Differences(appeared=(a_license("502", name="new"),), vanished=(a_license("503", name="old"),))
    assert events_of(found, NOW, {}) == [
        Event("isp", "502", EventKind.APPEARED, "", "new", NOW),
        Event("isp", "503", EventKind.VANISHED, "old", "", NOW),
    ]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_fact_that_both_looks_show_otherwise_is_an_event(kind: EventKind) -> None:
    change, before, after = CHANGES[kind]
    assert told(KNOWN, replace(KNOWN, **change)) == [(kind, before, after)]


def test_every_kind_of_event_but_the_fetching_of_files_can_be_concluded() -> None:
    assert set(CHANGES) | {EventKind.APPEARED, EventKind.VANISHED} == set(EventKind) - {EventKind.FILES}


def test_each_fact_is_an_event_of_its_own() -> None:
    changes = {name: value for change, _, _ in CHANGES.values() for name, value in change.items()}
    assert [kind for kind, _, _ in told(KNOWN, replace(KNOWN, **changes))] == list(CHANGES)


@pytest.mark.parametrize(
    "change",
    [
        {"remoteid": None},
        {"key_changed": None},
        {"tariff": None},
        {"renews_itself": None},
        {"ip_changed": TODAY, "cost": None, "addons": (), "key": "SECRET", "tariff_name": "renamed"},
        {},
    ],
    ids=str,
)
def test_what_a_look_does_not_show_or_is_not_compared_is_no_event(change: dict[str, Any]) -> None:
    other = replace(KNOWN, **change)
    assert (told(KNOWN, other), told(other, KNOWN)) == ([], [])


def test_an_end_is_never_or_a_day() -> None:
    for_ever = replace(KNOWN, expires=None)
    assert told(KNOWN, for_ever) == [(EventKind.EXPIRES, "2027-01-01", "never")]
    assert told(for_ever, KNOWN) == [(EventKind.EXPIRES, "never", "2027-01-01")]


def test_the_first_end_of_a_license_that_we_have_just_bought_is_no_news() -> None:
    bought = replace(KNOWN, expires=None, status=Status.PROCESSING)
    assert told(bought, KNOWN) == [(EventKind.STATUS, "processing", "active")]
    processing = replace(KNOWN, status=Status.PROCESSING)
    assert [kind for kind, _, _ in told(processing, replace(processing, expires=TODAY))] == ["expires"]


def test_an_operation_of_ours_explains_the_changes_of_its_own_license_alone() -> None:
    pairs = [(each, replace(each, ip=ELSEWHERE, name="moved")) for each in (KNOWN, a_license("502"))]
    events = events_of(Differences(changed=tuple(pairs)), NOW, {"501": (7, Action.MOVE)})
    assert [(event.license, event.operation) for event in events] == [
        ("501", 7),
        ("501", 7),
        ("502", None),
        ("502", None),
    ]


@pytest.mark.parametrize("action", Action)
def test_an_order_does_not_explain_that_a_license_was_stopped(action: Action) -> None:
    stopped = Differences(changed=((KNOWN, replace(KNOWN, status=Status.SUSPENDED)),))
    (event,) = events_of(stopped, NOW, {"501": (7, action)})
    stops = action in (Action.SUSPEND, Action.TAKE, Action.RELEASE, Action.DELETE)
    assert (event.operation == 7, is_by_somebody_else(event, KNOWN, NOW)) == (stops, not stops)


@pytest.mark.parametrize("kind", EventKind)
def test_what_an_operation_of_ours_explains_is_our_doing(kind: EventKind) -> None:
    assert not is_by_somebody_else(an_event(kind, "1", "2", operation=7), KNOWN, NOW)


@pytest.mark.parametrize(
    "kind", [EventKind.EXPIRES, EventKind.IP, EventKind.NAME, EventKind.TARIFF, EventKind.REMOTEID]
)
def test_a_fact_changed_without_an_operation_was_changed_by_somebody_else(kind: EventKind) -> None:
    assert is_by_somebody_else(an_event(kind, "1", "2"), KNOWN, NOW)


@pytest.mark.parametrize("kind", [EventKind.APPEARED, EventKind.KEY])
def test_a_new_license_and_a_new_key_take_nothing_from_us(kind: EventKind) -> None:
    assert not is_by_somebody_else(an_event(kind, "1", "2"), KNOWN, NOW)


@pytest.mark.parametrize(
    ("before", "by_somebody"),
    [("ordered", False), ("processing", False), ("active", True), ("suspended", True), ("deleted", True)],
)
def test_a_license_is_made_ready_by_the_remote_itself(before: str, *, by_somebody: bool) -> None:
    assert is_by_somebody_else(an_event(EventKind.STATUS, before, "active"), KNOWN, NOW) is by_somebody


@pytest.mark.parametrize(
    ("end", "by_somebody"),
    [(TODAY - DAY, False), (TODAY, False), (TODAY + DAY, True), (None, True)],
)
def test_from_its_last_day_on_time_stops_a_license(end: date | None, *, by_somebody: bool) -> None:
    event, then = an_event(EventKind.STATUS, "active", "suspended"), replace(KNOWN, expires=end)
    assert is_by_somebody_else(event, then, NOW) is by_somebody


@pytest.mark.parametrize(
    ("after", "by_somebody"),
    [("off", False), ("on", True)],
)
def test_the_remotes_own_renewal_may_be_turned_off_and_not_on(after: str, *, by_somebody: bool) -> None:
    event = an_event(EventKind.AUTOPROLONG, "off" if by_somebody else "on", after)
    assert is_by_somebody_else(event, KNOWN, NOW) is by_somebody


@pytest.mark.parametrize(("status", "by_somebody"), [(Status.DELETED, False), (Status.SUSPENDED, True)])
def test_a_license_that_was_deleted_vanishes_by_itself(status: Status, *, by_somebody: bool) -> None:
    event = an_event(EventKind.VANISHED, "bought by hand")
    assert is_by_somebody_else(event, replace(KNOWN, status=status), NOW) is by_somebody


OURS, OTHERS = the_mark(a_child()), the_mark(a_child(), "other")


@pytest.mark.parametrize(
    ("remoteid", "known", "who"),
    [
        (OURS, [], "a cpbillmgr of our name with another state"),
        (OURS, [OURS], None),
        (OTHERS, [OURS], "the installation 'other'"),
        ("a17", [], None),
        ("", [], None),
        (None, [], None),
    ],
)
def test_a_new_license_with_a_mark_that_we_have_not_made_tells_of_a_second_tool(
    remoteid: str | None, known: list[str], who: str | None
) -> None:
    found = Differences(appeared=(a_license(remoteid=remoteid),))
    told = f"license 501 was marked by {who}: two systems work on this account"
    assert second_tools(found, "main", known) == (() if who is None else (told,))


def test_a_license_that_has_been_there_tells_of_nobody() -> None:
    there = a_license(remoteid=OTHERS)
    assert second_tools(Differences(changed=((KNOWN, there),), vanished=(there,)), "main", []) == ()
