"""Processes that are struck down."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.cli.conftest import SOURCES
from tests.crash.victim import STRUCK
from tests.runs.office import Office
from tests.tally import NAME, Tally


@pytest.fixture
def tally(pytestconfig: pytest.Config) -> Tally:
    tally = pytestconfig.pluginmanager.get_plugin(NAME)
    assert isinstance(tally, Tally)
    return tally


@dataclass(frozen=True)
class Ended:
    """How a process ended: exit code, or signal below zero; what it told; where it was struck, if it was."""

    code: int
    err: str
    struck: str


Strike = Callable[..., Ended]


@pytest.fixture(scope="session")
def victims() -> Iterator[subprocess.Popen[str]]:
    """The process that all victims are children of."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.victim"],
        env=environment | {"CPBILLMGR_SETTINGS": "cpbillmgr.toml"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def strike(victims: subprocess.Popen[str]) -> Strike:
    """Run a command and strike it at a boundary: ``strike(office, ["fixchilds"], at=7, how="kill")``."""

    def run(
        office: Office, words: Sequence[str], *, at: int | str, how: str = "kill", minutes: float = 0
    ) -> Ended:
        assert victims.stdin is not None
        assert victims.stdout is not None
        job = {"folder": str(office.folder), "words": words, "at": at, "how": how, "minutes": minutes}
        victims.stdin.write(json.dumps(job) + "\n")
        victims.stdin.flush()
        answer = json.loads(victims.stdout.readline())
        mark = office.folder / STRUCK
        struck = mark.read_text(encoding="utf-8") if mark.exists() else ""
        mark.unlink(missing_ok=True)
        return Ended(answer["code"], answer["err"], struck)

    return run


@pytest.fixture
def environment(clean_environment: None) -> dict[str, str]:
    """What a process of its own needs to find this program, and nothing of this machine's user."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCES), "CPBILLMGR_SETTINGS": "cpbillmgr.toml"}
