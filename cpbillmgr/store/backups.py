"""Backups of the state: what is in it, a copy of it, and a copy put back in its place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.schema.migrations import KNOWN_SCHEMA, schema_number
from cpbillmgr.store.sqlite.columns import OPEN
from cpbillmgr.store.sqlite.database import Database, backup, open_database, reading
from cpbillmgr.store.sqlite.disk_errors import state_errors
from cpbillmgr.store.state import State

_COUNTED = {
    "services": "SELECT count(*) FROM service",
    "licenses": "SELECT count(*) FROM license WHERE gone_at IS NULL",
    "links": "SELECT count(*) FROM link",
    "operations": "SELECT count(*) FROM operation",
    "open operations": f"SELECT count(*) FROM operation WHERE {OPEN}",  # noqa: S608 - constants alone
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a state: its schema's number, how many there are of what, each remote's last look (UTC)."""

    schema: int
    counts: dict[str, int]
    looks: dict[str, str]


def contents(state: State) -> Contents:
    """Return what is in a state, for a person."""
    schema = schema_number(state.database)
    with reading(state.database) as database:
        counts = {what: database.execute(query).fetchone()[0] for what, query in _COUNTED.items()}
        looks = dict(database.execute("SELECT remote, at FROM look ORDER BY remote").fetchall())
    return Contents(schema, counts, looks)


def back_up(state: State, target: Path) -> None:
    """Copy a state into a new file (mode 0600), also while another run works on it.

    Raises ``StateUnusable`` when the file is there already, or cannot be written.
    """
    with state_errors(target):
        there = target.exists()
        target.parent.stat()  # a folder is not made: its name may be mistyped
    if there:
        raise StateUnusable("the backup's file is there already", where=str(target), hint="Name another one")
    backup(state.database, target)


def restore(source: Path, path: Path, *, dry_run: bool = False) -> Path | None:
    """Put a backup in the place of the state at ``path``; return where the state that was there is kept.

    The caller holds the lock. Raises ``StateUnusable`` for a file that is no whole state of a known schema,
    and then nothing has changed; nor has it with ``dry_run``.
    """
    database = open_database(source, read_only=True)
    try:
        _check(database, source)
        if dry_run:
            return None
        draft = path.with_name(f"{path.name}.restoring")
        with state_errors(path):
            draft.unlink(missing_ok=True)
        backup(database, draft)
    finally:
        database.close()
    with state_errors(path):
        kept = _put_aside(path)
        draft.replace(path)
    return kept


def _put_aside(path: Path) -> Path | None:
    """Rename a state to a name that nothing has, and return it.

    A transaction that was cut off in it is rolled back first: its journal would be taken for the new file's.
    What cannot even be opened keeps its journal, under its own new name.
    """
    if not path.exists():
        return None
    with suppress(StateUnusable):
        open_database(path).close()
    suffixes = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{path.name}.before-restore{suffix}") for suffix in suffixes)
    kept = next(name for name in names if not name.exists())
    for suffix in ("-journal", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))
    return kept


def _check(database: Database, source: Path) -> None:
    schema = schema_number(database)
    if not 0 < schema <= KNOWN_SCHEMA:
        known = f"schema {schema}, this cpbillmgr knows 1 to {KNOWN_SCHEMA}" if schema else "no state in it"
        raise StateUnusable(f"the backup has {known}", where=str(source), hint="Name another file")
    with state_errors(source), reading(database):
        (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StateUnusable(f"the backup is damaged: {found}", where=str(source), hint="Name another file")
