"""A service is suspended, resumed or closed, and its licenses with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cpbillmgr.errors import AnswerNotUnderstood, ListIncomplete, Unreachable, UsageWrong
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Status
from cpbillmgr.runs.checkevent import Asked, check_all
from cpbillmgr.runs.site import Site

# They say that nothing was changed, but the service was.
_UNCHANGED = {error.default_hint for error in (AnswerNotUnderstood, ListIncomplete, Unreachable)}


def set_status(sites: Sequence[Site], id: str, status: Status, *, command: str, dry_run: bool) -> Report:
    """Remember what a service is to be, then have its licenses follow, and report on them.

    The remotes that hold none of its licenses are not asked. What a remote does not do now is done by the
    next ``checkevent``. Raises ``UsageWrong`` when there is no such service, or it is deleted and
    its licenses are given up.
    """
    state = sites[0].state
    service = state.inventory.service(id)
    if service.status is Status.DELETED is not status and not state.links.of_service(id):
        raise UsageWrong(
            f"service {id} is deleted, and its licenses are given up",
            hint=f"'cpbillmgr service set {id} status={status}' brings it back, without a license",
        )
    if not dry_run:
        state.inventory.put([replace(service, status=status)])
    remotes = {link.remote for link in state.links.of_service(id)}
    asked = Asked(command=command, dry_run=dry_run, status={id: status})
    report = check_all([site for site in sites if site.wishes.remote.name in remotes], asked)
    if not dry_run and report.stopped is not None and report.stopped.hint in _UNCHANGED:
        report.stopped.hint = f"Service {id} is {status}; its licenses follow with the next checkevent"
    return report
