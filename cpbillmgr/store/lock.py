"""One writer for each state file: a lock that the kernel frees when its owner dies (reliability.md, Runs)."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cpbillmgr.errors import LockHeld
from cpbillmgr.store.sqlite.disk_errors import state_errors
from cpbillmgr.store.sqlite.private import open_private

_POLL_SECONDS = 0.1
_OWNER_BYTES = 4096


@contextmanager
def hold_lock(state_path: Path, command: str, timeout: float) -> Iterator[None]:
    """Hold the lock of a state file during the block, waiting for it at most ``timeout`` seconds.

    Raises ``LockHeld`` (75), which tells who has it since when, and ``StateUnusable`` (74) when there can be
    no lock file. It is the file ``<state>.lock`` (mode 0600); it stays, since only the kernel's lock counts.
    """
    whole = state_path.resolve()  # one lock, by whatever name the state is called
    path = whole.with_name(f"{whole.name}.lock")
    with state_errors(path):
        descriptor = open_private(path)
    try:
        _wait(descriptor, path, time.monotonic() + timeout)
        with state_errors(path):
            _write_owner(descriptor, command)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, deadline: float) -> None:
    while not _locked(descriptor, path):
        left = deadline - time.monotonic()
        if left <= 0:
            raise LockHeld(_told(os.pread(descriptor, _OWNER_BYTES, 0)), where=str(path))
        time.sleep(min(left, _POLL_SECONDS))


def _locked(descriptor: int, path: Path) -> bool:
    with state_errors(path):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _write_owner(descriptor: int, command: str) -> None:
    owner = {
        "command": command,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(owner).encode(), 0)


def _told(owner: bytes) -> str:
    """Return a sentence about the owner, as far as it has written who it is."""
    try:
        facts = json.loads(owner)
        age = int((datetime.now(UTC) - datetime.fromisoformat(facts["since"])).total_seconds())
        return (
            f"'{facts['command']}' works on this state for {age} seconds"
            f" (process {facts['pid']} on {facts['host']}, since {facts['since']})"
        )
    except (ValueError, KeyError, TypeError):
        return "another run works on this state"
