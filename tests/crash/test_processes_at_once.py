"""Eight processes at once on one state file: nothing is ordered twice, nobody hears of a locked database."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from contextlib import ExitStack

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.crash.scenes import BOUGHT, FIXCHILDS, Scene
from tests.runs.office import Office
from tests.runs.worlds import license, service, spare
from tests.tally import Tally

SCENE = Scene(
    links={"21": "1", "22": "2", "23": "3", "24": BOUGHT, "25": BOUGHT, "26": BOUGHT},
    paid=3,
    services=[service(str(number)) for number in range(21, 27)],
    licenses=[license(1, "203.0.113.21"), spare(2, expiredate="2099-01-01"), spare(3)],
    parallel=4,
)
LOCK_TIMEOUTS = ("0", "20") * 4
DONE, LOCKED, IN_DOUBT, KILLED = 0, 75, 7, -signal.SIGKILL
KILLS = 3


def begin(office: Office, environment: dict[str, str], seconds: str) -> subprocess.Popen[str]:
    """Begin a run that waits so long for its turn."""
    return subprocess.Popen(
        [*COMMAND, *FIXCHILDS, "--lock-timeout", seconds],
        cwd=office.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def eight_at_once(office: Office, environment: dict[str, str], chance: random.Random | None) -> list[int]:
    """Return the exit codes of eight runs; some are killed by chance, and each tells one line at most."""
    office.set_variant(latency_ms=20)
    with ExitStack() as stack:
        runs = [stack.enter_context(begin(office, environment, seconds)) for seconds in LOCK_TIMEOUTS]
        if chance is not None:
            for victim in chance.sample(runs, KILLS):
                time.sleep(chance.uniform(0, 1))
                victim.kill()
        told = [run.communicate(timeout=60)[1] for run in runs]
    office.set_variant(latency_ms=0)
    assert [each for each in told if "database" in each or each.count("\n") > 1] == []
    return [run.returncode for run in runs]


def test_each_has_its_turn_or_is_told_to_come_back(
    open_office: OpenOffice, environment: dict[str, str], tally: Tally
) -> None:
    office = SCENE.open(open_office)
    with tally.case("eight processes at once", "none killed"):
        codes = eight_at_once(office, environment, None)
        assert set(codes) <= {DONE, LOCKED}
        assert codes[1::2] == [DONE] * 4
        assert len(office.orders) == SCENE.paid
        SCENE.check_end(office)


@pytest.mark.parametrize("seed", range(5))
def test_if_some_of_them_are_killed_the_next_ones_put_everything_right(
    seed: int, open_office: OpenOffice, environment: dict[str, str], tally: Tally
) -> None:
    office = SCENE.open(open_office)
    with tally.case("eight processes at once", f"{KILLS} of them killed, seed {seed}"):
        codes = eight_at_once(office, environment, random.Random(seed))  # noqa: S311 - no secret
        assert set(codes) <= {DONE, LOCKED, IN_DOUBT, KILLED}
        SCENE.check_end(office)
