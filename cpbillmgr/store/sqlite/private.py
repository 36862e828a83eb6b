"""Files that only their owner may read: the state, its backups and its lock (reliability.md, Security).

So are keys, requests and certificates, each of which is written whole or not at all.
"""

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


def make_folder(path: Path, top: Path) -> None:
    """Make a folder (mode 0700), and those above it up to ``top``, durably; ``OSError`` where that fails."""
    folders = [path, *(each for each in path.parents if each.is_relative_to(top))]
    for folder in reversed(folders):
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def write_whole(path: Path, text: str) -> None:
    """Write a file (mode 0600) whole and durably: a crash leaves it as it was, or as it shall be.

    ``OSError`` where that fails.
    """
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(open_private(draft), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def point_to(link: Path, target: str) -> None:
    """Have a symbolic link point to another file of its folder, at once and durably; ``OSError`` as above."""
    draft = link.with_name(f"{link.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)
    sync_folder(link.parent)


def sync_folder(folder: Path) -> None:
    """Make durable which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _others_kept_out() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
