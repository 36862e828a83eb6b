"""Lines of the directive file that change what is bought, seen from the whole run."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.worlds import license, service, spare


@pytest.mark.parametrize(
    ("conf", "settings", "action"),
    [
        ("", "", "take"),
        ("", 'reuse = "never"', "order"),
        ("ReusePrice 3\n", "", "take"),  # the local tariff
        ("ReusePrice 31\n", "", "take"),  # the local add-on
        ("ReusePrice 999\n", "", "order"),
        ("ReusePrice 999\nReusePrice 31\n", "", "take"),
        ("ReusePrice 3\n", 'reuse = "never"', "order"),
    ],
)
def test_the_pool_serves_whom_it_may(open_office: OpenOffice, conf: str, settings: str, action: str) -> None:
    office = open_office(services=[service("12")], licenses=[spare(1)], conf=conf, more=settings)
    assert office.run("fixchilds", "--yes", "--json").changes == [(action, "12", "done")]
    assert office.licenses(id=1)[0]["licname"] == ("Item #12 addon web12" if action == "take" else "free.lic")


def test_no_fix_suspended_still_links(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("11", status="suspended"), service("12", status="suspended"), service("13")],
        licenses=[license(1, "203.0.113.11")],
        conf="Option NoFixSuspended\n",
    )
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (0, [("link", "11", "done"), ("order", "13", "done")])


def test_without_no_fix_suspended_a_suspended_service_gets_one_and_a_warning(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", status="suspended")])
    result = office.run("fixchilds", "--yes")
    assert (result.code, office.links) == (0, {"12": "7000"})
    assert "NoFixSuspended" in result.err


@pytest.mark.parametrize("status", ["ordered", "processing", "deleted"])
def test_a_service_that_is_not_up_is_not_looked_at(open_office: OpenOffice, status: str) -> None:
    office = open_office(services=[service("12", status=status)])
    assert office.run("fixchilds", "--yes", "--json").changes == []


@pytest.mark.parametrize(
    ("conf", "period"),
    [
        ("", 1),
        ("Period 10 12 55227\n", 12),
        ("Period ALL 12 55227\n", 12),
        ("Period 10 1 55227\nPeriod ALL 12 55227\n", 1),
        ("Period 11 12 55227\n", 1),
    ],
)
def test_period_lines_decide_for_how_long(open_office: OpenOffice, conf: str, period: int) -> None:
    office = open_office(services=[service("12")], conf=conf)
    office.run("fixchilds", "--yes")
    assert [order["period"] for order in office.orders] == [str(period)]


def test_one_service_alone_is_for_as_long_as_among_all(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12"), service("13", "55228")], conf="Period 10 3\n")
    office.edit_world(lambda world: [tariff.update(prices={}) for tariff in world["tariffs"]])
    for words in (["--dry-run"], ["--dry-run", "--service", "12"]):
        change = office.run("fixchilds", *words, "--json").json["changes"][0]
        assert (change["service"], change["period"]) == ("12", 1)


def test_a_logic_addon_is_named_by_itself(open_office: OpenOffice) -> None:
    addons = [{"id": 32, "name": "ispmgr", "kind": "logic", "value": "on"}]
    off = [{"id": 32, "name": "ispmgr", "kind": "logic", "value": "off"}]
    office = open_office(
        services=[service("12", addons=addons), service("13", addons=off)], conf="Price ispmgr 55228\n"
    )
    office.run("fixchilds", "--yes")
    assert [(order["ip"], order["pricelist"]) for order in office.orders] == [("203.0.113.12", "55228")]


def test_types_that_are_not_looked_at_are_counted(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", type="colocation"), service("13", type="dedic")])
    result = office.run("fixchilds", "--yes")
    assert (result.code, set(office.links)) == (0, {"13"})
    assert "colocation" in result.err


def test_a_legacy_directive_file_alone_is_enough(
    open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(services=[service("12", "Gold")])
    conf = office.write("legacy.conf", "// kept since 2014\nPrice\tGold 55228\t# the big one\r\n")
    office.settings.unlink()
    monkeypatch.delenv("CPBILLMGR_SETTINGS")
    for name, value in {
        "URL": office.url,
        "USER": "reseller",
        "PASSWORD_FILE": "password",
        "STATE": "state.db",
    }.items():
        monkeypatch.setenv(f"CPBILLMGR_{name}", value)
    assert office.run("fixchilds", "--yes", "--conf", str(conf)).code == 0
    assert [order["pricelist"] for order in office.orders] == ["55228"]
