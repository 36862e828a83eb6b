"""``status``: how everything is, from the state alone, for a person and for monitoring."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.conftest import OpenOffice
from tests.runs.days import START, Days, linked, on, paid
from tests.runs.office import Result
from tests.runs.worlds import FREE_IP, FREE_NAME, SUSPENDED, service, strangers

SAMPLE = re.compile(r'cpbillmgr_[a-z_]+\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\} -?[0-9]+(\.[0-9]+)?')


@pytest.fixture
def days(open_office: OpenOffice) -> Days:
    free = {"licname": FREE_NAME, "status": SUSPENDED}
    licenses = [
        paid(1, "203.0.113.12", 20),
        paid(10, FREE_IP, 20, **free),
        paid(11, FREE_IP, 20, ip_change_date=on(-3), **free),
        *strangers(2),
    ]
    days = linked(open_office, licenses, [service("12")])
    assert days.check("--full").code == 0
    days.office.forget_calls()
    return days


def nagios(days: Days, *words: str) -> Result:
    result = days.run("status", "--format", "nagios", *words)
    assert result.out.count("\n") == 1
    return result


def test_where_all_is_well_it_says_so_with_the_figures(days: Days) -> None:
    result = nagios(days)
    assert result.code == 0
    assert re.sub("age'=[0-9]s", "age'=0s", result.out) == (
        "CPBILLMGR OK - main: 5 licenses, balance 1000.00 EUR | 'main checkevent age'=0s;900;3600;0"
        " 'main balance'=1000.00; 'main licenses'=5;;;0 'main in doubt'=0;0;;0 'main for a person'=0;;0;0"
        " 'main warnings'=0;0;;0 'main alarms'=0;;0;0 'main pool'=2;;;0\n"
    )


@pytest.mark.parametrize(
    ("minutes", "code", "told"),
    [
        (14.5, 0, "OK - main: 5 licenses"),
        (16.5, 1, "WARNING - main: the last checkevent was 16 minutes ago"),
        (59.5, 1, "WARNING - main: the last checkevent was 59 minutes ago"),
        (61.5, 2, "CRITICAL - main: the last checkevent was 61 minutes ago"),
        (301, 2, "CRITICAL - main: the last checkevent was 5 hours ago"),
    ],
)
def test_a_checkevent_that_does_not_run_is_told(days: Days, minutes: float, code: int, told: str) -> None:
    days.wait(minutes=minutes)
    result = nagios(days)
    assert (result.code, told in result.out) == (code, True)


@pytest.mark.parametrize(("minutes", "code", "age"), [(-0.5, 0, "0s"), (-2, 3, "U"), (-100_000, 3, "U")])
def test_what_is_ahead_of_the_clock_is_not_healthy(days: Days, minutes: float, code: int, age: str) -> None:
    days.wait(minutes=minutes)
    result = nagios(days)
    assert (result.code, f"checkevent age'={age};900" in result.out) == (code, True)
    if code:
        assert "UNKNOWN - main: the last checkevent is ahead of the clock: set the clock" in result.out
        assert ", ahead of the clock\n" in days.run("status").out


def test_what_was_never_looked_at_is_unknown(open_office: OpenOffice) -> None:
    result = nagios(Days(open_office()))
    assert (result.code, "UNKNOWN - main: no checkevent has ever looked" in result.out) == (3, True)


def test_a_state_that_cannot_be_read_is_unknown_too(days: Days) -> None:
    whole = days.office.state_file.read_bytes()
    days.office.state_file.write_bytes(b"no database at all")
    assert days.run("status").code == 74
    result = nagios(days)
    days.office.state_file.write_bytes(whole)
    assert (result.code, result.out.startswith("CPBILLMGR UNKNOWN - ")) == (3, True)


def test_a_warning_and_an_alarm_are_told(days: Days) -> None:
    days.office.edit_world(lambda world: world["licenses"][0].update(ip="203.0.113.99"))
    assert days.check().code == 0
    result = nagios(days)
    assert (result.code, "license 1 is on 203.0.113.99" in result.out) == (1, True)
    days.office.edit_world(lambda world: world["licenses"].pop(0))
    assert days.check().code == 0
    result = nagios(days)
    assert (result.code, "license 1 of service 12 is gone" in result.out) == (2, True)


def test_an_order_in_doubt_is_told(days: Days) -> None:
    days.office.import_services(service("13"))
    days.office.fault("cut-before:soft.order.param!")
    days.office.set_settings('reuse = "never"')
    assert days.run("fixchilds", "--yes").code == 7
    result = nagios(days)
    assert (result.code, "operations in doubt: 1" in result.out) == (1, True)


def test_a_balance_below_the_minimal_one_is_told(days: Days) -> None:
    days.office.set_settings(minimal_balance="1000.01")
    result = nagios(days)
    assert (result.code, "'main balance'=1000.00;1000.01:" in result.out) == (1, True)
    assert "the account has 1000.00 EUR, less than the minimal balance of 1000.01" in result.out


def test_the_balance_is_the_last_one_less_what_was_paid_since(days: Days) -> None:
    days.office.import_services(*(service(id) for id in ("12", "13", "14")))
    days.wait(hours=1)
    assert days.run("fixchilds", "--yes").code == 0  # one of the pool, one for 4.00
    (shown,) = days.run("status", "--json").json["remotes"]
    assert Decimal(shown["balance"]["amount"]) == Decimal(days.office.world["account"]["balance"])
    assert shown["balance"] == {"amount": "996.00", "currency": "EUR"}


def test_a_license_that_was_just_taken_is_not_in_the_pool_any_more(days: Days) -> None:
    days.office.import_services(service("13"))
    assert days.run("fixchilds", "--yes", "--json").changes == [("take", "13", "done")]
    assert "main pool'=1;" in nagios(days).out


def test_nothing_is_asked_unless_that_is_wished_for(days: Days) -> None:
    before = days.office.state_file.read_bytes()
    days.office.edit_world(lambda world: world["account"].update(balance="7.00"))
    days.wait(hours=3, minutes=1)
    told = days.run("status").out
    assert f"1000.00 EUR, asked {START:%Y-%m-%dT%H:%M}" in told
    assert "3 hours ago" in told
    assert days.office.calls() == []
    assert "7.00 EUR, asked" in days.run("status", "--ask").out
    assert ([call["func"] for call in days.office.calls()], days.office.state_file.read_bytes()) == (
        ["whoami"],
        before,
    )


def test_what_prometheus_reads_is_well_formed(days: Days) -> None:
    lines = days.run("status", "--format", "prometheus").out.splitlines()
    named = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    samples = [line for line in lines if not line.startswith("#")]
    assert len(named) == len(set(named)) == len([line for line in lines if line.startswith("# HELP ")])
    assert [line for line in samples if not SAMPLE.fullmatch(line)] == []
    assert {line.partition("{")[0] for line in samples} == set(named)
    assert 'cpbillmgr_balance{remote="main",currency="EUR"} 1000.00' in samples
    assert 'cpbillmgr_pool_licenses{remote="main"} 2' in samples
    assert 'cpbillmgr_pool_usable_licenses{remote="main"} 1' in samples
    checked = next(line for line in samples if line.startswith("cpbillmgr_last_checkevent"))
    assert abs(int(checked.split()[1]) - START.timestamp()) < timedelta(minutes=1).total_seconds()


def test_for_scripts_there_is_all_of_it(days: Days) -> None:
    days.office.import_services(service("12"), service("13"))
    assert days.run("fixchilds", "--yes").code == 0
    shown = days.run("status", "--json").json
    assert (shown["schema"], shown["health"], shown["reasons"]) == ("cpbillmgr/status/1", "ok", [])
    assert [each["command"] for each in shown["commands"]] == ["fixchilds"]
    assert days.run("status", "-q").out == "ok\n"
