"""``checkevent`` as cron starts it: a process of its own, which is silent while nothing happens."""

from __future__ import annotations

from tests.cli.conftest import Spawn
from tests.conftest import OpenOffice
from tests.runs.days import dump
from tests.runs.worlds import day, license, service


def test_a_quiet_process_asks_once_and_says_nothing(open_office: OpenOffice, spawn: Spawn) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12", expiredate=day(20))])
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    office.forget_calls()
    before = dump(office)
    result = spawn(office, "checkevent")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert ([call["func"] for call in office.calls()], dump(office)) == (["soft"], before)


def test_a_process_that_finds_a_change_tells_it_once(open_office: OpenOffice, spawn: Spawn) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    assert office.run("fixchilds", "--yes").code == 0
    assert spawn(office, "checkevent").returncode == 0
    office.edit_world(lambda world: world["licenses"][0].update(licname="by\u202ehand"))
    told = spawn(office, "checkevent")
    assert (told.returncode, told.stdout.count("\n"), told.stderr.count("\n")) == (0, 0, 1)
    assert "license 1 was changed by somebody else" in told.stderr
    assert "\u202e" not in told.stdout + told.stderr
    again = spawn(office, "checkevent")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
