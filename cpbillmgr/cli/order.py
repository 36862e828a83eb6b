"""``order``: one license, for shell scripts and for a person."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.options.types import address, amount, license_name
from cpbillmgr.cli.options.working import working_everywhere

if TYPE_CHECKING:
    from cpbillmgr.model.report import Report


@click.command()
@click.option("--service", metavar="ID", help="The service that the license is for.")
@click.option("--addon", metavar="NAME", help="Which of its add-ons, where it has several.")
@click.option("--ip", type=address, metavar="IP", help="On its own: the address of the license.")
@click.option("--tariff", type=click.IntRange(min=1), help="On its own: the remote tariff.")
@click.option("--period", type=int, help="On its own: months (0 lifetime, -100 trial), or a generation 4 id.")
@click.option(
    "--name",
    type=license_name,
    default="",
    metavar="NAME",
    help="On its own: the license's name; the address unless given.",
)
@click.option("--nodes", type=click.IntRange(min=1), help="On its own: how many nodes.")
@click.option("--remote", metavar="NAME", help="Only this remote; else the first that can sell it.")
@click.option("--max-spend", type=amount, metavar="AMOUNT", help="Most money of this run.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and its cost; change nothing.")
@lock_option
@common_options
def order(
    *,
    common: Common,
    service: str | None,
    addon: str | None,
    ip: str | None,
    tariff: int | None,
    period: int | None,
    name: str,
    nodes: int | None,
    remote: str | None,
    max_spend: Decimal | None,
    dry_run: bool,
    lock_timeout: float,
) -> int:
    """Give one license: for a service's add-on, or on its own (--ip, --tariff, --period).

    Asking again for the same thing answers with the license that is there. With -q it prints the license's id
    alone. After exit code 7 run the same command again: it looks before it sends anything.
    """
    from cpbillmgr.cli.options.limits import limited
    from cpbillmgr.runs.order import Alone, order_alone, order_for_service

    wish = None
    if ip is not None and tariff is not None and period is not None and addon is None:
        wish = Alone(ip, tariff, period, name, nodes)
    if (wish is None) == (service is None):
        raise click.UsageError("give either --service, or all of --ip, --tariff and --period")
    if service is not None and any((ip, tariff, period is not None, name, nodes)):
        raise click.UsageError("with --service, only --addon can be given: the service brings the rest")
    with working_everywhere(
        common, "order", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote
    ) as sites:
        within = [limited(site, max_spend=max_spend) for site in sites]
        if wish is not None:
            report = order_alone(within[0], wish, dry_run=dry_run)
        else:
            report = order_for_service(within, service or "", addon, dry_run=dry_run)
    return _show(report, common)


def _show(report: Report, common: Common) -> int:
    """Show one license; nothing but its id with ``-q``, and errors as the command's own."""
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.model.report import Outcome

    show_report(report, common)
    if common.quiet and not common.as_json:
        for row in report.rows:
            if row.outcome is Outcome.DONE or report.in_sync:  # in sync: it was there before
                click.echo(row.license)
    return report.exit_code
