"""Brings the tables to what this program knows: each migration is one transaction with its own record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.schema.tables import MIGRATIONS
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import Database, backup, reading, transaction

KNOWN_SCHEMA = len(MIGRATIONS)


def migrate(database: Database, *, now: datetime, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Apply what is missing, after a copy of a file that holds data was written beside it.

    The copy before migration N is called ``state.db.before-N``. Raises ``StateUnusable`` for a newer schema.
    """
    applied, known = schema_number(database), len(migrations)
    _refuse_newer(database, applied, known)
    if 0 < applied < known:
        backup(database, database.path.with_name(f"{database.path.name}.before-{applied + 1}"))
    for number in range(applied + 1, known + 1):
        _apply(database, number, migrations[number - 1], now)


def require_current_schema(database: Database) -> None:
    """Raise ``StateUnusable`` unless a reader, who may not migrate, understands the tables as they are."""
    applied = schema_number(database)
    _refuse_newer(database, applied, KNOWN_SCHEMA)
    if applied < KNOWN_SCHEMA:
        raise StateUnusable(
            f"the state database has the old schema {applied}, this cpbillmgr reads schema {KNOWN_SCHEMA}",
            where=str(database.path),
            hint="Run 'cpbillmgr fixchilds' once: it brings the database up to date",
        )


def schema_number(database: Database) -> int:
    """Return the number of the last migration that was applied, 0 for an empty database."""
    with reading(database):
        return _number(database)


def _apply(database: Database, number: int, statements: Sequence[str], now: datetime) -> None:
    with transaction(database):
        if _number(database) >= number:  # another process was faster
            return
        for statement in statements:
            database.execute(statement)
        database.execute("INSERT INTO migration VALUES (?, ?)", (number, time_text(now)))


def _number(database: Database) -> int:
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'migration'").fetchone()
    if not tables:
        return 0
    (number,) = database.execute("SELECT max(number) FROM migration").fetchone()
    return int(number)


def _refuse_newer(database: Database, applied: int, known: int) -> None:
    if applied > known:
        raise StateUnusable(
            f"the state database has schema {applied}, and this cpbillmgr knows schema {known} at most",
            where=str(database.path),
            hint="Use the newer cpbillmgr that wrote it, or restore a backup from before",
        )
