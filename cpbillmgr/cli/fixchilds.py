"""``fixchilds`` and ``apply``: the main job, looked at first and then carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cpbillmgr.cli.options.limits import limit_options, limited
from cpbillmgr.cli.options.shared import Common, common_options, lock_option, short_list_option
from cpbillmgr.cli.views.agreement import agreement


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the plan and its cost; change nothing.")
@click.option("--out", type=click.Path(path_type=Path), help="Save the plan for 'apply'; change nothing.")
@click.option("--link-only", is_flag=True, help="Link what is there; take and order nothing.")
@click.option("--service", "services", multiple=True, metavar="ID", help="Only this service (repeatable).")
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one that sells licenses.")
@limit_options("max_orders", "max_spend", "max_releases", "max_suspends", "max_moves")
@click.option("--yes", is_flag=True, help="Agree to the plan beforehand.")
@click.option("-i", "--interactive", is_flag=True, help="Ask about each change.")
@short_list_option
@click.option("--detailed-exitcode", is_flag=True, help="Leave 4 instead of 0 where there are changes.")
@lock_option
@common_options
def fixchilds(
    *,
    common: Common,
    dry_run: bool,
    out: Path | None,
    link_only: bool,
    services: tuple[str, ...],
    remote: str | None,
    yes: bool,
    interactive: bool,
    accept_short_list: bool,
    detailed_exitcode: bool,
    lock_timeout: float,
    **limits: Any,
) -> int:
    """Give every service the license it should have.

    Links a license that is already paid for the service's IP, else takes one from the pool, else orders one.
    A license that a service has is brought to the tariff, IP and amounts that the service asks for now.
    On a terminal it shows the plan with its cost and asks; unattended it acts within the limits. Among
    several remotes the first that can sell a license is used; what it refuses is asked for at the next.
    """
    from cpbillmgr.cli.terminal.screen import progress
    from cpbillmgr.cli.views.interactive import agree_to_chosen, check_interactive, choice
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.planner.basis.scope import Scope
    from cpbillmgr.runs.fixchilds import fixchilds as run
    from cpbillmgr.runs.looking.look import Asked
    from cpbillmgr.runs.site import open_sites

    if interactive:
        check_interactive({"--dry-run": dry_run, "--out": out is not None, "--yes": yes})
    with progress(quiet=common.quiet, verbose=common.verbose) as watcher:
        asked = Asked(
            scope=Scope(tuple(sorted(services)) or None, link_only=link_only),
            dry_run=dry_run or out is not None,
            confirmed=yes,
            accept_short_list=accept_short_list,
            choose=choice(common, watcher) if interactive else None,
            agree=agree_to_chosen if interactive else agreement(common, watcher, yes=yes),
            save_to=out,
        )
        with open_sites(
            common.where,
            "fixchilds",
            writes=not asked.dry_run,
            lock_timeout=lock_timeout,
            watch=watcher.watch,
            remote=remote,
        ) as sites:
            report = run([limited(site, **limits) for site in sites], asked)
    report = replace(report, detailed=detailed_exitcode)
    show_report(report, common)
    return report.exit_code


@click.command()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell whether the plan would still be carried out.")
@limit_options("max_orders", "max_spend", "max_releases", "max_suspends", "max_moves")
@click.option("--yes", is_flag=True, help="Agree to the plan beforehand.")
@lock_option
@common_options
def apply(
    *,
    common: Common,
    plan: Path,
    dry_run: bool,
    yes: bool,
    lock_timeout: float,
    **limits: Any,
) -> int:
    """Carry out exactly the PLAN that 'fixchilds --out' saved.

    Refuses when the world has changed since, so that nothing happens that nobody has looked at.
    """
    from cpbillmgr.cli.terminal.screen import progress
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.runs.apply import apply as run
    from cpbillmgr.runs.looking.look import Asked
    from cpbillmgr.runs.plan_file import load_plan
    from cpbillmgr.runs.site import open_sites

    saved = load_plan(plan)
    with progress(quiet=common.quiet, verbose=common.verbose) as watcher:
        asked = Asked(dry_run=dry_run, confirmed=yes, agree=agreement(common, watcher, yes=yes))
        with open_sites(
            common.where, "apply", writes=not dry_run, lock_timeout=lock_timeout, watch=watcher.watch
        ) as sites:
            report = run([limited(site, **limits) for site in sites], saved, asked)
    show_report(report, common)
    return report.exit_code
