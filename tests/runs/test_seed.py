"""The original's manual at a remote of generation 4: what its directive file promises is what is bought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cpbillmgr
from cpbillmgr.sandbox import new_world
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, FREE_IP, FREE_NAME, SUSPENDED, Fields, service

CONF = (Path(cpbillmgr.__file__).parents[1] / "conf/cpbillmgr.conf").read_text(encoding="utf-8")
LITE, PRO, IPMANAGER = 7, 11, 2891
MONTHS = {10: 1, 11: 3, 12: 6, 13: 12}  # the virtual server's order periods
ADDONS = {
    LITE: ("panel", "enumeration", "Lite"),
    PRO: ("panel", "enumeration", "Prof"),
    IPMANAGER: ("ipmgr", "logic", "on"),
}


def virtual_server(id: str, tariff: int, period: int, **more: Any) -> Fields:
    """Return a server that is ordered for a local period, with the add-on that means a remote tariff."""
    name, kind, value = ADDONS[tariff]
    addons = [{"id": 31, "name": name, "kind": kind, "value": value}]
    return service(id, period=period, months=MONTHS[period], addons=addons, **more)


def an_office(open_office: OpenOffice, *services: Fields, conf: str = CONF) -> Office:
    """Open an office with the manual's directives, at a remote with the price list of its time."""
    office = open_office(services=list(services), generation=4, conf=conf)
    office.edit_world(lambda world: world.update(tariffs=new_world(4)["tariffs"]))
    return office


def bought(office: Office) -> dict[str, tuple[int, int]]:
    """Return tariff and period of each service's license."""
    there = {str(each["id"]): (each["pricelist"], each["period"]) for each in office.world["licenses"]}
    return {service: there[license] for service, license in office.links.items()}


@pytest.mark.parametrize(
    ("tariff", "month", "lifetime"), [(LITE, 8, 9), (PRO, 16, 17), (IPMANAGER, 1815, 1817)]
)
def test_a_month_is_bought_for_a_month_and_a_lifetime_for_longer(
    open_office: OpenOffice, tariff: int, month: int, lifetime: int
) -> None:
    servers = [virtual_server(str(period), tariff, period) for period in MONTHS]
    office = an_office(open_office, *servers)
    assert office.run("fixchilds", "--yes", "--max-spend", "1000").code == 0
    wanted = {10: month, 11: lifetime, 12: lifetime, 13: lifetime}
    assert bought(office) == {str(period): (tariff, remote) for period, remote in wanted.items()}
    office.forget_calls()
    assert office.run("fixchilds").code == 0
    assert office.writes == []


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("", []),
        ("Option ReUseLicense\nReusePrice 4\n", []),
        ("Option ReUseLicense\nReusePrice 3\n", [(FREE_NAME, FREE_IP, SUSPENDED)]),
        ("Option ReUseLicense\nReusePrice 31\n", [(FREE_NAME, FREE_IP, SUSPENDED)]),
    ],
    ids=["not reused", "another package is reused", "the package is reused", "the add-on is reused"],
)
def test_a_deleted_server_gives_its_license_back_as_configured(
    open_office: OpenOffice, options: str, left: list[tuple[str, str, int]]
) -> None:
    office = an_office(open_office, virtual_server("12", LITE, 11), conf=CONF + options)
    office.run("fixchilds", "--yes")
    assert office.run("service", "close", "12").code == 0
    office.run("checkevent")
    there = [(each["licname"], each["ip"], each["status"]) for each in office.world["licenses"]]
    assert [each for each in there if each[2] in (ACTIVE, SUSPENDED)] == left
    assert office.links == {}


def test_a_freed_license_is_not_taken_before_its_address_has_rested(open_office: OpenOffice) -> None:
    office = an_office(
        open_office, virtual_server("12", LITE, 11), conf=f"{CONF}Option ReUseLicense\nReusePrice 3\n"
    )
    office.run("fixchilds", "--yes")
    office.run("service", "close", "12")
    office.import_services(virtual_server("13", LITE, 11))
    assert office.run("fixchilds", "--yes", "--json").changes == [("order", "13", "done")]


def test_no_license_is_ordered_for_a_suspended_server_where_the_option_says_so(
    open_office: OpenOffice,
) -> None:
    suspended = virtual_server("12", LITE, 10, status="suspended")
    office = an_office(open_office, suspended, conf=f"{CONF}Option NoFixSuspended\n")
    assert office.run("fixchilds", "--yes").code == 0
    assert (office.links, office.world["charges"]) == ({}, [])


def test_bad_lines_are_all_named_and_nothing_is_bought(open_office: OpenOffice) -> None:
    lines = CONF.splitlines()
    lines[4], lines[8], lines[10] = "Price ipmgr", "Period ten 8 7", "Period 10 8 7 9"
    office = an_office(open_office, virtual_server("12", LITE, 10), conf="\n".join(lines))
    result = office.run("fixchilds", "--yes")
    assert result.code == 78
    assert all(f"cpbillmgr.conf:{number}" in result.err for number in (5, 9, 11))
    assert office.calls() == []
