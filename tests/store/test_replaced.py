"""Licenses that another has taken the place of, moves that came too early, addresses that were shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cpbillmgr.errors import LimitRefused, UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.state import State as Store
from tests.store.journeys import send_one
from tests.store.nouns import CHILD, LATER, LITE, NOW, WEB1, child

LINK = Link("isp", "501", *CHILD.key)
TAKE = Decision(
    Action.TAKE, CHILD, "upgraded", license="601", remoteid="cpb1-main-12-panel-2", replaces="501"
)


@pytest.fixture
def linked(state: Store) -> Store:
    """A state in which license 501 is linked to service 12."""
    state.sightings.record("isp", [LITE, replace(LITE, id="601")], NOW)
    state.links.link([(LINK, "found")], NOW)
    return state


def done(journal: Journal, decision: Decision = TAKE) -> int:
    operation = send_one(journal, decision)
    return journal.done(operation, license=decision.license or "", cost=None, at=LATER).id


def on_the_old_one(action: Action, service: str = "license:501") -> Decision:
    return Decision(action, child(service), "given up", license="501")


def test_what_it_replaces_stays_with_an_operation(linked: Store) -> None:
    operation = send_one(linked.journal, TAKE)
    assert operation.replaces == "501"
    assert linked.operations.get(operation.id) == operation


def test_while_it_is_open_the_child_keeps_its_license(linked: Store) -> None:
    send_one(linked.journal, TAKE)
    assert linked.links.all("isp") == {CHILD.key: "501"}
    assert linked.operations.replaced("isp") == {}


def test_when_it_is_done_the_child_has_the_other_and_the_old_one_is_to_be_given_up(linked: Store) -> None:
    done(linked.journal)
    assert linked.links.all("isp") == {CHILD.key: "601"}
    assert linked.operations.replaced("isp") == {"501": CHILD.key}
    assert linked.operations.replaced("other") == {}


def test_what_replaces_nothing_is_not_linked_in_anythings_place(linked: Store) -> None:
    with pytest.raises(UsageWrong, match="license 501 is linked"):
        done(linked.journal, replace(TAKE, replaces=None))
    assert linked.links.all("isp") == {CHILD.key: "501"}


@pytest.mark.parametrize("action", [Action.RELEASE, Action.DELETE])
def test_what_is_given_up_is_replaced_no_more(linked: Store, action: Action) -> None:
    done(linked.journal)
    operation = send_one(linked.journal, on_the_old_one(action))
    assert linked.operations.replaced("isp") == {"501": CHILD.key}
    linked.journal.done(operation, license="501", cost=None, at=LATER)
    assert linked.operations.replaced("isp") == {}


def test_what_is_linked_again_or_taken_anew_is_replaced_no_more(linked: Store) -> None:
    done(linked.journal)
    linked.links.link([(Link("isp", "501", "13", "panel"), "by hand")], LATER)
    assert linked.operations.replaced("isp") == {}
    linked.links.unlink("isp", "501")
    assert linked.operations.replaced("isp") == {"501": CHILD.key}
    done(linked.journal, on_the_old_one(Action.TAKE, "14"))
    linked.links.unlink("isp", "501")
    assert linked.operations.replaced("isp") == {}


def test_one_after_the_other_is_replaced(linked: Store) -> None:
    linked.sightings.record("isp", [replace(LITE, id=id) for id in ("501", "601", "602")], NOW)
    done(linked.journal)
    done(linked.journal, replace(TAKE, license="602", replaces="601"))
    assert linked.links.all("isp") == {CHILD.key: "602"}
    assert linked.operations.replaced("isp") == {"501": CHILD.key, "601": CHILD.key}


def test_it_explains_changes_of_both_and_stands_in_the_history_of_both(linked: Store) -> None:
    number = send_one(linked.journal, TAKE).id
    assert linked.operations.explaining("isp", LATER) == {
        "501": (number, Action.RELEASE),
        "601": (number, Action.TAKE),
    }
    for license in ("501", "601"):
        assert [each.id for each in linked.operations.of_license("isp", license)] == [number]


@pytest.mark.parametrize(
    ("action", "failure", "early"),
    [
        (Action.MOVE, LimitRefused.kind, True),
        (Action.MOVE, "value", False),
        (Action.RELEASE, LimitRefused.kind, False),
    ],
)
def test_a_move_that_came_too_early_is_told_for_a_time(
    linked: Store, action: Action, failure: str, early: bool
) -> None:
    operation = send_one(linked.journal, on_the_old_one(action))
    linked.journal.failed(operation, "too soon", at=LATER, failure=failure)
    assert linked.operations.moved_too_early("isp", LATER) == ({"501"} if early else set())
    assert linked.operations.moved_too_early("isp", LATER + timedelta(seconds=1)) == frozenset()
    assert operation.state is State.SENT


def test_an_address_that_was_shared_is_remembered_with_the_link(linked: Store) -> None:
    assert linked.links.addresses("isp") == {}
    linked.links.share("isp", {"501": "203.0.113.4", "999": "203.0.113.6"})
    assert linked.links.addresses("isp") == {CHILD.key: "203.0.113.4"}
    done(linked.journal)
    assert linked.links.addresses("isp") == {CHILD.key: CHILD.ip}


@pytest.mark.parametrize(("ip", "shared"), [(LITE.ip, True), ("203.0.113.99", False)])
def test_a_link_on_its_services_address_shares_that_from_the_first(
    state: Store, ip: str, shared: bool
) -> None:
    state.inventory.put([replace(WEB1, ip=ip)])
    state.sightings.record("isp", [LITE], NOW)
    state.links.link([(LINK, "found")], NOW)
    assert state.links.addresses("isp") == ({CHILD.key: LITE.ip} if shared else {})


@pytest.mark.parametrize(("ip", "shared"), [("203.0.113.99", True), ("203.0.113.98", False)])
def test_a_move_shares_the_address_only_where_the_service_has_it(
    linked: Store, ip: str, shared: bool
) -> None:
    linked.inventory.put([replace(WEB1, ip="203.0.113.99")])
    done(linked.journal, Decision(Action.MOVE, replace(CHILD, ip=ip), "it moved", license="501"))
    assert linked.links.addresses("isp") == ({CHILD.key: ip} if shared else {})
