"""Operations: what a person decides about them, when the tool must not."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import GIVING, Action
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import is_on_its_own
from cpbillmgr.planner import one_license
from cpbillmgr.planner.changes.settling import check_may_close
from cpbillmgr.runs.one_license import change_license
from cpbillmgr.runs.order import Alone, order_alone, order_for_service
from cpbillmgr.runs.site import Site
from cpbillmgr.store import state as store


def cancel(state: store.State, id: int, *, at: datetime, dry_run: bool) -> Operation:
    """Close an operation that is not carried out any more, so that its service is free again.

    Raises ``UsageWrong`` where a person cannot decide; what to do instead is in the hint.
    """
    operation = state.operations.get(id)
    check_may_close(operation)
    if dry_run:
        return operation
    return state.journal.failed(operation, "canceled by a person", at=at)


def restart(site: Site, id: int, *, dry_run: bool) -> Report:
    """Try an operation again: give the child its license, or change the license as was asked for.

    The site is that of the operation's own remote. Whether it has happened after all is looked at first; only
    then is it closed, by the person's word, and done anew. ``UsageWrong`` where a person cannot decide.
    """
    operation = site.state.operations.get(id)
    if operation.state is not State.FAILED:
        check_may_close(operation)
    report = _again(site, operation, dry_run=dry_run)
    operation = site.state.operations.get(id)
    if dry_run or not operation.state.is_open:
        return report
    check_may_close(operation)
    site.state.journal.failed(operation, "restarted by a person", at=site.now())
    return _again(site, operation, dry_run=False)


def _again(site: Site, operation: Operation, *, dry_run: bool) -> Report:
    license = operation.license if operation.action not in GIVING else operation.renews
    if license is not None:
        return change_license(
            site,
            license,
            Action.RENEW if operation.renews else operation.action,
            partial(one_license.again, operation, site.wishes.rules),
            command="operation restart",
            dry_run=dry_run,
        )
    if is_on_its_own(operation.service):
        wish = Alone(
            operation.ip, operation.tariff, operation.period, operation.name, amounts=operation.amounts
        )
        return order_alone(site, wish, dry_run=dry_run)
    return order_for_service([site], operation.service, operation.addon, dry_run=dry_run)
