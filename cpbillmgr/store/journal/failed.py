"""What failed, as the journal of operations tells: how often, why, and what is left for a person to do."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from cpbillmgr.errors import LimitReached, NotEnoughMoney
from cpbillmgr.model.operations import Operation, Tries
from cpbillmgr.model.plan import Action
from cpbillmgr.store.journal.rows import read_operation
from cpbillmgr.store.sqlite.database import Database, rows

# Of each license and action, the failed operations after the last one that was done with that license. It is
# the one that it renews (``renewed_license``), else its own.
_TRIES = """
    SELECT license, action, count(*), ended_at, failure, error, max(id) FROM (
        SELECT id, ended_at, failure, error, iif(renews, replaces, license) AS license,
            iif(renews, 'renew', action) AS action
        FROM (SELECT *, expires_before IS NOT NULL AND replaces IS NOT NULL AS renews FROM operation)
        WHERE remote = ?1 AND state = 'failed' AND failure <> ''
    ) AS failed
    WHERE license IN (SELECT value FROM json_each(?2))
        AND id > (
            SELECT coalesce(max(id), 0) FROM operation AS good
            WHERE good.remote = ?1 AND good.license = failed.license AND good.state = 'done'
        )
    GROUP BY license, action
"""
# Of each child whose last operation is an order without money (?2): those orders since one was done.
_UNPAID = """
    SELECT service, addon, count(*), ended_at, failure, error, max(id) FROM operation AS failed
    WHERE remote = ?1 AND action = 'order' AND state = 'failed' AND failure = ?2 AND NOT EXISTS (
        SELECT 1 FROM operation AS later
        WHERE later.remote = ?1 AND later.service = failed.service AND later.addon = failed.addon
            AND later.id > failed.id AND (later.state <> 'failed' OR later.failure <> ?2)
    )
    GROUP BY service, addon
"""
# The same for orders and takes that failed for another reason than money (?2), or a limit of ours (?3).
_REFUSED = """
    SELECT service, addon, count(*), ended_at, failure, error, max(id) FROM operation AS failed
    WHERE remote = ?1 AND action IN ('order', 'take') AND state = 'failed'
        AND failure NOT IN ('', ?2, ?3) AND NOT EXISTS (
            SELECT 1 FROM operation AS later
            WHERE later.remote = ?1 AND later.service = failed.service AND later.addon = failed.addon
                AND later.id > failed.id
                AND (later.state <> 'failed' OR later.failure IN ('', ?2, ?3))
        )
    GROUP BY service, addon
"""
# What waits for a person, or has failed and was neither made good since nor is being tried again.
_TASKS = """
    SELECT * FROM operation AS task
    WHERE state = 'manual' OR (
        state = 'failed' AND failure <> ''
        AND NOT EXISTS (
            SELECT 1 FROM operation AS later
            WHERE later.service = task.service AND later.addon = task.addon AND later.id > task.id
                AND (later.action = task.action
                    OR (task.action IN ('order', 'take') AND later.action IN ('order', 'take')))
        )
        AND NOT EXISTS (
            SELECT 1 FROM link WHERE task.action IN ('order', 'take')
                AND link.service = task.service AND link.addon = task.addon
                AND link.license IS NOT task.replaces
        )
    )
    ORDER BY id DESC
"""


class Failed:
    """The failed operations of all remotes. May be called from many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tries(self, remote: str, licenses: Collection[str]) -> dict[tuple[str, Action], Tries]:
        """Return, by license and action, what failed since anything was done with the license."""
        found = rows(self._database, _TRIES, remote, json.dumps(sorted(licenses)))
        return {(license, Action(action)): _tries(rest) for license, action, *rest in found}

    def unpaid_orders(self, remote: str) -> dict[tuple[str, str], Tries]:
        """Return, by child, the orders without money that are the last that was done for it."""
        found = rows(self._database, _UNPAID, remote, NotEnoughMoney.kind)
        return {(service, addon): _tries(rest) for service, addon, *rest in found}

    def refused_orders(self, remote: str) -> dict[tuple[str, str], Tries]:
        """Return, by child, the orders and takes that failed for another reason, and were the last for it."""
        found = rows(self._database, _REFUSED, remote, NotEnoughMoney.kind, LimitReached.kind)
        return {(service, addon): _tries(rest) for service, addon, *rest in found}

    def tasks(self) -> list[Operation]:
        """Return the operations that a person has to look at, newest first."""
        return list(map(read_operation, rows(self._database, _TASKS)))


def _tries(columns: Sequence[Any]) -> Tries:
    failed, at, failure, error, number = columns
    return Tries(failed, datetime.fromisoformat(at), failure, error, number)
