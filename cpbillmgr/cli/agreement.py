"""How a person agrees to a plan before it is carried out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cpbillmgr.cli.options import Common, on_terminal
from cpbillmgr.errors import LimitReached

if TYPE_CHECKING:
    from cpbillmgr.cli.screen import Watcher
    from cpbillmgr.model.report import Report
    from cpbillmgr.runs.fixchilds import Agree


def agreement(common: Common, watcher: Watcher, *, yes: bool) -> Agree | None:
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
        from cpbillmgr.cli.report import show_report

        if common.as_json or common.quiet or not on_terminal():
            raise LimitReached("you cannot be shown the plan here", hint="Agree to it with --yes")
        watcher.stop()
        show_report(report, common)
        return click.confirm("Carry out this plan?", err=True)

    return ask
