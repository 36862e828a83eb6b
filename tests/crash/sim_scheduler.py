"""Simulated processes and time: one thread runs at once, and each pause is a point where fate may strike.

A process is a thread that waits for its turn. Whoever has the turn keeps it until the process sleeps, is
stopped or lets another go first, so that a run of the simulation depends on its random numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from typing import Protocol

BEGIN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process is dead: no code of the program may catch this."""


@dataclass(frozen=True, slots=True)
class Kill:
    """The process dies here; what it had in memory is lost."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The process stands still for so many seconds (SIGSTOP, a machine asleep); it may die then."""

    seconds: float
    then_kill: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """Another process that is ready goes first."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Somebody sets the machine's clock, by so many seconds."""

    seconds: float


Strike = Kill | Stop | Switch | Jump


class Strikes(Protocol):
    """Decides what happens to a process at each of its pauses."""

    def strike(self, where: str, /) -> Strike | None:
        """Return what happens at this pause, mostly nothing."""

    def choose(self, count: int, /) -> int:
        """Return which of so many processes that are ready goes first."""


@dataclass(eq=False, slots=True)
class Process:
    """A process in the order of its turns; ``killed`` until it is started anew."""

    name: str
    wake_at: float = 0.0
    killed: bool = False
    turn: Lock = field(default_factory=Lock)


class Scheduler:
    """Gives turns. ``now`` is the true time in seconds, ``offset`` how far the machine's clock is ahead."""

    def __init__(self, strikes: Strikes, trace: list[str] | None = None) -> None:
        self.strikes = strikes
        self.now = 0.0
        self.offset = 0.0
        self._trace = trace
        self._processes: list[Process] = []
        self._over = Lock()

    def run(self, lives: Sequence[tuple[Process, Callable[[Process], None]]]) -> None:
        """Let these processes live, each in a thread of its own, until the last one has ended."""
        self._over.acquire()
        self._processes = [process for process, _ in lives]
        for process, live in lives:
            process.turn.acquire()
            Thread(target=self._live, args=(process, live), daemon=True).start()
        self._next().turn.release()
        with self._over:
            pass

    def alone(self, process: Process) -> None:
        """Let one process live in the caller's thread."""
        self._processes = [process]

    def pause(self, process: Process, where: str) -> None:
        """Let happen to the process whatever happens here; raises ``Killed`` if that is its end."""
        if process.killed:
            raise Killed
        self.now += 0.001
        if self._trace is not None:
            self.note(process, where)
        strike = self.strikes.strike(where)
        if strike is not None:
            self._strike(process, strike)

    def sleep(self, process: Process, seconds: float) -> None:
        """Let time pass for this process, and others go on meanwhile."""
        process.wake_at = self.now + seconds
        self._hand_over(process)

    def clock(self) -> datetime:
        """Return the time of day as the machine's clock tells it."""
        return BEGIN + timedelta(seconds=self.now + self.offset)

    def note(self, process: Process, what: str) -> None:
        """Write one line of the trace."""
        if self._trace is not None:
            self._trace.append(f"{self.now:9.1f} {process.name} {what}")

    def _strike(self, process: Process, strike: Strike) -> None:
        self.note(process, f"!! {strike}")
        match strike:
            case Kill():
                self._kill(process)
            case Stop():
                self.sleep(process, strike.seconds)
                self.note(process, "wakes")
                if strike.then_kill:
                    self._kill(process)
            case Switch():
                self._hand_over(process)
            case Jump():
                self.offset += strike.seconds

    def _kill(self, process: Process) -> None:
        process.killed = True
        raise Killed

    def _live(self, process: Process, live: Callable[[Process], None]) -> None:
        process.turn.acquire()
        try:
            with suppress(Killed):
                live(process)
        finally:
            self._processes.remove(process)
            (self._next().turn if self._processes else self._over).release()

    def _hand_over(self, process: Process) -> None:
        following = self._next()
        if following is not process:
            following.turn.release()
            process.turn.acquire()

    def _next(self) -> Process:
        self.now = max(self.now, min(process.wake_at for process in self._processes))
        ready = [process for process in self._processes if process.wake_at <= self.now]
        return ready[0] if len(ready) == 1 else ready[self.strikes.choose(len(ready))]
