"""Runs: what each start of a command is called, in the journal and by what its spending is counted."""

from __future__ import annotations

from datetime import datetime


def name_of_run(command: str, at: datetime, process: int) -> str:
    """Return what a run is called: ``license renew 2026-11-21T12:00:00+00:00 4711``."""
    return f"{command} {at.isoformat()} {process}"


def command_of_run(name: str) -> str:
    """Return the command that a run is of."""
    return name.rsplit(" ", 2)[0]
