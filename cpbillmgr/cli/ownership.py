"""``license link``, ``unlink``, ``protect``, ``unprotect``: whose a license is, and who may touch it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.options.working import working
from cpbillmgr.cli.terminal.json import print_json


def remembering_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that changes only what we remember of licenses."""
    command = click.option("--remote", metavar="NAME", help="Which remote, where there are several.")(command)
    dry_run = click.option("--dry-run", is_flag=True, help="Check and tell; write nothing.")
    return dry_run(lock_option(common_options(command)))


@click.command()
@click.argument("id")
@click.argument("service")
@click.argument("addon", required=False)
@click.option("--force", is_flag=True, help="Also with another tariff, address or mark than the service's.")
@remembering_options
def link(
    *,
    common: Common,
    id: str,
    service: str,
    addon: str | None,
    force: bool,
    dry_run: bool,
    remote: str | None,
    lock_timeout: float,
) -> int:
    """Say that license ID is the one that SERVICE's ADDON asks for.

    From then on it is ours: it follows its service, and is renewed with it. Nothing is changed at the remote.
    """
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.runs.adopting import link as run

    with working(
        common, "license link", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, licenses=[id]
    ) as site:
        report = run(site, id, service, addon, force=force, dry_run=dry_run)
    show_report(report, common)
    return report.exit_code


@click.command()
@click.argument("id")
@remembering_options
def unlink(*, common: Common, id: str, dry_run: bool, remote: str | None, lock_timeout: float) -> int:
    """Say that license ID is no service's any more; the remote is not asked, and the license stays there.

    Nobody renews it then, and no run links it again by itself, though it bears our name: 'license link' does.
    The remote may be one that the settings do not have any more.
    """
    from cpbillmgr.model.command import command
    from cpbillmgr.runs.ownership import unlink as run
    from cpbillmgr.runs.remotes import is_left_behind
    from cpbillmgr.runs.site import open_state, utc_now

    named = "license unlink"
    left_behind = remote is not None and is_left_behind(common.where, remote)
    if left_behind:
        with open_state(common.where, command=named, writes=not dry_run, lock_timeout=lock_timeout) as state:
            gone = run(state, remote or "", id, at=utc_now(), dry_run=dry_run)
    else:
        with working(
            common, named, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, licenses=[id]
        ) as site:
            gone = run(site.state, site.wishes.remote.name, id, at=site.now(), dry_run=dry_run)
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/unlinked/1",
                "dry_run": dry_run,
                "license": id,
                "service": gone.service,
                "addon": gone.addon,
            }
        )
    elif not common.quiet:
        did = "Would unlink" if dry_run else "Unlinked"
        click.echo(f"{did} license {id} from service {gone.service}, add-on {gone.addon}.")
    if not dry_run:
        told = f"license {id} stays at the remote, but nobody renews it now, and no run links it again"
        link = command("license", "link", id, gone.service, gone.addon)
        again = "" if left_behind else f"; '{link}' does"
        click.echo(f"cpbillmgr: warning: {told}{again}", err=True)
    return 0


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@remembering_options
def protect(
    *, common: Common, ids: tuple[str, ...], dry_run: bool, remote: str | None, lock_timeout: float
) -> int:
    """Have no run and no command change these licenses at the remote, until 'license unprotect'.

    They do not follow their services, and are not renewed, released or taken from the pool. A service that
    has one needs no other. 'checkevent' warns before they end.
    """
    from cpbillmgr.runs.ownership import protect as run

    with working(
        common, "license protect", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, licenses=ids
    ) as site:
        run(site, ids, dry_run=dry_run)
    _tell_protection(common, ids, protected=True, dry_run=dry_run)
    return 0


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@remembering_options
def unprotect(
    *, common: Common, ids: tuple[str, ...], dry_run: bool, remote: str | None, lock_timeout: float
) -> int:
    """Let runs and commands change these licenses again."""
    from cpbillmgr.runs.ownership import unprotect as run

    command = "license unprotect"
    with working(
        common, command, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, licenses=ids
    ) as site:
        run(site, ids, dry_run=dry_run)
    _tell_protection(common, ids, protected=False, dry_run=dry_run)
    return 0


def _tell_protection(common: Common, ids: tuple[str, ...], *, protected: bool, dry_run: bool) -> None:
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/protected/1",
                "dry_run": dry_run,
                "licenses": list(ids),
                "protected": protected,
            }
        )
    elif not common.quiet:
        did = "protect" if protected else "unprotect"
        click.echo(f"{f'Would {did}' if dry_run else f'{did.capitalize()}ed'} license {', '.join(ids)}.")
