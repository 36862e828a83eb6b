"""Runs commands in processes of their own that are struck at the boundary they are told.

A boundary is the moment before or after a call that changes something at the remote, before a question to
it, before or after a commit of the state, and after a file of a certificate was written. They are counted by
wrapping those four, in these processes alone: the program knows nothing of it. Jobs come as lines of JSON on
stdin, and each is answered with a line. For each a child is forked, which saves it the imports: it has an id,
a lock, an end of its own.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from xml.etree.ElementTree import Element

from cpbillmgr.cli.main import run
from cpbillmgr.remote.client import Client
from cpbillmgr.runs import checkevent, fixchilds, one_license, order, site
from cpbillmgr.store.certificates import folders as certificates
from cpbillmgr.store.sqlite.database import Database
from cpbillmgr.store.sqlite.private import write_whole

WARM = (checkevent, fixchilds, one_license, order)  # what a command imports, so that no child has to
STRUCK = "struck.txt"  # where a child leaves the name of its boundary
FILLER = "filler"  # what fills the disk that is its folder
BLOCK = bytes(4096)


class Boundaries:
    """Counts the boundaries that a process passes, and strikes at one of them."""

    def __init__(self) -> None:
        self._count = itertools.count(1)
        self._at: int | str = 0
        self._strike: Callable[[], object] = str
        self.statement = ""  # the beginning of the last one that the state was told

    def prepare(self, at: int | str, strike: Callable[[], object]) -> None:
        """Strike at the boundary of this number, counted from 1, or at the first of this name."""
        self._at, self._strike = at, strike

    def passed(self, name: str) -> None:
        """Count one more, and strike if it is the one."""
        if self._at in (next(self._count), name):
            self._at = 0
            Path(STRUCK).write_text(name, encoding="utf-8")
            self._strike()


BOUNDARIES = Boundaries()
ask, command = Client.ask, Client.command


def main() -> None:
    """Serve jobs until there are no more: folder, words, at, how, and minutes by which the clock is ahead."""
    Client.ask = watched_ask  # type: ignore[method-assign]
    Client.command = watched_command  # type: ignore[method-assign]
    Database.execute = watched_execute  # type: ignore[method-assign, assignment]
    vars(certificates)["write_whole"] = watched_write
    for line in sys.stdin:
        code, told = struck(json.loads(line))
        sys.stdout.write(json.dumps({"code": code, "err": told}) + "\n")
        sys.stdout.flush()


def watched_ask(self: Client, func: str, **params: str) -> Element:
    """Ask a question."""
    BOUNDARIES.passed(f"before {func}")
    return ask(self, func, **params)


def watched_command(self: Client, func: str, **params: str) -> Element:
    """Ask for a change; it is over when there is an answer, or none."""
    name = " ".join(filter(None, [func, "change", params.get("clicked_button", "")]))
    BOUNDARIES.passed(f"before {name}")
    try:
        return command(self, func, **params)
    finally:
        BOUNDARIES.passed(f"after {name}")


def watched_execute(self: Database, statement: str, *arguments: Any) -> sqlite3.Cursor:
    """Execute a statement; before a commit everything is written, and nothing is durable."""
    if statement != "COMMIT":
        BOUNDARIES.statement = " ".join(statement.split()[:4])
        return sqlite3.Connection.execute(self, statement, *arguments)
    BOUNDARIES.passed(f"before a commit, {BOUNDARIES.statement}")
    done = sqlite3.Connection.execute(self, statement)
    BOUNDARIES.passed(f"after a commit, {BOUNDARIES.statement}")
    return done


def watched_write(path: Path, text: str) -> None:
    """Write a file of a certificate."""
    write_whole(path, text)
    BOUNDARIES.passed(f"after {path.name} was written")


def struck(job: dict[str, Any]) -> tuple[int, str]:
    """Carry a job out in a child; return its exit code, or its signal below zero, and its standard error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        be_struck(job, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as errors:
        told = errors.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


def be_struck(job: dict[str, Any], errors: int) -> NoReturn:
    """Be the child: run the words in their folder, and end as the program would."""
    os.chdir(job["folder"])
    os.dup2(errors, 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    ahead = timedelta(minutes=job["minutes"])
    site.open_sites = moved(site.open_sites, ahead)
    BOUNDARIES.prepare(job["at"], STRIKES[job["how"]])
    code = 1
    try:
        code = run(job["words"])
    except Exception:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def moved(opening: Callable[..., Any], ahead: timedelta) -> Callable[..., Any]:
    """Return how to open sites whose clock is ahead."""

    def now() -> datetime:
        return site.utc_now() + ahead

    @contextmanager
    def opened(*arguments: Any, **options: Any) -> Iterator[Any]:
        with opening(*arguments, **options) as found:
            yield [replace(each, now=now) for each in found]

    return opened


def kill() -> None:
    """Die at once, as by ``kill -9``."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill_disk(folder: Path = Path("disk")) -> None:
    """Leave no free byte on the disk that this folder is."""
    with suppress(OSError), (folder / FILLER).open("wb", buffering=0) as filler:
        while filler.write(BLOCK):
            pass


def break_disk() -> None:
    """Let every write to a file fail from now on."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


STRIKES: dict[str, Callable[[], None]] = {"kill": kill, "fill": fill_disk, "break": break_disk}

if __name__ == "__main__":
    main()
