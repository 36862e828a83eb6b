"""A run in which nothing has happened: one call, no word, and nothing written but the time of the look."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service, spare, strangers

TIMES = "UPDATE look SET at = '', checked_at = ''"


def content(office: Office) -> list[str]:
    """Return all that the state holds, as SQL, but for the times of the last looks."""
    with closing(sqlite3.connect(":memory:")) as copy, closing(sqlite3.connect(office.state_file)) as state:
        state.backup(copy)
        copy.execute(TIMES)
        return list(copy.iterdump())


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    office = open_office(
        services=[service("12"), service("13", status="suspended"), service("14", "nopanel")],
        licenses=[license(1, "203.0.113.12"), license(2, "203.0.113.13"), spare(3), *strangers(5)],
    )
    assert office.run("fixchilds", "--yes").code == 0
    for _ in range(2):  # the first makes what is there follow its services, the second sees it
        assert office.run("checkevent").code == 0
    office.forget_calls()
    return office


def test_it_asks_for_the_list_and_for_nothing_else(office: Office) -> None:
    for _ in range(3):
        result = office.run("checkevent")
        assert (result.code, result.out, result.err) == (0, "", "")
        assert [call["func"] for call in office.calls()] == ["soft"]
        office.forget_calls()


def test_it_changes_nothing_in_the_state_but_the_time_of_the_look(office: Office) -> None:
    before = content(office)
    with office.state() as state:
        then = state.sightings.look("main")
    assert office.run("checkevent").code == 0
    with office.state() as state:
        now = state.sightings.look("main")
    assert content(office) == before
    assert then is not None
    assert now is not None
    assert then.at < now.at
    assert now.checked_at == now.at


def test_it_says_nothing_as_a_process_of_its_own_either(office: Office) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cpbillmgr", "checkevent", "--settings", str(office.settings)],
        capture_output=True,
        cwd=office.folder,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_dry_run_writes_not_even_the_time(office: Office) -> None:
    office.import_services(service("12", status="suspended"))
    before = office.state_file.read_bytes()
    result = office.run("checkevent", "--dry-run", "--json")
    assert (result.code, result.changes) == (0, [("suspend", "12", "planned")])
    assert (office.state_file.read_bytes(), office.writes) == (before, [])


def forms(office: Office) -> list[str]:
    return [call["params"]["elid"] for call in office.calls("soft.edit")]


def test_only_what_is_new_or_ours_and_changed_is_looked_at_closely(office: Office) -> None:
    def change(world: dict[str, list[dict[str, object]]]) -> None:
        world["licenses"][0].update(licname="renamed")  # ours
        world["licenses"][3].update(licname="stranger renamed")
        world["licenses"].append(license(77, "198.51.100.77", "stranger, new"))

    office.edit_world(change)
    assert office.run("checkevent").code == 0
    assert sorted(forms(office)) == ["1", "77"]
    office.forget_calls()
    assert (office.run("checkevent").code, forms(office)) == (0, [])


def test_everything_is_looked_at_closely_when_that_is_asked_for(office: Office) -> None:
    assert office.run("checkevent", "--full").code == 0
    assert len(forms(office)) == len(office.licenses())
