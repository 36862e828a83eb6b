"""``checkevent``: the command that cron runs, which says nothing when there is nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.limits import limit_options, limited
from cpbillmgr.cli.options.shared import Common, common_options, lock_option, short_list_option

if TYPE_CHECKING:
    from cpbillmgr.model.report import Report


@click.command()
@click.option("--full", is_flag=True, help="Read the form of every license, whether it has changed or not.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and its cost; change nothing.")
@limit_options("max_orders", "max_spend", "max_releases", "max_suspends", "max_moves")
@short_list_option
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one.")
@lock_option
@common_options
def checkevent(
    *,
    common: Common,
    full: bool,
    dry_run: bool,
    accept_short_list: bool,
    remote: str | None,
    lock_timeout: float,
    **limits: Any,
) -> int:
    """Learn what has changed at the remote, and do what follows from it.

    Finishes what was begun, makes licenses follow their services, renews what falls due, and puts licenses
    that nobody wants any more into the pool. Made for cron, every five minutes: it prints nothing when
    nothing has changed and nothing has failed, and tells what is wrong once.
    """
    from cpbillmgr.cli.terminal.screen import progress
    from cpbillmgr.runs.checkevent import Asked, check_all
    from cpbillmgr.runs.site import open_sites

    asked = Asked(dry_run=dry_run, full=full, accept_short_list=accept_short_list)
    with (
        progress(quiet=common.quiet, verbose=common.verbose) as watcher,
        open_sites(
            common.where,
            "checkevent",
            writes=not dry_run,
            lock_timeout=lock_timeout,
            watch=watcher.watch,
            remote=remote,
        ) as sites,
    ):
        report = check_all([limited(site, **limits) for site in sites], asked)
    show(report, common)
    return report.exit_code


def show(report: Report, common: Common) -> None:
    """Show what a run did and what is new; nothing at all when that is nothing."""
    from cpbillmgr.cli.views.report import show_news, show_report

    if common.as_json or common.verbose or report.dry_run:
        show_report(report, common)
    else:
        show_news(report, common)
