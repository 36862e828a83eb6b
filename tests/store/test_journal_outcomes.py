from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cpbillmgr.errors import LimitReached, UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.store import state as store
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from tests.store.journeys import MOVES, REACH, plan_one, send_one
from tests.store.nouns import FOUR_EUROS, LATER, LITE, NOW, ORDER, child, order, take


@pytest.mark.parametrize(("limit", "sent"), [("8.00", 2), ("11.99", 2), ("12", 3), (None, 4)])
def test_a_run_sends_until_it_would_pass_max_spend(
    journal: Journal, operations: Operations, limit: str | None, sent: int
) -> None:
    max_spend = None if limit is None else Decimal(limit)
    planned = [plan_one(journal, order(str(number))) for number in range(20, 24)]
    for operation in planned[:sent]:
        journal.send(operation, run="run1", at=NOW, max_spend=max_spend)
    for operation in planned[sent:]:
        with pytest.raises(LimitReached, match="--max-spend"):
            journal.send(operation, run="run1", at=NOW, max_spend=max_spend)
        assert operations.get(operation.id) == operation


@pytest.mark.parametrize(
    ("left", "counts"),
    [
        (State.PLANNED, False),
        (State.SENT, True),
        (State.IN_DOUBT, True),
        (State.ABSENT, False),
        (State.MANUAL, True),
        (State.DONE, True),
        (State.FAILED, False),
    ],
)
def test_what_may_have_been_paid_counts_as_spent(journal: Journal, left: State, counts: bool) -> None:
    REACH[left](journal)
    operation = plan_one(journal, order("20"))
    if counts:
        with pytest.raises(LimitReached, match=r"would spend 8\.00 EUR, and the limit is 7"):
            journal.send(operation, run="run1", at=NOW, max_spend=Decimal(7))
    else:
        assert journal.send(operation, run="run1", at=NOW, max_spend=Decimal(7)).state is State.SENT


def test_other_runs_other_currencies_and_free_changes_do_not_count_as_spent(journal: Journal) -> None:
    send_one(journal, order("20"), run="an earlier one")
    send_one(journal, order("21", cost=Money(Decimal(500), "RUB")))
    send_one(journal, order("22", cost=None))
    operation = plan_one(journal)
    assert journal.send(operation, run="run1", at=NOW, max_spend=Decimal("4.00")).state is State.SENT


def test_done_links_the_license_and_remembers_it_as_the_operation_describes_it(
    state: store.State, path: Path
) -> None:
    paid = Money(Decimal("3.50"), "EUR")
    ended = state.journal.done(send_one(state.journal), license="501", cost=paid, at=LATER)
    assert (ended.license, ended.cost, ended.ended_at) == ("501", paid, LATER)
    with store.State.open(path, now=LATER, read_only=True) as reader:
        assert reader.links.all("isp") == {("12", "panel"): "501"}
        (license_,) = reader.sightings.seen("isp")
    assert license_.name == "Item #12 addon web1"
    assert license_.status is Status.PROCESSING
    assert license_.remoteid == "cpb1-main-12-panel-1"


def test_done_leaves_nothing_of_the_doubt(journal: Journal, operations: Operations) -> None:
    ended = journal.done(REACH[State.IN_DOUBT](journal), license="501", cost=None, at=LATER)
    assert (ended.error, operations.get(ended.id).error) == ("", "")


def test_done_without_a_cost_keeps_the_planned_one(journal: Journal) -> None:
    ended = journal.done(send_one(journal), license="501", cost=None, at=LATER)
    assert ended.cost == FOUR_EUROS


def test_done_leaves_a_license_as_the_list_showed_it(state: store.State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.journal.done(send_one(state.journal), license="501", cost=None, at=LATER)
    assert list(state.sightings.seen("isp")) == [LITE]


def test_done_writes_nothing_when_the_child_has_another_license(state: store.State) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.links.link([(Link("isp", "501", "12", "panel"), "by hand")], NOW)
    sent = send_one(state.journal)
    with pytest.raises(UsageWrong, match="license 501 is linked to service 12"):
        state.journal.done(sent, license="502", cost=None, at=LATER)
    assert state.operations.get(sent.id) == sent
    assert list(state.sightings.seen("isp")) == [LITE]


@pytest.mark.parametrize(
    ("moves", "left"),
    list(enumerate([None, State.PLANNED, State.SENT, State.IN_DOUBT, State.ABSENT, State.SENT])),
)
def test_a_process_that_dies_between_two_moves_leaves_the_first_whole(
    path: Path, moves: int, left: State | None
) -> None:
    with store.State.open(path, now=NOW):
        pass
    if not (child := os.fork()):
        _die_after(moves, store.State.open(path, now=NOW).journal)
    os.waitpid(child, 0)
    with store.State.open(path, now=LATER) as reopened:
        operations = reopened.operations.open("isp")
        assert [operation.state for operation in operations] == ([] if left is None else [left])
        assert [len(reopened.operations.moves(each.id)) for each in operations] == ([moves] if moves else [])


def _die_after(moves: int, journal: Journal) -> None:
    """Order, lose the answer, see that it never was, and send again: as many moves of that, then the end."""
    if moves >= 1:
        operation = plan_one(journal)
        for move in (
            MOVES[state] for state in (State.SENT, State.IN_DOUBT, State.ABSENT, State.SENT)[: moves - 1]
        ):
            operation = move(journal, operation)
    os._exit(9)


def test_an_operation_of_a_process_that_ended_can_be_finished(path: Path) -> None:
    with store.State.open(path, now=NOW) as state:
        operation = send_one(state.journal)
    with store.State.open(path, now=LATER) as reopened:
        doubted = reopened.journal.doubt(operation, "found dead", at=LATER)
        done = reopened.journal.done(doubted, license="501", cost=None, at=LATER)
        assert reopened.operations.open("isp") == []
        assert reopened.operations.get(operation.id) == done


def test_an_unknown_operation_is_told(operations: Operations) -> None:
    with pytest.raises(UsageWrong, match="there is no operation 99"):
        operations.get(99)


def test_all_tells_every_operation_newest_first(journal: Journal, operations: Operations) -> None:
    failed = REACH[State.FAILED](journal)
    planned = plan_one(journal, order("20"))
    assert list(operations.all()) == [planned, failed]


def test_licenses_that_were_refused_to_a_take_are_remembered_from_then_on(
    journal: Journal, operations: Operations
) -> None:
    operation = send_one(journal, take("20", "501"))
    journal.refuse(operation, "used", at=NOW)
    turned = journal.reserve(operation, "502")
    assert turned is not None
    journal.refuse(turned, "its month is not over", at=LATER)
    assert operations.refused_takes("isp", NOW) == {"501", "502"}
    assert operations.refused_takes("isp", LATER) == {"502"}
    assert operations.refused_takes("other", NOW) == frozenset()


def test_generations_are_the_highest_of_done_operations(state: store.State) -> None:
    for generation in (1, 3, 2):
        decision = replace(ORDER, remoteid=f"cpb1-main-12-panel-{generation}")
        license_id = f"50{generation}"
        state.journal.done(send_one(state.journal, decision), license=license_id, cost=None, at=NOW)
        state.links.unlink("isp", license_id)
    send_one(state.journal, replace(ORDER, remoteid="cpb1-main-12-panel-4"))
    stranger = replace(ORDER, child=child("30"), remoteid="a30")
    state.journal.done(send_one(state.journal, stranger), license="601", cost=None, at=NOW)
    assert state.operations.generations("isp") == {("12", "panel"): 3}


def test_32_threads_at_once_pass_the_limit_never_and_lose_nothing(
    journal: Journal, operations: Operations
) -> None:
    planned = [plan_one(journal, order(str(number))) for number in range(100, 164)]

    def pay(operation: Operation) -> bool:
        try:
            sent = journal.send(operation, run="run1", at=NOW, max_spend=Decimal(100))
        except LimitReached:
            return False
        journal.done(sent, license=f"L{operation.id}", cost=FOUR_EUROS, at=LATER)
        return True

    with ThreadPoolExecutor(32) as pool:
        paid = sum(pool.map(pay, planned))
    assert paid == 25
    assert sum(operation.state is State.DONE for operation in operations.all()) == 25


def test_of_32_threads_that_plan_for_one_child_one_succeeds(journal: Journal) -> None:
    def plan(_attempt: int) -> bool:
        try:
            plan_one(journal)
        except UsageWrong:
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(plan, range(32))) == 1


@pytest.mark.parametrize(
    ("action", "is_linked"),
    [
        (Action.RELEASE, False),
        (Action.DELETE, False),
        (Action.RENEW, True),
        (Action.SUSPEND, True),
        (Action.RESUME, True),
        (Action.EDIT, True),
        (Action.MOVE, True),
        (Action.CHANGE_TARIFF, True),
    ],
)
def test_a_release_or_a_delete_that_is_done_unlinks_and_nothing_else_does(
    state: store.State, action: Action, *, is_linked: bool
) -> None:
    state.sightings.record("isp", [LITE], NOW)
    state.links.link([(Link("isp", "501", "12", "panel"), "by hand")], NOW)
    decision = Decision(action, ORDER.child, "asked for", license="501")
    state.journal.done(send_one(state.journal, decision), license="501", cost=None, at=LATER)
    assert state.links.all("isp") == ({("12", "panel"): "501"} if is_linked else {})


@pytest.mark.parametrize("action", [Action.RELEASE, Action.DELETE])
def test_what_is_unlinked_already_is_done_all_the_same(state: store.State, action: Action) -> None:
    state.sightings.record("isp", [LITE], NOW)
    decision = Decision(action, ORDER.child, "asked for", license="501")
    done = state.journal.done(send_one(state.journal, decision), license="501", cost=None, at=LATER)
    assert (state.operations.get(done.id).state, state.links.all("isp")) == (State.DONE, {})
