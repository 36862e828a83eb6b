"""Our own services, as last imported or set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from sys import intern

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.services import Addon, Service
from cpbillmgr.store.sqlite.columns import KINDS, STATUSES, Row, day_text, read_amounts, read_day
from cpbillmgr.store.sqlite.database import Database, reading, transaction

_SERVICE = "SELECT id, type, name, ip, status, tariff, period, months, expires FROM service"
_ADDON = "SELECT service, name, kind, value, id, nodes, amounts FROM addon"
_SOME = "IN (SELECT value FROM json_each(?))"
_SERVICES = f"{_SERVICE} ORDER BY length(id), id"
_ADDONS = f"{_ADDON} ORDER BY length(service), service, position"
_SOME_SERVICES = f"{_SERVICE} WHERE id {_SOME} ORDER BY length(id), id"
_SOME_ADDONS = f"{_ADDON} WHERE service {_SOME} ORDER BY length(service), service, position"
_PUT = """
    INSERT INTO service (id, type, name, ip, status, tariff, period, months, expires)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET type = excluded.type, name = excluded.name, ip = excluded.ip,
        status = excluded.status, tariff = excluded.tariff, period = excluded.period,
        months = excluded.months, expires = excluded.expires
"""
_PUT_ADDON = """
    INSERT INTO addon (service, position, name, kind, value, id, nodes, amounts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


class Inventory:
    """The services that we sell."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def services(self) -> list[Service]:
        """Return every service, ordered by id: 2 before 10."""
        with reading(self._database) as database:
            return list(_merged(database.execute(_SERVICES), database.execute(_ADDONS)))

    def service(self, service_id: str) -> Service:
        """Return one service; ``UsageWrong`` when there is none of this id."""
        with reading(self._database) as database:
            return _one(database, service_id)

    def compare(self, services: Sequence[Service]) -> tuple[int, int, int]:
        """Return how many services ``put`` would add, change and leave."""
        with reading(self._database) as database:
            return _compare(database, services)[1]

    def put(self, services: Sequence[Service]) -> tuple[int, int, int]:
        """Add or replace services by id, all or nothing; only rows that differ are written.

        Returns how many were added, changed and left as they were.
        """
        with transaction(self._database) as database:
            differing, counts = _compare(database, services)
            _write(database, differing)
        return counts

    def remove(self, service_id: str) -> None:
        """Forget a service and its add-ons; ``UsageWrong`` when there is none of this id."""
        with transaction(self._database) as database:
            if not database.execute("DELETE FROM service WHERE id = ?", (service_id,)).rowcount:
                raise _unknown(service_id)


def _one(database: Database, service_id: str) -> Service:
    for service in _some(database, [service_id]):
        return service
    raise _unknown(service_id)


def _unknown(service_id: str) -> UsageWrong:
    return UsageWrong(f"there is no service {service_id!r}", hint="See 'cpbillmgr service list'")


def _some(database: Database, ids: Iterable[str]) -> list[Service]:
    wanted = (json.dumps(list(ids)),)
    return list(_merged(database.execute(_SOME_SERVICES, wanted), database.execute(_SOME_ADDONS, wanted)))


def _compare(database: Database, services: Sequence[Service]) -> tuple[list[Service], tuple[int, int, int]]:
    """Return the services to write, and how many are new, differ from what is stored, and do not."""
    stored = {service.id: service for service in _some(database, [each.id for each in services])}
    new = [service for service in services if service.id not in stored]
    changed = [service for service in services if service.id in stored and service != stored[service.id]]
    return [*new, *changed], (len(new), len(changed), len(services) - len(new) - len(changed))


def _merged(services: Iterable[Row], addons: Iterable[Row]) -> Iterator[Service]:
    """Yield services with their add-ons; both come ordered by the service's id."""
    nothing: tuple[str, Iterable[Row]] = ("", ())
    groups = groupby(addons, key=itemgetter(0))
    owner, group = next(groups, nothing)
    for row in services:
        if row[0] != owner:
            yield _service(row, ())
            continue
        yield _service(row, tuple(map(_addon, group)))
        owner, group = next(groups, nothing)


def _service(row: Row, addons: tuple[Addon, ...]) -> Service:
    id_, type_, name, ip, status, tariff, period, months, expires = row
    return Service(
        id_, intern(type_), name, ip, STATUSES[status], tariff, period, months, read_day(expires), addons
    )


def _addon(row: Row) -> Addon:
    _service_id, name, kind, value, id_, nodes, amounts = row
    return Addon(intern(name), KINDS[kind], intern(value), id_, nodes, read_amounts(amounts))


def _write(database: Database, services: Sequence[Service]) -> None:
    database.executemany(_PUT, map(_columns, services))
    database.executemany("DELETE FROM addon WHERE service = ?", ((service.id,) for service in services))
    database.executemany(_PUT_ADDON, (row for service in services for row in _addon_rows(service)))


def _columns(service: Service) -> Row:
    return (
        service.id,
        service.type,
        service.name,
        service.ip,
        service.status,
        service.tariff,
        service.period,
        service.months,
        day_text(service.expires),
    )


def _addon_rows(service: Service) -> Iterator[Row]:
    for position, addon in enumerate(service.addons):
        yield (
            service.id,
            position,
            addon.name,
            addon.kind,
            addon.value,
            addon.id,
            addon.nodes,
            json.dumps(addon.amounts),
        )
