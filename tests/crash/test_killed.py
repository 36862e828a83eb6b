"""kill -9 at every boundary of a run: whatever the moment, the next runs put everything right."""

from __future__ import annotations

import signal
from itertools import count

import pytest

from tests.conftest import OpenOffice
from tests.crash.conftest import Strike
from tests.crash.situations import SITUATIONS
from tests.tally import Tally


@pytest.mark.parametrize("name", SITUATIONS)
def test_whenever_a_run_is_killed_the_next_ones_put_everything_right(
    name: str, open_office: OpenOffice, strike: Strike, tally: Tally
) -> None:
    """Kill a run at its first boundary, another one at its second, until one is over before it is killed."""
    scene = SITUATIONS[name]
    for boundary in count(1):
        office = scene.open(open_office)
        ended = strike(office, scene.words, at=boundary, minutes=scene.minutes)
        if not ended.struck:
            break
        with tally.case("killed at a boundary", f"{name}, {boundary}: {ended.struck}"):
            assert ended.code == -signal.SIGKILL
            scene.check_end(office)
