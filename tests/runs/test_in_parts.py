"""Licenses bought by the year and sold by the month: the story of the manual, with its money counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.conftest import OpenOffice
from tests.runs.days import Days
from tests.runs.worlds import FREE_NAME, LITE, Fields, service

BY_THE_YEAR = "[[alignment]]\nmonths = 1\ninto = 12\n"


def opened(open_office: OpenOffice, settings: str) -> Days:
    """Open an office on 2027-02-01 with customer 12, who has a server by the month, and its license."""
    days = Days(open_office(services=[service("12")], more=settings))
    assert days.run("fixchilds", "--yes").code == 0
    return days


def months_pass(days: Days, until: str) -> None:
    """Let months pass; checkevent has something to do on the day before a license ends, and on the last."""
    while days.today < date.fromisoformat(until):
        ends = (date.fromisoformat(each["expiredate"]) - timedelta(days=1) for each in days.office.licenses())
        days.wait_until(min([date.fromisoformat(until), *(day for day in ends if day > days.today)]))
        assert days.check("--json").code == 0


def charges(days: Days) -> list[str]:
    return [each["amount"] for each in days.office.world["charges"]]


def only_license(days: Days) -> Fields:
    [found] = days.office.licenses(pricelist=LITE)
    return found


def test_a_year_is_bought_once_and_sold_to_two_customers(open_office: OpenOffice) -> None:
    days = opened(open_office, BY_THE_YEAR)
    assert (charges(days), only_license(days)["expiredate"]) == (["40.00"], "2028-02-01")

    months_pass(days, "2027-04-29")  # the customer stays for three months, and then leaves
    assert days.run("service", "close", "12").code == 0
    assert only_license(days)["licname"] == FREE_NAME

    months_pass(days, "2027-06-10")  # the license rests for a month
    days.office.import_services(service("13"))
    assert days.run("fixchilds", "--json").changes == [("take", "13", "done")]
    assert only_license(days)["ip"] == "203.0.113.13"

    months_pass(days, "2028-01-30")  # the next customer has what the first has left
    assert (charges(days), only_license(days)["expiredate"]) == (["40.00"], "2028-02-01")

    months_pass(days, "2028-01-31")  # and stays: it is renewed for what the alignment says now
    assert (charges(days), only_license(days)["expiredate"]) == (["40.00", "40.00"], "2029-02-01")


def test_the_same_by_the_month_costs_what_each_month_costs(open_office: OpenOffice) -> None:
    days = opened(open_office, "")
    months_pass(days, "2027-04-29")
    assert days.run("service", "close", "12").code == 0
    months_pass(days, "2027-06-10")
    days.office.import_services(service("13"))
    assert days.run("fixchilds", "--json").changes == [("order", "13", "done")]
    months_pass(days, "2028-01-30")
    first, second = ["4.00"] * 3, ["4.00"] * 8
    assert charges(days) == [*first, *second]  # 44.00, and what is left of them serves nobody


@pytest.mark.parametrize(
    ("later", "cost", "end"), [("", "4.00", "2028-03-01"), (BY_THE_YEAR, "40.00", "2029-02-01")]
)
def test_a_renewal_asks_the_alignment_of_its_day(
    open_office: OpenOffice, later: str, cost: str, end: str
) -> None:
    days = opened(open_office, BY_THE_YEAR)
    days.office.set_settings(later)
    days.wait_until(date(2028, 1, 31))
    assert days.check().code == 0
    assert (charges(days), only_license(days)["expiredate"]) == (["40.00", cost], end)


def test_only_the_servers_of_its_tariff_get_licenses_for_a_year(open_office: OpenOffice) -> None:
    only = f'{BY_THE_YEAR}type = "vds"\ntariff = 3\n'
    office = open_office(services=[service("12"), service("13", tariff=4)], more=only)
    result = office.run("fixchilds", "--yes", "--json")
    assert [(each["service"], each["period"], each["cost"]) for each in result.json["changes"]] == [
        ("12", 12, "40.00"),
        ("13", 1, "4.00"),
    ]


def test_it_can_be_asked_which_alignment_decides(open_office: OpenOffice) -> None:
    office = open_office(more=f'{BY_THE_YEAR}type = "vds"\ntariff = 3\n')
    words = ("config", "explain", "55227", "--period", "10", "--months", "1")
    assert "remote period: 1  (same length as the local period)" in office.run(*words).out
    told = office.run(*words, "--type", "vds", "--tariff", "3").out
    assert "remote period: 12  ([[alignment]] months = 1, type = vds, tariff = 3, into = 12)" in told


def test_the_check_finds_an_alignment_that_buys_nothing_or_wastes_money(open_office: OpenOffice) -> None:
    office = open_office(more="[[alignment]]\nmonths = 1\ninto = 7\n")
    result = office.run("config", "check")
    assert (result.code, "no tariff of main is sold for that period" in result.err) == (78, True)
    office.set_settings(f'reuse = "never"\n{BY_THE_YEAR}')
    result = office.run("config", "check")
    assert (result.code, "what a customer leaves of it is not reused" in result.err) == (0, True)
    assert office.run("config", "check", "--strict").code == 78
    assert "what a customer leaves of it is not reused" in office.run("config", "check", "--offline").err
