"""Asking each remote: what those answer that can be asked, and the errors of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from cpbillmgr.errors import ConfigInvalid, CpbillmgrError, RemoteError, most_pressing
from cpbillmgr.model.report import Report
from cpbillmgr.runs.site import Site

Answer = TypeVar("Answer")


def ask_each(
    sites: Iterable[Site], ask: Callable[[Site], Answer]
) -> tuple[list[Answer], list[CpbillmgrError]]:
    """Return the answers of the remotes, and the errors of those that cannot be asked.

    Such a one does not hide the others. Raises the first error when no remote can be asked.
    """
    answers: list[Answer] = []
    errors: list[CpbillmgrError] = []
    for site in sites:
        try:
            answers.append(ask(site))
        except (RemoteError, ConfigInvalid) as error:
            errors.append(error)
    if not answers:
        raise errors[0]
    return answers, errors


def with_left_out(report: Report, errors: Sequence[CpbillmgrError]) -> Report:
    """Return a report that tells the errors of the remotes that were left out, and ends with the worst."""
    if not errors:
        return report
    every = (*filter(None, [report.stopped]), *errors)
    stopped = most_pressing(every)
    others = [f"{error.where}: {error.message}" for error in every if error is not stopped]
    return replace(report, stopped=stopped, warnings=(*report.warnings, *others))
