"""A run's report: as a table for people, as JSON for scripts, as an exit code for cron."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import click

from cpbillmgr.cli.options.shared import Common
from cpbillmgr.cli.terminal.errors import error_lines, error_object
from cpbillmgr.cli.terminal.json import money_object, print_json
from cpbillmgr.cli.terminal.screen import Column, show_reasons, show_words
from cpbillmgr.cli.terminal.text import amounts_text, harmless, period_text, sums, time
from cpbillmgr.model.events import Event
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Notice
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Outcome, Report, Row

FEW = 3  # licenses that were considered, told of where not everything is asked for
COLUMNS = (
    Column("action"),
    *(Column(title, wraps=True) for title in ("service", "ip", "tariff")),
    Column("license"),
    Column("cost", right=True),
)
_AFTER_IP = 3  # the place of the remote among the columns, where there are several
_STYLES = {
    Outcome.DONE: "green",
    Outcome.FAILED: "red",
    Outcome.IN_DOUBT: "yellow",
    Outcome.HELD: "yellow",
    Outcome.SKIPPED: "dim",
}


def show_report(report: Report, common: Common) -> None:
    """Show what a run did, or would do; errors go to stderr."""
    if common.as_json:
        print_json(report_object(report))
    elif not common.quiet:
        for event in report.events:
            told = f"license {event.license}: {event.kind}: {event.before or '-'} -> {event.after or '-'}"
            click.echo(harmless(told))
        show_rows(report.rows, verbose=common.verbose, with_remote=report.is_of_several)
        if report.rows or report.stopped is None:
            show_words(summary(report))
    _show_warnings(report, report.notices)


def show_news(report: Report, common: Common) -> None:
    """Show what was done and what is newly wrong: nothing for nothing. All that was tried is counted."""
    done = tuple(row for row in report.rows if row.outcome is Outcome.DONE)
    if not common.quiet:
        show_rows(done, verbose=common.verbose, with_remote=report.is_of_several)
        if done:
            show_words(summary(report))
    _show_warnings(report, report.news)


def _show_warnings(report: Report, notices: Iterable[Notice]) -> None:
    told = (_addressed(notice, with_remote=report.is_of_several) for notice in notices)
    for warning in (*report.warnings, *told):
        click.echo(f"cpbillmgr: warning: {harmless(warning)}", err=True)
    if report.stopped is not None:
        for line in error_lines(report.stopped):
            click.echo(f"cpbillmgr: error: {line}", err=True)


def _addressed(notice: Notice, *, with_remote: bool) -> str:
    """Return a notice as a line: of which remote it is, and for which department."""
    whose = [notice.remote] if with_remote else []
    whose += [f"for {notice.department}"] if notice.department else []
    return ": ".join(filter(None, (", ".join(whose), notice.text)))


def show_rows(rows: tuple[Row, ...], *, verbose: bool, with_remote: bool) -> None:
    """Show a row for each decision: what, for whom, at which of several remotes, for how much, why.

    Also what else was considered.
    """
    shown = ("why", "considered") if any(row.decision.considered for row in rows) else ("why",)
    columns, cells = [*COLUMNS], [row_cells(row) for row in rows]
    if with_remote:
        columns.insert(_AFTER_IP, Column("remote", wraps=True))
        for row, shown_cells in zip(rows, cells, strict=True):
            shown_cells.insert(_AFTER_IP, row.decision.child.remote)
    show_reasons(
        columns,
        cells,
        [row_reasons(row, verbose=verbose)[: len(shown)] for row in rows],
        [_STYLES.get(row.outcome, "") for row in rows],
        titles=shown,
    )


def row_reasons(row: Row, *, verbose: bool) -> tuple[str, str]:
    """Return why a row is as it is, and which other licenses were considered: a few of them, or all."""
    considered = row.decision.considered
    told = considered if verbose else considered[:FEW]
    licenses: dict[str, list[str]] = defaultdict(list)  # by the reason why they are not taken
    for each in told:
        licenses[each.why_not].append(each.license)
    others = [f"{', '.join(ids)} ({why_not})" for why_not, ids in licenses.items()]
    if len(told) < len(considered):
        others.append("and more (-v)")
    why = row.error.message if row.error else row.decision.because
    return why, f"not taken: {'; '.join(others)}" if others else ""


def row_cells(row: Row) -> list[str]:
    """Return what a row shows in ``COLUMNS``."""
    child = row.decision.child
    amounts = f" {amounts_text(child.amounts)}" if child.amounts else ""
    done = row.outcome in (Outcome.PLANNED, Outcome.DONE)
    return [
        row.decision.action.value if done else f"{row.decision.action} {row.outcome}",
        f"{child.service} {child.addon}",
        child.ip,
        f"{child.tariff}{amounts}, {period_text(child.period, child.length)}",
        row.license or "",
        str(row.cost) if row.cost else "",
    ]


def summary(report: Report) -> str:
    """Return the report in one line: how much of what, for how much, and what is left of the balance.

    >>> summary(Report("fixchilds", in_sync=3))
    'Nothing to do: 3 in sync.'
    """
    if not report.rows:
        return f"Nothing to do: {report.in_sync} in sync."
    planned = report.count(Outcome.PLANNED) > 0 or (report.dry_run and not report.count(Outcome.DONE))
    did = Outcome.PLANNED if planned else Outcome.DONE
    counted = [
        (sum(row.decision.action is action and row.outcome is did for row in report.rows), action.value)
        for action in Action
    ] + [
        (report.count(outcome), outcome.value)
        for outcome in (Outcome.FAILED, Outcome.IN_DOUBT, Outcome.HELD, Outcome.SKIPPED)
    ]
    parts = [f"{number} {word}" for number, word in counted if number]
    parts.append(f"{report.in_sync} in sync")
    text = ("To do: " if planned else "Done: ") + ", ".join(parts)
    return f"{text}; {money_line(report.cost, report.balance, planned=planned)}."


def money_line(cost: tuple[Money, ...], balance: Money | None, *, planned: bool) -> str:
    """Return what a plan costs, or a run cost, and what that leaves."""
    if not cost:
        return "no cost"
    text = f"cost {sums(cost)}"
    if balance is None or len(cost) > 1 or cost[0].currency != balance.currency:
        return text
    left = balance.amount - cost[0].amount
    then = "missing" if left < 0 else "would be left" if planned else "left"
    return f"{text}, balance {balance}, {Money(abs(left), balance.currency)} {then}"


def report_object(report: Report) -> dict[str, Any]:
    """Return a report as JSON shows it (cli.md, JSON)."""
    shown = {
        "schema": "cpbillmgr/report/1",
        "command": report.command,
        "dry_run": report.dry_run,
        "exit_code": report.exit_code,
        "changes": [_change(row) for row in report.rows],
        "totals": _totals(report),
        "cost": [money_object(cost) for cost in report.cost],
        "warnings": list(report.warnings),
    }
    if report.command == "checkevent":
        shown["events"] = [event_object(event) for event in report.events]
        shown["notices"] = [notice_object(each, is_new=each in report.news) for each in report.notices]
    if report.adoption is not None:
        shown["adoption"] = report.adoption
    if report.stopped is not None:
        shown["error"] = error_object(report.stopped)
    return shown


def event_object(event: Event) -> dict[str, Any]:
    """Return an event as JSON shows it: ``operation`` is the one of ours that explains it."""
    return {
        "id": event.id or None,
        "at": time(event.at),
        "remote": event.remote,
        "license": event.license,
        "kind": event.kind.value,
        "before": event.before,
        "after": event.after,
        "operation": event.operation,
    }


def notice_object(notice: Notice, *, is_new: bool) -> dict[str, Any]:
    """Return a notice as JSON shows it; a new one was not told before."""
    return {
        "topic": notice.topic,
        "level": notice.level.name.lower(),
        "text": notice.text,
        "new": is_new,
        "remote": notice.remote,
        "department": notice.department,
    }


def _change(row: Row) -> dict[str, Any]:
    child = row.decision.child
    return {
        "action": row.decision.action.value,
        "service": child.service,
        "addon": child.addon,
        "remote": child.remote,
        "license": row.license,
        "replaces": row.decision.replaces,
        "tariff": child.tariff,
        "period": child.period,
        "amounts": {str(id_): amount for id_, amount in child.amounts},
        "ip": child.ip,
        "cost": row.cost.digits if row.cost else None,
        "currency": row.cost.currency if row.cost else None,
        "because": row.decision.because,
        "considered": [
            {"license": each.license, "why_not": each.why_not} for each in row.decision.considered
        ],
        "outcome": row.outcome.value,
        "error": str(row.error) if row.error else None,
    }


def _totals(report: Report) -> dict[str, int]:
    counted = (Outcome.PLANNED, Outcome.DONE)
    totals = {
        action.value: sum(row.decision.action is action and row.outcome in counted for row in report.rows)
        for action in Action
    }
    for outcome in (Outcome.FAILED, Outcome.IN_DOUBT, Outcome.HELD, Outcome.SKIPPED):
        totals[outcome.value.replace("-", "_")] = report.count(outcome)
    return totals | {"in_sync": report.in_sync}
