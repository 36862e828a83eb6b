"""Killed while the remote is at work: it carries the call out for a client that is not there any more."""

from __future__ import annotations

import subprocess
import time
from itertools import count

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.crash.situations import SITUATIONS
from tests.runs.office import Office
from tests.tally import Tally

SITUATIONS_WITH_CALLS = [
    "a license is ordered",
    "a license is ordered for a service",
    "a license is ordered on its own",
    "a suspended license is taken",
    "a license is renewed",
    "a license is released",
    "a license is moved",
    "a license changes its tariff",
]
REMOTE_TAKES_MS = 250


def killed_while_waiting(office: Office, process: subprocess.Popen[bytes], nth: int) -> bool:
    """Kill a process once its nth change is at the remote; return whether it came so far."""
    while process.poll() is None:
        if len(office.writes) == nth:
            process.kill()
            process.wait()
            return True
        time.sleep(0.005)
    return False


@pytest.mark.parametrize("name", SITUATIONS_WITH_CALLS)
def test_what_the_remote_does_after_our_death_is_found(
    name: str, open_office: OpenOffice, environment: dict[str, str], tally: Tally
) -> None:
    """Kill a run at its first change, look at once, and again when the change has come."""
    scene = SITUATIONS[name]
    for nth in count(1):
        office = scene.open(open_office)
        office.forget_calls()
        office.set_variant(latency_ms=REMOTE_TAKES_MS)
        with subprocess.Popen([*COMMAND, *scene.words, "-q"], cwd=office.folder, env=environment) as process:
            killed = killed_while_waiting(office, process, nth)
        office.set_variant(latency_ms=0)
        if not killed:
            assert nth > 1
            break
        with tally.case("killed while the remote was at work", f"{name}, change {nth}"):
            scene.run_again(office)
            time.sleep(2 * REMOTE_TAKES_MS / 1000)
            scene.check_end(office)
