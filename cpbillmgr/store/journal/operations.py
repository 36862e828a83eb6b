"""What the journal of operations tells: questions that change nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from cpbillmgr.errors import LimitRefused, UsageWrong
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.operations import Operation, Step
from cpbillmgr.model.plan import Action
from cpbillmgr.model.runs import command_of_run
from cpbillmgr.store.journal.rows import Move, read_move, read_operation
from cpbillmgr.store.sqlite.columns import OPEN, time_text
from cpbillmgr.store.sqlite.database import Database, reading, rows

_OPEN = f"SELECT * FROM operation WHERE remote = ? AND {OPEN} ORDER BY id"  # noqa: S608 - constants alone
_OPEN_OF = f"SELECT * FROM operation WHERE service = ? AND addon = ? AND {OPEN} ORDER BY id"  # noqa: S608 - constants alone
# Licenses that another has taken the place of; not once they are linked again, given up, or taken anew.
_REPLACED = """
    SELECT replaces, service, addon FROM operation AS good
    WHERE remote = ?1 AND replaces IS NOT NULL AND state = 'done'
        AND replaces NOT IN (SELECT license FROM link WHERE remote = ?1)
        AND NOT EXISTS (
            SELECT 1 FROM operation AS later
            WHERE later.remote = ?1 AND later.license = good.replaces AND later.id > good.id
                AND later.state = 'done' AND later.action IN ('take', 'release', 'delete')
        )
"""
_PAGE = "SELECT * FROM operation WHERE id < ? ORDER BY id DESC LIMIT ?"
# The steps that change an address.
_MOVING = (Step.NAMED, Step.FREED, Step.MOVED)
# Of each license, when an operation last changed its address, or the list showed that somebody else had.
_MOVED = """
    WITH moving AS (
        SELECT id, license, coalesce(ended_at, sent_at) AS at FROM operation
        WHERE remote = ?1 AND license IS NOT NULL AND action IN ('take', 'release', 'move') AND (
            state = 'done'
            OR EXISTS (SELECT 1 FROM json_each(steps) WHERE value IN (?2, ?3, ?4))
        )
    )
    SELECT license, max(at) FROM (
        SELECT license, at FROM moving
        UNION ALL
        SELECT license, at FROM event
        WHERE remote = ?1 AND kind = 'ip' AND (operation IS NULL OR operation NOT IN (SELECT id FROM moving))
    ) GROUP BY license
"""
# The kind stands in it, and is no parameter: so the index of such moves serves it.
_TOO_EARLY = f"""
    SELECT license FROM operation
    WHERE remote = ? AND action = 'move' AND failure = '{LimitRefused.kind}' AND ended_at >= ?
"""  # noqa: S608 - constants alone
_GIVEN_UP = """
    SELECT * FROM operation
    WHERE remote = ? AND action = 'order' AND state = 'failed'
        AND (sends > 1 OR (sends > 0 AND failure = ''))
"""
# Children whose order was refused when it was sent once more, and that the remote has given nothing since.
_MAY_ARRIVE = """
    SELECT service, addon FROM operation AS lost
    WHERE remote <> ? AND action = 'order' AND state = 'failed' AND sends > 1 AND failure <> ''
        AND NOT EXISTS (
            SELECT 1 FROM operation AS later
            WHERE (later.remote, later.service, later.addon) = (lost.remote, lost.service, lost.addon)
                AND later.id > lost.id AND later.state = 'done' AND later.action IN ('order', 'take')
        )
"""
_MOVES = """
    SELECT operation, at, from_state, to_state, why FROM operation_move WHERE operation = ? ORDER BY id
"""
_RENEWED = """
    SELECT license, expires_before FROM operation
    WHERE remote = ? AND action = 'renew' AND state = 'done'
        AND license IN (SELECT value FROM json_each(?)) AND expires_before IS NOT NULL
"""
_BOUGHT = """
    SELECT license FROM operation WHERE remote = ? AND action IN ('order', 'take') AND state = 'done'
"""
_ORDERED_AS = """
    SELECT license, remoteid FROM operation WHERE remote = ? AND action = 'order' AND state = 'done'
"""
_PAID = """
    SELECT cost, currency FROM operation
    WHERE remote = ? AND state = 'done' AND ended_at >= ? AND cost IS NOT NULL
"""
_MARKS = """
    SELECT DISTINCT remoteid FROM operation
    WHERE remote = ? AND remoteid IN (SELECT value FROM json_each(?))
"""
_EXPLAINING = """
    WITH lately AS (
        SELECT id, action, license, replaces FROM operation
        WHERE remote = ? AND (ended_at IS NULL OR ended_at >= ?)
    )
    SELECT license, max(id), action FROM (
        SELECT id, action, license FROM lately
        UNION ALL SELECT id, 'release', replaces FROM lately
    ) WHERE license IS NOT NULL GROUP BY license
"""
_PAGE_ROWS = 1000
_LAST_ID = 2**63 - 1


class Operations:
    """The operations of all remotes, as they stand in the journal. May be called from many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, remote: str) -> list[Operation]:
        """Return the remote's operations that are neither done nor failed, oldest first."""
        return list(map(read_operation, rows(self._database, _OPEN, remote)))

    def open_ids(self) -> frozenset[int]:
        """Return the ids of all remotes' operations that are neither done nor failed."""
        found = rows(self._database, f"SELECT id FROM operation WHERE {OPEN}")  # noqa: S608 - constants alone
        return frozenset(number for (number,) in found)

    def get(self, number: int) -> Operation:
        """Return one operation; ``UsageWrong`` when there is none of this id."""
        for row in rows(self._database, "SELECT * FROM operation WHERE id = ?", number):
            return read_operation(row)
        raise UsageWrong(f"there is no operation {number}", hint="See 'cpbillmgr operation list'")

    def all(self) -> Iterator[Operation]:
        """Yield every operation, newest first."""
        last = _LAST_ID
        while True:
            page = rows(self._database, _PAGE, last, _PAGE_ROWS)
            yield from map(read_operation, page)
            if len(page) < _PAGE_ROWS:
                return
            last = page[-1][0]

    def of_license(self, remote: str, license: str) -> list[Operation]:
        """Return the operations on one license, or in its place, oldest first."""
        query = "SELECT * FROM operation WHERE remote = ?1 AND (license = ?2 OR replaces = ?2) ORDER BY id"
        return list(map(read_operation, rows(self._database, query, remote, license)))

    def moves(self, number: int) -> list[Move]:
        """Return the history of an operation, oldest first."""
        return list(map(read_move, rows(self._database, _MOVES, number)))

    def open_of(self, service: str, addon: str) -> list[Operation]:
        """Return the open operations for a child, at whatever remote, oldest first."""
        return list(map(read_operation, rows(self._database, _OPEN_OF, service, addon)))

    def count_open(self) -> dict[str, int]:
        """Return how many operations are open at each remote that has any."""
        query = f"SELECT remote, count(*) FROM operation WHERE {OPEN} GROUP BY remote"  # noqa: S608 - constants alone
        return dict(rows(self._database, query))

    def open_elsewhere(self, remote: str) -> frozenset[tuple[str, str]]:
        """Return the children that have an open operation at another remote."""
        query = f"SELECT service, addon FROM operation WHERE remote <> ? AND {OPEN}"  # noqa: S608 - constants alone
        return frozenset(rows(self._database, query, remote))

    def may_arrive_elsewhere(self, remote: str) -> frozenset[tuple[str, str]]:
        """Return the children whose order at another remote was refused only after its end was in doubt.

        What was sent first may arrive there yet; a person who cancels the order says that it does not.
        """
        return frozenset(rows(self._database, _MAY_ARRIVE, remote))

    def refused_takes(self, remote: str, since: datetime) -> frozenset[str]:
        """Return the licenses that were refused to a take at this time or later."""
        query = "SELECT license FROM refusal WHERE remote = ? AND at >= ?"
        return _only(rows(self._database, query, remote, time_text(since)))

    def moved_too_early(self, remote: str, since: datetime) -> frozenset[str]:
        """Return the licenses that the remote would not move yet, at this time or later."""
        return _only(rows(self._database, _TOO_EARLY, remote, time_text(since)))

    def replaced(self, remote: str) -> dict[str, tuple[str, str]]:
        """Return the licenses whose child has another one in their place, and the child: to be given up."""
        found = rows(self._database, _REPLACED, remote)
        return {license_id: (service, addon) for license_id, service, addon in found}

    def generations(self, remote: str) -> dict[tuple[str, str], int]:
        """Return, by child, the highest generation that a mark of its done operations has."""
        query = "SELECT service, addon, remoteid FROM operation WHERE remote = ? AND state = 'done'"
        highest: dict[tuple[str, str], int] = {}
        with reading(self._database) as database:  # one row for each order ever made: not all of them at once
            for service, addon, remoteid in database.execute(query, (remote,)):
                if mark := Mark.read(remoteid):
                    child = (service, addon)
                    highest[child] = max(mark.generation, highest.get(child, 0))
        return highest

    def renewed(self, remote: str, licenses: Collection[str]) -> frozenset[tuple[str, date]]:
        """Return the licenses, each with the end that it was renewed for."""
        found = rows(self._database, _RENEWED, remote, json.dumps(sorted(licenses)))
        return frozenset((license, date.fromisoformat(end)) for license, end in found)

    def bought(self, remote: str) -> frozenset[str]:
        """Return the licenses that we have ordered, or taken from the pool."""
        return _only(rows(self._database, _BOUGHT, remote))

    def ordered_as(self, remote: str) -> dict[str, str]:
        """Return, by license, the mark that it was ordered with."""
        return dict(rows(self._database, _ORDERED_AS, remote))

    def panels(self, remote: str) -> dict[str, str]:
        """Return, by module, the panel's license that it was ordered for."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT license, panel FROM operation WHERE remote = ? AND action = 'order'"
                " AND state = 'done' AND panel IS NOT NULL",
                (remote,),
            )
            return dict(rows.fetchall())

    def paid_since(self, remote: str, moment: datetime) -> tuple[Money, ...]:
        """Return what was paid at this time or later, by currency."""
        found = rows(self._database, _PAID, remote, time_text(moment))
        return totals(Money(Decimal(cost), currency) for cost, currency in found)

    def last_done(self) -> dict[str, datetime]:
        """Return, by command, when an operation of it was last done."""
        query = "SELECT run, max(ended_at) AS at FROM operation WHERE state = 'done' GROUP BY run ORDER BY at"
        done = {command_of_run(run): datetime.fromisoformat(at) for run, at in rows(self._database, query)}
        return dict(sorted(done.items()))

    def moved(self, remote: str) -> dict[str, date]:
        """Return, by license, the day (UTC) on which its address last changed, as far as we know of it."""
        found = rows(self._database, _MOVED, remote, *_MOVING)
        return {license: datetime.fromisoformat(at).date() for license, at in found}

    def given_up(self, remote: str) -> list[Operation]:
        """Return the orders that were sent and closed though nobody knows that they never arrived.

        A person has closed them, or they were refused only when they were sent once more.
        """
        return list(map(read_operation, rows(self._database, _GIVEN_UP, remote)))

    def marks(self, remote: str, remoteids: Collection[str]) -> frozenset[str]:
        """Return those of these remote ids that an operation of ours has used."""
        return _only(rows(self._database, _MARKS, remote, json.dumps(sorted(remoteids))))

    def explaining(self, remote: str, since: datetime) -> dict[str, tuple[int, Action]]:
        """Return, by license, the last operation that is open, or has ended at this time or later.

        One that comes in place of a license explains that one's changes too, as a release of it would.
        """
        found = rows(self._database, _EXPLAINING, remote, time_text(since))
        return {license: (id, Action(action)) for license, id, action in found}


def _only(found: Iterable[tuple[str]]) -> frozenset[str]:
    return frozenset(value for (value,) in found)
