"""An office in which one license is linked, and the words that change it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PRO, Fields, day, license, service, spare, strangers

RENEW = ["renew", "1"]
RELEASE = ["release", "1"]
MOVE = ["move", "1", "203.0.113.99"]
CHANGE_TARIFF = ["change-tariff", "1", str(PRO)]
EVERY_VERB = [RENEW, RELEASE, MOVE, CHANGE_TARIFF]
every_verb = pytest.mark.parametrize("words", EVERY_VERB, ids=lambda words: words[0])
WHEN_DONE_THE_DISK_IS_FULL = """
    CREATE TEMP TRIGGER full BEFORE UPDATE ON operation WHEN NEW.state = 'done'
    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
"""
OURS = license(1, "203.0.113.12", expiredate=day(200))


def an_office(open_office: OpenOffice, ours: Fields | None = None, **facts: Any) -> Office:
    """Open an office where service 12 has license 1; license 2 lies in the pool, two are strangers'."""
    there = OURS | (ours or {})
    office = open_office(
        services=[service("12", str(there["pricelist"]))],
        licenses=[there, spare(2), *strangers(2)],
        **facts,
    )
    assert office.run("fixchilds", "--yes", "--link-only").code == 0
    assert office.links == {"12": "1"}
    office.forget_calls()
    return office


def the_license(office: Office) -> Fields:
    """Return license 1 as the remote has it."""
    (found,) = office.licenses(id=1)
    return found


def charges(office: Office) -> list[str]:
    """Return what the remote has charged, oldest first."""
    return [each["amount"] for each in office.world["charges"]]
