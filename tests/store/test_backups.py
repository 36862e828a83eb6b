"""Caring for the state: what is in it, a copy of it, and a copy put back in its place."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.licenses import Link
from cpbillmgr.store.backups import back_up, contents, restore
from cpbillmgr.store.schema.migrations import KNOWN_SCHEMA
from cpbillmgr.store.sqlite.database import APPLICATION_ID
from cpbillmgr.store.state import State
from tests.store.journeys import send_one
from tests.store.nouns import LITE, NOW, WEB1, WEB2

MANY = [replace(WEB1, id=str(number)) for number in range(500)]


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with what is in it."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def names(path: Path) -> set[str]:
    """Return the names of the services in a state file."""
    with State.open(path, now=NOW, read_only=True) as state:
        return {service.name for service in state.inventory.services()}


def a_state(path: Path, name: str) -> Path:
    """Make a state file whose services all have this name."""
    with State.open(path, now=NOW) as state:
        state.inventory.put([replace(service, name=name) for service in MANY])
    return path


def killed_while_writing(path: Path) -> None:
    """Leave a state file with half a change in it, and the journal that undoes it."""
    if not (child := os.fork()):
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("PRAGMA cache_size = 1")  # so that the change is in the file before the commit
        writer.execute("BEGIN")
        writer.execute("UPDATE service SET name = hex(zeroblob(1000))")
        os._exit(9)
    os.waitpid(child, 0)
    assert path.with_name(f"{path.name}-journal").stat().st_size


def test_an_empty_state_holds_nothing(state: State) -> None:
    found = contents(state)
    assert (found.schema, set(found.counts.values()), found.looks) == (KNOWN_SCHEMA, {0}, {})


def test_the_contents_are_counted_for_a_person(state: State) -> None:
    state.inventory.put([WEB1, WEB2])
    state.sightings.record("isp", [LITE, replace(LITE, id="502")], NOW)
    state.sightings.record("isp", [LITE], NOW)
    state.links.link([(Link("isp", "501", "20", "panel"), "by hand")], NOW)
    send_one(state.journal)
    found = contents(state)
    assert found.counts == {"services": 2, "licenses": 1, "links": 1, "operations": 1, "open operations": 1}
    assert list(found.looks) == ["isp"]


def test_a_backup_is_whole_and_for_its_owner_alone(state: State, path: Path, tmp_path: Path) -> None:
    state.inventory.put(MANY)
    before = os.umask(0)
    try:
        back_up(state, tmp_path / "backup.db")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    assert names(tmp_path / "backup.db") == names(path)


def test_a_backup_replaces_no_file(state: State, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(StateUnusable, match="is there already"):
        back_up(state, target)
    assert target.read_text() == "mine"


def test_a_folder_is_not_made_for_a_backup(state: State, tmp_path: Path) -> None:
    with pytest.raises(StateUnusable, match="has no directory"):
        back_up(state, tmp_path / "mistyped" / "backup.db")
    assert not (tmp_path / "mistyped").exists()


def test_a_backup_where_there_is_no_directory_is_told(state: State, tmp_path: Path) -> None:
    with pytest.raises(StateUnusable, match="has no directory"):
        back_up(state, tmp_path / "no" / "such" / "backup.db")


def test_a_backup_of_a_state_that_is_being_written_is_of_before(path: Path, tmp_path: Path) -> None:
    a_state(path, "before")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE service SET name = 'after'")
        with State.open(path, now=NOW, read_only=True) as state:
            back_up(state, tmp_path / "backup.db")
        writer.execute("COMMIT")
    assert (names(tmp_path / "backup.db"), names(path)) == ({"before"}, {"after"})


def test_backups_beside_a_busy_writer_hold_whole_transactions_only(path: Path, tmp_path: Path) -> None:
    a_state(path, "0")
    enough = Event()

    def write() -> None:
        with State.open(path, now=NOW) as state:
            number = 0
            while not enough.is_set():
                number += 1
                state.inventory.put([replace(service, name=str(number)) for service in MANY])

    writer = Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            with State.open(path, now=NOW, read_only=True) as state:
                back_up(state, tmp_path / f"{number}.db")
    finally:
        enough.set()
        writer.join()
    assert [len(names(tmp_path / f"{number}.db")) for number in range(10)] == [1] * 10


def test_a_backup_that_is_put_back_is_the_state_again_and_the_other_is_kept(tmp_path: Path) -> None:
    path, source = a_state(tmp_path / "state.db", "new"), a_state(tmp_path / "backup.db", "old")
    before = source.read_bytes()
    kept = restore(source, path)
    assert kept == tmp_path / "state.db.before-restore"
    assert (names(path), names(kept)) == ({"old"}, {"new"})
    assert (stat.S_IMODE(path.stat().st_mode), source.read_bytes()) == (0o600, before)
    assert {each.name for each in tmp_path.iterdir()} == {"state.db", kept.name, "backup.db"}


def test_a_state_that_was_killed_while_it_was_written_is_kept_with_its_journal(tmp_path: Path) -> None:
    path, source = a_state(tmp_path / "state.db", "new"), a_state(tmp_path / "backup.db", "old")
    killed_while_writing(path)
    kept = restore(source, path)
    assert kept is not None
    assert (names(path), names(kept)) == ({"old"}, {"new"})


def test_a_backup_can_be_put_where_no_state_is(tmp_path: Path) -> None:
    source = a_state(tmp_path / "backup.db", "old")
    path = tmp_path / "elsewhere" / "state.db"
    assert restore(source, path) is None
    assert names(path) == {"old"}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_state_that_is_no_database_any_more_is_replaced_and_kept(tmp_path: Path) -> None:
    source, path = a_state(tmp_path / "backup.db", "old"), tmp_path / "state.db"
    path.write_text("not a database at all")
    kept = restore(source, path)
    assert kept is not None
    assert (names(path), kept.read_text()) == ({"old"}, "not a database at all")


def test_what_an_interrupted_restore_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    path, source = a_state(tmp_path / "state.db", "new"), a_state(tmp_path / "backup.db", "old")
    (tmp_path / "state.db.restoring").write_text("half a copy")
    restore(source, path)
    assert names(path) == {"old"}
    assert not (tmp_path / "state.db.restoring").exists()


def damaged(path: Path) -> None:
    a_state(path, "old")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def truncated(path: Path) -> None:
    a_state(path, "old")
    os.truncate(path, path.stat().st_size // 2)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE cookies (name TEXT)")


def newer(path: Path) -> None:
    a_state(path, "old")
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("INSERT INTO migration VALUES (?, '2027-01-01')", (KNOWN_SCHEMA + 1,))


def text(path: Path) -> None:
    path.write_text("My notes. " * 1000)


def without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")


UNFIT: dict[str, Callable[[Path], object]] = {
    "damaged": damaged,
    "truncated": truncated,
    "foreign": foreign,
    "newer": newer,
    "text": text,
    "empty": Path.touch,
    "without tables": without_tables,
    "a directory": Path.mkdir,
    "missing": lambda path: path,
}


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
def test_what_is_no_whole_backup_is_refused_and_nothing_has_changed(
    tmp_path: Path, make: Callable[[Path], object], dry_run: bool
) -> None:
    path = a_state(tmp_path / "here" / "state.db", "new")
    source = tmp_path / "backup.db"
    make(source)
    before = (files(path.parent), source.exists() and source.is_file() and source.read_bytes())
    with pytest.raises(StateUnusable) as caught:
        restore(source, path, dry_run=dry_run)
    assert str(source) in str(caught.value)
    assert (files(path.parent), source.exists() and source.is_file() and source.read_bytes()) == before


def test_a_dry_run_of_a_whole_backup_changes_nothing(tmp_path: Path) -> None:
    path, source = a_state(tmp_path / "state.db", "new"), a_state(tmp_path / "backup.db", "old")
    before = files(tmp_path)
    assert restore(source, path, dry_run=True) is None
    assert files(tmp_path) == before
