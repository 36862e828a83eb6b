"""Commands as processes of their own, beside the office's commands in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cpbillmgr
from tests.runs.office import Office

SOURCES = Path(cpbillmgr.__file__).parent.parent
COMMAND = [sys.executable, "-m", "cpbillmgr"]

Spawn = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(clean_environment: None) -> dict[str, str]:
    """What a process of its own needs to find this program, and nothing of this machine's user."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "CPBILLMGR_SETTINGS": "cpbillmgr.toml"}


@pytest.fixture
def spawn(environment: dict[str, str]) -> Spawn:
    """Run a command as a process: ``spawn(office, "fixchilds", "--yes", CPBILLMGR_PASSWORD="...")``."""

    def run(office: Office, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            cwd=office.folder,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run
