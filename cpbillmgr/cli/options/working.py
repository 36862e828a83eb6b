"""What a command that works with the remote begins with: progress on the screen, everything opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common

if TYPE_CHECKING:
    from cpbillmgr.runs.site import Site


@contextmanager
def working(
    common: Common,
    command: str,
    *,
    dry_run: bool,
    lock_timeout: float = 0,
    remote: str | None = None,
    licenses: Collection[str] = (),
) -> Iterator[Site]:
    """Yield the site of a command, which is closed, and its progress cleared away, at the end.

    Without a ``remote`` it is that of the ``licenses`` which the command is about, else the one that is used
    first; then it is told which, where there are several.
    """
    from cpbillmgr.runs.remotes import remote_having

    if remote is None and licenses:
        remote = remote_having(common.where, licenses)
    with _opened(common, command, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, one=True) as (
        site,
    ):
        others = [each.name for each in site.wishes.settings.remotes if each is not site.wishes.remote]
        if remote is None and others and not common.quiet:
            name, more = site.wishes.remote.name, ", ".join(others)
            click.echo(f"cpbillmgr: this is about remote {name} alone; --remote takes {more}, too", err=True)
        yield site


@contextmanager
def working_everywhere(
    common: Common, command: str, *, dry_run: bool, lock_timeout: float = 0, remote: str | None = None
) -> Iterator[list[Site]]:
    """Yield a site for each remote, or for the named one; as ``working``."""
    with _opened(common, command, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote) as sites:
        yield sites


@contextmanager
def _opened(common: Common, command: str, *, dry_run: bool, **how: Any) -> Iterator[list[Site]]:
    from cpbillmgr.cli.terminal.screen import progress
    from cpbillmgr.runs.site import open_sites

    with (
        progress(quiet=common.quiet, verbose=common.verbose) as watcher,
        open_sites(common.where, command, writes=not dry_run, watch=watcher.watch, **how) as sites,
    ):
        yield sites
