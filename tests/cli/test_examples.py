"""Every example runs as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, SOURCES

EXAMPLES = SOURCES / "examples"
A_SHORT_YEAR = {"CUSTOMERS": "8", "DAYS": "56", "STEP": "28"}
SCRIPTS = sorted(EXAMPLES.glob("*/run.sh"))


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which the program is found, as after an installation."""
    (tmp_path / "cpbillmgr").write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n', encoding="utf-8")
    (tmp_path / "cpbillmgr").chmod(0o755)
    return os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.parent.name)
def test_an_example_runs_to_its_end(script: Path, path: str, tmp_path: Path) -> None:
    result = subprocess.run(
        ["sh", str(script)],
        cwd=tmp_path,
        env={"PATH": path, "PYTHONPATH": str(SOURCES), "HOME": str(tmp_path), **A_SHORT_YEAR},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, "error" in result.stderr) == (0, False), result.stderr


def test_there_are_examples() -> None:
    assert {"first-run", "a-year"} <= {script.parent.name for script in SCRIPTS}
