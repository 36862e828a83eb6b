"""``pool``: what lies idle, from when it can be used, and who would take it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenOffice
from tests.runs.days import Days, linked, on, paid
from tests.runs.worlds import BUSINESS, FREE_IP, FREE_NAME, NODES, PRO, SUSPENDED, Fields, service, strangers

RESTING = "its address changed on 2027-01-22, it can be used from 2027-02-23"


def rested(id: int, until: int, **more: Any) -> Fields:
    """Return a license of the pool that is paid for so many days more."""
    return paid(id, FREE_IP, until, licname=FREE_NAME, status=SUSPENDED, **more)


@pytest.fixture
def days(open_office: OpenOffice) -> Days:
    licenses = [
        paid(1, "203.0.113.12"),
        rested(10, 20),
        rested(11, 28, pricelist=PRO),
        rested(12, 300, period=12, ip_change_date=on(-10)),
        rested(13, 20, ip_change_date=on(-3)),
        rested(14, 14, period=-100),
        rested(15, 20, pricelist=BUSINESS, addons={str(NODES): 2}),
        *strangers(4),
    ]
    return linked(open_office, licenses, [service("12")])


def pooled(days: Days) -> dict[str, Fields]:
    return {each["id"]: each for each in days.run("pool", "--json").json["licenses"]}


def test_each_license_of_the_pool_is_told_once_and_nothing_else(days: Days) -> None:
    assert sorted(pooled(days)) == ["10", "11", "12", "13", "14", "15"]


def test_what_can_be_used_comes_first_then_what_can_be_used_soonest(days: Days) -> None:
    assert days.run("pool", "-q").out.split() == ["11", "10", "15", "14", "12", "13"]


@pytest.mark.parametrize(
    ("id", "idle", "usable_from", "why_not", "best_use"),
    [
        ("10", "2.58", "2026-12-05", None, "expires unused on 2027-02-21"),  # 20 of 31 days of 4.00
        ("11", "8.10", "2026-12-05", None, "expires unused on 2027-03-01"),  # the whole of February
        ("12", "32.87", "2027-02-23", RESTING, RESTING),
        (
            "13",
            "2.58",
            "2027-03-02",
            "its address changed on 2027-01-29, it can be used from 2027-03-02",
            "expires unused on 2027-02-21",
        ),
        ("14", None, "2026-12-05", "trials are not reused", "trials are not reused"),
        ("15", "16.12", "2026-12-05", None, "expires unused on 2027-02-21"),  # 20 of 31 days of 15 + 2 x 5
    ],
)
def test_it_is_told_what_is_left_of_each_and_what_becomes_of_it(
    days: Days, id: str, idle: str | None, usable_from: str, why_not: str | None, best_use: str
) -> None:
    found = pooled(days)[id]
    assert (found["idle"], found["usable_from"]) == (idle, usable_from)
    assert (found["why_not"], found["best_use"]) == (why_not, best_use)


def test_who_waits_takes_what_fixchilds_then_gives(days: Days) -> None:
    days.office.edit_world(lambda world: world["licenses"].append(rested(16, 25)))
    days.office.import_services(service("13"), service("14", str(PRO)))
    found = pooled(days)
    assert [found[id]["service"] for id in ("16", "10", "11")] == ["13", None, "14"]
    assert found["16"]["best_use"] == "service 13 panel"
    assert days.run("fixchilds", "--yes").code == 0
    assert days.office.links == {"12": "1", "13": "16", "14": "11"}


def test_a_tariff_that_is_not_sold_any_more_serves_nobody(days: Days) -> None:
    days.office.edit_world(lambda world: world["tariffs"][0].update(orderable=False))
    assert pooled(days)["10"]["why_not"] == "its tariff is not sold any more"


def test_looking_changes_nothing(days: Days) -> None:
    before, world = days.office.state_file.read_bytes(), days.office.world
    assert days.run("pool").code == 0
    assert (days.office.writes, days.office.state_file.read_bytes(), days.office.world) == ([], before, world)


def test_the_last_line_has_the_sums(days: Days) -> None:
    told = days.run("pool")
    assert told.out.splitlines()[-1] == "6 in the pool, 3 usable now, 62.25 EUR idle."
    assert days.run("pool", "--json").json["idle"] == [{"amount": "62.25", "currency": "EUR"}]


def test_an_empty_pool_has_no_table(open_office: OpenOffice) -> None:
    assert open_office(licenses=strangers(3)).run("pool").out == "0 in the pool, 0 usable now.\n"
