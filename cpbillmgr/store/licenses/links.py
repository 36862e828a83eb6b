"""Which child has which license."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import Link
from cpbillmgr.model.services import Status
from cpbillmgr.store.sqlite.columns import OPEN, STATUSES, time_text
from cpbillmgr.store.sqlite.database import Database, reading, rows, transaction

_NOT_LISTED_YET = """
    SELECT license FROM link JOIN look USING (remote)
    WHERE remote = ? AND linked_at >= ? AND linked_at >= look.at
"""
_GONE = """
    SELECT link.license FROM link JOIN license ON (license.remote, license.id) = (link.remote, link.license)
    WHERE link.remote = ? AND license.gone_at IS NOT NULL
"""
_UNLINKED = """
    SELECT license FROM unlinked
    WHERE remote = ?1 AND license NOT IN (SELECT license FROM link WHERE remote = ?1)
"""


class Links:
    """The links of children and licenses: at most one of each side."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, remote: str) -> dict[tuple[str, str], str]:
        """Return the id of each linked license by its child (service and add-on)."""
        found = rows(self._database, "SELECT service, addon, license FROM link WHERE remote = ?", remote)
        return {(service, addon): license_id for service, addon, license_id in found}

    def elsewhere(self, remote: str) -> frozenset[tuple[str, str]]:
        """Return the children that have a license at another remote."""
        return frozenset(rows(self._database, "SELECT service, addon FROM link WHERE remote <> ?", remote))

    def kept_at(self, remotes: Collection[str]) -> dict[tuple[str, str], Link]:
        """Return, by child, the license of it at one of these remotes, paid and there when last seen."""
        with reading(self._database) as database:
            rows = database.execute(
                "SELECT link.remote, link.license, service, addon FROM link JOIN license"
                " ON (license.remote, license.id) = (link.remote, link.license)"
                " WHERE link.remote IN (SELECT value FROM json_each(?))"
                " AND gone_at IS NULL AND status NOT IN (?, ?)",
                (json.dumps(sorted(remotes)), Status.DELETED.value, Status.ORDERED.value),
            )
            return {(link.service, link.addon): link for link in (Link(*row) for row in rows)}

    def count(self) -> dict[str, int]:
        """Return how many licenses are linked at each remote that has any."""
        return dict(rows(self._database, "SELECT remote, count(*) FROM link GROUP BY remote"))

    def not_listed_yet(self, remote: str, since: datetime) -> frozenset[str]:
        """Return the licenses that were linked at this time or later, and after the last recorded list."""
        found = rows(self._database, _NOT_LISTED_YET, remote, time_text(since))
        return frozenset(license_id for (license_id,) in found)

    def gone(self, remote: str) -> frozenset[str]:
        """Return the linked licenses that the last recorded list lacked."""
        return frozenset(license_id for (license_id,) in rows(self._database, _GONE, remote))

    def unlinked_by_hand(self, remote: str) -> frozenset[str]:
        """Return the licenses that a person has unlinked, and that nothing was linked to since."""
        return frozenset(license_id for (license_id,) in rows(self._database, _UNLINKED, remote))

    def followed(self, remote: str) -> dict[tuple[str, str], Status]:
        """Return, by child, the state of its service that its license was last made, or seen, to have."""
        query = "SELECT service, addon, followed FROM link WHERE remote = ? AND followed IS NOT NULL"
        found = rows(self._database, query, remote)
        return {(service, addon): STATUSES[followed] for service, addon, followed in found}

    def addresses(self, remote: str) -> dict[tuple[str, str], str]:
        """Return, by child, the address that its license was last seen to share with its service."""
        query = "SELECT service, addon, address FROM link WHERE remote = ? AND address IS NOT NULL"
        return {(service, addon): address for service, addon, address in rows(self._database, query, remote)}

    def share(self, remote: str, addresses: Mapping[str, str]) -> None:
        """Remember which address each of these licenses was seen to share with its service."""
        if not addresses:
            return
        with transaction(self._database) as database:
            database.executemany(
                "UPDATE link SET address = ?1 WHERE remote = ?2 AND license = ?3",
                ((address, remote, license_id) for license_id, address in addresses.items()),
            )

    def agree(self, remote: str, states: Mapping[str, Status]) -> None:
        """Remember which state of its service each of these licenses was made, or seen, to have."""
        if not states:
            return
        with transaction(self._database) as database:
            database.executemany(
                "UPDATE link SET followed = ?1 WHERE remote = ?2 AND license = ?3 AND followed IS NOT ?1",
                ((status.value, remote, license_id) for license_id, status in states.items()),
            )

    def of_service(self, service: str) -> list[Link]:
        """Return the links of a service's add-ons at all remotes, ordered by remote and license."""
        query = "SELECT remote, license, service, addon FROM link WHERE service = ? ORDER BY remote, license"
        return [Link(*row) for row in rows(self._database, query, service)]

    def history(self, remote: str, license_id: str) -> list[tuple[datetime, str, str]]:
        """Return when a license was linked, or last unlinked by hand, each with what was done and why."""
        key = (remote, license_id)
        with reading(self._database) as database:
            linked = database.execute(
                "SELECT linked_at, 'linked to ' || service || ' ' || addon, because FROM link"
                " WHERE remote = ? AND license = ?",
                key,
            ).fetchall()
            unlinked = database.execute(
                "SELECT at, 'unlinked', 'by hand' FROM unlinked WHERE remote = ? AND license = ?", key
            ).fetchall()
        return [(datetime.fromisoformat(at), what, why) for at, what, why in (*linked, *unlinked)]

    def link(self, links: Sequence[tuple[Link, str]], at: datetime) -> None:
        """Bind licenses to children, each for its reason, all or none; a link once more changes nothing.

        Raises ``UsageWrong`` when either side has another link, or the license was never seen.
        """
        with transaction(self._database) as database:
            for link, because in links:
                write_link(database, link, because, at)

    def link_of(self, remote: str, license_id: str) -> Link:
        """Return the link of a license that a person may undo; raises as ``unlink_by_hand``."""
        with reading(self._database) as database:
            return _link_of(database, remote, license_id)

    def unlink(self, remote: str, license_id: str) -> None:
        """Forget the link of a license; ``UsageWrong`` when it has none."""
        with transaction(self._database) as database:
            if not remove_link(database, remote, license_id):
                raise _not_linked(remote, license_id)

    def unlink_by_hand(self, remote: str, license_id: str, at: datetime) -> None:
        """Forget the link of a license by a person's word, and remember that it was one.

        Raises ``UsageWrong`` when it has none, or an open operation.
        """
        with transaction(self._database) as database:
            _link_of(database, remote, license_id)
            remove_link(database, remote, license_id)
            database.execute("INSERT INTO unlinked VALUES (?, ?, ?)", (remote, license_id, time_text(at)))


_LINK = """
    INSERT INTO link (remote, license, service, addon, because, linked_at, adoption, address)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8, (
        SELECT ip FROM license JOIN service USING (ip) WHERE (remote, license.id, service.id) = (?1, ?2, ?3)
    )))
"""


def write_link(
    database: Database,
    link: Link,
    because: str,
    at: datetime,
    *,
    adoption: int | None = None,
    address: str | None = None,
) -> None:
    """Write a link inside the transaction that is under way; as ``Links.link``.

    ``address`` is where the license stands with its service; the one that both have now, if it is not given.

    =================  =================  ==================================
    license linked to  child linked to    then
    =================  =================  ==================================
    nothing            nothing            linked
    this child         this license       nothing changes
    another child      anything           ``UsageWrong`` names the other child
    nothing            another license    ``UsageWrong`` names that license
    =================  =================  ==================================
    """
    row = (link.remote, link.license, link.service, link.addon)
    for license_id, service, addon in database.execute(
        """
        SELECT license, service, addon FROM link
        WHERE remote = ?1 AND (license = ?2 OR (service = ?3 AND addon = ?4)) ORDER BY license <> ?2
        """,
        row,
    ):
        if (license_id, service, addon) == (link.license, link.service, link.addon):
            return
        raise UsageWrong(
            f"license {license_id} is linked to service {service}, add-on {addon}, already",
            where=link.remote,
            hint=f"See '{command('service', 'show', service)}'",
        )
    try:
        database.execute(_LINK, (*row, because, time_text(at), adoption, address))
    except sqlite3.IntegrityError as error:
        raise UsageWrong(f"license {link.license} was never seen", where=link.remote) from error


def follow_service(database: Database, remote: str, license_id: str, address: str) -> None:
    """Remember, inside the transaction that is under way, that a license came to an address.

    Only where that is its service's: elsewhere a person has moved it.
    """
    database.execute(
        "UPDATE link SET address = ?3 WHERE remote = ?1 AND license = ?2"
        " AND EXISTS (SELECT 1 FROM service WHERE id = link.service AND ip = ?3)",
        (remote, license_id, address),
    )


def remove_link(database: Database, remote: str, license_id: str) -> bool:
    """Forget the link of a license inside the transaction that is under way; return whether it had one."""
    begin_anew(database, remote, license_id)
    gone = database.execute("DELETE FROM link WHERE remote = ? AND license = ?", (remote, license_id))
    return gone.rowcount > 0


def begin_anew(database: Database, remote: str, license_id: str | None) -> None:
    """Forget, inside the transaction that is under way, that a person once unlinked a license.

    So it is for one that is given up, and for one of the pool that is taken: rules may link it again.
    """
    database.execute("DELETE FROM unlinked WHERE remote = ? AND license = ?", (remote, license_id))


def refuse_open_operation(database: Database, remote: str, license_id: str) -> None:
    """Raise ``UsageWrong`` while an operation on a license is open: a person's word would come between."""
    found = database.execute(
        f"SELECT id FROM operation WHERE remote = ? AND license = ? AND {OPEN}",  # noqa: S608 - constants alone
        (remote, license_id),
    ).fetchone()
    if found is not None:
        raise UsageWrong(
            f"operation {found[0]} of license {license_id} is still open",
            where=remote,
            hint=f"See 'cpbillmgr operation show {found[0]}'",
        )


def _link_of(database: Database, remote: str, license_id: str) -> Link:
    row = database.execute(
        "SELECT remote, license, service, addon FROM link WHERE remote = ? AND license = ?",
        (remote, license_id),
    ).fetchone()
    if row is None:
        raise _not_linked(remote, license_id)
    refuse_open_operation(database, remote, license_id)
    return Link(*row)


def _not_linked(remote: str, license_id: str) -> UsageWrong:
    return UsageWrong(f"license {license_id} is linked to nothing", where=remote)
