"""The world's file: many servers, threads and processes change it at once, and no change is lost."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cpbillmgr.sandbox.world import World
from cpbillmgr.sandbox.worldtext import parse, render

Signature = tuple[int, int, int]


class WorldFile:
    """A world on disk, kept in memory for as long as the file stays the same.

    Raises OSError when the file cannot be read or written, WorldInvalid when it does not hold a world.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._reading = threading.Lock()
        self._known: tuple[Signature, World] | None = None
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

    @contextmanager
    def change(self) -> Iterator[World]:
        """Give a world to change, alone among all servers; it is saved unless the block raises."""
        with self.path.with_name(f"{self.path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            world = self.read().copy()
            yield world
            signature = self._write(render(world))
            with self._reading:
                self._known = signature, world

    def _write(self, text: str) -> Signature:
        """Replace the file as a whole. Its time is exact, so that two quick changes differ."""
        new = self.path.with_name(f"{self.path.name}.new")
        with new.open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), stat.S_IMODE(self.path.stat().st_mode))
            file.write(text)
            file.flush()
            os.utime(file.fileno(), ns=(time.time_ns(), time.time_ns()))
            os.fsync(file.fileno())
            signature = _signature(os.fstat(file.fileno()))
        new.replace(self.path)
        return signature


def _signature(found: os.stat_result) -> Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino
