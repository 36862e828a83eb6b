"""Progress on stderr: how much is done, how fast, how long it will take; only where somebody sees it."""

from __future__ import annotations

import re
from io import StringIO

import click
import pytest
from rich.cells import cell_len

from cpbillmgr.cli.terminal import screen
from cpbillmgr.cli.terminal.screen import progress
from tests.cli.terminal import shown_on


def at_work(width: int, *, total: int = 100_000, quiet: bool = False, verbose: bool = False) -> str:
    """Return what is seen of some work at a terminal of this width."""
    seen: list[str] = []
    with shown_on(width, seen, errors=True), progress(quiet=quiet, verbose=verbose) as watcher:
        for done in range(0, 50_001, 10_000):
            watcher.watch("license forms", done, total)
    return click.unstyle(seen[0])


@pytest.fixture
def long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all work be long."""
    monkeypatch.setattr(screen, "SOON", 0.0)


@pytest.mark.usefixtures("long_work")
@pytest.mark.parametrize("width", [80, 120])
def test_long_work_shows_how_fast_it_goes_and_how_long_it_will_take(width: int) -> None:
    last = re.split(r"[\r\n]+", at_work(width).rstrip())[-1]
    assert re.search(r"license forms .* +50000/100000 [\d,]+/s +\d\d:\d\d", last)
    assert cell_len(last) <= width


@pytest.mark.usefixtures("long_work")
def test_work_of_which_nobody_knows_the_end_shows_how_much_is_done() -> None:
    assert "50000/?" in at_work(80, total=0)


@pytest.mark.usefixtures("long_work")
def test_who_wants_quiet_sees_none() -> None:
    assert at_work(80, quiet=True) == ""


def test_work_that_is_soon_done_shows_none() -> None:
    assert at_work(80) == ""


@pytest.mark.usefixtures("long_work")
def test_who_wants_to_know_more_is_told_of_each_end() -> None:
    assert at_work(80, total=50_000, verbose=True) == "cpbillmgr: license forms: 50000 of 50000\r\n"


@pytest.mark.usefixtures("long_work")
def test_without_a_terminal_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = StringIO()
    monkeypatch.setattr("sys.stderr", stderr)
    with progress(quiet=False, verbose=False) as watcher:
        watcher.watch("licenses", 1, 2)
    assert stderr.getvalue() == ""
