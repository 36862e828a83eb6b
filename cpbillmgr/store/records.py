"""What the journal of operations tells: questions that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.operations import Operation
from cpbillmgr.store.columns import time_text
from cpbillmgr.store.database import Database, reading
from cpbillmgr.store.operations import Move, read_move, read_operation

_OPEN = """
    SELECT * FROM operation WHERE remote = ? AND state NOT IN ('done', 'failed') ORDER BY id
"""
_PAGE = "SELECT * FROM operation WHERE id < ? ORDER BY id DESC LIMIT ?"
_PAGE_ROWS = 1000
_LAST_ID = 2**63 - 1


class Records:
    """The operations of all remotes, as they stand in the journal. May be called from many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, remote: str) -> list[Operation]:
        """Return the remote's operations that are neither done nor failed, oldest first."""
        with reading(self._database) as database:
            return list(map(read_operation, database.execute(_OPEN, (remote,))))

    def open_ids(self) -> frozenset[int]:
        """Return the ids of all remotes' operations that are neither done nor failed."""
        with reading(self._database) as database:
            rows = database.execute("SELECT id FROM operation WHERE state NOT IN ('done', 'failed')")
            return frozenset(number for (number,) in rows)

    def get(self, number: int) -> Operation:
        """Return one operation; ``UsageWrong`` when there is none of this id."""
        with reading(self._database) as database:
            row = database.execute("SELECT * FROM operation WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise UsageWrong(f"there is no operation {number}", hint="See 'cpbillmgr operation list'")
        return read_operation(row)

    def all(self) -> Iterator[Operation]:
        """Yield every operation, newest first."""
        last = _LAST_ID
        while True:
            with reading(self._database) as database:
                rows = database.execute(_PAGE, (last, _PAGE_ROWS)).fetchall()
            yield from map(read_operation, rows)
            if len(rows) < _PAGE_ROWS:
                return
            last = rows[-1][0]

    def moves(self, number: int) -> list[Move]:
        """Return the history of an operation, oldest first."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT operation, at, from_state, to_state, why FROM operation_move"
                " WHERE operation = ? ORDER BY id",
                (number,),
            )
            return list(map(read_move, rows))

    def open_elsewhere(self, remote: str) -> frozenset[tuple[str, str]]:
        """Return the children that have an open operation at another remote."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT service, addon FROM operation WHERE remote <> ? AND state NOT IN ('done', 'failed')",
                (remote,),
            )
            return frozenset(rows)

    def refused_takes(self, remote: str, since: datetime) -> frozenset[str]:
        """Return the licenses that were refused to a take at this time or later."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT license FROM refusal WHERE remote = ? AND at >= ?", (remote, time_text(since))
            )
            return frozenset(license_id for (license_id,) in rows)

    def generations(self, remote: str) -> dict[tuple[str, str], int]:
        """Return, by child, the highest generation that a mark of its done operations has."""
        highest: dict[tuple[str, str], int] = {}
        with reading(self._database) as database:
            for service, addon, remoteid in database.execute(
                "SELECT service, addon, remoteid FROM operation WHERE remote = ? AND state = 'done'",
                (remote,),
            ):
                if mark := Mark.read(remoteid):
                    child = (service, addon)
                    highest[child] = max(mark.generation, highest.get(child, 0))
        return highest
