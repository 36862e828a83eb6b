"""The SQLite file: how it is opened, written and copied.

A rollback journal with ``synchronous=EXTRA`` makes each transaction durable before the next call to a remote
(reliability.md, Runs); WAL can lose commits in the SQLite versions before 3.51.3.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.sqlite.disk_errors import state_errors
from cpbillmgr.store.sqlite.private import open_private

APPLICATION_ID = 0x63706231  # "cpb1" in the file's header tells our files from those of other programs
_BUSY_MILLISECONDS = 10_000
IN_MEMORY = Path(":memory:")


class Database(sqlite3.Connection):
    """A connection that knows its file, and whose ``turn`` is held by the one thread that may use it now."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.path = IN_MEMORY
        self.turn = Lock()


def open_database(path: Path, *, read_only: bool = False) -> Database:
    """Return a connection to the file, which is made with mode 0600 when it is missing.

    ``read_only`` needs a file that is there, and every write to it fails. Raises ``StateUnusable`` (74) for a
    file that cannot be opened, is no database or belongs to another program.
    """
    with state_errors(path):
        if not read_only:
            os.close(open_private(path))
        # A reader opens for writing too: it may have to roll back what a killed writer left.
        database = _connect(f"{path.absolute().as_uri()}?mode=rw")
        database.path = path
        try:
            _refuse_foreign(database)
            database.execute("PRAGMA query_only = ON" if read_only else "PRAGMA journal_mode = DELETE")
        except BaseException:
            database.close()
            raise
    return database


def open_memory() -> Database:
    """Return a database that is gone when it is closed: for a dry run where no file is there yet."""
    return _connect(":memory:")


@contextmanager
def transaction(database: Database) -> Iterator[Database]:
    """Hold the turn and write: committed and durable at the end of the block, rolled back by any exception.

    Raises ``StateUnusable`` for whatever SQLite or the disk refuse.
    """
    with database.turn, state_errors(database.path):
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:  # SQLite has rolled back by itself when the disk was full
                database.execute("ROLLBACK")
            raise


@contextmanager
def reading(database: Database) -> Iterator[Database]:
    """Hold the turn and read: all questions of the block are answered by one state of the file."""
    with database.turn, state_errors(database.path):
        database.execute("BEGIN")
        try:
            yield database
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")


def rows(database: Database, query: str, *parameters: object) -> list[Any]:
    """Return all rows that answer one question."""
    with reading(database):
        return database.execute(query, parameters).fetchall()


def backup(database: Database, target: Path) -> None:
    """Copy the database into ``target`` (mode 0600), also while it is in use: the whole of it, or nothing."""
    draft = target.with_name(f"{target.name}.new")
    with database.turn, state_errors(target):
        draft.unlink(missing_ok=True)
        os.close(open_private(draft))
        try:
            with closing(sqlite3.connect(draft)) as copy:
                database.backup(copy)
            draft.replace(target)
        except BaseException:
            draft.unlink()
            raise


def _connect(uri: str) -> Database:
    database = sqlite3.connect(uri, uri=True, factory=Database, isolation_level=None, check_same_thread=False)
    database.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    database.execute("PRAGMA synchronous = EXTRA")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA trusted_schema = OFF")
    return database


def _refuse_foreign(database: Database) -> None:
    """Raise ``StateUnusable`` for a database of another program; an empty file belongs to nobody yet."""
    (owner,) = database.execute("PRAGMA application_id").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if owner != APPLICATION_ID and (owner or tables):
        raise StateUnusable(
            "the database belongs to another program",
            where=str(database.path),
            hint="Name another file",
        )
