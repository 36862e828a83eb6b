"""A state in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cpbillmgr.store.journal.failed import Failed
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from cpbillmgr.store.state import State
from tests.store.nouns import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cpbillmgr" / "state.db"


@pytest.fixture
def state(path: Path) -> Iterator[State]:
    with State.open(path, now=NOW) as opened:
        yield opened


@pytest.fixture
def journal(state: State) -> Journal:
    return state.journal


@pytest.fixture
def operations(state: State) -> Operations:
    return state.operations


@pytest.fixture
def failed(state: State) -> Failed:
    return state.failed
