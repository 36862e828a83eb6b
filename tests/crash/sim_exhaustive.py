"""One process and its every disturbance: each outcome of each call, a death at each point, twice in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from tests.crash.sim_changes import RENEW, one_license_linked
from tests.crash.sim_fates import CHANGE_FATES, DEFINITE, MINUTE, OK, ORDER_FATES, Fate
from tests.crash.sim_scene import FIXCHILDS, Scene, one_service, two_spares
from tests.crash.sim_scheduler import Kill, Process, Strike
from tests.crash.sim_story import NoMischief, Story, Verdict

LATE, LAG = 100.0, 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Step:
    """One run: how long after the last one, what becomes of its n-th writing call, at which pause it dies.

    ``usual`` is what becomes of its first writing calls otherwise; of all others it is "ok".
    """

    after: float
    call: int = 0
    fate: Fate = OK
    dies_at: int = 0
    usual: tuple[Fate, ...] = ()


@dataclass(slots=True)
class Script(NoMischief):
    """What happens to the runs of a story, one after the other."""

    step: Step
    pauses: int = 0
    calls: list[tuple[int, Sequence[Fate]]] = field(default_factory=list)

    def begin(self, step: Step) -> None:
        """Turn to the next run."""
        self.step, self.pauses, self.calls = step, 0, []

    def strike(self, _where: str, /) -> Strike | None:
        self.pauses += 1
        return Kill() if self.pauses == self.step.dies_at else None

    def order_fate(self) -> Fate:
        return self._fate(ORDER_FATES)

    def change_fate(self) -> Fate:
        return self._fate(CHANGE_FATES)

    def late(self) -> float:
        return LATE

    def lag(self) -> float:
        return LAG

    def _fate(self, fates: Sequence[Fate]) -> Fate:
        self.calls.append((self.pauses, fates))
        if len(self.calls) == self.step.call:
            return self.step.fate
        return self.step.usual[len(self.calls) - 1] if len(self.calls) <= len(self.step.usual) else OK


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is disturbed: the first run, and the one that follows after these undisturbed ones.

    The first run is the ``first`` command, the last is the ``last`` one, and those between are fixchilds.
    """

    name: str
    scene: Callable[[], Scene]
    between: tuple[float, ...] = ()
    after: float = 5.0
    usual: tuple[Fate, ...] = ()
    first: str = FIXCHILDS
    last: str = FIXCHILDS

    def first_steps(self) -> list[Step]:
        """Return every disturbance of the first run."""
        return list(self._disturbances([], Step(0.0, usual=self.usual)))

    def stories(self, first: Step, *, twice: bool) -> Iterator[tuple[tuple[Step, Step], Verdict]]:
        """Yield what each story with this first step comes to, for every disturbance of the second run."""
        before = [first, *(Step(gap) for gap in self.between)]
        for second in self._disturbances(before, Step(self.after)) if twice else (Step(self.after),):
            story = self._told((*before, second), Script(first))
            with closing(story):
                story.calm_down()
            yield (first, second), story.verdict

    def _disturbances(self, before: Sequence[Step], run: Step) -> Iterator[Step]:
        """Yield a run's disturbances; a death before a call makes what becomes of the call all the same."""
        alive = self._probe(before, run)
        yield run
        yield from (replace(run, dies_at=pause) for pause in range(1, alive.pauses + 1))
        for call, (_, fates) in enumerate(alive.calls, 1):
            for fate in fates:
                step = replace(run, call=call, fate=fate)
                met = self._probe(before, step)
                yield step
                decided = met.calls[call - 1][0]
                yield from (replace(step, dies_at=pause) for pause in range(decided + 1, met.pauses + 1))

    def _probe(self, before: Sequence[Step], step: Step) -> Script:
        script = Script(step)
        self._told((*before, step), script).close()
        return script

    def _told(self, steps: Sequence[Step], script: Script) -> Story:
        story = Story(self.scene(), script)
        process = Process("p0")
        story.scheduler.alone(process)
        commands = (self.first, *(FIXCHILDS for _ in self.between), self.last)
        for step, command in zip(steps, commands, strict=False):
            story.scheduler.sleep(process, step.after)
            script.begin(step)
            story.run(process, command)
        return story


SETTLED = (MINUTE, 16 * MINUTE)  # after these runs, another one after 6 minutes sends an order again
SENT_AGAIN_AFTER = 6 * MINUTE
PATTERNS = (
    Pattern("order, again at once", one_service),
    Pattern("order, again when settled", one_service, SETTLED, SENT_AGAIN_AFTER),
    Pattern("take, again at once", two_spares),
    Pattern("put back, again at once", two_spares, usual=(OK, DEFINITE[-2])),
    Pattern("take, again when settled", two_spares, SETTLED, SENT_AGAIN_AFTER),
    Pattern("renewal, asked for again at once", one_license_linked, first=RENEW, last=RENEW),
    Pattern("renewal, again when settled", one_license_linked, SETTLED, SENT_AGAIN_AFTER, first=RENEW),
)
