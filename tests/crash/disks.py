"""Disks for the state to be on: a small one that can be filled, or that lets nobody write."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.runs.office import Office

SIZE = "2m"


def move_state(office: Office) -> Path:
    """Have the office keep its state in a folder of its own, and return that folder."""
    folder = office.folder / "disk"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = office.settings.read_text(encoding="utf-8")
    office.write("cpbillmgr.toml", settings.replace('"state.db"', '"disk/state.db"'))
    state = folder / "state.db"
    state.write_bytes(office.state_file.read_bytes())
    state.chmod(0o600)
    office.state_file.unlink()
    office.state_file = state
    return folder


@contextmanager
def small_disk(office: Office) -> Iterator[Path]:
    """Put the office's state on a disk of its own, while the block lasts; skip where none can be made."""
    folder = office.folder / "disk"
    folder.mkdir(mode=0o700)
    made = run("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder))
    if made.returncode:
        pytest.skip(f"a disk to fill needs the right to mount one: {made.stderr.strip()}")
    try:
        yield move_state(office)
        office.check_promises()
    finally:
        kept = office.state_file.read_bytes()
        run("umount", str(folder))
        office.state_file.write_bytes(kept)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the system."""
    return subprocess.run(command, capture_output=True, text=True, check=False)
