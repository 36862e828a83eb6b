"""``event``: what was concluded to have changed at the remotes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.options.types import moment
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import sum_line

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
    from cpbillmgr.cli.terminal.screen import Column, show_sum, show_table
    from cpbillmgr.cli.views.report import event_object
    from cpbillmgr.runs.site import open_state

    with open_state(common.where, command="event list", writes=False) as state:
        found = list(state.events.since(since))
    kinds = [each.kind.value for each in found]
    if common.as_json:
        listed = [event_object(each) for each in found]
        print_json({"schema": "cpbillmgr/events/1", "events": listed, "totals": Counter(kinds)})
    elif common.quiet:
        for each in found:
            click.echo(each.id)
    else:
        titles = ("at", "remote", "license", "what", "change")
        columns = [Column(title, wraps=title in ("at", "change")) for title in titles]
        show_table(columns, [_cells(each) for each in found])
        show_sum(f"{sum_line('event', kinds)}.")
    return 0


def _cells(each: Event) -> list[str]:
    from cpbillmgr.cli.terminal.screen import shown_time

    by = f" (operation {each.operation})" if each.operation else ""
    change = f"{each.before or '-'} -> {each.after or '-'}{by}"
    return [shown_time(each.at), each.remote, each.license, each.kind.value, change]
