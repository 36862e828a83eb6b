"""Everything remembered, behind one door."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cpbillmgr.store.balances import Balances
from cpbillmgr.store.catalogue.enumeration import Enumeration
from cpbillmgr.store.catalogue.tariffs import Tariffs
from cpbillmgr.store.events.deliveries import Deliveries
from cpbillmgr.store.events.events import Events
from cpbillmgr.store.events.notices import Notices
from cpbillmgr.store.inventory import Inventory
from cpbillmgr.store.journal.failed import Failed
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from cpbillmgr.store.licenses.adoptions import Adoptions
from cpbillmgr.store.licenses.links import Links
from cpbillmgr.store.licenses.protections import Protections
from cpbillmgr.store.licenses.sightings import Sightings
from cpbillmgr.store.rescue import Rescue
from cpbillmgr.store.schema.migrations import migrate, require_current_schema
from cpbillmgr.store.sqlite.database import IN_MEMORY, Database, open_database, open_memory
from cpbillmgr.store.sqlite.disk_errors import state_errors


class State:
    """An open state: its tables by subject, on one connection. Close it, or use ``with``."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.inventory = Inventory(database)
        self.sightings = Sightings(database)
        self.links = Links(database)
        self.adoptions = Adoptions(database)
        self.protections = Protections(database)
        self.journal = Journal(database)
        self.operations = Operations(database)
        self.failed = Failed(database)
        self.events = Events(database)
        self.balances = Balances(database)
        self.notices = Notices(database)
        self.deliveries = Deliveries(database)
        self.tariffs = Tariffs(database)
        self.enumeration = Enumeration(database)

    @classmethod
    def open(cls, path: Path, *, now: datetime, read_only: bool = False) -> Self:
        """Open a state file, and bring its tables up to date; ``StateUnusable`` where that cannot be.

        ==================  ===============================  =====================================
        file                to write                         ``read_only``
        ==================  ===============================  =====================================
        missing or empty    made, with its directory         an empty state in memory, no file
        older schema        migrated after a backup          refused
        this schema         opened                           opened
        newer schema        refused                          refused
        ==================  ===============================  =====================================
        """
        if read_only and _is_missing(path):
            return cls.in_memory(now)
        database = open_database(path, read_only=read_only)
        try:
            if read_only:
                require_current_schema(database)
            else:
                migrate(database, now=now)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def in_memory(cls, now: datetime) -> Self:
        """Return an empty state that is gone when it is closed."""
        database = open_memory()
        migrate(database, now=now)
        return cls(database)

    def rescue(self) -> Rescue:
        """Return the rescue file beside this state, to be entered before anything is bought."""
        path = None if self.database.path == IN_MEMORY else self.database.path
        return Rescue(path, self.operations.open_ids())

    def close(self) -> None:
        """Close the connection; what was written stays."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_missing(path: Path) -> bool:
    with state_errors(path):
        try:
            return path.stat().st_size == 0
        except FileNotFoundError:
            return True
