"""kill -9 at every boundary of an adoption, and of its undoing: all of it is so, or nothing."""

from __future__ import annotations

import signal
from itertools import count

import pytest

from tests.conftest import OpenOffice
from tests.crash.conftest import Strike
from tests.runs.office import Office
from tests.runs.worlds import license, service
from tests.tally import Tally

ADOPTED = {"12": "1", "13": "2", "14": "3"}
ADOPT = ["license", "adopt", "--by-ip", "--yes"]
UNDO = ["license", "adopt", "--undo", "1"]


def an_office(open_office: OpenOffice, words: list[str]) -> Office:
    office = open_office(
        services=[service(id) for id in ADOPTED],
        licenses=[license(int(id), f"203.0.113.{service}") for service, id in ADOPTED.items()],
    )
    if words == UNDO:
        assert office.run(*ADOPT).code == 0
    return office


@pytest.mark.parametrize("words", [ADOPT, UNDO], ids=["adopt", "undo"])
def test_a_killed_adoption_is_whole_or_has_never_been(
    words: list[str], open_office: OpenOffice, strike: Strike, tally: Tally
) -> None:
    for boundary in count(1):
        office = an_office(open_office, words)
        ended = strike(office, words, at=boundary)
        if not ended.struck:
            assert boundary > 2
            break
        with tally.case("adoption killed at a boundary", f"{boundary}: {ended.struck}"):
            assert ended.code == -signal.SIGKILL
            assert office.links in ({}, ADOPTED)
            office.run(*words)
            assert office.links == (ADOPTED if words == ADOPT else {})
            assert (office.writes, office.operations) == ([], [])
