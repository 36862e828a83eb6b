"""A simulated process: what cron starts, on the real store, with pauses before and after each write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from cpbillmgr.errors import CpbillmgrError, LockHeld
from cpbillmgr.model.report import Report
from cpbillmgr.planner.basis.scope import only_child
from cpbillmgr.runs.acting.act import act
from cpbillmgr.runs.fixchilds import main_services
from cpbillmgr.runs.looking.gather import wanted_children
from cpbillmgr.runs.looking.look import Asked, decide, look_at
from cpbillmgr.runs.order import _asked, _give
from cpbillmgr.runs.site import Site
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from cpbillmgr.store.licenses.links import Links
from cpbillmgr.store.licenses.sightings import Sightings
from cpbillmgr.store.sqlite.database import Database
from cpbillmgr.store.state import State
from tests.crash.sim_changes import carry_out, is_change
from tests.crash.sim_remote import SimulatedRemote
from tests.crash.sim_scene import DRY_RUN, FIXCHILDS, wishes
from tests.crash.sim_scheduler import Process, Scheduler

MOVES = frozenset(
    [
        "plan",
        "reserve",
        "send",
        "step",
        "done",
        "failed",
        "doubt",
        "missed",
        "absent",
        "manual",
        "link",
        "link_all",
        "unlink",
        "record",
    ]
)


class PausingRoom:
    """A part of the store whose every write is a pause before and a pause after it."""

    def __init__(self, room: object, pause: Callable[[str], None]) -> None:
        self._room = room
        self._pause = pause

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._room, name)
        if name not in MOVES:
            return method

        def move(*values: Any, **named: Any) -> Any:
            self._pause(name)
            moved = method(*values, **named)
            self._pause(f"{name} is durable")
            return moved

        return move


class PausingState(State):
    """The real state as a process has it open: all of them share one database, each has rooms of its own."""

    def __init__(
        self,
        database: Database,
        pause: Callable[[str], None],
        journal: type[Journal],
        operations: type[Operations],
    ) -> None:
        super().__init__(database)
        self.journal = cast(Journal, PausingRoom(journal(database), pause))
        self.operations = operations(database)
        self.links = cast(Links, PausingRoom(self.links, pause))
        self.sightings = cast(Sightings, PausingRoom(self.sightings, pause))


@dataclass(slots=True)
class StateLock:
    """The lock of the state file: freed when its owner ends, however it ends."""

    scheduler: Scheduler
    exclusive: bool = True
    lost_when_stopped: bool = False
    owner: Process | None = None

    @contextmanager
    def hold(self, process: Process) -> Iterator[None]:
        """Hold the lock; raises ``LockHeld``."""
        self.scheduler.pause(process, "lock")
        if self.owner is not None and self.exclusive and not self._is_lost():
            raise LockHeld(f"{self.owner.name} works on this state")
        self.owner = process
        try:
            yield
        finally:
            if self.owner is process:
                self.owner = None

    def _is_lost(self) -> bool:
        return (
            self.lost_when_stopped
            and self.owner is not None
            and self.owner.wake_at > self.scheduler.now + _LEASE_SECONDS
        )


_LEASE_SECONDS = 90.0

Look = Callable[..., Any]


def look_around(site: Site, remote: SimulatedRemote, asked: Asked, *wanted: Any) -> Any:
    """Return a look with its plan."""
    return decide([look_at(site, remote, asked, *wanted)], asked.scope)[0]


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is simulated: the real protocol, unless something of it is broken on purpose."""

    look: Look = look_around
    journal: type[Journal] = Journal
    operations: type[Operations] = Operations
    lock: bool = True
    lock_is_lost_when_stopped: bool = False


@dataclass(slots=True)
class Office:
    """Where the processes work: one machine with one state and one lock."""

    scheduler: Scheduler
    journal: Database
    protocol: Protocol
    remote: Callable[..., SimulatedRemote]
    lock: StateLock = field(init=False)

    def __post_init__(self) -> None:
        self.lock = StateLock(self.scheduler, self.protocol.lock, self.protocol.lock_is_lost_when_stopped)

    def run(self, process: Process, command: str, number: int) -> Report | CpbillmgrError:
        """Run one command as cron does, and return its report, or the error that ended it."""
        note = self.scheduler.note
        note(process, f"begins {command}")
        try:
            with self.lock.hold(process):
                report = self._work(process, command, f"{process.name}.{number}")
        except CpbillmgrError as error:
            note(process, f"ends: {type(error).__name__}: {error}")
            return error
        note(
            process,
            f"ends with {report.exit_code}: {[(row.outcome.value, row.license) for row in report.rows]}",
        )
        return report

    def _work(self, process: Process, command: str, run: str) -> Report:
        def pause(where: str) -> None:
            self.scheduler.pause(process, where)

        def clock() -> datetime:
            pause("clock")
            return self.scheduler.clock()

        dry_run = command == DRY_RUN
        state = PausingState(self.journal, pause, self.protocol.journal, self.protocol.operations)
        site = Site(wishes(), state, run=run, now=clock)
        remote = self.remote(process, may_write=not dry_run)
        if command in (FIXCHILDS, DRY_RUN):
            asked = Asked(confirmed=True, dry_run=dry_run)
            children, warnings = wanted_children(site.wishes, remote, main_services(site, asked.scope)[0])
            look = self.protocol.look(site, remote, asked, children, warnings)
            return act([look], asked, command=command)
        if is_change(command):
            return carry_out(site, remote, command)
        children, warnings = wanted_children(site.wishes, remote, site.state.inventory.services(), (command,))
        child = only_child(children, command, None)
        asked = _asked(child, dry_run=False)
        return _give([look_around(site, remote, asked, children, warnings)], child.key, asked)
