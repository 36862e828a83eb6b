"""Watching: how a run tells what it is doing to whoever looks on."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[str, int, int], None]  # what is going on, how much of it is done, of how much (0: unknown)


def unwatched(what: str, done: int, total: int) -> None:
    """Show no progress: for scripts, and for tests."""
