"""Commands as processes of their own, beside the office's commands in this one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import cpbillmgr
from tests.cli.terminal import everything
from tests.runs.office import Office

SOURCES = Path(cpbillmgr.__file__).parent.parent
COMMAND = [sys.executable, "-m", "cpbillmgr"]

Spawn = Callable[..., "subprocess.CompletedProcess[str]"]
Sit = Callable[..., tuple[int, str]]


@pytest.fixture
def environment(clean_environment: None) -> dict[str, str]:
    """What a process of its own needs to find this program, and nothing of this machine's user."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "CPBILLMGR_SETTINGS": "cpbillmgr.toml"}


@pytest.fixture
def spawn(environment: dict[str, str]) -> Spawn:
    """Run a command as a process: ``spawn(office, "fixchilds", "--yes", CPBILLMGR_PASSWORD="...")``.

    What is ``typed`` is its whole input.
    """

    def run(
        office: Office, *words: str, typed: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            cwd=office.folder,
            env=environment | variables,
            input=typed,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


@pytest.fixture
def sit(environment: dict[str, str]) -> Sit:
    """Sit at a terminal and type an answer: the exit code, and all that was on the screen."""

    def typed(office: Office, answer: str, *words: str, **variables: str) -> tuple[int, str]:
        ours, its = pty.openpty()
        terminal = environment | {"TERM": "xterm", "COLUMNS": "100", **variables}
        with subprocess.Popen(
            [*COMMAND, *words], cwd=office.folder, env=terminal, stdin=its, stdout=its, stderr=its
        ) as process:
            os.close(its)
            os.write(ours, answer.encode())
            screen = everything(ours)
        os.close(ours)
        return process.returncode, screen

    return typed
