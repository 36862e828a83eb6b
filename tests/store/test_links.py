from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.store.state import State
from tests.store.nouns import CHILD, LATER, LITE, NOW, take

LINK = Link("isp", "501", "12", "panel")


@pytest.fixture(autouse=True)
def seen(state: State) -> None:
    state.sightings.record("isp", [LITE, replace(LITE, id="502")], NOW)
    state.sightings.record("other", [replace(LITE, remote="other")], NOW)


def test_a_link_is_there_after_the_program_ended(state: State, path: Path) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.links.all("isp") == {("12", "panel"): "501"}
        assert reader.links.all("other") == {}


def test_a_link_keeps_its_reason_and_time(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    assert state.database.execute("SELECT because, linked_at FROM link").fetchone() == (
        "same tariff and IP",
        "2026-11-21T12:00:00.000000+00:00",
    )


def test_the_same_link_again_changes_nothing(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    before = state.database.total_changes
    state.links.link([(LINK, "once more")], LATER)
    assert state.database.total_changes == before


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (Link("isp", "501", "13", "panel"), "license 501 is linked to service 12, add-on panel, already"),
        (Link("isp", "502", "12", "panel"), "license 501 is linked to service 12, add-on panel, already"),
        (Link("isp", "999", "13", "panel"), "license 999 was never seen"),
    ],
)
def test_a_second_link_of_either_side_is_refused(state: State, second: Link, told: str) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    with pytest.raises(UsageWrong, match=told):
        state.links.link([(second, "by hand")], LATER)
    assert state.links.all("isp") == {("12", "panel"): "501"}


def test_a_child_may_have_a_license_of_each_remote(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.link([(replace(LINK, remote="other"), "same tariff and IP")], NOW)
    assert state.links.all("other") == {("12", "panel"): "501"}


def test_the_links_of_a_service_are_those_of_all_its_add_ons_and_remotes(state: State) -> None:
    links = [LINK, Link("isp", "502", "12", "backup"), replace(LINK, remote="other")]
    for link in links:
        state.links.link([(link, "same tariff and IP")], NOW)
    assert state.links.of_service("12") == links
    assert state.links.of_service("13") == []


def test_a_link_outlasts_its_license_vanishing_from_the_list(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.sightings.record("isp", [], LATER)
    assert state.links.all("isp") == {("12", "panel"): "501"}


def test_an_unlinked_license_can_be_linked_again(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.unlink("isp", "501")
    assert state.links.all("isp") == {}
    state.links.link([(Link("isp", "501", "13", "panel"), "by hand")], LATER)
    assert state.links.all("isp") == {("13", "panel"): "501"}


def test_a_license_without_link_cannot_be_unlinked(state: State) -> None:
    with pytest.raises(UsageWrong, match="license 502 is linked to nothing"):
        state.links.unlink("isp", "502")


def test_what_a_person_unlinked_is_remembered_while_it_has_no_link(state: State, path: Path) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.unlink_by_hand("isp", "501", LATER)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.links.all("isp") == {}
        assert reader.links.unlinked_by_hand("isp") == {"501"}
        assert reader.links.unlinked_by_hand("other") == frozenset()
    state.links.link([(LINK, "by hand")], LATER)
    assert state.links.unlinked_by_hand("isp") == frozenset()
    state.links.unlink_by_hand("isp", "501", LATER)
    assert state.links.unlinked_by_hand("isp") == {"501"}


def test_what_the_program_unlinks_is_as_any_other_license(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.unlink("isp", "501")
    assert state.links.unlinked_by_hand("isp") == frozenset()


def test_a_license_without_link_cannot_be_unlinked_by_hand(state: State) -> None:
    with pytest.raises(UsageWrong, match="license 502 is linked to nothing"):
        state.links.unlink_by_hand("isp", "502", NOW)
    assert state.links.unlinked_by_hand("isp") == frozenset()


def test_a_license_with_an_open_operation_is_not_unlinked_by_hand(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    change = Decision(Action.RELEASE, CHILD, "given up", license="501")
    operation = state.journal.plan(change, run="run1", name="web1", at=NOW)
    with pytest.raises(UsageWrong, match=f"operation {operation.id} of license 501 is still open"):
        state.links.unlink_by_hand("isp", "501", NOW)
    assert state.links.all("isp") == {("12", "panel"): "501"}


def test_a_license_that_is_released_or_taken_from_the_pool_begins_anew(state: State) -> None:
    journal = state.journal
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.unlink_by_hand("isp", "501", NOW)
    state.links.link([(LINK, "by hand")], NOW)
    change = Decision(Action.RELEASE, CHILD, "given up", license="501")
    planned = journal.plan(change, run="run1", name="web1", at=NOW)
    released = journal.send(planned, run="run1", at=NOW, max_spend=None)
    journal.done(released, license="501", cost=None, at=NOW)
    assert state.links.unlinked_by_hand("isp") == frozenset()
    for license_id in ("501", "502"):
        state.links.link([(Link("isp", license_id, license_id, "panel"), "by hand")], NOW)
        state.links.unlink_by_hand("isp", license_id, NOW)
    taken = journal.plan(take("12", "501"), run="run2", name="Item #12 addon web1", at=NOW)
    assert state.links.unlinked_by_hand("isp") == {"502"}
    assert journal.reserve(taken, "502") is not None
    assert state.links.unlinked_by_hand("isp") == frozenset()


def test_a_link_follows_nothing_until_it_was_seen_in_accord(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    assert state.links.followed("isp") == {}


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.SUSPENDED])
def test_what_a_license_was_made_to_be_is_remembered_by_its_child(
    state: State, path: Path, status: Status
) -> None:
    state.links.link([(LINK, "same tariff and IP"), (Link("isp", "502", "13", "panel"), "by hand")], NOW)
    state.links.agree("isp", {"501": Status.ACTIVE})
    state.links.agree("isp", {"501": status, "999": status})
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.links.followed("isp") == {("12", "panel"): status}
        assert reader.links.followed("other") == {}


def test_the_same_accord_again_writes_nothing(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.agree("isp", {"501": Status.ACTIVE})
    before = state.database.total_changes
    state.links.agree("isp", {"501": Status.ACTIVE})
    state.links.agree("isp", {})
    assert state.database.total_changes == before


def test_what_was_followed_ends_with_the_link(state: State) -> None:
    state.links.link([(LINK, "same tariff and IP")], NOW)
    state.links.agree("isp", {"501": Status.SUSPENDED})
    state.links.unlink("isp", "501")
    state.links.link([(LINK, "by hand")], LATER)
    assert state.links.followed("isp") == {}
