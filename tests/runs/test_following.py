"""Licenses follow their services: they stop, start, and are given up with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cpbillmgr.planner.basis.months import add_months
from tests.conftest import OpenOffice
from tests.runs.calendar import Calendar, done, told
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, FREE_IP, FREE_NAME, SUSPENDED, day, license, service, strangers

DELETED = 4
LATER = {"expiredate": day(300)}


def an_office(open_office: OpenOffice, more: str = "", **ours: Any) -> Office:
    """Open an office where service 12 has license 1, and everything is in accord."""
    office = open_office(
        services=[service("12")],
        licenses=[license(1, "203.0.113.12", **LATER | ours), *strangers(2)],
        more=more,
    )
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    office.forget_calls()
    return office


def status(office: Office) -> int:
    (found,) = office.licenses(id=1)
    return int(found["status"])


def test_what_an_import_says_of_services_is_passed_on_to_their_licenses(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    for said, is_now in (("suspended", SUSPENDED), ("active", ACTIVE), ("suspended", SUSPENDED)):
        office.import_services(service("12", status=said))
        assert office.run("checkevent").code == 0
        assert status(office) == is_now
    assert [call["func"] for call in office.writes] == ["soft.suspend", "soft.resume", "soft.suspend"]
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])


@pytest.mark.parametrize(("word", "func"), [("suspend", "soft.suspend"), ("close", "soft.suspend")])
def test_a_word_about_a_service_acts_on_its_license_at_once(
    open_office: OpenOffice, word: str, func: str
) -> None:
    office = an_office(open_office)
    dry = office.run("service", word, "12", "--dry-run", "--json")
    assert (dry.code, [each[2] for each in dry.changes], office.writes) == (0, ["planned"], [])
    assert office.run("service", "show", "12", "--json").json["services"][0]["status"] == "active"
    result = office.run("service", word, "12", "--json")
    assert (result.code, [each[2] for each in result.changes]) == (0, ["done"])
    assert office.writes[0]["func"] == func
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])


def test_what_the_remote_could_not_be_told_now_the_next_run_tells(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.fault("503:soft:2")
    assert office.run("service", "suspend", "12").code == 75
    assert status(office) == ACTIVE
    assert office.run("checkevent").code == 0
    assert status(office) == SUSPENDED


def test_a_closed_services_license_goes_into_the_pool(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("service", "close", "12").code == 0
    (freed,) = office.licenses(id=1)
    assert (freed["licname"], freed["ip"], freed["status"]) == (FREE_NAME, FREE_IP, SUSPENDED)
    assert office.links == {}


def test_it_is_deleted_where_nothing_is_to_be_reused(open_office: OpenOffice) -> None:
    office = an_office(open_office, 'reuse = "never"')
    assert office.run("service", "close", "12").code == 0
    assert (status(office), office.links) == (DELETED, {})


def test_a_service_that_asks_for_no_panel_any_more_gives_its_license_up(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.import_services(service("12", "nopanel"))
    assert office.run("checkevent").code == 0
    assert office.licenses(id=1)[0]["licname"] == FREE_NAME


def test_an_address_that_may_not_change_yet_is_freed_on_its_day(open_office: OpenOffice) -> None:
    moved = date.fromisoformat(day(-5))
    office = an_office(open_office, ip_change_date=str(moved))
    calendar = Calendar(office)
    office.run("service", "close", "12")
    assert (status(office), office.links) == (SUSPENDED, {"12": "1"})
    first = max(add_months(moved, 1), moved + timedelta(days=31)) + timedelta(days=1)
    calendar.until(first - timedelta(days=1))
    office.forget_calls()
    assert (done(calendar.checkevent()), office.writes) == ([], [])
    calendar.until(first)
    assert done(calendar.checkevent()) == [("release", "1")]
    assert (office.licenses(id=1)[0]["licname"], office.links) == (FREE_NAME, {})


def test_a_service_that_is_opened_again_before_that_keeps_its_license(open_office: OpenOffice) -> None:
    office = an_office(open_office, ip_change_date=day(-5))
    office.run("service", "close", "12")
    assert office.run("service", "resume", "12").code == 0
    assert (status(office), office.links) == (ACTIVE, {"12": "1"})


def test_a_release_by_hand_that_was_too_early_is_finished_on_its_day(open_office: OpenOffice) -> None:
    office = an_office(open_office, ip_change_date=day(-5))
    assert office.run("license", "release", "1").code == 69
    calendar = Calendar(office)
    assert (done(calendar.checkevent()), status(office)) == ([], SUSPENDED)
    assert (office.run("fixchilds", "--yes").code, office.run("operation", "list", "--tasks", "-q").out) == (
        0,
        "",
    )
    calendar.pass_by(days=40)
    assert done(calendar.checkevent()) == [("release", "1")]


def test_what_was_done_by_hand_is_told_once_and_not_undone(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"][0].update(status=SUSPENDED))
    first = office.run("checkevent")
    assert first.code == 0
    assert "license 1 was changed by somebody else: its status was active" in first.err
    assert "see 'cpbillmgr license resume 1'" in first.err
    second = office.run("checkevent")
    assert (second.out, second.err, status(office), office.writes) == ("", "", SUSPENDED, [])
    assert office.run("license", "resume", "1").code == 0
    assert office.run("checkevent").err == ""


def test_a_license_that_is_suspended_by_hand_here_stays_so(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("license", "suspend", "1").code == 0
    assert office.run("checkevent").code == 0
    assert status(office) == SUSPENDED
    office.run("service", "suspend", "12")
    office.run("service", "resume", "12")
    assert status(office) == ACTIVE, "a word about the service counts again"


def test_an_account_without_the_right_is_told_once_and_is_no_error(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["account"].update(allowsuspenditem=False))
    office.import_services(service("12", status="suspended"))
    first = office.run("checkevent")
    assert (first.code, first.err.count("\n")) == (0, 1)
    assert "this account may not suspend licenses at the remote" in first.err
    office.forget_calls()
    for _ in range(3):
        result = office.run("checkevent")
        assert (result.code, result.out, result.err, office.writes) == (0, "", "", [])


def test_what_is_refused_ten_times_is_left_to_a_person_who_is_told_twice(open_office: OpenOffice) -> None:
    office = an_office(open_office, expiredate=day(3))
    office.run("service", "suspend", "12")
    office.control("clock", {"days": "10"})  # for the remote the license has ended: it refuses to resume it
    office.import_services(service("12"))
    office.forget_calls()
    news = []
    for _ in range(13):
        result = office.run("checkevent")
        news.append((result.code, result.err.count("resume of license 1")))
    assert news == [(3, 1), *[(3, 0)] * 8, (3, 1), *[(0, 0)] * 3]
    assert len(office.calls("soft.resume")) == 10
    office.control("clock", {"days": "-10"})
    assert office.run("operation", "restart", str(office.operations[-1].id)).code == 0
    assert status(office) == ACTIVE


def test_the_remotes_own_renewal_is_turned_off_on_what_is_ours_alone(open_office: OpenOffice) -> None:
    office = an_office(open_office, autoprolong="1")
    office.edit_world(lambda world: [each.update(autoprolong="1") for each in world["licenses"]])
    assert office.run("checkevent").code == 0
    assert [each["autoprolong"] for each in office.licenses()] == ["null", "1", "1"]


@pytest.mark.parametrize(("said", "option"), [("suspended", "--max-suspends"), ("deleted", "--max-releases")])
def test_a_run_that_would_take_too_many_licenses_writes_nothing(
    open_office: OpenOffice, said: str, option: str
) -> None:
    office = an_office(open_office)
    office.import_services(service("12", status=said))
    before = office.state_file.read_bytes()
    refused = office.run("checkevent", option, "0")
    assert (refused.code, f"{option} 1" in refused.err, office.writes) == (5, True, [])
    assert office.state_file.read_bytes() == before
    assert office.run("checkevent", option, "1").code == 0
    assert told(Calendar(office).checkevent()) == []
