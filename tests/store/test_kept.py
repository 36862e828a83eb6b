"""What is kept when the state cannot be written, or is replaced."""

from __future__ import annotations

import os
import resource
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.backups import back_up, restore
from cpbillmgr.store.rescue import Rescue
from cpbillmgr.store.state import State as Store
from tests.store.nouns import NOW, ORDER, WEB1


def test_a_rescue_note_of_another_remote_is_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "state.db", now=NOW) as state:
        other = replace(ORDER, child=replace(ORDER.child, remote="other"))
        operation = state.journal.plan(other, run="r", name="x", at=NOW)
        operation = state.journal.send(operation, run="r", at=NOW, max_spend=None)
        with state.rescue() as rescue:
            rescue.note(operation, "7000")
        with state.rescue():
            pass
        assert rescue.path is not None
        assert "7000" in rescue.path.read_text()


def test_what_is_settled_leaves_the_file_though_another_note_stays(tmp_path: Path) -> None:
    with Store.open(tmp_path / "state.db", now=NOW) as state:
        one = state.journal.plan(ORDER, run="r", name="x", at=NOW)
        two = state.journal.plan(
            replace(ORDER, child=replace(ORDER.child, service="13")), run="r", name="x", at=NOW
        )
        with state.rescue() as rescue:
            rescue.note(one, "7000")
            rescue.note(two, "7001")
        state.journal.failed(one, "gone", at=NOW)
        with state.rescue():
            pass
        assert rescue.path is not None
        text = rescue.path.read_text()
        assert "7000" not in text
        assert "\0" not in text


def test_where_no_space_can_be_set_aside_no_file_is_left(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    rescue = Rescue(tmp_path / "state.db", ())
    before = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StateUnusable), rescue:
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert list(tmp_path.iterdir()) == []


def test_a_second_restore_keeps_no_journal_of_the_first(tmp_path: Path) -> None:
    path, good = tmp_path / "state.db", tmp_path / "good.db"
    for each in (path, good):
        with Store.open(each, now=NOW) as state:
            state.inventory.put([replace(WEB1, id=str(n)) for n in range(500)])
    if not (child := os.fork()):
        writer = sqlite3.connect(path, isolation_level=None)
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("UPDATE service SET name = hex(zeroblob(1000))")
        os._exit(9)
    os.waitpid(child, 0)
    restore(good, path)
    with Store.open(path, now=NOW) as state:
        state.inventory.put([replace(WEB1, id=str(n), name="new") for n in range(500)])
        expected = state.inventory.services()
    kept = restore(good, path)
    assert kept is not None
    with Store.open(kept, now=NOW) as state:
        assert state.inventory.services() == expected


def test_a_second_restore_keeps_what_the_first_has_kept(tmp_path: Path) -> None:
    path, good = tmp_path / "state.db", tmp_path / "good.db"
    for each in (path, good):
        Store.open(each, now=NOW).close()
    first = restore(good, path)
    second = restore(good, path)
    assert first != second


def test_a_path_below_a_file_is_told_as_having_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Store.in_memory(NOW) as state, pytest.raises(StateUnusable, match="has no directory"):
        back_up(state, tmp_path / "file" / "backup.db")
    with pytest.raises(StateUnusable, match="has no directory"):
        Rescue(tmp_path / "file" / "state.db", ()).__enter__()
