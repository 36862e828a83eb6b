"""Events on disk: in the order of their conclusion, since a time, and of one license."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.events import Event, EventKind
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Hook
from cpbillmgr.store.state import State
from tests.store.journeys import plan_one
from tests.store.nouns import LATER, LITE, NOW

MICROSECOND = timedelta(microseconds=1)
MOVED = Event("isp", "501", EventKind.IP, "203.0.113.5", "203.0.113.9", NOW)


def write(state: State, *events: Event, at: datetime = NOW) -> None:
    state.sightings.record("isp", [LITE], at, events=events)


def numbered(*events: Event) -> list[Event]:
    return [replace(event, id=number) for number, event in enumerate(events, start=1)]


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_of_each_kind_is_there_after_the_program_ended(
    state: State, path: Path, kind: EventKind
) -> None:
    event = replace(MOVED, kind=kind, before="", after="a\x1b[31mb\n")
    write(state, event)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert list(reader.events.since()) == numbered(event)


def test_an_event_keeps_the_operation_that_explains_it(state: State) -> None:
    operation = plan_one(state.journal)
    write(state, replace(MOVED, operation=operation.id))
    assert [event.operation for event in state.events.since()] == [operation.id]


def test_events_are_told_oldest_first_in_the_order_of_their_conclusion(state: State) -> None:
    events = [MOVED, replace(MOVED, kind=EventKind.NAME), replace(MOVED, license="502", remote="other")]
    write(state, *events)
    write(state, replace(MOVED, at=LATER), at=LATER)
    assert list(state.events.since()) == numbered(*events, replace(MOVED, at=LATER))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (None, 2),
        (NOW, 2),
        (NOW + MICROSECOND, 1),
        (LATER, 1),
        (LATER + MICROSECOND, 0),
        (NOW.astimezone(timezone(timedelta(hours=3))), 2),
        (datetime(2026, 1, 1, tzinfo=UTC), 2),
    ],
    ids=str,
)
def test_since_is_from_that_time_on(state: State, moment: datetime | None, told: int) -> None:
    write(state, MOVED)
    write(state, replace(MOVED, at=LATER), at=LATER)
    assert len(list(state.events.since(moment))) == told


@pytest.mark.parametrize("count", [0, 999, 1000, 1001, 2000])
def test_events_of_more_than_one_page_are_told_once_each(state: State, count: int) -> None:
    write(state, *(replace(MOVED, license=str(number)) for number in range(count)))
    assert [event.license for event in state.events.since()] == [str(number) for number in range(count)]


def test_the_events_of_a_license_are_those_of_its_own_remote(state: State) -> None:
    mine = [MOVED, replace(MOVED, kind=EventKind.NAME)]
    write(state, mine[0], replace(MOVED, license="502"), replace(MOVED, remote="other"), mine[1])
    assert [replace(event, id=0) for event in state.events.of_license("isp", "501")] == mine
    assert state.events.of_license("isp", "999") == []


def test_no_time_is_written_that_has_no_zone(state: State) -> None:
    with pytest.raises(ValueError, match="without time zone"):
        write(state, replace(MOVED, at=datetime(2026, 11, 21)))  # noqa: DTZ001 - that is what is wrong
    assert list(state.events.since()) == []


def _seen(state: State) -> list[License]:
    return list(state.sightings.seen("isp"))


@pytest.mark.parametrize("looked_before", [True, False])
def test_an_event_that_cannot_be_written_leaves_the_sighting_unwritten_too(
    state: State, *, looked_before: bool
) -> None:
    if looked_before:
        state.sightings.record("isp", [LITE], NOW)
    before, look = _seen(state), state.sightings.look("isp")
    unexplained = replace(MOVED, operation=99)  # the journal has no such operation
    moved = replace(LITE, ip="203.0.113.9")
    with pytest.raises(StateUnusable):
        state.sightings.record(
            "isp",
            [moved, replace(LITE, id="502")],
            LATER,
            events=[MOVED, unexplained],
            calls=[(Hook.CHANGED, "{}")],
            checked=True,
        )
    assert (_seen(state), state.sightings.look("isp")) == (before, look)
    assert (list(state.events.since()), state.deliveries.waiting()) == ([], [])
    state.sightings.record("isp", [moved], LATER, events=[MOVED], calls=[(Hook.CHANGED, "{}")], checked=True)
    assert (_seen(state), len(list(state.events.since()))) == ([moved], 1)
    assert [(each.hook, each.at, each.body) for each in state.deliveries.waiting()] == [
        (Hook.CHANGED, LATER, "{}")
    ]


def test_a_sighting_that_cannot_be_written_leaves_its_events_unwritten_too(state: State) -> None:
    state.database.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON license BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(StateUnusable):
        write(state, MOVED)
    assert list(state.events.since()) == []
