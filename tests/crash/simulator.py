"""The deterministic simulator of the protocol that pays once, by the command line and for its tests.

::

    python -m tests.crash.simulator --seed 1205                replay one simulation, and show what happens
    python -m tests.crash.simulator --seeds 0:1000000          simulate a range, by two processes
    python -m tests.crash.simulator --seeds 0:5000 --profile hour-late
    python -m tests.crash.simulator --exhaustive               one process, every disturbance, twice in a row

It drives the real runs, planner and store. A simulation is known by its profile and its seed.
"""

from __future__ import annotations

import gc
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TypeVar

from tests.crash.sim_changes import a_change, some_linked
from tests.crash.sim_exhaustive import PATTERNS, Step
from tests.crash.sim_fates import hour_late, unpaid
from tests.crash.sim_scene import two_spares
from tests.crash.sim_story import Profile, Verdict, simulate

WORKERS = 2
PROFILES = {
    "ordinary": Profile(),
    "hour-late": Profile(weather=hour_late, surplus=True),
    "takes": Profile(lambda _: two_spares()),
    "cart": Profile(weather=unpaid),
    "changes": Profile(some_linked, command=a_change, forgets=False),
}
_PORTION = 250  # seeds that a worker does before it reports
_SHOWN = 20  # failures that are printed

Task = TypeVar("Task")


@dataclass(slots=True)
class Totals:
    """What many simulations came to; ``failures`` tell which, and what was wrong."""

    stories: int = 0
    runs: int = 0
    kills: int = 0
    charges: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, name: object, verdict: Verdict) -> None:
        """Count one simulation."""
        self.stories += 1
        self.runs += verdict.runs
        self.kills += verdict.kills
        self.charges += verdict.charges
        if verdict.wrongs:
            self.failures.append(f"{name}: {'; '.join(verdict.wrongs)}")

    def merge(self, other: Totals) -> None:
        """Count what others have counted."""
        self.stories += other.stories
        self.runs += other.runs
        self.kills += other.kills
        self.charges += other.charges
        self.failures += other.failures

    def __str__(self) -> str:
        return (
            f"{self.stories} simulations, {self.runs} runs, {self.kills} of them killed,"
            f" {self.charges} licenses paid, {len(self.failures)} violations"
        )


def simulate_range(first: int, end: int, profile: str = "ordinary", workers: int = WORKERS) -> Totals:
    """Return what the simulations with these seeds came to, by so many processes at once."""
    portions = [(profile, start, min(start + _PORTION, end)) for start in range(first, end, _PORTION)]
    return _total(_in_parallel(_simulate_portion, portions, workers))


def simulate_exhaustively(pattern: int, *, one_in: int = 1, twice: bool = True) -> Totals:
    """Return what the disturbances of a pattern came to: one in so many of the first run's.

    Each is tried with every disturbance of the second run, or once, with an undisturbed one.
    """
    tasks = [(pattern, first, twice) for first in PATTERNS[pattern].first_steps()[::one_in]]
    return _total(_in_parallel(_try_disturbance, tasks))


def _simulate_portion(task: tuple[str, int, int]) -> Totals:
    profile, start, end = task
    totals = Totals()
    for seed in range(start, end):
        totals.add(f"--profile {profile} --seed {seed}", simulate(seed, PROFILES[profile]))
    return totals


def _try_disturbance(task: tuple[int, Step, bool]) -> Totals:
    number, first, twice = task
    pattern, totals = PATTERNS[number], Totals()
    for steps, verdict in pattern.stories(first, twice=twice):
        totals.add(f"{pattern.name}: {steps}", verdict)
    return totals


def _in_parallel(
    work: Callable[[Task], Totals], tasks: Iterable[Task], workers: int = WORKERS
) -> Iterator[Totals]:
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=gc.freeze) as pool:
        yield from pool.map(work, tasks)


def _total(parts: Iterable[Totals]) -> Totals:
    total = Totals()
    for part in parts:
        total.merge(part)
    return total


def replay(seed: int, profile: str) -> bool:
    """Show a simulation pause by pause, and what was wrong with it; return whether nothing was."""
    trace: list[str] = []
    verdict = simulate(seed, PROFILES[profile], trace=trace)
    _say(*trace, *(f"WRONG: {wrong}" for wrong in verdict.wrongs))
    return not verdict.wrongs


def _say(*lines: object) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _told(totals: Totals, since: float) -> bool:
    _say(*totals.failures[:_SHOWN], f"{totals} in {time.monotonic() - since:.0f} s")
    return not totals.failures


def main() -> int:
    """Do what the command line asks; return 1 where a promise was broken."""
    parser = ArgumentParser(prog="python -m tests.crash.simulator", description=__doc__.partition("\n")[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", type=int, help="replay this simulation")
    what.add_argument("--seeds", metavar="A:B", help="simulate from A to below B")
    what.add_argument("--exhaustive", action="store_true", help="one process, every disturbance")
    parser.add_argument("--profile", choices=PROFILES, default="ordinary")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that simulate a range")
    asked = parser.parse_args()
    since = time.monotonic()
    if asked.seed is not None:
        return 0 if replay(asked.seed, asked.profile) else 1
    if asked.exhaustive:
        good = [_told(simulate_exhaustively(number), since) for number in range(len(PATTERNS))]
        return 0 if all(good) else 1
    first, _, end = asked.seeds.partition(":")
    return 0 if _told(simulate_range(int(first), int(end), asked.profile, asked.workers), since) else 1


if __name__ == "__main__":
    sys.exit(main())
