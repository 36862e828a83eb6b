"""``status``: how everything is, for a person and for monitoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.shared import Common, common_options
from cpbillmgr.cli.terminal.json import money_object, print_json
from cpbillmgr.cli.terminal.text import harmless, sums, time
from cpbillmgr.errors import CpbillmgrError

if TYPE_CHECKING:
    from cpbillmgr.planner.health import Condition
    from cpbillmgr.runs.status import Status


@click.command()
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "prometheus", "nagios"]),
    default="text",
    show_default=True,
    help="How to answer.",
)
@click.option("--ask", is_flag=True, help="Ask the remote for its balance; otherwise nothing is asked.")
@click.option("--remote", metavar="NAME", help="Only this remote; otherwise every one that sells licenses.")
@common_options
def status(*, common: Common, shape: str, ask: bool, remote: str | None) -> int:
    """Tell how everything is, from what is remembered: last runs, balance, doubts, failures, pool.

    With --format nagios it is one line with performance data, and the exit code is 0 (ok), 1 (warning),
    2 (critical) or 3 (unknown). Critical: no checkevent for an hour, an alarm, an operation that waits for a
    person. Warning: none for 15 minutes, a warning, an operation in doubt, less than the minimal balance.
    """
    from cpbillmgr.cli.views.monitoring import UNKNOWN, nagios_line, nagios_unknown, prometheus_lines

    try:
        found = _look(common, remote, ask=ask)
    except CpbillmgrError as error:
        if shape != "nagios" or common.as_json:
            raise
        click.echo(nagios_unknown(str(error)))
        return UNKNOWN
    if common.as_json:
        print_json(_object(found))
    elif shape == "nagios":
        click.echo(nagios_line(found))
        return int(found.verdict[0])
    elif shape == "prometheus":
        click.echo("\n".join(prometheus_lines(found)))
    elif common.quiet:
        click.echo(found.verdict[0].name.lower())
    else:
        _show(found)
    return 0


def _look(common: Common, remote: str | None, *, ask: bool) -> Status:
    from cpbillmgr.runs.site import open_sites
    from cpbillmgr.runs.status import status as run

    with open_sites(common.where, "status", writes=False, remote=remote) as sites:
        return run(sites, ask=ask)


def _show(found: Status) -> None:
    from cpbillmgr.cli.terminal.screen import show_facts

    for condition in found.conditions:
        show_facts({"remote": condition.remote, **_facts(condition, found)})
        click.echo()
    show_facts({f"last change by {command}": time(at) for command, at in found.done.items()})
    health, sentences = found.verdict
    for sentence in sentences:
        click.echo(harmless(sentence))
    click.echo(f"Health: {health.name.lower()}.")


def _facts(condition: Condition, found: Status) -> dict[str, str]:
    from cpbillmgr.planner.health import in_words

    def ago(at: Any) -> str:
        return f"{time(at)}, {in_words(found.at - at)}" if at else "never"

    balance = f"{condition.balance}, asked {ago(condition.balance_at)}" if condition.balance else "not known"
    idle = f", {sums(condition.idle)} idle" if condition.idle else ""
    return {
        "last look": ago(condition.looked_at),
        "last checkevent": ago(condition.checked_at),
        "licenses": str(condition.licenses),
        "balance": balance,
        "in doubt": str(condition.in_doubt),
        "for a person": str(condition.for_a_person),
        "notices": str(len(condition.notices)),
        "pool": f"{condition.pool}, {condition.usable} usable now{idle}",
    }


def _object(found: Status) -> dict[str, Any]:
    health, sentences = found.verdict
    return {
        "schema": "cpbillmgr/status/1",
        "at": time(found.at),
        "health": health.name.lower(),
        "reasons": list(sentences),
        "remotes": [_remote(condition) for condition in found.conditions],
        "commands": [{"command": command, "last_done": time(at)} for command, at in found.done.items()],
    }


def _remote(condition: Condition) -> dict[str, Any]:
    return {
        "remote": condition.remote,
        "looked_at": time(condition.looked_at) or None,
        "checked_at": time(condition.checked_at) or None,
        "licenses": condition.licenses,
        "balance": money_object(condition.balance) if condition.balance else None,
        "balance_at": time(condition.balance_at) or None,
        "in_doubt": condition.in_doubt,
        "for_a_person": condition.for_a_person,
        "notices": [
            {"topic": notice.topic, "level": notice.level.name.lower(), "text": notice.text}
            for notice in condition.notices
        ],
        "pool": condition.pool,
        "usable": condition.usable,
        "idle": [money_object(each) for each in condition.idle],
    }
