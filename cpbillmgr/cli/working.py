"""What a command that works with the remote begins with: progress on the screen, everything opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cpbillmgr.cli.options import Common

if TYPE_CHECKING:
    from cpbillmgr.runs.site import Site


@contextmanager
def working(
    common: Common, command: str, *, dry_run: bool, lock_timeout: float = 0, remote: str | None = None
) -> Iterator[Site]:
    """Yield the site of a command, which is closed, and its progress cleared away, at the end."""
    from cpbillmgr.cli.screen import progress
    from cpbillmgr.runs.site import open_site

    with (
        progress(quiet=common.quiet, verbose=common.verbose) as watcher,
        open_site(
            common.where,
            command,
            writes=not dry_run,
            lock_timeout=lock_timeout,
            watch=watcher.watch,
            remote=remote,
        ) as site,
    ):
        yield site
