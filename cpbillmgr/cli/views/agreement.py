"""How a person is asked, and agrees to a plan before it is carried out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from cpbillmgr.cli.options.shared import Common, on_terminal
from cpbillmgr.errors import LimitReached, UsageWrong

if TYPE_CHECKING:
    from cpbillmgr.cli.terminal.screen import Watcher
    from cpbillmgr.model.report import Report
    from cpbillmgr.runs.looking.look import Agree


Answer = TypeVar("Answer")


def answered(ask: Callable[[], Answer], instead: str) -> Answer:
    """Return what a person answers; raises ``UsageWrong``, with what to give instead, where nobody is."""
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UsageWrong("nobody is here to be asked", hint=instead) from None


def agreement(common: Common, watcher: Watcher | None = None, *, yes: bool) -> Agree | None:
    """Return how to have a person agree to a plan; ``None`` where nobody sits, or has agreed already.

    =============================  ==================================
    who sits there                 how
    =============================  ==================================
    nobody (stdin is no terminal)  within the limits
    a person who sees the plan     is asked
    a person who sees no plan      must have said ``--yes``
    =============================  ==================================
    """
    if yes or not sys.stdin.isatty():
        return None

    def ask(report: Report) -> bool:
        from cpbillmgr.cli.views.report import show_report

        if common.as_json or common.quiet or not on_terminal():
            raise LimitReached("you cannot be shown the plan here", hint="Agree to it with --yes")
        if watcher is not None:
            watcher.stop()
        show_report(report, common)
        return click.confirm("Carry out this plan?", err=True)

    return ask
