"""An order that arrives after another one was paid for the same need: nothing paid is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, FREE_IP, FREE_NAME, SUSPENDED, license, service, strangers

MARK = "cpb1-main-12-panel-1"
NAME = "Item #12 addon web12"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """Open an office where service 12 is served, and another license with its mark turns up afterwards."""
    office = open_office(
        services=[service("12")],
        licenses=[license(1, "203.0.113.12", NAME, remoteid=MARK), *strangers(2)],
    )
    assert office.run("fixchilds", "--yes").code == 0
    late = license(2, "198.51.100.99", NAME, remoteid=MARK)
    office.edit_world(lambda world: world["licenses"].append(late))
    office.forget_calls()
    return office


def test_a_second_license_with_the_same_mark_goes_into_the_pool(office: Office) -> None:
    result = office.run("fixchilds", "--json")
    assert (result.code, result.changes) == (0, [("release", "license:2", "done")])
    (late,) = office.licenses(id=2)
    freed = (late["licname"], late["ip"], late["remoteid"], late["status"])
    assert freed == (FREE_NAME, FREE_IP, "", SUSPENDED)
    assert (office.links, office.licenses(id=1)[0]["status"]) == ({"12": "1"}, ACTIVE)
    office.forget_calls()
    assert office.run("fixchilds", "--json").json["totals"]["in_sync"] == 1
    assert office.writes == []


def test_it_is_shown_before_and_counted_against_the_limit(office: Office) -> None:
    dry = office.run("fixchilds", "--dry-run", "--json")
    assert (dry.code, dry.changes) == (0, [("release", "license:2", "planned")])
    refused = office.run("fixchilds", "--max-releases", "0")
    assert (refused.code, "--max-releases 1" in refused.err) == (5, True)
    assert office.writes == []
    assert office.run("fixchilds", "--max-releases", "1").code == 0


@pytest.mark.parametrize("words", [["fixchilds", "--yes"], ["checkevent"]], ids=str)
def test_with_a_clock_that_is_a_day_off_nothing_is_released(office: Office, words: list[str]) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=26), usegmt=True)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(BaseHTTPRequestHandler, "date_time_string", lambda _: later)
        result = office.run(*words)
    assert (result.code, office.writes) == (5, [])
    assert "this machine's clock is 26.0 hours off the remote's" in result.err
    assert office.run("fixchilds").code == 0
