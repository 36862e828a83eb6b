from __future__ import annotations

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, LITE, NOW

LOW = Notice("balance minimal", Level.WARNING, "the account has 1.00 EUR", Hook.LOW_BALANCE)


def waiting(state: State) -> list[tuple[Hook, str]]:
    return [(delivery.hook, delivery.body) for delivery in state.deliveries.waiting()]


def test_calls_wait_in_their_order_until_they_are_made(state: State) -> None:
    state.deliveries.add(Hook.FAILED, "first", LATER)
    state.deliveries.add(Hook.CHANGED, "second", NOW)
    first, second = state.deliveries.waiting()
    assert (first.hook, first.body, first.at) == (Hook.FAILED, "first", LATER)
    state.deliveries.done(first.id)
    assert state.deliveries.waiting() == [second]


def test_a_call_is_written_with_the_look_that_causes_it_or_not_at_all(state: State) -> None:
    state.sightings.record("isp", [LITE], NOW, calls=[(Hook.CHANGED, "it has appeared")])
    assert waiting(state) == [(Hook.CHANGED, "it has appeared")]
    state.database.execute("DROP TABLE delivery")
    with pytest.raises(StateUnusable):
        state.sightings.record("isp", [], LATER, calls=[(Hook.CHANGED, "it is gone")])
    look = state.sightings.look("isp")
    assert look is not None
    assert (look.at, look.licenses) == (NOW, 1)


def test_a_call_is_written_with_the_notice_that_causes_it(state: State) -> None:
    state.notices.tell("isp", [LOW], NOW, [(Hook.LOW_BALANCE, "top up")])
    assert waiting(state) == [(Hook.LOW_BALANCE, "top up")]
    state.notices.tell("isp", [LOW], LATER)
    assert waiting(state) == [(Hook.LOW_BALANCE, "top up")]
