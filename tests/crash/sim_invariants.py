"""What must hold: after every run, and when all is quiet again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cpbillmgr.errors import CpbillmgrError, Held, LimitReached, LockHeld, RemoteError, UsageWrong
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.planner.changes.changing import is_paid
from cpbillmgr.store.journal.operations import Operations
from cpbillmgr.store.sqlite.database import Database
from tests.crash.sim_account import LITE, REMOTE, Account
from tests.crash.sim_scene import Scene

EXPECTED = (Held, LockHeld, RemoteError)  # what may end a run, or one change of it
REFUSALS = (UsageWrong, LimitReached)  # what else may answer: not ours, open, a wrong clock


def after_a_run(
    outcome: Report | CpbillmgrError | None,
    journal: Database,
    scene: Scene,
    *,
    may_be_refused: bool,
    surplus: bool,
) -> Iterator[str]:
    """Yield what is wrong after a run; ``outcome`` is ``None`` for one that was killed.

    ``may_be_refused`` is for a person's word about one license, which may be answered with "that is not
    possible", and for a clock that is off.
    ``surplus`` allows for a second purchase that carries our mark.
    """
    account = scene.account
    yield from account.wrongs
    yield from _unexpected_errors(outcome, (*EXPECTED, *REFUSALS) if may_be_refused else EXPECTED)
    if not surplus:
        yield from _paid_twice(journal, scene)
    for child, license in _links(journal).items():
        if license not in account.licenses:
            yield f"service {child} is linked to license {license}, which is not there"


def when_quiet(
    scene: Scene, journal: Database, last: Report | CpbillmgrError, *, surplus: bool
) -> Iterator[str]:
    """Yield what is wrong after the last run, which found nothing left to do."""
    account, links, waiting = scene.account, _links(journal), _with_a_person(journal)
    changed = _last_done(journal)
    for service in scene.services:
        if service.id in links:
            soft = account.licenses[links[service.id]]
            moved, other = (changed.get((soft.id, each)) for each in (Action.MOVE, Action.CHANGE_TARIFF))
            if soft.ip != (moved.ip if moved else service.ip):
                yield f"service {service.id} is linked to license {soft.id}, which is on {soft.ip}"
            if soft.tariff != (other.tariff if other else LITE) and service.id not in waiting:
                yield f"service {service.id} is linked to license {soft.id}, which is of tariff {soft.tariff}"
        elif service.id not in waiting:
            yield f"service {service.id} has no license, and no person was told"
    for license, action in changed:
        if action is Action.RELEASE and (license in links.values() or not account.licenses[license].is_free):
            yield f"license {license} was released, and is not in the pool"
    if not surplus:
        yield from _differing_sums(journal, account)
    known = {*links.values(), *Operations(journal).replaced(REMOTE)}
    yield from _lost_licenses(known, account, last, surplus=surplus)


def open_operations(journal: Database) -> dict[int, str]:
    """Return the state of each operation that is neither ended nor with a person."""
    return {
        operation.id: operation.state.value
        for operation in Operations(journal).open(REMOTE)
        if operation.state.value != "manual"
    }


def _links(journal: Database) -> dict[str, str]:
    return dict(journal.execute("SELECT service, license FROM link").fetchall())


def _with_a_person(journal: Database) -> set[str]:
    rows = journal.execute("SELECT service FROM operation WHERE state = 'manual'").fetchall()
    return {service for (service,) in rows}


def _last_done(journal: Database) -> dict[tuple[str, Action], Operation]:
    """Return, by license and action, the last change of the license that is done."""
    done = (
        each for each in Operations(journal).all() if each.state is State.DONE and each.license is not None
    )
    return {(each.license or "", each.action): each for each in reversed(list(done))}


def _paid_twice(journal: Database, scene: Scene) -> Iterator[str]:
    """Yield who was paid for more often than there was a need: anew after a release, at a new end once."""
    needs = Counter(service.id for service in scene.services)
    needs.subtract(service for service, _ in scene.links)
    needs.update(
        service
        for (service,) in journal.execute(
            "SELECT service FROM operation WHERE action = 'release' AND state = 'done'"
        )
    )
    charges = scene.account.charges
    paid = Counter(charge.child for charge in charges if charge.action is Action.ORDER)
    for child, times in paid.items():
        if times > needs[child]:
            yield f"service {child} was paid {times} times"
    renewed = Counter((charge.what, charge.due) for charge in charges if charge.action is Action.RENEW)
    for (license, due), times in renewed.items():
        if times > 1:
            yield f"the renewal of license {license} from {due} was paid {times} times"


def _unexpected_errors(
    outcome: Report | CpbillmgrError | None, expected: tuple[type[CpbillmgrError], ...]
) -> Iterator[str]:
    if isinstance(outcome, Report):
        errors = [outcome.stopped, *(row.error for row in outcome.rows)]
    else:
        errors = [outcome]
    for error in errors:
        if error is not None and not isinstance(error, expected):
            yield f"a run met {type(error).__name__}: {error}"


def _differing_sums(journal: Database, account: Account) -> Iterator[str]:
    """Compare what the journal says was paid with what was charged, but for what a person looks after."""
    operations = list(Operations(journal).all())
    unknown = {_what(operation) for operation in operations if operation.state is State.MANUAL}
    paid = sorted(
        (*_what(operation), operation.cost.digits)
        for operation in operations
        if is_paid(operation) and operation.state is State.DONE and _what(operation) not in unknown
        if operation.cost is not None and operation.cost.amount
    )
    charged = sorted(
        (charge.action, charge.what, charge.cost.digits)
        for charge in account.charges
        if (charge.action, charge.what) not in unknown
    )
    if paid != charged:
        yield f"the journal says that {paid} was paid, the remote has charged {charged}"


def _what(operation: Operation) -> tuple[Action, str]:
    """Return what an operation pays for, as the remote's charges tell it."""
    return (
        operation.action,
        operation.remoteid if operation.action is Action.ORDER else operation.license or "",
    )


def _lost_licenses(
    known: set[str], account: Account, last: Report | CpbillmgrError, *, surplus: bool
) -> Iterator[str]:
    """Yield the licenses that are neither linked, replaced, in the pool, a stranger's, nor reported."""
    told = set(re.findall(r"\d+", str(last.rows) + str(last.warnings))) if isinstance(last, Report) else set()
    for soft in account.licenses.values():
        ours = soft.id in known or soft.is_free or soft.stranger or soft.id in told
        if not ours and not (surplus and soft.remoteid.startswith("cpb1-main-")):
            yield f"license {soft.id} ({soft.name}, {soft.remoteid or 'no mark'}) is paid and lost"


def is_quiet(outcome: Report | CpbillmgrError) -> bool:
    """Whether a run had nothing to do but, maybe, to wait for a person."""
    return isinstance(outcome, Report) and not any(row.outcome is not Outcome.HELD for row in outcome.rows)
