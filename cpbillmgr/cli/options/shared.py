"""Options that many commands share, and what they say together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cpbillmgr.cli.options.types import seconds
from cpbillmgr.model.where import Where

TERMINAL_WAIT = 30.0  # seconds that a person waits for another run; cron does not
Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Common:
    """What every command understands: which files, and how to answer."""

    where: Where
    as_json: bool
    quiet: bool
    verbose: bool


def common_options(command: Command) -> Command:
    """Add the options of every command; the command gets them as ``common``."""

    @click.option("--settings", type=click.Path(path_type=Path), help="Settings file (cpbillmgr.toml).")
    @click.option("--conf", type=click.Path(path_type=Path), help="Directive file (cpbillmgr.conf).")
    @click.option("--state", type=click.Path(path_type=Path), help="State database.")
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON on stdout.")
    @click.option("-q", "--quiet", is_flag=True, help="Print only what a script needs.")
    @click.option("-v", "--verbose", is_flag=True, help="Tell more.")
    @wraps(command)
    def gather(
        settings: Path | None,
        conf: Path | None,
        state: Path | None,
        *,
        as_json: bool,
        quiet: bool,
        verbose: bool,
        **rest: Any,
    ) -> Any:
        where = Where(settings, conf, state)
        return command(common=Common(where, as_json, quiet, verbose), **rest)

    return gather


def lock_option(command: Command) -> Command:
    """Add ``--lock-timeout`` to a command that writes."""
    return click.option(
        "--lock-timeout",
        type=seconds,
        default=lambda: TERMINAL_WAIT if on_terminal() else 0.0,
        show_default="30 on a terminal, else 0",
        metavar="SECONDS",
        help="How long to wait for another run to end.",
    )(command)


def short_list_option(command: Command) -> Command:
    """Add ``--accept-short-list`` to a command that looks at the whole account."""
    return click.option(
        "--accept-short-list", is_flag=True, help="Believe a license list that has shrunk a lot."
    )(command)


def on_terminal() -> bool:
    """Return whether a person sits at both ends: they can be shown a plan, and asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
