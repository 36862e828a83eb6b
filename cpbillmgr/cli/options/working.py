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
        if remote is None:
            _tell_which(site.wishes.remote.name, others, common)
        yield site


def about_one(common: Common, remote: str | None, *, option: str = "--remote") -> str | None:
    """Return the remote that a command is about: the named one, else the first, of which it is told.

    It is ``None`` when none is configured. ``option`` is what another one is named with.
    """
    from cpbillmgr.runs.remotes import list_remotes

    names = [each.name for each in list_remotes(common.where)]
    if remote is not None or not names:
        return remote
    _tell_which(names[0], names[1:], common, option)
    return names[0]


def _tell_which(name: str, others: Collection[str], common: Common, option: str = "--remote") -> None:
    if others and not common.quiet:
        more = " or ".join(f"{option} {other}" for other in others)
        click.echo(f"cpbillmgr: this is about remote {name} only; for another give {more}", err=True)


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
