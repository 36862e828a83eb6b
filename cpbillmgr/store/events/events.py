"""The events that were concluded, in the order in which they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from cpbillmgr.model.events import Event, EventKind
from cpbillmgr.model.notices import Hook
from cpbillmgr.store.events.deliveries import write_delivery
from cpbillmgr.store.sqlite.columns import Row, time_text
from cpbillmgr.store.sqlite.database import Database, rows, transaction

_COLUMNS = "SELECT id, remote, license, at, kind, before, after, operation FROM event"
_PAGE_ROWS = 1000


class Events:
    """What was concluded to have changed, most of it written together with the sighting that showed it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, event: Event, calls: Iterable[tuple[Hook, str]]) -> None:
        """Write an event that no sighting shows, with the calls of hooks that it causes."""
        with transaction(self._database) as database:
            write_events(database, [event])
            for hook, body in calls:
                write_delivery(database, hook, body, event.at)

    def since(self, moment: datetime | None = None) -> Iterator[Event]:
        """Yield the events of this time (UTC) or later, all of them without one, oldest first."""
        last = 0
        while True:
            query = f"{_COLUMNS} WHERE at >= ? AND id > ? ORDER BY id LIMIT ?"
            page = rows(self._database, query, time_text(moment) or "", last, _PAGE_ROWS)
            yield from map(_event, page)
            if len(page) < _PAGE_ROWS:
                return
            last = page[-1][0]

    def of_license(self, remote: str, license: str) -> list[Event]:
        """Return the events of one license, oldest first."""
        query = f"{_COLUMNS} WHERE remote = ? AND license = ? ORDER BY id"
        return list(map(_event, rows(self._database, query, remote, license)))


def write_events(database: Database, events: Iterable[Event]) -> None:
    """Write events inside the transaction that is under way."""
    database.executemany(
        "INSERT INTO event (remote, license, at, kind, before, after, operation)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                each.remote,
                each.license,
                time_text(each.at),
                each.kind.value,
                each.before,
                each.after,
                each.operation,
            )
            for each in events
        ),
    )


def _event(row: Row) -> Event:
    number, remote, license, at, kind, before, after, operation = row
    return Event(
        remote, license, EventKind(kind), before, after, datetime.fromisoformat(at), operation, id=number
    )
