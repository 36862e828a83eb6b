"""The licenses of a remote, as its list last showed them and as their forms told more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from sys import intern

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.events import Differences, Event
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Hook
from cpbillmgr.store.events.deliveries import write_delivery
from cpbillmgr.store.events.events import write_events
from cpbillmgr.store.sqlite.columns import (
    STATUSES,
    Row,
    day_text,
    money_columns,
    pairs_text,
    read_day,
    read_money,
    read_pairs,
    read_time,
    time_text,
)
from cpbillmgr.store.sqlite.database import Database, reading, rows, transaction

_COLUMNS = """
    remote, id, name, ip, tariff, tariff_name, period, status, expires, autoprolong, cost, currency,
    ip_changed, key_changed, remoteid, addons, issue, gone_at
"""
_STORED = f"SELECT {_COLUMNS} FROM license WHERE remote = ?"  # noqa: S608 - constants alone
_STORED_OF_SOME = f"{_STORED} AND id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants alone
_PAGE = f"{_STORED} AND id > ? AND gone_at IS NULL ORDER BY id LIMIT ?"
_FORMS = f"{_STORED_OF_SOME} AND remoteid IS NOT NULL"
_ADD = f"""
    INSERT OR REPLACE INTO license ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - constants alone
_REPLACE = """
    UPDATE license SET name = ?3, ip = ?4, tariff = ?5, tariff_name = ?6, period = ?7, status = ?8,
        expires = ?9, autoprolong = ?10, cost = ?11, currency = ?12, ip_changed = ?13, key_changed = ?14,
        remoteid = ?15, addons = ?16, issue = ?17, gone_at = ?18
    WHERE remote = ?1 AND id = ?2
"""
_ADD_IF_UNKNOWN = _ADD.replace("INSERT OR REPLACE", "INSERT OR IGNORE")
_GONE = "UPDATE license SET gone_at = ? WHERE remote = ? AND id = ?"
_LOOK = """
    INSERT INTO look (remote, at, licenses) VALUES (?, ?, ?)
    ON CONFLICT (remote) DO UPDATE SET at = excluded.at, licenses = excluded.licenses
"""

_RENEWAL = {True: "1", False: "null", None: ""}  # rows of earlier versions have more spellings
_IDENTITY = slice(2, 9)  # the columns name to expires
_FACTS = slice(12, 17)  # the columns ip_changed to issue: what a form may tell
_PAGE_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Look:
    """When a remote's whole list was last recorded, how many licenses it had, and when a checkevent did."""

    at: datetime
    licenses: int
    checked_at: datetime | None = None


class Sightings:
    """What was last seen of each remote's licenses. License keys are never stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def differences(self, remote: str, licenses: Iterable[License]) -> Differences:
        """Return how a whole list differs from what is stored.

        What only forms tell is kept as long as name, IP, tariff, status and expiry are what they were.
        """
        with reading(self._database) as database:
            return _differences(database.execute(_STORED, (remote,)), licenses)

    def differences_of_some(self, remote: str, licenses: Sequence[License]) -> Differences:
        """Return how these licenses differ from what is stored of them, whatever else there is."""
        ids = json.dumps([license_.id for license_ in licenses])
        with reading(self._database) as database:
            return _differences(database.execute(_STORED_OF_SOME, (remote, ids)), licenses)

    def record(
        self,
        remote: str,
        licenses: Collection[License],
        at: datetime,
        *,
        found: Differences | None = None,
        events: Sequence[Event] = (),
        calls: Sequence[tuple[Hook, str]] = (),
        checked: bool = False,
    ) -> None:
        """Remember a whole list, with the events that its differences are, in one transaction.

        ``found`` are the differences, where they were worked out already; only they are written. ``calls``
        are those of hooks that the events cause. ``checked`` says that it was a checkevent which looked.
        """
        if found is None:
            found = self.differences(remote, licenses)
        with transaction(self._database) as database:
            database.executemany(_REPLACE, (_columns(now) for _, now in found.changed))
            database.executemany(_GONE, ((time_text(at), remote, gone.id) for gone in found.vanished))
            database.executemany(_ADD, map(_columns, found.appeared))
            database.execute(_LOOK, (remote, time_text(at), len(licenses)))
            if checked:
                database.execute("UPDATE look SET checked_at = at WHERE remote = ?", (remote,))
            write_events(database, events)
            for hook, body in calls:
                write_delivery(database, hook, body, at)

    def agree(self, remote: str, at: datetime) -> None:
        """Remember that a person has agreed to a plan for this remote, the first time."""
        with transaction(self._database) as database:
            database.execute(
                "UPDATE look SET agreed_at = coalesce(agreed_at, ?) WHERE remote = ?", (time_text(at), remote)
            )

    def has_agreed(self, remote: str) -> bool:
        """Return whether a person has ever agreed to a plan for this remote."""
        query = "SELECT 1 FROM look WHERE remote = ? AND agreed_at IS NOT NULL"
        return bool(rows(self._database, query, remote))

    def seen(self, remote: str) -> Iterator[License]:
        """Yield the licenses that the last look saw, ordered by id as text."""
        last = ""
        while True:
            page = rows(self._database, _PAGE, remote, last, _PAGE_ROWS)
            yield from map(_license, page)
            if len(page) < _PAGE_ROWS:
                return
            last = page[-1][1]

    def has_seen(self, remote: str, license_id: str) -> bool:
        """Return whether a license was ever on this account."""
        return bool(
            rows(self._database, "SELECT 1 FROM license WHERE remote = ? AND id = ?", remote, license_id)
        )

    def look(self, remote: str) -> Look | None:
        """Return when the remote's list was last recorded, ``None`` when it never was."""
        with reading(self._database) as database:
            row = database.execute(
                "SELECT at, licenses, checked_at FROM look WHERE remote = ?", (remote,)
            ).fetchone()
        return None if row is None else Look(datetime.fromisoformat(row[0]), row[1], read_time(row[2]))

    def form_facts(self, remote: str, ids: Sequence[str]) -> dict[str, License]:
        """Return, by id, those of these licenses whose form need not be read again."""
        found = rows(self._database, _FORMS, remote, json.dumps(list(ids)))
        return {row[1]: _license(row) for row in found}


def write_license_if_unknown(database: Database, license_: License) -> None:
    """Add a license inside the transaction that is under way, unless it is stored already."""
    database.execute(_ADD_IF_UNKNOWN, _columns(license_))


def _differences(stored_rows: Iterable[Row], licenses: Iterable[License]) -> Differences:
    listed = {license_.id: license_ for license_ in licenses}
    changed, vanished = [], []
    for stored in stored_rows:
        license_ = listed.get(stored[1])
        is_gone = stored[-1] is not None
        if license_ is None:
            vanished += [] if is_gone else [_license(stored)]
            continue
        merged = _merged(stored, _columns(license_))
        if is_gone:
            listed[license_.id] = _license(merged)
            continue
        del listed[license_.id]
        if merged != stored:
            changed.append((_license(stored), _license(merged)))
    return Differences(tuple(listed.values()), tuple(changed), tuple(vanished))


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
        _RENEWAL[license_.renews_itself],
        *money_columns(license_.cost),
        day_text(license_.ip_changed),
        day_text(license_.key_changed),
        license_.remoteid,
        pairs_text(license_.addons),
        license_.issue,
        None,  # gone_at
    )


@lru_cache(maxsize=256)
def _renews_itself(column: str) -> bool | None:
    return column.casefold() not in ("null", "0", "off", "none") if column else None


def _license(row: Row) -> License:
    remote, id_, name, ip, tariff, tariff_name, period, status, expires, autoprolong = row[:10]
    cost, currency, ip_changed, key_changed, remoteid, addons, issue, _gone_at = row[10:]
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
        renews_itself=_renews_itself(autoprolong),
        cost=read_money(cost, currency),
        remoteid=remoteid,
        addons=read_pairs(addons),
        issue=None if issue is None else Issue(issue),
    )
