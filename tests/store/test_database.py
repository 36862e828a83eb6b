from __future__ import annotations

import errno
import os
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.sqlite.database import Database, backup, open_database, transaction
from cpbillmgr.store.sqlite.disk_errors import state_unusable
from cpbillmgr.store.state import State
from tests.store.nouns import NOW, WEB1


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_and_its_directory_are_for_their_owner_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        open_database(path).close()
    finally:
        os.umask(before)
    assert _mode(path) == 0o600
    assert _mode(path.parent) == 0o700


def test_making_a_file_leaves_the_umask_as_it_was(path: Path) -> None:
    before = os.umask(0o027)
    try:
        open_database(path).close()
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 3),  # EXTRA
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("trusted_schema", 0),
    ],
)
def test_a_connection_is_durable_strict_and_patient(state: State, pragma: str, value: object) -> None:
    assert state.database.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_a_missing_directory_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "state.db"
    with pytest.raises(StateUnusable, match="has no directory to be in") as caught:
        open_database(path)
    assert caught.value.hint == f"Create it with 'mkdir -p -m 700 {path.parent}'"
    assert not path.parent.exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("My notes. " * 100)
    with pytest.raises(StateUnusable, match="is not a database"):
        open_database(path)
    assert path.read_text() == "My notes. " * 100


@pytest.mark.parametrize("journal_mode", ["DELETE", "WAL"])
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, journal_mode: str) -> None:
    path = tmp_path / "state.db"
    foreign = sqlite3.connect(path)
    foreign.execute(f"PRAGMA journal_mode = {journal_mode}")
    foreign.execute("CREATE TABLE cookies (name TEXT)")
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(StateUnusable, match="belongs to another program"):
        open_database(path)
    assert path.read_bytes() == before


def test_a_database_that_another_program_has_only_begun_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    foreign = sqlite3.connect(path)
    foreign.execute("PRAGMA application_id = 7")
    foreign.close()
    with pytest.raises(StateUnusable, match="belongs to another program"):
        open_database(path)


def test_a_damaged_file_is_told_as_such_with_the_way_back(path: Path) -> None:
    with State.open(path, now=NOW) as state:
        state.inventory.put([WEB1])
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StateUnusable, match="is damaged") as caught, State.open(path, now=NOW):
        pass
    assert "state restore" in caught.value.hint


def test_a_full_disk_is_told_and_nothing_of_the_transaction_stays(state: State) -> None:
    (pages,) = state.database.execute("PRAGMA page_count").fetchone()
    state.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StateUnusable, match="the disk is full"):
        state.inventory.put([replace(WEB1, id=str(number)) for number in range(10_000)])
    assert state.inventory.services() == []


def test_a_file_that_somebody_locks_for_too_long_is_told_as_locked(state: State, path: Path) -> None:
    state.database.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateUnusable, match="is locked by another program"):
            state.inventory.put([WEB1])
    finally:
        other.close()


def test_a_reader_cannot_write(state: State, path: Path) -> None:
    reader = open_database(path, read_only=True)
    try:
        with pytest.raises(StateUnusable, match="may not be written"), transaction(reader) as database:
            database.execute("DELETE FROM service")
    finally:
        reader.close()


def test_a_reader_sees_the_state_from_before_a_writer_that_was_killed(state: State, path: Path) -> None:
    state.inventory.put([WEB1])
    if not (child := os.fork()):
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("PRAGMA cache_size = 1")  # so that the change is in the file before the commit
        writer.execute("BEGIN")
        writer.execute("UPDATE service SET name = hex(zeroblob(100000))")
        os._exit(9)
    os.waitpid(child, 0)
    assert path.with_name("state.db-journal").stat().st_size
    with State.open(path, now=NOW, read_only=True) as reader:
        assert reader.inventory.services() == [WEB1]


def _write_and_fail(database: Database) -> None:
    with transaction(database):
        database.execute("DELETE FROM service")
        raise KeyError


def test_an_exception_rolls_the_transaction_back_and_ends_the_turn(state: State) -> None:
    state.inventory.put([WEB1])
    with pytest.raises(KeyError):
        _write_and_fail(state.database)
    assert state.inventory.services() == [WEB1]


def test_a_backup_is_whole_and_private(state: State, path: Path) -> None:
    state.inventory.put([WEB1])
    target = path.with_name("copy.db")
    backup(state.database, target)
    assert _mode(target) == 0o600
    with State.open(target, now=NOW) as copy:
        assert copy.inventory.services() == [WEB1]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOENT, "has no directory to be in"),
        (errno.ENOTDIR, "has no directory to be in"),
        (errno.EISDIR, "is a directory"),
        (errno.EACCES, "may not be opened or written"),
        (errno.EPERM, "may not be opened or written"),
        (errno.EROFS, "lies on a read-only file system"),
        (errno.ENOSPC, "cannot grow: the disk is full"),
        (errno.EDQUOT, "cannot grow: the disk quota is used up"),
    ],
)
def test_each_known_error_of_the_system_has_its_sentence_and_a_hint(number: int, told: str) -> None:
    error = state_unusable(OSError(number, os.strerror(number)), Path("/var/lib/x/state.db"))
    assert (error.message, error.where) == (f"the state database {told}", "/var/lib/x/state.db")
    assert error.hint
    assert error.exit_code == 74


def test_an_error_that_is_not_in_the_table_is_told_in_its_own_words() -> None:
    error = state_unusable(OSError(errno.EMFILE, "Too many open files"), Path("state.db"))
    assert error.message == "the state database cannot be used: Too many open files"
