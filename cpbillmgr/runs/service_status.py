"""A service is suspended, resumed or closed, and its licenses with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Status
from cpbillmgr.runs.checkevent import Asked, check_all
from cpbillmgr.runs.site import Site


def set_status(sites: Sequence[Site], id: str, status: Status, *, command: str, dry_run: bool) -> Report:
    """Remember what a service is to be, then have its licenses follow, and report on them.

    The remotes that hold none of its licenses are not asked. What a remote does not do now is done by the
    next ``checkevent``. Raises ``UsageWrong`` when there is no such service.
    """
    state = sites[0].state
    service = state.inventory.service(id)
    if not dry_run:
        state.inventory.put([replace(service, status=status)])
    remotes = {link.remote for link in state.links.of_service(id)}
    asked = Asked(command=command, dry_run=dry_run, status={id: status})
    return check_all([site for site in sites if site.wishes.remote.name in remotes], asked)
