"""The licenses of a remote, as its list last showed them and as their forms told more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern

from cpbillmgr.model.licenses import License
from cpbillmgr.store.columns import (
    STATUSES,
    Row,
    day_text,
    money_columns,
    pairs_text,
    read_day,
    read_money,
    read_pairs,
    time_text,
)
from cpbillmgr.store.database import Database, reading, transaction

_STORED = """
    SELECT remote, id, name, ip, tariff, tariff_name, period, status, expires, autoprolong, cost, currency,
        ip_changed, key_changed, remoteid, addons, gone_at
    FROM license WHERE remote = ?
"""
_PAGE = """
    SELECT remote, id, name, ip, tariff, tariff_name, period, status, expires, autoprolong, cost, currency,
        ip_changed, key_changed, remoteid, addons, gone_at
    FROM license WHERE remote = ? AND id > ? AND gone_at IS NULL ORDER BY id LIMIT ?
"""
_FORMS = """
    SELECT remote, id, name, ip, tariff, tariff_name, period, status, expires, autoprolong, cost, currency,
        ip_changed, key_changed, remoteid, addons, gone_at
    FROM license WHERE remote = ? AND id IN (SELECT value FROM json_each(?)) AND remoteid IS NOT NULL
"""
_ADD = """
    INSERT INTO license (remote, id, name, ip, tariff, tariff_name, period, status, expires, autoprolong,
        cost, currency, ip_changed, key_changed, remoteid, addons, gone_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REPLACE = """
    UPDATE license SET name = ?3, ip = ?4, tariff = ?5, tariff_name = ?6, period = ?7, status = ?8,
        expires = ?9, autoprolong = ?10, cost = ?11, currency = ?12, ip_changed = ?13, key_changed = ?14,
        remoteid = ?15, addons = ?16, gone_at = ?17
    WHERE remote = ?1 AND id = ?2
"""
_ADD_IF_UNKNOWN = _ADD + " ON CONFLICT DO NOTHING"
_GONE = "UPDATE license SET gone_at = ? WHERE remote = ? AND id = ?"
_LOOK = """
    INSERT INTO look (remote, at, licenses) VALUES (?, ?, ?)
    ON CONFLICT (remote) DO UPDATE SET at = excluded.at, licenses = excluded.licenses
"""

_IDENTITY = slice(2, 9)  # the columns name to expires
_FACTS = slice(12, 16)  # the columns ip_changed, key_changed, remoteid, addons: what a form may tell
_PAGE_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Look:
    """When a remote's whole list was last recorded (UTC), and how many licenses it had."""

    at: datetime
    licenses: int


class Sightings:
    """What was last seen of each remote's licenses. License keys are never stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, remote: str, licenses: Sequence[License], at: datetime) -> None:
        """Remember a whole list, in one transaction; only rows that differ are written.

        =====================  ==================================================================
        license                then
        =====================  ==================================================================
        only in the list       added
        in both                rewritten where it differs; what only forms tell is kept as long as
                               name, IP, tariff, status and expiry are what they were
        only in the store      ``gone_at`` says since when
        =====================  ==================================================================
        """
        listed = {license_.id: license_ for license_ in licenses}
        count, changed, gone = len(listed), [], []
        with transaction(self._database) as database:
            for stored in database.execute(_STORED, (remote,)):
                license_ = listed.pop(stored[1], None)
                if license_ is None:
                    gone += [] if stored[-1] else [(time_text(at), remote, stored[1])]
                elif (merged := _merged(stored, _columns(license_))) != stored:
                    changed.append(merged)
            database.executemany(_REPLACE, changed)
            database.executemany(_GONE, gone)
            database.executemany(_ADD, map(_columns, listed.values()))
            database.execute(_LOOK, (remote, time_text(at), count))

    def agree(self, remote: str, at: datetime) -> None:
        """Remember that a person has agreed to a plan for this remote, the first time."""
        with transaction(self._database) as database:
            database.execute(
                "UPDATE look SET agreed_at = coalesce(agreed_at, ?) WHERE remote = ?", (time_text(at), remote)
            )

    def has_agreed(self, remote: str) -> bool:
        """Return whether a person has ever agreed to a plan for this remote."""
        with reading(self._database) as database:
            row = database.execute("SELECT agreed_at FROM look WHERE remote = ?", (remote,)).fetchone()
        return row is not None and row[0] is not None

    def seen(self, remote: str) -> Iterator[License]:
        """Yield the licenses that the last look saw, ordered by id as text."""
        last = ""
        while True:
            with reading(self._database) as database:
                rows = database.execute(_PAGE, (remote, last, _PAGE_ROWS)).fetchall()
            yield from map(_license, rows)
            if len(rows) < _PAGE_ROWS:
                return
            last = rows[-1][1]

    def look(self, remote: str) -> Look | None:
        """Return when the remote's list was last recorded, ``None`` when it never was."""
        with reading(self._database) as database:
            row = database.execute("SELECT at, licenses FROM look WHERE remote = ?", (remote,)).fetchone()
        return None if row is None else Look(datetime.fromisoformat(row[0]).astimezone(UTC), row[1])

    def form_facts(self, remote: str, ids: Sequence[str]) -> dict[str, License]:
        """Return, by id, those of these licenses whose form need not be read again."""
        with reading(self._database) as database:
            rows = database.execute(_FORMS, (remote, json.dumps(list(ids)))).fetchall()
        return {row[1]: _license(row) for row in rows}


def write_license_if_unknown(database: Database, license_: License) -> None:
    """Add a license inside the transaction that is under way, unless it is stored already."""
    database.execute(_ADD_IF_UNKNOWN, _columns(license_))


def _merged(stored: Row, listed: Row) -> Row:
    """Return the row to store: the list's, with the stored facts that it lacks while both are the same."""
    if stored[_IDENTITY] != listed[_IDENTITY]:
        return listed
    facts = (old if new is None else new for old, new in zip(stored[_FACTS], listed[_FACTS], strict=True))
    return (*listed[: _FACTS.start], *facts, *listed[_FACTS.stop :])


def _columns(license_: License) -> Row:
    return (
        license_.remote,
        license_.id,
        license_.name,
        license_.ip,
        license_.tariff,
        license_.tariff_name,
        license_.period,
        license_.status.value,
        day_text(license_.expires),
        license_.autoprolong,
        *money_columns(license_.cost),
        day_text(license_.ip_changed),
        day_text(license_.key_changed),
        license_.remoteid,
        pairs_text(license_.addons),
        None,  # gone_at
    )


def _license(row: Row) -> License:
    remote, id_, name, ip, tariff, tariff_name, period, status, expires, autoprolong = row[:10]
    cost, currency, ip_changed, key_changed, remoteid, addons, _gone_at = row[10:]
    return License(
        remote=intern(remote),
        id=id_,
        name=name,
        ip=ip,
        tariff=tariff,
        tariff_name=intern(tariff_name),
        period=period,
        status=STATUSES[status],
        expires=read_day(expires),
        ip_changed=read_day(ip_changed),
        key_changed=read_day(key_changed),
        autoprolong=intern(autoprolong),
        cost=read_money(cost, currency),
        remoteid=remoteid,
        addons=read_pairs(addons),
    )
