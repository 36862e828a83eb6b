from __future__ import annotations

from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.store.state import State
from tests.store.nouns import NOW, WEB1


def test_a_reader_of_a_missing_file_sees_nothing_and_makes_no_file(path: Path) -> None:
    with State.open(path, now=NOW, read_only=True) as state:
        assert state.inventory.services() == []
    assert not path.parent.exists()


def test_a_reader_takes_an_empty_file_for_a_missing_one(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.touch()
    with State.open(path, now=NOW, read_only=True) as state:
        assert state.operations.open("isp") == []
    assert path.stat().st_size == 0


def test_a_writer_makes_tables_in_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.touch()
    with State.open(path, now=NOW) as state:
        state.inventory.put([WEB1])
        assert state.inventory.services() == [WEB1]


def test_a_state_in_memory_can_be_written(tmp_path: Path) -> None:
    with State.in_memory(NOW) as state:
        state.inventory.put([WEB1])
        assert state.inventory.services() == [WEB1]


def test_a_reader_reads_while_a_writer_has_begun_to_write(state: State, path: Path) -> None:
    state.inventory.put([WEB1])
    state.database.execute("BEGIN IMMEDIATE")
    try:
        with State.open(path, now=NOW, read_only=True) as reader:
            assert reader.inventory.services() == [WEB1]
    finally:
        state.database.execute("ROLLBACK")


def test_a_closed_state_is_told_as_unusable(path: Path) -> None:
    state = State.open(path, now=NOW)
    state.close()
    with pytest.raises(StateUnusable, match="closed database"):
        state.inventory.services()


def test_a_path_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnusable, match="has no directory to be in"):
        State.open(tmp_path / "file" / "state.db", now=NOW, read_only=True)
