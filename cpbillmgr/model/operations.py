"""An operation: a change being carried out, as the journal holds it (reliability.md, One change)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cpbillmgr.model.catalogue import Amounts
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, renewed_license
from cpbillmgr.model.services import Child, Status

MOST_SENDS = 2  # a second doubt about one order is for a person


class State(StrEnum):
    """Where an operation stands.

    ========  =======================================  ======================================================
    state     means                                    goes on to
    ========  =======================================  ======================================================
    planned   on disk, nothing sent                    sent, failed
    sent      may be at the remote at this moment      done, failed, in doubt; manual: a take not put back
    in doubt  sent, and nobody waits for the answer    done, absent, manual; failed: a take that was put back
    absent    two whole lists show that it never was   sent (once more), failed, manual; done: it came late
    manual    a person decides                         done, failed
    done      happened, and is linked                  -
    failed    certainly did not happen                 -
    ========  =======================================  ======================================================
    """

    PLANNED = "planned"
    SENT = "sent"
    IN_DOUBT = "in doubt"
    ABSENT = "absent"
    MANUAL = "manual"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_open(self) -> bool:
        """Whether its child must wait for it."""
        return self not in (State.DONE, State.FAILED)


class Step(StrEnum):
    """A finished step of an operation, as the journal holds it: each is one change at the remote."""

    NAMED = "named"  # our name, address and remote id are on the license
    CLEARED = "cleared"  # the license that is replaced is off the address
    PUT_BACK = "put back"  # written before it is done: from then on a take only goes back
    NEW_KEY = "new key"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    FREED = "freed"
    DELETED = "deleted"
    EDITED = "edited"
    RESIZED = "resized"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the journal: what was meant, for whom, how far it came. Times are UTC.

    ``steps`` are the finished ones, in order. ``sends`` counts how often it was sent. ``abandoned_at`` is
    when somebody stopped waiting for its answer, ``missed_at`` when the first whole list was requested, after
    the settle window, that lacked it. ``expires_before`` is the end of a license before its renewal.
    ``failure`` is the kind of the error that ended a failed one (``errors``), empty where no error did.
    ``replaces`` is the license that its child has until a take or an order gives it another.
    """

    id: int
    run: str
    action: Action
    remote: str
    service: str
    addon: str
    tariff: int
    period: int
    amounts: Amounts
    ip: str
    name: str
    remoteid: str
    because: str
    state: State
    license: str | None = None
    cost: Money | None = None
    steps: tuple[Step, ...] = ()
    sends: int = 0
    error: str = ""
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    abandoned_at: datetime | None = None
    missed_at: datetime | None = None
    ended_at: datetime | None = None
    expires_before: date | None = None
    failure: str = ""
    replaces: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The child: service and add-on."""
        return (self.service, self.addon)

    @property
    def in_words(self) -> str:
        """How it stands, as a sentence."""
        return f"operation {self.id} is {self.state}: {self.error or 'its end is not known yet'}"

    @property
    def renews(self) -> str | None:
        """The license that it renews, or ``None``."""
        return renewed_license(self.action, self.license, self.replaces, self.expires_before)

    @property
    def child(self) -> Child:
        """The child as it was when this was planned."""
        return Child(
            service=self.service,
            addon=self.addon,
            service_name=self.name,
            ip=self.ip,
            status=Status.ACTIVE,
            remote=self.remote,
            tariff=self.tariff,
            period=self.period,
            amounts=self.amounts,
        )


@dataclass(frozen=True, slots=True)
class Tries:
    """What failed of one kind since anything was done: how often, and the last one's time, kind and error."""

    failed: int
    last_at: datetime
    failure: str
    error: str
    operation: int
