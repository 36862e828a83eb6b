"""Licenses of a generation 4 remote that are there: renewed, stopped, moved, freed, deleted."""

from __future__ import annotations

from datetime import date, timedelta
from time import time
from typing import Any

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.planner.checkevent import MONEY_TURN
from tests.conftest import OpenOffice
from tests.runs.calendar import Calendar, done, told
from tests.runs.office import Office
from tests.runs.worlds import (
    A_MONTH,
    A_TRIAL,
    ACTIVE,
    DELETED,
    FOR_LIFE,
    FREE_IP,
    FREE_NAME,
    OLD_PRO,
    STRANGER,
    SUSPENDED,
    Fields,
    day,
    old_license,
    service,
)

IP = "203.0.113.12"  # where service 12 stands
NAME = "Item #12 addon web12"
REUSE = "Option ReUseLicense\nReusePrice 3\n"
END = date.fromisoformat(day(20))
A_DAY = timedelta(days=1)


def an_office(open_office: OpenOffice, ours: Fields | None = None, **facts: Any) -> tuple[Office, Calendar]:
    """Open an office where service 12 has license 1, which is paid for 20 days more."""
    there = old_license(1, IP, NAME, **(ours or {}))
    stranger = old_license(6001, "198.51.100.1", f"{STRANGER} 1")
    services = facts.pop("services", [service("12", "Lite")])
    office = open_office(services=services, licenses=[there, stranger], generation=4, **facts)
    assert office.run("fixchilds", "--yes", "--link-only").code == 0
    calendar = Calendar(office)
    calendar.checkevent()
    office.forget_calls()
    return office, calendar


def the_license(office: Office) -> Fields:
    (found,) = office.licenses(id=1)
    return found


def charges(office: Office) -> list[str]:
    return [each["amount"] for each in office.world["charges"]]


def sent(office: Office) -> list[tuple[str, Fields]]:
    """Return functions and parameters of the calls that asked for a change."""
    return [(call["func"], call["params"]) for call in office.writes]


def test_a_run_in_which_nothing_has_happened_is_one_call(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)
    calendar.pass_by(minutes=int(-time() % MONEY_TURN.total_seconds()) // 60 + 2)  # no turn comes soon after
    calendar.checkevent()
    office.forget_calls()
    for _ in range(3):
        calendar.pass_by(minutes=5)
        report = calendar.checkevent()
        assert (report.rows, report.events, report.news) == ((), (), ())
    assert [call["func"] for call in office.calls()] == ["software"] * 3


def test_a_license_is_renewed_the_day_before_its_end_from_the_account_and_once(
    open_office: OpenOffice,
) -> None:
    office, calendar = an_office(open_office)
    calendar.until(END - 2 * A_DAY)
    assert done(calendar.checkevent()) == []
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    ((func, params),) = sent(office)
    assert (func, params["elid"], params["period"]) == ("software.period", "1", str(A_MONTH))
    assert params["payfrom"].removeprefix("account").isdecimal()
    for _ in range(3):
        calendar.pass_by(minutes=5)
        assert done(calendar.checkevent()) == []
    assert (the_license(office)["expiredate"], charges(office)) == (str(add_months(END, 1)), ["4.00"])


@pytest.mark.parametrize(("fault", "times"), [("cut-after", 1), ("half", 1), ("cut-before", 2), ("503", 2)])
def test_a_renewal_whose_answer_was_lost_is_paid_once(
    open_office: OpenOffice, fault: str, times: int
) -> None:
    office, calendar = an_office(open_office)
    office.fault(f"{fault}:software.period!")
    calendar.until(END - A_DAY)
    assert calendar.checkevent().exit_code == 7
    for _ in range(6):
        calendar.pass_by(minutes=8)
        calendar.checkevent()
    assert (the_license(office)["expiredate"], charges(office)) == (str(add_months(END, 1)), ["4.00"])
    assert len(office.calls("software.period")) == times
    assert [operation.state for operation in office.operations] == [State.DONE]


def test_a_trial_is_not_renewed_and_a_license_for_life_has_no_end(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, {"period": A_TRIAL})
    calendar.until(END - A_DAY)
    assert (calendar.checkevent().rows, office.writes) == ((), [])
    office, calendar = an_office(open_office, {"period": FOR_LIFE, "expiredate": None})
    calendar.pass_by(days=400)
    assert (calendar.checkevent().rows, office.writes) == ((), [])


def test_a_trial_is_deleted_and_not_released(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, {"period": A_TRIAL}, conf=REUSE)
    office.run("service", "set", "12", "panel=nopanel")
    assert done(calendar.checkevent()) == [("delete", "1")]
    assert [func for func, _ in sent(office)] == ["software.delete"]


def test_a_license_follows_its_service(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office, conf=REUSE)
    assert office.run("service", "suspend", "12", "--json").changes == [("suspend", "12", "done")]
    assert the_license(office)["status"] == SUSPENDED
    assert office.run("service", "resume", "12", "--json").changes == [("resume", "12", "done")]
    assert the_license(office)["status"] == ACTIVE
    assert office.run("service", "close", "12", "--json").changes == [("release", "12", "done")]
    freed = the_license(office)
    assert (freed["licname"], freed["ip"], freed["status"]) == (FREE_NAME, FREE_IP, SUSPENDED)
    assert [func for func, _ in sent(office)] == [
        "software.disable",
        "software.enable",
        "software.disable",
        "software.edit",
    ]
    assert office.links == {}


def test_without_the_option_a_license_that_is_not_wanted_any_more_is_deleted(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office)
    assert office.run("service", "close", "12", "--json").changes == [("delete", "12", "done")]
    assert the_license(office)["status"] == DELETED


def test_where_there_is_no_such_function_a_deletion_is_refused_and_told(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office, software_delete="unknown")
    result = office.run("license", "delete", "1")
    assert (result.code, result.err.count("\n"), the_license(office)["status"]) == (69, 1, ACTIVE)


def test_a_license_that_we_moved_is_freed_when_it_has_rested(open_office: OpenOffice) -> None:
    """The remote would refuse it before, and does not tell from when on it would not."""
    office, calendar = an_office(open_office, {"expiredate": day(200)}, conf=REUSE)
    assert office.run("license", "move", "1", "203.0.113.99").code == 0
    moved = the_license(office)
    assert (moved["ip"], moved["licname"]) == ("203.0.113.99", NAME)
    office.run("service", "set", "12", "ip=203.0.113.99")
    assert office.run("service", "close", "12", "--json").changes == [("suspend", "12", "done")]
    office.forget_calls()
    calendar.pass_by(days=31)
    assert (done(calendar.checkevent()), office.writes) == ([], [])
    calendar.pass_by(days=1)
    assert done(calendar.checkevent()) == [("release", "1")]


def test_what_a_rule_of_the_remote_forbids_is_tried_once_a_day(open_office: OpenOffice) -> None:
    """Somebody has moved the license before we ever saw it, so that only the remote knows of it."""
    office, calendar = an_office(
        open_office, {"ip_change_date": day(-28), "expiredate": day(200)}, conf=REUSE
    )
    office.run("service", "set", "12", "panel=nopanel")
    report = calendar.checkevent()
    assert (report.exit_code, told(report)) == (3, ["release 1"])
    for _ in range(3):
        calendar.pass_by(minutes=5)
        assert calendar.checkevent().rows == ()
    calendar.pass_by(days=5)
    assert done(calendar.checkevent()) == [("release", "1")]


def test_where_the_remote_says_that_it_is_too_early_it_is_tried_again_a_month_later(
    open_office: OpenOffice,
) -> None:
    """It does not say from which day on it is not, and only it knows of the change."""
    office, calendar = an_office(
        open_office, {"ip_change_date": day(-1), "expiredate": day(200)}, conf=REUSE, refusal="typed"
    )
    office.run("service", "set", "12", "panel=nopanel")
    assert calendar.checkevent().exit_code == 3
    assert the_license(office)["status"] == SUSPENDED
    office.forget_calls()
    calendar.pass_by(days=31)
    assert (done(calendar.checkevent()), office.writes) == ([], [])
    calendar.pass_by(days=1)
    assert done(calendar.checkevent()) == [("release", "1")]


@pytest.mark.parametrize("fault", ["cut-after", "cut-before", "half"])
@pytest.mark.parametrize("func", ["software.disable", "software.edit"])
def test_a_release_whose_answer_was_lost_goes_on(open_office: OpenOffice, fault: str, func: str) -> None:
    office, _ = an_office(open_office)
    office.fault(f"{fault}:{func}!")
    assert office.run("license", "release", "1").code == 7
    assert office.run("license", "release", "1").code == 0
    freed = the_license(office)
    assert (freed["licname"], freed["ip"], freed["status"]) == (FREE_NAME, FREE_IP, SUSPENDED)
    assert (office.links, charges(office)) == ({}, [])


def test_a_license_is_renewed_by_hand_for_its_own_period_or_another(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office)
    assert office.run("license", "renew", "1", "--json").json["cost"] == [
        {"amount": "4.00", "currency": "EUR"}
    ]
    assert office.run("license", "renew", "1", "--period", str(A_MONTH)).code == 0
    assert the_license(office)["expiredate"] == str(add_months(add_months(END, 1), 1))
    for period in (FOR_LIFE, A_TRIAL):
        refused = office.run("license", "renew", "1", "--period", str(period))
        assert (refused.code, "Only months renew a license" in refused.err) == (2, True)
    assert office.run("license", "renew", "1", "--period", "16").code == 2
    assert charges(office) == ["4.00", "4.00"]


def test_the_tariff_of_a_license_cannot_be_changed(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office)
    refused = office.run("license", "change-tariff", "1", str(OLD_PRO))
    assert (refused.code, refused.err.count("\n"), office.calls()) == (2, 1, [])
    assert "does not change the tariff" in refused.err


def test_a_license_is_shown_with_its_period_as_the_remote_calls_it(open_office: OpenOffice) -> None:
    office, _ = an_office(open_office)
    assert f"period {A_MONTH}" in office.run("license", "show", "1").out
    shown = office.run("license", "show", "1", "--json").json["licenses"][0]
    assert (shown["period"], shown["remoteid"], shown["key"]) == (A_MONTH, "", None)
