"""Events: what we concluded to have changed at a remote, by comparing two looks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cpbillmgr.model.licenses import License


class EventKind(StrEnum):
    """What of a license has changed; ``before`` and ``after`` of an event hold the value then and now."""

    APPEARED = "appeared"  # after: its name
    VANISHED = "vanished"  # before: its name
    STATUS = "status"
    EXPIRES = "expires"
    IP = "ip"
    KEY = "key"  # the day of its last change; a key itself is never stored
    TARIFF = "tariff"
    NAME = "name"
    REMOTEID = "remoteid"
    AUTOPROLONG = "autoprolong"
    ISSUE = "issue"  # how far a certificate has come
    FILES = "files"  # of a certificate; after: the folder in which they are now


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one license, concluded at a time (UTC).

    ``operation`` is the one of ours that explains it, ``None`` when somebody else made it, or time did.
    """

    remote: str
    license: str
    kind: EventKind
    before: str
    after: str
    at: datetime
    operation: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Differences:
    """What a list shows otherwise than the last look: new licenses, pairs of then and now, and lost ones."""

    appeared: tuple[License, ...] = ()
    changed: tuple[tuple[License, License], ...] = ()
    vanished: tuple[License, ...] = ()

    def but_for(self, ids: Collection[str], others: Differences) -> Differences:
        """Return these differences, where licenses with one of ``ids`` have those of ``others`` instead."""
        changed = [*(pair for pair in self.changed if pair[1].id not in ids), *others.changed]
        return Differences(
            (*(each for each in self.appeared if each.id not in ids), *others.appeared),
            tuple(sorted(changed, key=lambda pair: pair[1].id)),
            (*(each for each in self.vanished if each.id not in ids), *others.vanished),
        )
