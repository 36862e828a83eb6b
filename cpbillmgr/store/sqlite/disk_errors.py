"""What the system and SQLite say when the state cannot be used, as one clear line (exit code 74)."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cpbillmgr.errors import StateUnusable

_RESTORE = "Restore a backup with 'cpbillmgr state restore FILE', or name another file with --state"
_OWNER = "Run the command as the owner of the state, or name another file with --state"
_SPACE = "Free some space, then run the same command again"

_SYSTEM = {
    errno.ENOENT: ("has no directory to be in", "Create it with 'mkdir -p -m 700 {directory}'"),
    errno.EEXIST: ("has no directory to be in", "Name another file with --state"),
    errno.ENOTDIR: ("has no directory to be in", "Name another file with --state"),
    errno.EISDIR: ("is a directory", "Name a file with --state"),
    errno.EACCES: ("may not be opened or written", _OWNER),
    errno.EPERM: ("may not be opened or written", _OWNER),
    errno.EROFS: ("lies on a read-only file system", "Name another file with --state"),
    errno.ENOSPC: ("cannot grow: the disk is full", _SPACE),
    errno.EDQUOT: ("cannot grow: the disk quota is used up", _SPACE),
}

_SQLITE = {
    sqlite3.SQLITE_NOTADB: ("is not a database", _RESTORE),
    sqlite3.SQLITE_CORRUPT: ("is damaged", _RESTORE),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", _SPACE),
    sqlite3.SQLITE_BUSY: ("is locked by another program", "Find out with 'fuser {path}', then try again"),
    sqlite3.SQLITE_LOCKED: ("is locked by another program", "Find out with 'fuser {path}', then try again"),
    sqlite3.SQLITE_READONLY: ("may not be written", _OWNER),
    sqlite3.SQLITE_PERM: ("may not be opened or written", _OWNER),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _OWNER),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports an error", "Check the disk"),
}


def state_unusable(error: OSError | sqlite3.Error, path: Path) -> StateUnusable:
    """Return the error that a person gets for this one.

    ======================================  ==========================================
    error                                   told as
    ======================================  ==========================================
    an errno of the table ``_SYSTEM``       its sentence and its hint
    a primary result code of ``_SQLITE``    its sentence and its hint
    any other                               the words of the system or of SQLite
    ======================================  ==========================================
    """
    if isinstance(error, OSError):
        known = _SYSTEM.get(error.errno or 0)
        words = error.strerror or str(error)
    else:
        known = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the rest is the extended code
        words = str(error)
    told, hint = known or (f"cannot be used: {words}", "")
    return StateUnusable(
        f"the state database {told}",
        where=str(path),
        hint=hint.format(path=path, directory=path.parent),
    )


@contextmanager
def state_errors(path: Path) -> Iterator[None]:
    """Raise every ``OSError`` and ``sqlite3.Error`` of the block as ``StateUnusable``: the one door."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise state_unusable(error, path) from error
