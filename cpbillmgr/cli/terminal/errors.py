"""How an error is shown: one line on stderr for each problem, and an object on stdout with ``--json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.terminal.text import harmless
from cpbillmgr.errors import ConfigInvalid, CpbillmgrError, most_pressing


def show_error(error: CpbillmgrError, *, as_json: bool) -> None:
    """Tell what went wrong, where, and what to do."""
    if as_json:
        print_json({"error": error_object(error)})
    for line in error_lines(error):
        click.echo(f"cpbillmgr: error: {line}", err=True)


def tell_errors(errors: Sequence[CpbillmgrError]) -> int:
    """Tell, one after the other, what went wrong at each remote; return the exit code."""
    for error in errors:
        show_error(error, as_json=False)
    return most_pressing(errors).exit_code if errors else 0


def first_error(errors: Sequence[CpbillmgrError]) -> dict[str, Any]:
    """Return what JSON has beside its results when something went wrong: the error that matters most."""
    return {"error": error_object(most_pressing(errors))} if errors else {}


def error_object(error: CpbillmgrError) -> dict[str, Any]:
    """Return an error as JSON shows it; the message tells every problem of a file, the hint the first's."""
    message = f"{error.message} ({error.where})" if error.where else error.message
    if isinstance(error, ConfigInvalid):
        message = "; ".join(f"{problem.message} ({problem.place})" for problem in error.problems)
    return {"code": error.exit_code, "kind": error.kind, "message": message, "hint": error.hint}


def error_lines(error: CpbillmgrError) -> list[str]:
    """Return an error as lines for a person: one, or one for each problem of a file."""
    if isinstance(error, ConfigInvalid):
        return [harmless(str(problem)) for problem in error.problems]
    return [harmless(str(error))]
