"""What each account had when it was last asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cpbillmgr.model.money import Money
from cpbillmgr.store.sqlite.columns import money_columns, time_text
from cpbillmgr.store.sqlite.database import Database, reading, transaction


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account had at a time (UTC)."""

    money: Money
    at: datetime


class Balances:
    """The last balance that each remote has told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, remote: str, money: Money, at: datetime) -> None:
        """Remember what an account has now."""
        with transaction(self._database) as database:
            database.execute(
                "INSERT OR REPLACE INTO balance (remote, amount, currency, at) VALUES (?, ?, ?, ?)",
                (remote, *money_columns(money), time_text(at)),
            )

    def last(self, remote: str) -> Balance | None:
        """Return what an account had when it was last asked, ``None`` when it never was."""
        with reading(self._database) as database:
            row = database.execute(
                "SELECT amount, currency, at FROM balance WHERE remote = ?", (remote,)
            ).fetchone()
        if row is None:
            return None
        amount, currency, at = row
        return Balance(Money(Decimal(amount), currency), datetime.fromisoformat(at))
