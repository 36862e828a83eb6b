"""The panels that we name: internal names, the remote tariffs that they mean, and our prices."""

from __future__ import annotations

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.local import EnumerationValue
from cpbillmgr.store.catalogue.columns import prices_text, read_prices
from cpbillmgr.store.sqlite.database import Database, reading, transaction


class Enumeration:
    """The values of our panel enumeration, for each remote."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self, remote: str) -> dict[str, EnumerationValue]:
        """Return the values that mean tariffs of a remote, by internal name."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT name, tariff, prices FROM enumeration_value WHERE remote = ? ORDER BY name", (remote,)
            )
            return {
                name: EnumerationValue(name, tariff, read_prices(prices)) for name, tariff, prices in rows
            }

    def put(self, remote: str, value: EnumerationValue) -> None:
        """Add a value, or replace the one of its name."""
        with transaction(self._database) as database:
            database.execute(
                "INSERT OR REPLACE INTO enumeration_value VALUES (?, ?, ?, ?)",
                (remote, value.name, value.tariff, prices_text(value.prices)),
            )

    def remove(self, remote: str, name: str) -> None:
        """Forget a value; ``UsageWrong`` when there is none of this name."""
        with transaction(self._database) as database:
            gone = database.execute(
                "DELETE FROM enumeration_value WHERE (remote, name) = (?, ?)", (remote, name)
            )
            if not gone.rowcount:
                hint = "See 'cpbillmgr enumeration list'"
                raise UsageWrong(f"there is no value {name!r} in the enumeration", where=remote, hint=hint)
