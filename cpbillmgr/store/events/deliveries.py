"""Calls of the operator's hooks that wait to be made, so that neither a crash nor a busy hook loses one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cpbillmgr.model.notices import Hook
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import Database, reading, transaction


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call of a hook: what it is told (JSON), and since when it waits (UTC)."""

    id: int
    hook: Hook
    at: datetime
    body: str


class Deliveries:
    """The calls that wait, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, hook: Hook, body: str, at: datetime) -> None:
        """Have one more call wait."""
        with transaction(self._database) as database:
            write_delivery(database, hook, body, at)

    def waiting(self) -> list[Delivery]:
        """Return the calls that wait, oldest first."""
        with reading(self._database) as database:
            rows = database.execute("SELECT id, hook, at, body FROM delivery ORDER BY id")
            return [
                Delivery(number, Hook(hook), datetime.fromisoformat(at), body)
                for number, hook, at, body in rows
            ]

    def done(self, number: int) -> None:
        """Forget a call that was made."""
        with transaction(self._database) as database:
            database.execute("DELETE FROM delivery WHERE id = ?", (number,))


def write_delivery(database: Database, hook: Hook, body: str, at: datetime) -> None:
    """Have one more call wait, inside the transaction that is under way."""
    database.execute(
        "INSERT INTO delivery (hook, at, body) VALUES (?, ?, ?)", (hook.value, time_text(at), body)
    )
