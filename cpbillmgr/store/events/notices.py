"""What a person was told, so that it is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.store.events.deliveries import write_delivery
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import Database, rows, transaction


class Notices:
    """The notices in force, by remote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def news(self, remote: str, notices: Sequence[Notice]) -> list[Notice]:
        """Return those of these notices that nobody was told yet, or not at this level."""
        told = self._told(remote)
        return [each for each in notices if told.get(each.topic, 0) < each.level]

    def tell(
        self, remote: str, notices: Sequence[Notice], at: datetime, calls: Sequence[tuple[Hook, str]] = ()
    ) -> None:
        """Remember that these notices were told, and forget those that are no longer so.

        ``calls`` are those of hooks that they cause. Nothing is written when all is remembered already.
        """
        told = self._told(remote)
        now = {each.topic: each for each in notices}
        ended = [(remote, topic) for topic in told.keys() - now.keys()]
        changed = [each for each in now.values() if told.get(each.topic) != each.level]
        if not ended and not changed:
            return
        with transaction(self._database) as database:
            database.executemany("DELETE FROM notice WHERE remote = ? AND topic = ?", ended)
            database.executemany(
                "INSERT OR REPLACE INTO notice (remote, topic, level, text, at) VALUES (?, ?, ?, ?, ?)",
                ((remote, each.topic, int(each.level), each.text, time_text(at)) for each in changed),
            )
            for hook, body in calls:
                write_delivery(database, hook, body, at)

    def in_force(self, remote: str) -> list[Notice]:
        """Return what was told and is still so, the most urgent first."""
        query = "SELECT topic, level, text FROM notice WHERE remote = ? ORDER BY level DESC, topic"
        return [
            Notice(topic, Level(level), text) for topic, level, text in rows(self._database, query, remote)
        ]

    def _told(self, remote: str) -> dict[str, int]:
        return dict(rows(self._database, "SELECT topic, level FROM notice WHERE remote = ?", remote))
