"""``license``: the licenses of the remote account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.adopt import adopt
from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.options.types import address, amount
from cpbillmgr.cli.options.working import working, working_everywhere
from cpbillmgr.cli.ownership import link, protect, unlink, unprotect
from cpbillmgr.cli.terminal.errors import first_error, tell_errors
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import sum_line
from cpbillmgr.cli.views.agreement import agreement
from cpbillmgr.cli.views.license import LONG, TITLES, entry_object, license_cells, license_object
from cpbillmgr.errors import LimitReached
from cpbillmgr.model.plan import Action
from cpbillmgr.model.runs import command_of_run

if TYPE_CHECKING:
    from cpbillmgr.model.plan import Decision
    from cpbillmgr.model.report import Report
    from cpbillmgr.model.rules import Rules
    from cpbillmgr.planner.basis.facts import Facts


def changing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that changes one license."""
    command = click.option("--remote", metavar="NAME", help="Which remote, where there are several.")(command)
    command = click.option("--max-spend", type=amount, metavar="AMOUNT", help="Most money of this run.")(
        command
    )
    dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done and its cost.")
    return dry_run(lock_option(common_options(command)))


@click.group()
def license() -> None:
    """The licenses of the remote account, and whose they are."""


for command in (adopt, link, unlink, protect, unprotect):
    license.add_command(command)


@license.command("list")
@click.option("--offline", is_flag=True, help="As the last run saw them, without asking the remote.")
@click.option("--remote", metavar="NAME", help="Only those at this remote.")
@common_options
def list_(*, common: Common, offline: bool, remote: str | None) -> int:
    """List every license of every remote, one line for each: asked for now, or as last seen."""
    from cpbillmgr.cli.terminal.screen import STATUS_STYLES, Column, show_sum, show_table
    from cpbillmgr.runs.licenses import list_licenses
    from cpbillmgr.runs.looking.each_remote import ask_each

    with working_everywhere(common, "license list", dry_run=True, remote=remote) as sites:
        lists, errors = ask_each(sites, partial(list_licenses, offline=offline))
        several = len(sites) > 1
    found = [each for listed in lists for each in listed]
    statuses = [each.license.status.value for each in found]
    in_pool = sum(each.license.is_free for each in found)
    if common.as_json:
        listed = [license_object(each) for each in found]
        totals = {**Counter(statuses), "pool": in_pool}
        shown = {"schema": "cpbillmgr/licenses/1", "licenses": listed, "totals": totals}
        print_json(shown | first_error(errors))
    elif common.quiet:
        for each in found:
            click.echo(each.license.id)
    else:
        columns = [Column(title, wraps=title in LONG) for title in TITLES]
        columns += [Column("remote")] if several else []
        rows = [[*license_cells(each), *([each.license.remote] if several else [])] for each in found]
        show_table(columns, rows, [STATUS_STYLES.get(each, "") for each in statuses])
        show_sum(f"{sum_line('license', statuses)}; {in_pool} in the pool.")
    return tell_errors(errors)


@license.command()
@click.argument("id")
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@common_options
def show(*, common: Common, id: str, remote: str | None) -> int:
    """Show one license as the remote knows it now, with its key."""
    from cpbillmgr.cli.terminal.screen import show_facts
    from cpbillmgr.cli.terminal.text import day, period_text
    from cpbillmgr.runs.licenses import show_license

    with working(common, "license show", dry_run=True, remote=remote, licenses=[id]) as site:
        found = show_license(site, id)
    if common.as_json:
        details = {"key": found.license.key, "remoteid": found.license.remoteid}
        shown = license_object(found) | details | {"addons": dict(found.license.addons or ())}
        print_json({"schema": "cpbillmgr/licenses/1", "licenses": [shown]})
        return 0
    show_facts(
        dict(zip(TITLES, license_cells(found), strict=True))
        | {
            "period": period_text(found.license.period, found.license.length),
            "key": found.license.key or "",
            "remote id": found.license.remoteid or "",
            "IP changed": day(found.license.ip_changed),
            "key changed": day(found.license.key_changed),
            "usable from": day(found.usable_from),
            "renewed by the remote": {True: "yes", False: "no", None: ""}[found.license.renews_itself],
            **{f"add-on {id}": str(amount) for id, amount in found.license.addons or ()},
        }
    )
    return 0


@license.command()
@click.argument("id")
@click.option(
    "--period",
    type=click.IntRange(min=1),
    help="Months, or a generation 4 id; its own unless given.",
)
@changing_options
def renew(*, common: Common, id: str, period: int | None, **how: Any) -> int:
    """Pay for one more period of a license that is linked to a service."""
    from cpbillmgr.planner import one_license

    return _change(
        common, id, Action.RENEW, lambda rules, facts: one_license.renew(id, period, rules, facts), **how
    )


@license.command()
@click.argument("id")
@changing_options
def release(*, common: Common, id: str, **how: Any) -> int:
    """Give a license up for reuse: suspend it, and put it into the pool.

    Where the remote does not let its address change yet, 'checkevent' frees it when its day has come.
    """
    from cpbillmgr.planner import one_license

    return _change(common, id, Action.RELEASE, lambda _, facts: one_license.release(id, facts), **how)


@license.command()
@click.argument("id")
@changing_options
def suspend(*, common: Common, id: str, **how: Any) -> int:
    """Stop a license by hand; it stays paid, and linked to its service."""
    from cpbillmgr.planner import one_license

    return _change(common, id, Action.SUSPEND, lambda _, facts: one_license.suspend(id, facts), **how)


@license.command()
@click.argument("id")
@changing_options
def resume(*, common: Common, id: str, **how: Any) -> int:
    """Start a stopped license that is still paid; one that has ended is to be renewed."""
    from cpbillmgr.planner import one_license

    return _change(common, id, Action.RESUME, lambda _, facts: one_license.resume(id, facts), **how)


@license.command()
@click.argument("id")
@click.option("--yes", is_flag=True, help="Agree to it beforehand.")
@changing_options
def delete(*, common: Common, id: str, yes: bool, dry_run: bool, **how: Any) -> int:
    """Give a license up for good: what is paid is lost; 'release' keeps it for reuse.

    On a terminal it shows what is lost, and asks.
    """
    from cpbillmgr.cli.views.report import show_report
    from cpbillmgr.model.report import Outcome
    from cpbillmgr.planner import one_license

    change = partial(
        _changed, common, id, Action.DELETE, lambda _, facts: one_license.delete(id, facts), **how
    )
    ask = agreement(common, yes=yes or dry_run)
    report = change(dry_run=dry_run or ask is not None)
    if ask is not None and report.exit_code == 0:
        if report.count(Outcome.PLANNED) and not ask(report):
            raise LimitReached("it was not agreed to; nothing was changed")
        report = change(dry_run=False)
    show_report(report, common)
    return report.exit_code


@license.command()
@click.argument("id")
@click.option("--remote", metavar="NAME", help="Which remote, where there are several.")
@common_options
def history(*, common: Common, id: str, remote: str | None) -> int:
    """Show what became of a license: its events, and our operations with their cost, oldest first."""
    from cpbillmgr.cli.terminal.screen import Column, show_table, shown_time
    from cpbillmgr.runs.licenses import history_of

    with working(common, "license history", dry_run=True, remote=remote, licenses=[id]) as site:
        found = history_of(site, id)
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/history/1",
                "license": id,
                "history": [entry_object(each) for each in found],
            }
        )
        return 0
    columns = [Column(title, wraps=True) for title in ("at", "what", "run", "why")]
    columns += [Column("cost", right=True)] if any(each.cost for each in found) else []
    cells = [
        (shown_time(each.at), each.what, command_of_run(each.run), each.why, str(each.cost or ""))
        for each in found
    ]
    show_table(columns, [each[: len(columns)] for each in cells])
    return 0


@license.command()
@click.argument("id")
@click.argument("ip", type=address)
@changing_options
def move(*, common: Common, id: str, ip: str, **how: Any) -> int:
    """Move a license to another IP; the remote allows it once a month."""
    from cpbillmgr.planner import one_license

    return _change(common, id, Action.MOVE, lambda _, facts: one_license.move(id, ip, facts), **how)


@license.command()
@click.argument("id")
@changing_options
def newkey(*, common: Common, id: str, **how: Any) -> int:
    """Have a new key made: the panel has to be given it, and who else has the old one loses it."""
    from cpbillmgr.planner import one_license

    return _change(common, id, Action.NEWKEY, lambda _, facts: one_license.newkey(id, facts), **how)


@license.command("change-tariff")
@click.argument("id")
@click.argument("tariff", type=click.IntRange(min=1))
@changing_options
def change_tariff(*, common: Common, id: str, tariff: int, **how: Any) -> int:
    """Make it a license of another tariff of the same product; the cost is the difference in price."""
    from cpbillmgr.planner import one_license

    return _change(
        common, id, Action.CHANGE_TARIFF, lambda _, facts: one_license.change_tariff(id, tariff, facts), **how
    )


def _change(
    common: Common, id: str, action: Action, decide: Callable[[Rules, Facts], Decision], **how: Any
) -> int:
    from cpbillmgr.cli.views.report import show_report

    report = _changed(common, id, action, decide, **how)
    show_report(report, common)
    return report.exit_code


def _changed(
    common: Common,
    id: str,
    action: Action,
    decide: Callable[[Rules, Facts], Decision],
    *,
    dry_run: bool,
    remote: str | None,
    max_spend: Decimal | None,
    lock_timeout: float,
) -> Report:
    from cpbillmgr.cli.options.limits import limited
    from cpbillmgr.runs.one_license import change_license

    command = f"license {action}"
    with working(
        common, command, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote, licenses=[id]
    ) as site:
        within = limited(site, max_spend=max_spend)
        decided = partial(decide, within.wishes.rules)
        return change_license(within, id, action, decided, command=command, dry_run=dry_run)
