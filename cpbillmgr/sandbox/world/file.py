"""The world's file: many servers, threads and processes change it at once, and no change is lost."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from cpbillmgr.sandbox.world.lines import Renderer
from cpbillmgr.sandbox.world.nouns import World
from cpbillmgr.sandbox.world.text import parse

Signature = tuple[int, int, int]
Result = TypeVar("Result")


class _Change:
    """A change that waits to be carried out, and then how it ended."""

    def __init__(self, apply: Callable[[World], Any]) -> None:
        self.apply = apply
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None


class WorldFile:
    """A world on disk, kept in memory for as long as the file stays the same.

    Raises OSError when the file cannot be read or written, WorldInvalid when it does not hold a world.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._reading = threading.Lock()
        self._saving = threading.Lock()
        self._waiting: deque[_Change] = deque()
        self._known: tuple[Signature, World] | None = None
        self._renderer = Renderer()
        self.read()

    def read(self) -> World:
        """Return the newest world. It is shared by all readers and must not be changed."""
        with self._reading:
            if self._known is None or self._known[0] != _signature(self.path.stat()):
                with self.path.open("rb") as file:
                    signature = _signature(os.fstat(file.fileno()))
                    self._known = signature, parse(file.read(), self.path.name)
            return self._known[1]

    def now(self) -> datetime:
        """Return the time of day in the world: its clock's when that is set, else this machine's."""
        return self.read().moment(datetime.now(UTC)).now

    def change(self, apply: Callable[[World], Result]) -> Result:
        """Change a world, alone among all servers, and return what ``apply`` returns once it is on disk.

        What raises changes nothing. All that came in while others were saved is saved together, because a
        disk takes as long for one change as for many.
        """
        mine = _Change(apply)
        self._waiting.append(mine)
        with self._saving:
            if not mine.done:
                self._carry_out([self._waiting.popleft() for _ in range(len(self._waiting))])
        if mine.error is not None:
            raise mine.error
        result: Result = mine.result
        return result

    def _carry_out(self, changes: list[_Change]) -> None:
        try:
            with self.path.with_name(f"{self.path.name}.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                before = world = self.read()
                for change in changes:
                    world = _applied(change, world)
                if world is not before:
                    self._write(world)
        except Exception as error:
            for change in changes:
                change.error = change.error or error
        for change in changes:
            change.done = True

    def _write(self, world: World) -> None:
        """Replace the file as a whole. Its time is exact, so that two quick changes differ."""
        new = self.path.with_name(f"{self.path.name}.new")
        with new.open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), stat.S_IMODE(self.path.stat().st_mode))
            file.write(self._renderer.render(world))
            file.flush()
            os.utime(file.fileno(), ns=(time.time_ns(), time.time_ns()))
            os.fsync(file.fileno())
            signature = _signature(os.fstat(file.fileno()))
        with self._reading:
            new.replace(self.path)
            self._known = signature, world


def _applied(change: _Change, world: World) -> World:
    """Return the world after a change, or as it was when that is refused."""
    changed = world.copy()
    try:
        change.result = change.apply(changed)
    except Exception as error:
        change.error = error
        return world
    return changed


def _signature(found: os.stat_result) -> Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino
