"""Which licenses no run may touch, by a person's word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cpbillmgr.errors import UsageWrong
from cpbillmgr.store.licenses.links import refuse_open_operation
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import Database, reading, rows, transaction


class Protections:
    """The licenses that are protected, linked or not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, remote: str) -> frozenset[str]:
        """Return the ids of a remote's protected licenses."""
        found = rows(self._database, "SELECT license FROM protection WHERE remote = ?", remote)
        return frozenset(license_id for (license_id,) in found)

    def since(self, remote: str, license_id: str) -> datetime | None:
        """Return since when a license is protected, ``None`` when it is not."""
        with reading(self._database) as database:
            row = database.execute(
                "SELECT at FROM protection WHERE remote = ? AND license = ?", (remote, license_id)
            ).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def check(self, remote: str, licenses: Iterable[str]) -> None:
        """Raise ``UsageWrong`` unless these licenses may be protected; as ``protect``."""
        with reading(self._database) as database:
            for license_id in licenses:
                refuse_open_operation(database, remote, license_id)

    def protect(self, remote: str, licenses: Iterable[str], at: datetime) -> None:
        """Protect licenses, all or none; one that is protected already stays so.

        Raises ``UsageWrong`` when an operation on one of them is open: it could no more be ended.
        """
        with transaction(self._database) as database:
            for license_id in licenses:
                refuse_open_operation(database, remote, license_id)
                database.execute(
                    "INSERT OR IGNORE INTO protection VALUES (?, ?, ?)", (remote, license_id, time_text(at))
                )

    def unprotect(self, remote: str, licenses: Iterable[str]) -> None:
        """Protect licenses no more, all or none; ``UsageWrong`` when one is not protected."""
        with transaction(self._database) as database:
            for license_id in licenses:
                ended = database.execute(
                    "DELETE FROM protection WHERE remote = ? AND license = ?", (remote, license_id)
                )
                if not ended.rowcount:
                    raise UsageWrong(f"license {license_id} is not protected", where=remote)
