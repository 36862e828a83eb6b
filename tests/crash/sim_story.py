"""One simulation from its first run to the last quiet one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Protocol as Interface

from cpbillmgr.errors import CpbillmgrError, RemoteError
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Status
from cpbillmgr.planner.safety import CLOCK_MAY_DIFFER
from cpbillmgr.store.inventory import Inventory
from tests.crash import sim_invariants as invariants
from tests.crash.sim_changes import is_change
from tests.crash.sim_fates import MINUTE, OK, Fate, RandomMischief, Weather, any_weather
from tests.crash.sim_process import Office, Protocol
from tests.crash.sim_remote import SimulatedRemote
from tests.crash.sim_scene import DRY_RUN, FIXCHILDS, Scene, any_scene, new_journal
from tests.crash.sim_scheduler import Killed, Process, Scheduler, Strike

REAL = Protocol()
_SETTLING_RUNS = 3  # that which finds what is left open, and two more after the settle window
_MOST_RUNS = 8


class Mischief(Interface):
    """Everything that fate decides in one simulation."""

    def strike(self, where: str, /) -> Strike | None: ...
    def choose(self, count: int, /) -> int: ...
    def order_fate(self) -> Fate: ...
    def change_fate(self) -> Fate: ...
    def read_error(self) -> type[RemoteError] | None: ...
    def late(self) -> float: ...
    def lag(self) -> float: ...


class NoMischief:
    """A healthy remote, and a machine that nobody disturbs."""

    def strike(self, _where: str, /) -> Strike | None:
        return None

    def choose(self, _count: int, /) -> int:
        return 0

    def order_fate(self) -> Fate:
        return OK

    def change_fate(self) -> Fate:
        return OK

    def read_error(self) -> type[RemoteError] | None:
        return None

    def late(self) -> float:
        return 0.0

    def lag(self) -> float:
        return 0.0


@dataclass(slots=True)
class Verdict:
    """What a simulation came to: what was wrong, and how many runs of which how many were killed."""

    wrongs: list[str] = field(default_factory=list)
    runs: int = 0
    kills: int = 0
    charges: int = 0


class Story:
    """One office, one remote, and what happens to them."""

    def __init__(
        self,
        scene: Scene,
        mischief: Mischief,
        protocol: Protocol = REAL,
        *,
        surplus: bool = False,
        trace: list[str] | None = None,
    ) -> None:
        self.verdict = Verdict()
        self.scene = scene
        self.account = scene.account
        self.scheduler = Scheduler(mischief, trace)
        self._mischief = mischief
        self._surplus = surplus
        self._protocol = protocol
        self._outcome: Report | CpbillmgrError | None = None
        self._begin()

    def live(self, starts: Iterable[tuple[float, str]], process: Process) -> None:
        """Start a command at each of these times, in a process of its own each."""
        for at, command in starts:
            self.scheduler.sleep(process, max(0.0, at - self.scheduler.now))
            self.run(process, command)

    def run(self, process: Process, command: str) -> None:
        """Run one command to its end, or to its process's, and check what must hold after it."""
        process.killed = False
        may_be_refused = is_change(command) or self._is_clock_off()
        outcome: Report | CpbillmgrError | None = None
        self.verdict.runs += 1
        try:
            outcome = self._office.run(process, command, self.verdict.runs)
        except Killed:
            self.verdict.kills += 1
            self.scheduler.note(process, "is dead")
        except Exception as fault:
            self._wrong([f"a run ended with {type(fault).__name__}: {fault}"])
        self._wrong(
            invariants.after_a_run(
                outcome,
                self._journal,
                self.scene,
                may_be_refused=may_be_refused or self._is_clock_off(),
                surplus=self._surplus,
            )
        )
        self._outcome = outcome

    def calm_down(self, clock_was_set_back: float = 0.0) -> None:
        """Let the remote be healthy and the machine undisturbed, until nothing is left to do."""
        self._mischief = self.scheduler.strikes = NoMischief()
        process = Process("calm")
        self.scheduler.alone(process)
        self.scheduler.sleep(process, MINUTE)
        if self._is_clock_off():  # a person sets it, as the runs ask for
            self.scheduler.sleep(process, max(0.0, self.scheduler.offset))
            self.scheduler.offset = 0.0
        self._serve_everybody()
        left = set(invariants.open_operations(self._journal))
        for number in range(_MOST_RUNS):
            before = self.account.writes
            self.run(process, FIXCHILDS)
            still = left & set(invariants.open_operations(self._journal))
            if number + 1 >= _SETTLING_RUNS and still and not self._surplus:
                self._wrong([f"operations {still} are still open after the settle window and two runs"])
            if self._is_over(before):
                break
            self.scheduler.sleep(process, 16 * MINUTE + clock_was_set_back if number == 0 else 6 * MINUTE)
        else:
            self._wrong(["it never becomes quiet"])
        self._check_quiet()

    def lose_state(self) -> None:
        """Lose the state file: all links are found again on the account, and nothing is bought."""
        links, writes = self._links(), self.account.writes
        self._journal.close()
        self._begin()
        process = Process("anew")
        self.scheduler.alone(process)
        self._serve_everybody()
        self.run(process, FIXCHILDS)
        if self.account.writes != writes or self._links() != links:
            self._wrong([f"without the state file {links} became {self._links()}"])

    def close(self) -> None:
        """Close the state."""
        self.verdict.charges = len(self.account.charges)
        self._journal.close()

    def is_with_a_person(self) -> bool:
        """Whether an operation is left to a person."""
        return bool(self._journal.execute("SELECT 1 FROM operation WHERE state = 'manual'").fetchone())

    def _begin(self) -> None:
        self._journal = new_journal(self.scene)
        self._office = Office(self.scheduler, self._journal, self._protocol, self._remote)

    def _remote(self, process: Process, *, may_write: bool) -> SimulatedRemote:
        return SimulatedRemote(
            self.account, self._mischief, process, self.scheduler, self._journal, may_write=may_write
        )

    def _serve_everybody(self) -> None:
        active = [replace(service, status=Status.ACTIVE) for service in self.scene.services]
        Inventory(self._journal).put(active)

    def _is_clock_off(self) -> bool:
        return abs(self.scheduler.offset) > CLOCK_MAY_DIFFER.total_seconds()

    def _is_over(self, writes_before: int) -> bool:
        return (
            self._outcome is not None
            and invariants.is_quiet(self._outcome)
            and self.account.writes == writes_before
            and not invariants.open_operations(self._journal)
        )

    def _check_quiet(self) -> None:
        if self._outcome is not None:
            self._wrong(
                invariants.when_quiet(self.scene, self._journal, self._outcome, surplus=self._surplus)
            )

    def _links(self) -> dict[str, str]:
        return dict(self._journal.execute("SELECT service, license FROM link").fetchall())

    def _wrong(self, wrongs: Iterable[str]) -> None:
        self.verdict.wrongs += [wrong for wrong in wrongs if wrong not in self.verdict.wrongs]


def any_command(random: Random, scene: Scene) -> str:
    """Draw a command: fixchilds, now and then a dry run, or the order of a service's license."""
    drawn = random.random()
    if drawn < 0.05:
        return DRY_RUN
    return FIXCHILDS if drawn < 0.8 else random.choice(scene.services).id


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of simulation: its scenes, its weather, and how many processes start how often at most.

    ``command`` draws what is started. ``surplus`` allows for a second purchase that carries our mark.
    ``forgets`` ends some simulations with the loss of the state file.
    """

    scene: Callable[[Random], Scene] = any_scene
    weather: Callable[[Random], Weather] = any_weather
    command: Callable[[Random, Scene], str] = any_command
    processes: int = 4
    starts: int = 3
    surplus: bool = False
    forgets: bool = True


def simulate(
    seed: int, profile: Profile, protocol: Protocol = REAL, trace: list[str] | None = None
) -> Verdict:
    """Return what one simulation comes to; the same seed gives the same one."""
    random = Random(seed)  # noqa: S311 - a seed must tell the same story again
    weather = profile.weather(random)
    scene = profile.scene(random)
    mischief = RandomMischief(random, weather)
    story = Story(scene, mischief, protocol, surplus=profile.surplus, trace=trace)
    with closing(story):
        story.scheduler.run(
            [
                (Process(f"p{number}"), partial(story.live, _starts(random, scene, profile)))
                for number in range(random.randint(1, profile.processes))
            ]
        )
        story.calm_down(-sum(jump for jump in weather.jumps if jump < 0))
        if profile.forgets and not profile.surplus and not story.is_with_a_person() and random.random() < 0.1:
            story.lose_state()
    return story.verdict


def _starts(random: Random, scene: Scene, profile: Profile) -> Sequence[tuple[float, str]]:
    """Draw when cron starts what, a few seconds after a full minute."""
    minutes = sorted(random.choices((0, 1, 2, 5, 10, 18, 25, 30), k=random.randint(1, profile.starts)))
    return [(minute * MINUTE + random.random() * 3, profile.command(random, scene)) for minute in minutes]
