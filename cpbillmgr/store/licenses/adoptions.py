"""Adoptions: licenses that we did not order, taken over in one go, and given back in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.store.licenses.links import refuse_open_operation, write_link
from cpbillmgr.store.sqlite.columns import time_text
from cpbillmgr.store.sqlite.database import Database, reading, transaction


class Adoptions:
    """What was adopted, and what of it was undone. Each adoption has a number, and stays on record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def adopt(self, links: Sequence[tuple[Link, str]], *, remote: str, run: str, at: datetime) -> int:
        """Bind licenses to children, each for its reason, all or none; return the adoption's number.

        Raises what ``Links.link`` raises.
        """
        with transaction(self._database) as database:
            number = database.execute(
                "INSERT INTO adoption (remote, run, at, licenses) VALUES (?, ?, ?, ?)",
                (remote, run, time_text(at), len(links)),
            ).lastrowid
            for link, because in links:
                write_link(database, link, because, at, adoption=number)
        if number is None:
            raise AssertionError("SQLite gives every inserted row an id")
        return number

    def links_of(self, number: int) -> list[Link]:
        """Return the links of an adoption that are still there; raises as ``undo``."""
        with reading(self._database) as database:
            return _links_of(database, number)

    def undo(self, number: int, at: datetime) -> list[Link]:
        """Forget the links of an adoption, all or none, and return them.

        Licenses that were released or linked otherwise since then are left alone. Raises ``UsageWrong`` when
        there is no such adoption, it was undone already, or an operation on one of its licenses is open.
        """
        with transaction(self._database) as database:
            links = _links_of(database, number)
            database.execute("DELETE FROM link WHERE adoption = ?", (number,))
            database.execute("UPDATE adoption SET undone_at = ? WHERE id = ?", (time_text(at), number))
        return links


def _links_of(database: Database, number: int) -> list[Link]:
    found = database.execute("SELECT undone_at FROM adoption WHERE id = ?", (number,)).fetchone()
    if found is None:
        raise UsageWrong(f"there is no adoption {number}", hint=_those_there_are(database))
    if found[0] is not None:
        raise UsageWrong(f"adoption {number} was undone already")
    rows = database.execute(
        "SELECT remote, license, service, addon FROM link WHERE adoption = ? ORDER BY rowid", (number,)
    )
    links = [Link(*row) for row in rows]
    for link in links:
        refuse_open_operation(database, link.remote, link.license)
    return links


def _those_there_are(database: Database) -> str:
    rows = database.execute("SELECT id, licenses FROM adoption WHERE undone_at IS NULL ORDER BY id")
    told = ", ".join(f"{number} ({licenses} licenses)" for number, licenses in rows)
    return f"There is: {told}" if told else "Nothing was adopted"
