"""``event``: what was concluded to have changed at the remotes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.json import print_json
from cpbillmgr.cli.options import Common, common_options
from cpbillmgr.cli.text import time
from cpbillmgr.cli.types import moment

if TYPE_CHECKING:
    from cpbillmgr.model.events import Event


@click.group()
def event() -> None:
    """What was concluded to have changed at the remotes, from comparing two looks."""


@event.command("list")
@click.option("--since", type=moment, metavar="TIME", help="Only from this day or time on (ISO 8601, UTC).")
@common_options
def list_(*, common: Common, since: datetime | None) -> int:
    """List events, the oldest first."""
    from cpbillmgr.cli.report import event_object
    from cpbillmgr.cli.screen import Column, show_table
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="event list", writes=False) as state:
        found = list(state.events.since(since))
    if common.as_json:
        print_json({"schema": "cpbillmgr/events/1", "events": [event_object(each) for each in found]})
    elif common.quiet:
        for each in found:
            click.echo(each.id)
    else:
        columns = [*map(Column, ("at", "remote", "license", "what")), Column("change", wraps=True)]
        show_table(columns, [_cells(each) for each in found])
    return 0


def _cells(each: Event) -> list[str]:
    by = f" (operation {each.operation})" if each.operation else ""
    change = f"{each.before or '-'} -> {each.after or '-'}{by}"
    return [time(each.at), each.remote, each.license, each.kind.value, change]
