"""What must hold: after every run, and when all is quiet again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from cpbillmgr.errors import CpbillmgrError, Held, LockHeld, RemoteError
from cpbillmgr.model.money import Money
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.model.services import Service
from cpbillmgr.store.database import Database
from cpbillmgr.store.journal import Journal
from tests.crash.sim_account import REMOTE, Account

EXPECTED = (Held, LockHeld, RemoteError)  # what may end a run, or one change of it


def after_a_run(
    outcome: Report | CpbillmgrError | None, journal: Database, account: Account, *, surplus: bool
) -> Iterator[str]:
    """Yield what is wrong after a run; ``outcome`` is ``None`` for one that was killed.

    ``surplus`` allows for a second purchase that carries our mark.
    """
    yield from account.wrongs
    yield from _unexpected_errors(outcome)
    if not surplus:
        paid = Counter(charge.child for charge in account.charges)
        yield from (f"service {child} was paid {times} times" for child, times in paid.items() if times > 1)
    for child, license in _links(journal).items():
        if license not in account.licenses:
            yield f"service {child} is linked to license {license}, which is not there"


def when_quiet(
    services: tuple[Service, ...],
    journal: Database,
    account: Account,
    last: Report | CpbillmgrError,
    *,
    surplus: bool,
) -> Iterator[str]:
    """Yield what is wrong after the last run, which found nothing left to do."""
    links, waiting = _links(journal), _with_a_person(journal)
    for service in services:
        if service.id in links:
            soft = account.licenses[links[service.id]]
            if soft.ip != service.ip:
                yield f"service {service.id} is linked to license {soft.id}, which is on {soft.ip}"
        elif service.id not in waiting:
            yield f"service {service.id} has no license, and no person was told"
    if not surplus:
        yield from _differing_sums(journal, account)
    yield from _lost_licenses(links, account, last, surplus=surplus)


def open_operations(journal: Database) -> dict[int, str]:
    """Return the state of each operation that is neither ended nor with a person."""
    return {
        operation.id: operation.state.value
        for operation in Journal(journal).open(REMOTE)
        if operation.state.value != "manual"
    }


def _links(journal: Database) -> dict[str, str]:
    return dict(journal.execute("SELECT service, license FROM link").fetchall())


def _with_a_person(journal: Database) -> set[str]:
    rows = journal.execute("SELECT service FROM operation WHERE state = 'manual'").fetchall()
    return {service for (service,) in rows}


def _unexpected_errors(outcome: Report | CpbillmgrError | None) -> Iterator[str]:
    if isinstance(outcome, Report):
        errors = [outcome.stopped, *(row.error for row in outcome.rows)]
    else:
        errors = [outcome]
    for error in errors:
        if error is not None and not isinstance(error, EXPECTED):
            yield f"a run met {type(error).__name__}: {error}"


def _differing_sums(journal: Database, account: Account) -> Iterator[str]:
    """Compare what the journal says was paid with what was charged, but for what a person looks after."""
    unknown = {
        mark
        for (mark,) in journal.execute("SELECT remoteid FROM operation WHERE state = 'manual'").fetchall()
    }
    paid = sorted(
        (operation.remoteid, operation.cost.digits)
        for operation in Journal(journal).all()
        if operation.action == "order" and operation.state == "done" and _is_money(operation.cost)
        if operation.cost is not None
    )
    charged = sorted(
        (charge.remoteid, charge.cost.digits) for charge in account.charges if charge.remoteid not in unknown
    )
    if paid != charged:
        yield f"the journal says that {paid} was paid, the remote has charged {charged}"


def _is_money(cost: Money | None) -> bool:
    return cost is not None and bool(cost.amount)


def _lost_licenses(
    links: dict[str, str], account: Account, last: Report | CpbillmgrError, *, surplus: bool
) -> Iterator[str]:
    """Yield the licenses that are neither linked, nor in the pool, nor a stranger's, nor reported."""
    told = set(re.findall(r"\d+", str(last.rows) + str(last.warnings))) if isinstance(last, Report) else set()
    for soft in account.licenses.values():
        ours = soft.id in links.values() or soft.is_free or soft.stranger or soft.id in told
        if not ours and not (surplus and soft.remoteid.startswith("cpb1-main-")):
            yield f"license {soft.id} ({soft.name}, {soft.remoteid or 'no mark'}) is paid and lost"


def is_quiet(outcome: Report | CpbillmgrError) -> bool:
    """Whether a run had nothing to do but, maybe, to wait for a person."""
    return isinstance(outcome, Report) and not any(row.outcome is not Outcome.HELD for row in outcome.rows)
