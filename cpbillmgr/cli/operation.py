"""``operation``: the journal, and a person's word in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.options.working import working
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import sum_line, time

if TYPE_CHECKING:
    from cpbillmgr.model.operations import Operation
    from cpbillmgr.store.journal.rows import Move

_STYLES = {"done": "green", "failed": "red"}  # anything else waits


@click.group()
def operation() -> None:
    """The journal: what was sent, how it ended, what waits."""


@operation.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those whose end is not known or not decided.")
@click.option("--tasks", is_flag=True, help="Only what a person has to do: failed, or to be decided.")
@common_options
def list_(*, common: Common, only_open: bool, tasks: bool) -> int:
    """List operations, the newest first, each with the service that it is for."""
    from cpbillmgr.cli.terminal.screen import Column, show_reasons, show_sum
    from cpbillmgr.planner.changes.changing import waits_for_its_day
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="operation list", writes=False) as state:
        every = state.failed.tasks() if tasks else state.operations.all()
        found = [each for each in every if each.state.is_open or not only_open]
    if tasks:
        found = [each for each in found if not waits_for_its_day(each)]
    states = [each.state.value for each in found]
    if common.as_json:
        listed = [_object(each) for each in found]
        print_json({"schema": "cpbillmgr/operations/1", "operations": listed, "totals": Counter(states)})
    elif common.quiet:
        for each in found:
            click.echo(each.id)
    else:
        several = len({each.remote for each in found}) > 1
        titles = ("id", "action", "service", "ip", "license", "cost", "state", "sent")
        long = ("service", "ip", "sent")
        columns = [Column(title, right=title == "cost", wraps=title in long) for title in titles]
        columns += [Column("remote")] if several else []
        rows = [_cells(each, remote=several) for each in found]
        errors = [[each.error] if tasks else [] for each in found]
        styles = [_STYLES.get(each, "yellow") for each in states]
        show_reasons(columns, rows, errors, styles, titles=["error"] if tasks else [])
        then = " When its cause is mended, try one again: 'cpbillmgr operation restart ID'."
        show_sum(f"{sum_line('operation', states)}.{then if tasks and found else ''}")
    return 0


@operation.command()
@click.argument("id", type=click.IntRange(1, 2**63 - 1))
@common_options
def show(*, common: Common, id: int) -> int:
    """Show one operation with its history."""
    from cpbillmgr.cli.terminal.screen import Column, show_facts, show_table, shown_time
    from cpbillmgr.cli.terminal.text import amounts_text, period_text
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="operation show", writes=False) as state:
        found, moves = state.operations.get(id), state.operations.moves(id)
    if common.as_json:
        print_json(
            {"schema": "cpbillmgr/operations/1", "operations": [{**_object(found), "moves": _moves(moves)}]}
        )
        return 0
    show_facts(
        {
            "id": str(found.id),
            "action": found.action.value,
            "service": f"{found.service} {found.addon}",
            "remote": found.remote,
            "tariff": f"{found.tariff}, {period_text(found.period, None)}",
            "amounts": amounts_text(found.amounts),
            "ip": found.ip,
            "name": found.name,
            "remote id": found.remoteid,
            "license": found.license or "",
            "cost": str(found.cost or ""),
            "because": found.because,
            "state": found.state.value,
            "error": found.error,
            "sent": f"{found.sends} times" if found.sends > 1 else "",
        }
    )
    click.echo()
    rows = [[shown_time(move.at), move.before or "", move.after, move.why] for move in moves]
    show_table([Column(title, wraps=title in ("at", "why")) for title in ("at", "from", "to", "why")], rows)
    return 0


@operation.command()
@click.argument("id", type=click.IntRange(1, 2**63 - 1))
@click.option("--dry-run", is_flag=True, help="Only tell whether it can be canceled.")
@lock_option
@common_options
def cancel(*, common: Common, id: int, dry_run: bool, lock_timeout: float) -> int:
    """Close an operation that is not to be carried out any more.

    One that may have been paid cannot be canceled: looking settles it.
    """
    from cpbillmgr.runs.operations import cancel as run
    from cpbillmgr.runs.site import open_state, utc_now

    with open_state(
        common.where, command="operation cancel", writes=not dry_run, lock_timeout=lock_timeout
    ) as state:
        closed = run(state, id, at=utc_now(), dry_run=dry_run)
    if common.as_json:
        print_json({"schema": "cpbillmgr/operations/1", "operations": [_object(closed)]})
    elif not common.quiet:
        click.echo(f"Operation {closed.id} {'can be canceled' if dry_run else 'is canceled'}.")
    return 0


@operation.command()
@click.argument("id", type=click.IntRange(1, 2**63 - 1))
@click.option("--dry-run", is_flag=True, help="Show what would be done and its cost; change nothing.")
@lock_option
@common_options
def restart(*, common: Common, id: int, dry_run: bool, lock_timeout: float) -> int:
    """Give the service of a failed operation its license again: link, take or order."""
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.runs.operations import restart as run
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="operation restart", writes=False) as state:
        remote = state.operations.get(id).remote
    with working(
        common, "operation restart", dry_run=dry_run, lock_timeout=lock_timeout, remote=remote
    ) as site:
        report = run(site, id, dry_run=dry_run)
    show_report(report, common)
    return report.exit_code


def _cells(each: Operation, *, remote: bool) -> list[str]:
    from cpbillmgr.cli.terminal.screen import shown_time

    return [
        str(each.id),
        each.action.value,
        f"{each.service} {each.addon}",
        each.ip,
        each.license or "",
        str(each.cost or ""),
        each.state.value,
        shown_time(each.sent_at),
        *([each.remote] if remote else []),
    ]


def _object(each: Operation) -> dict[str, Any]:
    return {
        "id": each.id,
        "run": each.run,
        "action": each.action.value,
        "remote": each.remote,
        "service": each.service,
        "addon": each.addon,
        "license": each.license,
        "tariff": each.tariff,
        "period": each.period,
        "amounts": {str(id_): amount for id_, amount in each.amounts},
        "ip": each.ip,
        "name": each.name,
        "remoteid": each.remoteid,
        "cost": each.cost.digits if each.cost else None,
        "currency": each.cost.currency if each.cost else None,
        "because": each.because,
        "state": each.state.value,
        "error": each.error or None,
        "sends": each.sends,
        "planned_at": time(each.planned_at) or None,
        "sent_at": time(each.sent_at) or None,
        "ended_at": time(each.ended_at) or None,
    }


def _moves(moves: list[Move]) -> list[dict[str, Any]]:
    return [{"at": time(each.at), "from": each.before, "to": each.after, "why": each.why} for each in moves]
