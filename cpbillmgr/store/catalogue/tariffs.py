"""Our catalogue: the tariffs that we have made from the remote's price list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.local import LocalResource, LocalTariff
from cpbillmgr.store.catalogue.columns import (
    prices_text,
    read_prices,
    read_resource,
    read_tariff,
    resource_text,
    tariff_text,
)
from cpbillmgr.store.sqlite.columns import Row, time_text
from cpbillmgr.store.sqlite.database import Database, reading, rows, transaction

_TARIFFS = """
    SELECT id, product_type, name, prices, currency, rate, enabled, gone, theirs FROM tariff
    WHERE remote = ? ORDER BY id
"""
_RESOURCES = "SELECT tariff, id, active, gone, theirs FROM tariff_resource WHERE remote = ? ORDER BY id"


class Tariffs:
    """The local tariffs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, remote: str) -> dict[int, LocalTariff]:
        """Return the tariffs that were imported from a remote, by id."""
        with reading(self._database) as database:
            tariffs = database.execute(_TARIFFS, (remote,)).fetchall()
            resources = database.execute(_RESOURCES, (remote,)).fetchall() if tariffs else []
        by_tariff: dict[int, list[LocalResource]] = {}
        for tariff, id_, active, gone, theirs in resources:
            resource = LocalResource(read_resource(id_, theirs), bool(active), bool(gone))
            by_tariff.setdefault(tariff, []).append(resource)
        return {row[0]: _tariff(remote, row, tuple(by_tariff.get(row[0], ()))) for row in tariffs}

    def one(self, remote: str, id_: int) -> LocalTariff:
        """Return one tariff; ``UsageWrong`` when none of this id was imported."""
        found = self.all(remote).get(id_)
        if found is None:
            others = self._remotes_of(id_)
            hint = (
                f"It was imported from {', '.join(others)}; name that with --remote"
                if others
                else f"Import it with 'cpbillmgr tariff import {id_}', or see 'cpbillmgr tariff list'"
            )
            raise UsageWrong(f"there is no tariff {id_} in our catalogue", where=remote, hint=hint)
        return found

    def _remotes_of(self, id_: int) -> list[str]:
        found = rows(self._database, "SELECT remote FROM tariff WHERE id = ? ORDER BY remote", id_)
        return [remote for (remote,) in found]

    def put(self, tariffs: Iterable[LocalTariff], at: datetime) -> None:
        """Add or replace tariffs, all or nothing."""
        with transaction(self._database) as database:
            for each in tariffs:
                database.execute("DELETE FROM tariff WHERE (remote, id) = (?, ?)", (each.remote, each.id))
                database.execute(
                    "INSERT INTO tariff VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _columns(each, at)
                )
                database.executemany(
                    "INSERT INTO tariff_resource VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        (
                            each.remote,
                            each.id,
                            own.resource.id,
                            own.is_active,
                            own.is_gone,
                            resource_text(own.resource),
                        )
                        for own in each.resources
                    ),
                )


def _columns(each: LocalTariff, at: datetime) -> Row:
    return (
        each.remote,
        each.id,
        each.product_type,
        each.name,
        prices_text(each.prices),
        each.currency,
        None if each.rate is None else str(each.rate),
        each.is_enabled,
        each.is_gone,
        tariff_text(each.theirs),
        time_text(at),
    )


def _tariff(remote: str, row: Row, resources: tuple[LocalResource, ...]) -> LocalTariff:
    id_, product_type, name, prices, currency, rate, enabled, gone, theirs = row
    there = tuple(own.resource for own in resources if not own.is_gone)
    return LocalTariff(
        remote,
        product_type,
        read_tariff(id_, theirs, there),
        name,
        read_prices(prices),
        currency,
        None if rate is None else Decimal(rate),
        bool(enabled),
        bool(gone),
        resources,
    )
