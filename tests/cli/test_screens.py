"""Every table, at 80 and 120 columns, as it was last looked at: the files are in ``screens/``."""

from __future__ import annotations

import re
from typing import Any

import click
import pytest
from rich.cells import cell_len

from tests.cli.terminal import check_screen, screen_of
from tests.conftest import OpenOffice
from tests.runs.days import START, on, paid
from tests.runs.drift import open_drift
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, FREE_IP, FREE_NAME, PRO, SUSPENDED, service

LONG_IP = "2001:db8:1234:5678:9abc:def0:1234:5678"
NASTY = "\u202etxt.\x9b31m\u2066\tlast"  # bidi marks, a control sequence, a tab
WIDE = "東京データセンター第二棟の顧客サーバー"
TABLES = [
    "fixchilds --dry-run",
    "fixchilds --dry-run -v",
    "license list",
    "license history 4",
    "license show 2",
    "service list",
    "service show 12",
    "event list",
    "operation list",
    "operation show 1",
    "remote check",
    "remote balance",
]
TABLES_OF_DRIFT = ["audit", "pool", "forecast", "status"]
TABLES_OF_ALL_REMOTES = ["audit", "pool", "forecast"]
SECONDS = re.compile(r"([T ][0-9]{2}:[0-9]{2}):[0-9]{2}Z")  # that the test itself has taken


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office in a world of its own, on the 1st of February 2027: two services are served, five wait."""
    spares: dict[str, Any] = {"name": FREE_NAME, "ip": FREE_IP, "status": SUSPENDED}
    office = open_office(
        services=[
            service("12", name="shop"),
            service("13", name=f"{WIDE}{WIDE}"),
            service("14", str(BUSINESS), nodes=3, name="a server with a name of many words"),
            service("15", ip="10.0.0.15"),
            service("16", ip="203.0.113.216", name="mail.example"),
            service("17", str(PRO), months=12, period=13),
            service("18", status="suspended", ip="203.0.113.216"),
            service("19", "nopanel", status="deleted"),
        ],
        licenses=[
            paid(1, "203.0.113.12"),
            paid(2, "198.51.100.2", name=WIDE, pricelist=PRO),
            paid(3, LONG_IP, name=NASTY, status=SUSPENDED),
            paid(4, until=200, **spares),
            paid(5, until=100, ip_change_date=on(-12), lickey_change_date=on(-12), **spares),
            paid(6, until=90, pricelist=PRO, **spares),
            paid(7, until=-3, **spares),
            paid(8, until=80, lickey_change_date=on(-3), **spares),
        ],
    )
    office.set_settings(url="sandbox:world.json")
    office.edit_world(lambda world: world.update(clock=START.isoformat()))
    served = ("--service", "12", "--service", "13")
    assert office.run("fixchilds", "--yes", *served).code == 0
    assert office.run("checkevent").code == 0
    office.edit_world(lambda world: world["licenses"][1].update(status=SUSPENDED, licname=f"{WIDE} renamed"))
    assert office.run("checkevent").code == 0
    return office


@pytest.mark.parametrize("command", TABLES)
def test_a_table_looks_as_when_it_was_last_looked_at_and_fits(office: Office, command: str) -> None:
    _look(office, command)


@pytest.mark.parametrize("command", TABLES_OF_DRIFT)
def test_a_table_of_what_has_drifted_looks_as_it_did_and_fits(open_office: OpenOffice, command: str) -> None:
    office = open_drift(open_office).office
    office.set_settings(url="sandbox:world.json")
    _look(office, command)


@pytest.mark.parametrize("command", TABLES_OF_ALL_REMOTES)
def test_a_table_of_all_remotes_looks_as_when_it_was_last_looked_at_and_fits(
    open_office: OpenOffice, command: str
) -> None:
    office, name = open_drift(open_office).office, "our-reseller"
    licenses = [
        paid(8001, FREE_IP, name=FREE_NAME, status=SUSPENDED),
        paid(8002, "203.0.113.70", pricelist=PRO),
    ]
    other = open_office(licenses=licenses, balance="1.00")
    other.edit_world(lambda world: world.update(clock=START.isoformat()))
    office.add_remote(other, name, sort=200, url=f"sandbox:{other.folder}/world.json")
    office.set_settings(url="sandbox:world.json")
    assert office.run("license", "link", "8002", "70", "panel", "--remote", name).code == 0
    _look(office, command, "all-remotes")


def test_the_remotes_look_as_when_they_were_last_looked_at_and_fit(office: Office) -> None:
    office.set_settings(url="https://billing-of-our-reseller.example.com/manager/billmgr", name="reseller")
    _look(office, "remote list")


def test_tasks_look_as_when_they_were_last_looked_at_and_fit(office: Office) -> None:
    office.edit_world(lambda world: world["account"].update(balance="5.00"))
    assert office.run("fixchilds", "--yes").code == 69
    _look(office, "operation list --tasks")


def test_our_tariffs_look_as_when_they_were_last_looked_at_and_fit(office: Office) -> None:
    assert office.run("tariff", "import", "--all", "--rate", "1").code == 0
    _look(office, "tariff list")


def test_a_colour_tells_how_a_change_has_ended(office: Office) -> None:
    office.edit_world(lambda world: world["account"].update(balance="5.00"))
    lines = screen_of(office, "fixchilds", "--yes", width=80).splitlines()
    starts = {"order failed": "\x1b[31m", "take": "\x1b[32m", "order held": "\x1b[33m"}
    shown = [
        action for action, color in starts.items() if any(line.startswith(color + action) for line in lines)
    ]
    assert shown == [*starts]


def test_without_colours_nothing_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = screen_of(office, "license", "list", width=80)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = screen_of(office, "license", "list", width=80)
    assert "\x1b[" in coloured
    assert plain == click.unstyle(coloured)


def test_the_last_line_of_a_list_has_the_numbers_that_scripts_get(office: Office) -> None:
    totals = office.run("license", "list", "--json").json["totals"]
    assert totals == {"active": 2, "suspended": 6, "pool": 4}
    last = screen_of(office, "license", "list", width=80).splitlines()[-1]
    assert last == "8 licenses: 6 suspended, 2 active; 4 in the pool."
    assert "8 licenses" not in office.run("license", "list").out


def _look(office: Office, command: str, *of: str) -> None:
    for width in (80, 120):
        screen = SECONDS.sub(r"\1:00Z", screen_of(office, *command.split(), width=width))
        assert [line for line in click.unstyle(screen).splitlines() if cell_len(line) > width] == []
        name = "-".join((*of, *re.findall(r"\w+", command)))
        check_screen(f"{name}-{width}", screen)
