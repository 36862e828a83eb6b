"""The rescue file: where a purchase is noted when the state itself can no longer be written.

Its space is set aside before anything is bought, so that a full disk does not keep us from writing down what
was paid (reliability.md, One change, step 7). Recovery does not depend on it: the license carries our mark,
and the next run that can write finds it by that. It is there for the person who frees the disk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from cpbillmgr.model.operations import Operation
from cpbillmgr.store.sqlite.disk_errors import state_errors
from cpbillmgr.store.sqlite.private import open_private

SPACE = 64 * 1024  # bytes: some hundred lines


class Rescue:
    """A file beside the state, of which nothing is left when it is not needed. Use ``with``.

    ``unsettled`` are the operations that are still open: what an earlier run has noted of others is dropped.
    Without a path, for a state in memory, nothing is written.
    """

    def __init__(self, state_path: Path | None, unsettled: Collection[int]) -> None:
        self.path = state_path and state_path.with_name(f"{state_path.name}.rescue")
        self._unsettled = unsettled
        self._notes: list[dict[str, Any]] = []
        self._turn = Lock()

    def __enter__(self) -> Self:
        if self.path is not None:
            with state_errors(self.path):
                self._file = open_private(self.path)
                try:
                    self._notes = [each for each in self._read() if each["operation"] in self._unsettled]
                    os.posix_fallocate(self._file, 0, SPACE)
                except OSError:
                    self._leave()
                    raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is not None:
            with state_errors(self.path):
                self._leave()

    def _leave(self) -> None:
        """Keep the notes alone, or nothing where there are none."""
        if self._notes:
            os.ftruncate(self._file, self._write())
        elif self.path is not None:
            self.path.unlink(missing_ok=True)
        os.close(self._file)

    def tidy(self) -> None:
        """Drop what is settled by now, and the file with the last of it."""
        if self.path is not None and self.path.exists():
            with self:
                pass

    def note(self, operation: Operation, license: str) -> None:
        """Write down, durably, that an operation has bought a license."""
        note = {
            "operation": operation.id,
            "service": operation.service,
            "addon": operation.addon,
            "remote": operation.remote,
            "license": license,
            "remoteid": operation.remoteid,
            "cost": str(operation.cost or ""),
        }
        with self._turn:
            self._notes.append(note)
            if self.path is not None:
                with state_errors(self.path):
                    self._write()

    def _read(self) -> list[dict[str, Any]]:
        text = os.pread(self._file, SPACE, 0).partition(b"\0")[0].decode(errors="replace")
        notes = []
        for line in text.splitlines():
            try:
                note = json.loads(line)
            except ValueError:  # a line that a crash has cut off
                continue
            if isinstance(note, dict) and "operation" in note:
                notes.append(note)
        return notes

    def _write(self) -> int:
        """Write all notes into the space that is set aside, durably; return how many bytes they take."""
        lines = b"".join(json.dumps(note).encode() + b"\n" for note in self._notes)
        os.pwrite(self._file, lines + b"\0", 0)
        os.fsync(self._file)
        return len(lines)
