"""``sandbox clock``, and runs that live by the clock of their pretend world."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from cpbillmgr.model.where import Where
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.runs.site import open_sites
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, SUSPENDED, day, license, service, spare

SOON = timedelta(minutes=1)


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office in a world of its own: service 12 has license 1, and license 2 was moved 5 days ago."""
    moved = day(-5)
    office = open_office(
        services=[service("12")],
        licenses=[
            license(1, "203.0.113.12"),
            spare(2, expiredate=day(300), ip_change_date=moved, lickey_change_date=moved),
        ],
    )
    office.set_settings(url="sandbox:world.json")
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "1"}
    return office


def clock(office: Office, *words: str) -> datetime:
    """Have the world's clock set, or shown, and return what it shows."""
    result = office.run("sandbox", "clock", *words, "--json")
    assert result.code == 0, result.err
    assert result.json["schema"] == "cpbillmgr/clock/1"
    return datetime.fromisoformat(result.json["now"])


def test_a_clock_that_nobody_has_set_runs_with_this_machine(office: Office) -> None:
    assert abs(clock(office) - datetime.now(UTC)) < SOON
    assert "runs with this machine" in office.run("sandbox", "clock").out
    assert office.world.get("clock") is None


def test_a_clock_is_moved_and_set_and_then_stands_still(office: Office) -> None:
    assert abs(clock(office, "--days", "40") - datetime.now(UTC) - timedelta(days=40)) < SOON
    there = datetime(2030, 1, 1, 8, tzinfo=UTC)
    assert clock(office, "--at", "2030-01-01T10:00+02:00") == there
    assert clock(office, "--days", "-1") == there - timedelta(days=1)
    result = office.run("sandbox", "clock", "--world", "world.json")
    assert (result.code, result.out) == (0, "2029-12-31T08:00:00+00:00 (stands still)\n")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--at", "noon"], 2, "must be a time such as"),
        (["--at", "0001-01-01T00:00+14:00"], 2, "must be a time such as"),
        (["--at", ""], 2, "must be a time such as"),
        (["--days", "tomorrow"], 2, "not a whole number"),
        (["--days", "99999999"], 2, "years 1 to 9999"),
        (["--days", "1", "--at", "2030-01-01"], 2, "exclude each other"),
        (["--world", "nowhere.json"], 2, "No such file"),
        (["--world", "cpbillmgr.toml", "--days", "1"], 78, "is not JSON"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_no_clock_is_told_in_one_line(office: Office, words: list[str], code: int, told: str) -> None:
    before = office.world
    result = office.run("sandbox", "clock", *words)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert told in result.err
    assert office.world == before


def test_a_license_is_renewed_from_the_day_that_it_is_in_its_world(office: Office) -> None:
    today = clock(office, "--days", "40").date()
    office.edit_world(lambda world: world["licenses"][0].update(status=SUSPENDED))
    result = office.run("license", "renew", "1", "--json")
    assert (result.code, result.changes) == (0, [("renew", "12", "done")])
    (renewed,) = office.licenses(id=1)
    assert (renewed["expiredate"], renewed["status"]) == (str(add_months(today, 1)), ACTIVE)


def test_a_license_of_the_pool_has_rested_when_the_world_says_so(office: Office) -> None:
    office.import_services(service("12"), service("13"))
    planned = office.run("fixchilds", "--dry-run", "--json").changes
    assert planned == [("order", "13", "planned")], "it was moved too recently"
    clock(office, "--days", "40")
    assert office.run("fixchilds", "--yes", "--json").changes == [("take", "13", "done")]
    assert office.links == {"12": "1", "13": "2"}


def test_the_journal_tells_the_time_of_the_world(office: Office) -> None:
    there = clock(office, "--at", f"{day(3)}T04:05:06")
    assert office.run("license", "renew", "1").code == 0
    (operation,) = office.operations
    assert (operation.planned_at, operation.sent_at) == (there, there)


def test_a_lost_answer_is_settled_in_a_world_that_stands_still(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.control("clock", {"days": "40"})
    office.fault("cut-after:soft.order.param!")
    assert office.run("fixchilds", "--yes").code == 7
    office.set_settings(url="sandbox:world.json")
    assert office.run("fixchilds", "--yes").code == 0
    assert len(office.links) == len(office.orders) == 1


def test_the_time_of_a_run_follows_the_worlds_file(office: Office) -> None:
    with open_sites(Where(office.settings), "fixchilds", writes=False) as (site,):
        assert abs(site.now() - datetime.now(UTC)) < SOON
        assert clock(office, "--days", "-3") == site.now().replace(microsecond=0)
        assert clock(office, "--at", "2030-01-01") == site.now() == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_served_world_is_spoken_to_at_the_time_of_this_machine(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    office.control("clock", {"days": "40"})
    with open_sites(Where(office.settings), "fixchilds", writes=False) as (site,):
        assert site.now().date() == date.fromisoformat(day(0))


def test_a_real_remote_is_asked_without_loading_the_sandbox(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    code = "import sys; from cpbillmgr.cli.main import run; code = run(['fixchilds', '--dry-run', '-q'])\n"
    code += "sys.exit(code or 'cpbillmgr.sandbox' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=office.folder, check=False).returncode == 0
