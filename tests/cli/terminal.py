"""A terminal of a given width, and what is seen on it."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from threading import Thread

import click
import pytest

from cpbillmgr.cli.main import run
from tests.runs.office import Office

SCREENS = Path(__file__).parent / "screens"


def everything(terminal: int) -> str:
    """Return all that is written to a terminal until nobody holds it any more."""
    parts = []
    with suppress(OSError):  # the other end was closed
        while part := os.read(terminal, 4096):
            parts.append(part)
    return b"".join(parts).decode()


@contextmanager
def shown_on(width: int, screen: list[str], *, errors: bool = False) -> Iterator[None]:
    """Be at a terminal of this width; output, or also what goes to stderr, is put on the screen."""
    ours, its = pty.openpty()
    reader = Thread(target=lambda: screen.append(everything(ours)))
    reader.start()
    with pytest.MonkeyPatch.context() as patch, os.fdopen(its, "w") as terminal:
        patch.setenv("COLUMNS", str(width))
        patch.setenv("TERM", "xterm")
        with redirect_stdout(terminal), redirect_stderr(terminal if errors else StringIO()):
            yield
    reader.join()
    os.close(ours)


def screen_of(office: Office, *words: str, width: int) -> str:
    """Return what one command shows, with its colours, run in this process at a terminal of this width.

    Progress and warnings go elsewhere.
    """
    screen: list[str] = []
    with chdir(office.folder), shown_on(width, screen):
        run([*words])
    return screen[0].replace("\r\n", "\n")


def check_screen(name: str, shown: str) -> None:
    """Compare a screen, without its colours, with the file of this name.

    With ``UPDATE_SCREENS`` in the environment the file is written instead, to be looked at.
    """
    file = SCREENS / f"{name}.txt"
    plain = click.unstyle(shown)
    if "UPDATE_SCREENS" in os.environ:
        SCREENS.mkdir(exist_ok=True)
        file.write_text(plain, encoding="utf-8")
    assert plain == file.read_text(encoding="utf-8"), f"{name} looks different; UPDATE_SCREENS=1 accepts it"
