"""Files that only their owner may read: the state, its backups and its lock (reliability.md, Security)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_private(path: Path) -> int:
    """Open a file for reading and writing, and return its descriptor; ``OSError`` where that fails.

    What is missing is made: the file with mode 0600, the directory around it with mode 0700.
    """
    with _others_kept_out():
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _others_kept_out() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
