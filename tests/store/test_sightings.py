from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cpbillmgr.model.events import Differences
from cpbillmgr.model.licenses import License
from cpbillmgr.model.services import Status
from cpbillmgr.store.licenses.sightings import Look
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, LITE, NOW

FACTS: dict[str, Any] = {
    "remoteid": "cpb1-main-12-panel-1",
    "addons": ((55236, 2),),
    "ip_changed": date(2026, 1, 2),
    "key_changed": date(2026, 1, 3),
}
FORM = replace(LITE, key="SECRET-KEY", **FACTS)


def _seen(state: State) -> list[License]:
    return list(state.sightings.seen("isp"))


def _gone_at(state: State) -> object:
    return state.database.execute("SELECT gone_at FROM license").fetchone()[0]


def test_a_recorded_list_is_read_back(state: State) -> None:
    licenses = [LITE, replace(LITE, id="502", tariff=None, period=None, expires=None, cost=None)]
    state.sightings.record("isp", licenses, NOW)
    assert _seen(state) == licenses
    assert state.sightings.look("isp") == Look(NOW, 2)


def test_a_list_of_more_than_one_page_is_read_whole(state: State) -> None:
    licenses = [replace(LITE, id=f"{number:06}") for number in range(12_000)]
    state.sightings.record("isp", licenses, NOW)
    assert _seen(state) == licenses


def test_a_remote_that_was_never_looked_at_has_no_look(state: State) -> None:
    assert state.sightings.look("isp") is None
    assert _seen(state) == []


def test_an_empty_list_is_a_look_too(state: State) -> None:
    state.sightings.record("isp", [], NOW)
    assert state.sightings.look("isp") == Look(NOW, 0)


def test_remotes_do_not_mix(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.sightings.record("other", [], NOW)
    assert _seen(state) == [LITE]
    assert list(state.sightings.seen("other")) == []


def test_the_same_list_again_writes_only_the_time_of_the_look(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    before = state.database.total_changes
    state.sightings.record("isp", [LITE], LATER)
    assert state.database.total_changes == before + 1
    assert state.sightings.look("isp") == Look(LATER, 1)


def test_only_rows_that_differ_are_written(state: State) -> None:
    others = [replace(LITE, id=str(number)) for number in range(600, 700)]
    state.sightings.record("isp", [LITE, *others], NOW)
    before = state.database.total_changes
    state.sightings.record("isp", [replace(LITE, renews_itself=True), *others], LATER)
    assert state.database.total_changes == before + 2
    assert next(state.sightings.seen("isp")).renews_itself


@pytest.mark.parametrize(
    ("column", "renews_itself"),
    [("", None), ("null", False), ("NULL", False), ("0", False), ("off", False), ("12", True), ("on", True)],
)
def test_the_spellings_of_earlier_versions_are_understood(
    state: State, column: str, *, renews_itself: bool | None
) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.database.execute("UPDATE license SET autoprolong = ?", (column,))
    assert _seen(state) == [replace(LITE, renews_itself=renews_itself)]


@pytest.mark.parametrize("renews_itself", [None, False, True])
def test_whether_it_renews_itself_is_kept(state: State, *, renews_itself: bool | None) -> None:
    license = replace(LITE, renews_itself=renews_itself)
    state.sightings.record("isp", [license], NOW)
    assert _seen(state) == [license]


def test_a_license_that_vanishes_keeps_the_time_since_when(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.sightings.record("isp", [], NOW)
    state.sightings.record("isp", [], LATER)
    assert _seen(state) == []
    assert _gone_at(state) == "2026-11-21T12:00:00.000000+00:00"


def test_a_license_that_is_back_is_seen_again_with_what_its_form_told(state: State) -> None:
    state.sightings.record("isp", [FORM], NOW)
    state.sightings.record("isp", [], NOW)
    state.sightings.record("isp", [LITE], LATER)
    assert _seen(state) == [replace(LITE, **FACTS)]
    assert _gone_at(state) is None


def test_the_key_is_never_stored(state: State) -> None:
    state.sightings.record("isp", [FORM], NOW)
    assert _seen(state) == [replace(FORM, key=None)]
    assert "SECRET-KEY" not in "".join(state.database.iterdump())


def test_what_a_form_told_outlasts_a_list_that_does_not_tell_it(state: State) -> None:
    state.sightings.record("isp", [replace(LITE, **FACTS)], NOW)
    state.sightings.record("isp", [LITE], LATER)
    assert _seen(state) == [replace(LITE, **FACTS)]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "free.lic"},
        {"ip": "203.0.113.7"},
        {"tariff": 55228},
        {"status": Status.SUSPENDED},
        {"expires": date(2027, 2, 1)},
    ],
)
def test_what_a_form_told_is_dropped_when_the_row_changes(state: State, change: dict[str, Any]) -> None:
    state.sightings.record("isp", [FORM], NOW)
    changed = replace(LITE, **change)
    state.sightings.record("isp", [changed], LATER)
    assert _seen(state) == [changed]
    assert state.sightings.form_facts("isp", ["501"]) == {}


def test_what_a_row_tells_wins_over_an_earlier_form(state: State) -> None:
    state.sightings.record("isp", [FORM], NOW)
    state.sightings.record("isp", [replace(LITE, ip_changed=date(2026, 5, 5))], LATER)
    assert _seen(state) == [replace(LITE, **{**FACTS, "ip_changed": date(2026, 5, 5)})]


def test_form_facts_are_those_of_the_licenses_asked_for_whose_form_was_read(state: State) -> None:
    blank = replace(LITE, id="502", remoteid="", addons=())
    state.sightings.record("isp", [FORM, blank, replace(LITE, id="503")], NOW)
    assert state.sightings.form_facts("isp", ["501", "502", "503", "504"]) == {
        "501": replace(FORM, key=None),
        "502": blank,
    }
    assert state.sightings.form_facts("isp", ["503"]) == {}


def _differences(state: State, *licenses: License) -> Differences:
    return state.sightings.differences("isp", licenses)


def test_a_list_differs_by_what_appeared_changed_and_vanished(state: State) -> None:
    other = replace(LITE, id="502")
    state.sightings.record("isp", [LITE, other], NOW)
    moved, new = replace(LITE, ip="203.0.113.9"), replace(LITE, id="503")
    assert _differences(state, moved, new) == Differences((new,), ((LITE, moved),), (other,))
    assert _differences(state, LITE, other) == Differences()
    assert _seen(state) == [LITE, other], "asking writes nothing"


def test_before_the_first_look_everything_has_appeared(state: State) -> None:
    assert _differences(state, LITE) == Differences(appeared=(LITE,))
    assert _differences(state) == Differences()


def test_a_row_that_lacks_what_a_form_told_does_not_differ(state: State) -> None:
    kept = replace(FORM, key=None)
    state.sightings.record("isp", [FORM], NOW)
    assert _differences(state, LITE) == Differences()
    renewing = replace(LITE, renews_itself=True)
    assert _differences(state, renewing) == Differences(changed=((kept, replace(kept, renews_itself=True)),))
    moved = replace(LITE, ip="203.0.113.9")
    assert _differences(state, moved) == Differences(changed=((kept, moved),))


def test_a_license_vanishes_once_and_appears_again_with_what_its_form_told(state: State) -> None:
    state.sightings.record("isp", [FORM], NOW)
    assert [each.id for each in _differences(state).vanished] == ["501"]
    state.sightings.record("isp", [], NOW)
    assert _differences(state) == Differences()
    assert _differences(state, LITE) == Differences(appeared=(replace(LITE, **FACTS),))


def test_the_differences_of_another_remote_are_no_matter(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    assert state.sightings.differences("other", []) == Differences()


def test_differences_that_are_worked_out_already_are_what_is_written(state: State) -> None:
    state.sightings.record("isp", [LITE, replace(LITE, id="502")], NOW)
    now = [replace(LITE, name="free.lic"), replace(LITE, id="503")]
    state.sightings.record("isp", now, LATER, found=_differences(state, *now))
    assert (_seen(state), _differences(state, *now)) == (now, Differences())
    assert state.sightings.look("isp") == Look(LATER, 2)


def test_only_a_checkevent_sets_when_it_was_checked(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    assert state.sightings.look("isp") == Look(NOW, 1, None)
    state.sightings.record("isp", [LITE], NOW, checked=True)
    state.sightings.record("isp", [LITE], LATER)
    assert state.sightings.look("isp") == Look(LATER, 1, NOW)


def test_a_license_that_is_gone_was_seen_and_one_of_another_remote_was_not(state: State) -> None:
    assert not state.sightings.has_seen("isp", "501")
    state.sightings.record("isp", [LITE], NOW)
    state.sightings.record("isp", [], LATER)
    assert state.sightings.has_seen("isp", "501")
    assert not state.sightings.has_seen("isp", "502")
    assert not state.sightings.has_seen("other", "501")


def test_some_licenses_are_compared_alone_whatever_else_there_is(state: State) -> None:
    other, new = replace(LITE, id="502"), replace(LITE, id="503")
    state.sightings.record("isp", [LITE, other], NOW)
    moved = replace(LITE, ip="203.0.113.9")
    found = state.sightings.differences_of_some("isp", [moved, new])
    assert found == Differences(appeared=(new,), changed=((LITE, moved),))
    assert state.sightings.differences_of_some("isp", [other]) == Differences()
