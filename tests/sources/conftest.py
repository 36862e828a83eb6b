"""A way to write an inventory file and read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.sources.files import read_inventory

Problems = Callable[[str, str | bytes], list[tuple[int | None, str]]]


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    """Write a file and return line and message of everything that is wrong with it."""

    def read(name: str, content: str | bytes) -> list[tuple[int | None, str]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ConfigInvalid) as caught:
            read_inventory(path)
        assert {problem.file for problem in caught.value.problems} == {str(path)}
        return [(problem.line, problem.message) for problem in caught.value.problems]

    return read
