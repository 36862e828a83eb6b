"""Screens as a person sees them, kept as text in ``screens``; a screen that is not there yet is written."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.runs.days import Days
from tests.runs.drift import open_drift
from tests.runs.office import Office

SCREENS = Path(__file__).parent / "screens"
WIDTHS = (80, 120)
STYLE = re.compile(r"\x1b\[[0-9;]*m")
SECONDS = re.compile(r"(T[0-9]{2}:[0-9]{2}):[0-9]{2}Z")  # that the test itself has taken


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """Open the office where everything has drifted, on its world's own clock."""
    days: Days = open_drift(open_office)
    days.office.set_settings(url=f"sandbox:{days.office.folder / 'world.json'}")
    return days.office


def screen(office: Office, environment: dict[str, str], width: int, *words: str) -> str:
    """Return what a command shows on a terminal of so many columns, without its colors."""
    ours, its = pty.openpty()
    terminal = environment | {"TERM": "xterm", "COLUMNS": str(width)}
    with subprocess.Popen(
        [*COMMAND, *words], cwd=office.folder, env=terminal, stdout=its, stderr=subprocess.DEVNULL
    ) as process:
        os.close(its)
        parts = []
        with suppress(OSError):  # the other end was closed
            while part := os.read(ours, 4096):
                parts.append(part)
    os.close(ours)
    assert process.returncode == 0
    lines = STYLE.sub("", b"".join(parts).decode()).replace("\r\n", "\n").splitlines()
    return "".join(SECONDS.sub(r"\1:00Z", line.rstrip()) + "\n" for line in lines)


@pytest.mark.parametrize("command", ["audit", "pool", "forecast", "status"])
def test_a_screen_is_as_it_was_and_fits(office: Office, environment: dict[str, str], command: str) -> None:
    for width in WIDTHS:
        shown = screen(office, environment, width, command)
        kept = SCREENS / f"{command}-{width}.txt"
        if not kept.exists():
            kept.write_text(shown, encoding="utf-8")
            pytest.fail(f"{kept} was not there: it is written now, look at it")
        assert shown == kept.read_text(encoding="utf-8")
        assert max(map(len, shown.splitlines())) <= width
