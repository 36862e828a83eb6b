"""``license adopt``: take over licenses that we did not order, and give them back."""

from __future__ import annotations

from pathlib import Path

import click

from cpbillmgr.cli.options.shared import Common, short_list_option
from cpbillmgr.cli.ownership import remembering_options
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.views.agreement import agreement


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--by-ip", is_flag=True, help="Those whose IP and tariff are those of one service without license."
)
@click.option("--undo", type=click.IntRange(1, 2**63 - 1), metavar="NUMBER", help="Give an adoption back.")
@click.option("--yes", is_flag=True, help="Agree to the plan beforehand.")
@short_list_option
@remembering_options
def adopt(
    *,
    common: Common,
    file: Path | None,
    by_ip: bool,
    undo: int | None,
    yes: bool,
    accept_short_list: bool,
    dry_run: bool,
    remote: str | None,
    lock_timeout: float,
) -> int:
    """Take over licenses that we did not order: those that FILE names, or by rule; or give them back.

    FILE is CSV with the columns license, service and addon; with one bad row in it nothing is taken over.
    Nothing is ordered, or changed at the remote. From then on the licenses follow their services, and
    'checkevent' renews them.
    """
    if sum((file is not None, by_ip, undo is not None)) != 1:
        raise click.UsageError("name a FILE, or --by-ip, or --undo NUMBER")
    if undo is not None:
        return _undo(common, undo, dry_run=dry_run, lock_timeout=lock_timeout)
    from cpbillmgr.cli.terminal.screen import progress
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.runs.adopting import adopt as run
    from cpbillmgr.runs.looking.look import Asked
    from cpbillmgr.runs.site import open_sites

    with progress(quiet=common.quiet, verbose=common.verbose) as watcher:
        asked = Asked(
            dry_run=dry_run,
            confirmed=yes,
            accept_short_list=accept_short_list,
            agree=agreement(common, watcher, yes=yes),
        )
        with open_sites(
            common.where,
            "license adopt",
            writes=not dry_run,
            lock_timeout=lock_timeout,
            watch=watcher.watch,
            remote=remote,
            one=True,
        ) as (site,):
            report = run(site, file, asked)
    show_report(report, common)
    if report.adoption is not None and not common.as_json:
        undoing = f"Undo it with 'cpbillmgr license adopt --undo {report.adoption}'."
        click.echo(report.adoption if common.quiet else undoing)
    return report.exit_code


def _undo(common: Common, number: int, *, dry_run: bool, lock_timeout: float) -> int:
    from cpbillmgr.runs.ownership import undo
    from cpbillmgr.runs.site import open_state, utc_now

    with open_state(
        common.where, command="license adopt", writes=not dry_run, lock_timeout=lock_timeout
    ) as state:
        gone = undo(state, number, at=utc_now(), dry_run=dry_run)
    licenses = [link.license for link in gone]
    if common.as_json:
        print_json(
            {"schema": "cpbillmgr/undone/1", "dry_run": dry_run, "adoption": number, "licenses": licenses}
        )
    elif not common.quiet:
        did = "Would undo" if dry_run else "Undid"
        click.echo(
            f"{did} adoption {number}: {len(licenses)} licenses are nobody's again, and nobody renews them."
        )
    return 0
