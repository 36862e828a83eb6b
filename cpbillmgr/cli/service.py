"""``service``: our own services, as last imported or set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.terminal.json import print_json

if TYPE_CHECKING:
    from cpbillmgr.model.services import Addon, Service


@click.group()
def service() -> None:
    """Our own services and the panels that they ask for."""


@service.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file and tell what would change.")
@lock_option
@common_options
def import_(*, common: Common, file: Path, dry_run: bool, lock_timeout: float) -> int:
    """Add or replace services from FILE (.json, .csv or .toml), all or nothing.

    Services that FILE does not name stay as they are.
    """
    from cpbillmgr.runs.inventory import import_services
    from cpbillmgr.runs.site import open_state
    from cpbillmgr.sources.files import read_inventory

    services = read_inventory(file)
    with open_state(
        common.where, command="service import", writes=not dry_run, lock_timeout=lock_timeout
    ) as state:
        counts = import_services(state, services, dry_run=dry_run)
    if common.as_json:
        print_json({"schema": "cpbillmgr/import/1", "dry_run": dry_run, **counts})
    elif not common.quiet:
        from cpbillmgr.cli.terminal.text import counted

        did = "Would import" if dry_run else "Imported"
        told = ", ".join(f"{number} {word}" for word, number in counts.items())
        click.echo(f"{did} {counted(len(services), 'service')}: {told}.")
    return 0


@service.command("list")
@common_options
def list_(*, common: Common) -> int:
    """List all services, one line for each."""
    from cpbillmgr.cli.terminal.screen import STATUS_STYLES, Column, show_sum, show_table
    from cpbillmgr.cli.terminal.text import sum_line
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="service list", writes=False) as state:
        services = state.inventory.services()
    statuses = [each.status.value for each in services]
    if common.as_json:
        print_json({**_services_object(services), "totals": Counter(statuses)})
    elif common.quiet:
        for each in services:
            click.echo(each.id)
    else:
        titles = ("id", "type", "name", "ip", "status", "expires", "asks for")
        columns = [Column(title, wraps=title in ("name", "ip", "asks for")) for title in titles]
        show_table(columns, [*map(_cells, services)], [STATUS_STYLES.get(each, "") for each in statuses])
        show_sum(f"{sum_line('service', statuses)}.")
    return 0


@service.command()
@click.argument("id")
@common_options
def show(*, common: Common, id: str) -> int:
    """Show one service with its add-ons and its licenses."""
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="service show", writes=False) as state:
        found = state.inventory.service(id)
        licenses = state.links.of_service(id)
    if common.as_json:
        linked = [{"remote": link.remote, "license": link.license, "addon": link.addon} for link in licenses]
        print_json({**_services_object([found]), "licenses": linked})
        return 0
    from cpbillmgr.cli.terminal.screen import show_facts
    from cpbillmgr.cli.terminal.text import months

    show_facts(
        {
            "id": found.id,
            "type": found.type,
            "name": found.name,
            "ip": found.ip,
            "status": found.status.value,
            "local tariff": str(found.tariff or ""),
            "local period": str(found.period or ""),
            "its length": months(found.months),
            "expires": found.expires.isoformat() if found.expires else "",
            **{f"add-on {addon.name}": _asks(addon) for addon in found.addons},
            **{f"license for {link.addon}": f"{link.license} at {link.remote}" for link in licenses},
        }
    )
    return 0


@service.command()
@click.option(
    "--format", "notation", type=click.Choice(["json", "csv", "toml"]), default="json", help="Of the file."
)
@common_options
def export(*, common: Common, notation: Any) -> int:  # click.Choice has checked it
    """Print all services as an inventory file that 'service import' reads."""
    from cpbillmgr.runs.site import open_state
    from cpbillmgr.sources.files import write_inventory

    with open_state(common.where, command="service export", writes=False) as state:
        click.echo(write_inventory(state.inventory.services(), notation), nl=False)
    return 0


@service.command("set")
@click.argument("id")
@click.argument("changes", metavar="KEY=VALUE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show the service as it would be.")
@lock_option
@common_options
def set_(*, common: Common, id: str, changes: tuple[str, ...], dry_run: bool, lock_timeout: float) -> int:
    """Change one service: its type, name, ip, status, tariff, period, months, expires, or an add-on.

    An add-on's name sets its value (panel=Lite), NAME.nodes its nodes, NAME.amounts other amounts
    (55164=50;55165=3); +NAME=VALUE adds an add-on. An empty value is none.
    """
    from cpbillmgr.runs.inventory import change_service
    from cpbillmgr.runs.site import open_state

    pairs = dict(_pair(change) for change in changes)
    with open_state(
        common.where, command="service set", writes=not dry_run, lock_timeout=lock_timeout
    ) as state:
        changed = change_service(state, id, pairs, dry_run=dry_run)
    if common.as_json:
        print_json(_services_object([changed]))
    elif not common.quiet:
        click.echo("  ".join(cell for cell in _cells(changed) if cell))
    return 0


def _status_command(name: str, status: str, text: str) -> None:
    @service.command(name, help=text)
    @click.argument("id")
    @click.option("--dry-run", is_flag=True, help="Show what would be done with its licenses.")
    @lock_option
    @common_options
    def command(*, common: Common, id: str, dry_run: bool, lock_timeout: float) -> int:
        from cpbillmgr.cli.views.report import show_news, show_report
        from cpbillmgr.model.services import Status
        from cpbillmgr.runs.service_status import set_status
        from cpbillmgr.runs.site import open_sites

        words = f"service {name}"
        with open_sites(common.where, words, writes=not dry_run, lock_timeout=lock_timeout) as sites:
            report = set_status(sites, id, Status(status), command=words, dry_run=dry_run)
        if not (common.as_json or common.quiet):
            click.echo(f"Service {id} {'would be' if dry_run else 'is'} {status}.")
        show = show_report if report.rows or common.as_json else show_news
        show(report, common)
        return report.exit_code


_status_command("suspend", "suspended", "Suspend a service, and with it its licenses.")
_status_command(
    "resume", "active", "Make a service active again, and its licenses: renewed, when they have ended."
)
_status_command(
    "close", "deleted", "Close a service, and give its licenses up: for reuse, if that may be, else for good."
)


@service.command()
@click.argument("id")
@click.option("--dry-run", is_flag=True, help="Only check that it is there.")
@lock_option
@common_options
def remove(*, common: Common, id: str, dry_run: bool, lock_timeout: float) -> int:
    """Forget one service. Its licenses stay as they are, and are told as licenses without a service."""
    from cpbillmgr.runs.inventory import remove_service
    from cpbillmgr.runs.site import open_state

    with open_state(
        common.where, command="service remove", writes=not dry_run, lock_timeout=lock_timeout
    ) as state:
        kept = remove_service(state, id, dry_run=dry_run)
    if common.as_json:
        print_json({"schema": "cpbillmgr/removed/1", "dry_run": dry_run, "service": id, "licenses": kept})
    elif not common.quiet:
        click.echo(f"{'Would forget' if dry_run else 'Forgot'} service {id}.")
    for license in kept:
        click.echo(f"cpbillmgr: warning: license {license} of service {id} stays on the account", err=True)
    return 0


def _pair(change: str) -> tuple[str, str]:
    key, separator, value = change.partition("=")
    if not separator or not key:
        raise click.UsageError(f"{change!r} is not of the form key=value")
    return key, value


def _asks(addon: Addon) -> str:
    from cpbillmgr.cli.terminal.text import counted

    nodes = [counted(addon.nodes, "node")] if addon.nodes else []
    return ", ".join([addon.value, *nodes, *(f"{amount} of {what}" for what, amount in addon.amounts)])


def _cells(each: Service) -> list[str]:
    return [
        each.id,
        each.type,
        each.name,
        each.ip,
        each.status.value,
        each.expires.isoformat() if each.expires else "",
        "; ".join(f"{addon.name} {_asks(addon)}" for addon in each.addons),
    ]


def _services_object(services: list[Service]) -> dict[str, Any]:
    from cpbillmgr.sources.records import fields_of

    return {"schema": "cpbillmgr/services/1", "services": [fields_of(each) for each in services]}
