"""Limits that the command line gives instead of the settings' own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from cpbillmgr.cli.options.types import amount

if TYPE_CHECKING:
    from cpbillmgr.runs.site import Site


_OPTIONS = {
    "max_orders": click.option("--max-orders", type=click.IntRange(min=0), help="Most orders of this run."),
    "max_spend": click.option(
        "--max-spend", type=amount, metavar="AMOUNT", help="Most money of this run, in each currency."
    ),
    "max_releases": click.option(
        "--max-releases", type=click.IntRange(min=0), help="Most licenses that this run gives up."
    ),
    "max_suspends": click.option(
        "--max-suspends", type=click.IntRange(min=0), help="Most licenses that this run stops."
    ),
    "max_moves": click.option(
        "--max-moves", type=click.IntRange(min=0), help="Most services whose license this run moves or swaps."
    ),
}


def limit_options(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add options that lift limits; the command gets each by its name, ``None`` where it was not given."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            command = _OPTIONS[name](command)
        return command

    return add


def limited(site: Site, **given: Any) -> Site:
    """Return the site with the limits that were given; ``None`` leaves a limit as the settings have it."""
    told = {name: value for name, value in given.items() if value is not None}
    limits = replace(site.wishes.rules.limits, **told)
    return replace(site, wishes=replace(site.wishes, rules=replace(site.wishes.rules, limits=limits)))
