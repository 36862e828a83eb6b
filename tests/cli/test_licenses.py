"""``license``: what the account has, live or as last seen."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, NODES, day, license, service, spare, strangers

KEYS = {
    "id", "remote", "name", "ip", "tariff", "tariff_name", "period", "status", "issue", "expires",
    "ip_changed", "key_changed", "service", "addon", "pool", "usable_from", "protected",
}  # fmt: skip


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    licenses = [
        license(1, "203.0.113.12"),
        spare(2, ip_change_date=day(-10)),
        license(3, "203.0.113.30", pricelist=BUSINESS, addons={str(NODES): 2}, status=3),
        *strangers(60),
    ]
    office = open_office(services=[service("12")], licenses=licenses)
    office.run("fixchilds", "--yes")
    office.forget_calls()
    return office


def test_every_license_is_listed_with_what_is_known_of_it(office: Office) -> None:
    shown = office.run("license", "list", "--json").json
    assert (shown["schema"], len(shown["licenses"])) == ("cpbillmgr/licenses/1", 63)
    ours, pooled, _, stranger, *_ = shown["licenses"]
    assert set(ours) == KEYS
    assert (ours["id"], ours["service"], ours["addon"], ours["pool"]) == ("1", "12", "panel", False)
    assert (ours["tariff"], ours["tariff_name"], ours["period"]) == (55227, "ispmanager 6 lite", 1)
    assert (ours["status"], ours["expires"], ours["ip_changed"]) == ("active", day(20), day(-90))
    assert (pooled["pool"], pooled["usable_from"]) == (True, day(22))
    assert (stranger["service"], stranger["usable_from"], stranger["protected"]) == (None, None, False)


def test_a_list_has_a_line_for_each_license(office: Office) -> None:
    titles, *rows = office.run("license", "list").out.splitlines()
    assert titles.split()[:3] == ["id", "name", "ip"]
    assert len(rows) == 63
    assert office.run("license", "list", "-q").out.splitlines()[:3] == ["1", "2", "3"]


def test_offline_it_is_what_the_last_run_saw(office: Office) -> None:
    live = office.run("license", "list", "--json").json
    office.edit_world(lambda world: world["licenses"].clear())
    office.forget_calls()
    offline = office.run("license", "list", "--offline", "--json").json
    assert [each["id"] for each in offline["licenses"]] == [each["id"] for each in live["licenses"]]
    assert office.calls() == []
    assert office.run("license", "list", "--json").json["licenses"] == []


def test_one_license_is_shown_with_its_key(office: Office) -> None:
    (shown,) = office.run("license", "show", "3", "--json").json["licenses"]
    assert (shown["key"], shown["status"], shown["addons"]) == ("3-key", "suspended", {str(NODES): 2})
    assert set(shown) > KEYS
    told = office.run("license", "show", "3").out
    assert [word for word in ("3-key", "203.0.113.30", "ispmanager 6 business") if word not in told] == []


@pytest.mark.parametrize("id", ["999", "soft", "1, 2", ""])
def test_a_license_that_is_not_there_is_told_with_where_to_look(office: Office, id: str) -> None:
    result = office.run("license", "show", id)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "See 'cpbillmgr license list'" in result.err


@pytest.mark.parametrize("words", [["list"], ["list", "--offline"], ["show", "1"]])
def test_looking_changes_nothing(office: Office, words: list[str]) -> None:
    before, world = office.state_file.read_bytes(), office.world
    assert office.run("license", *words).code == 0
    assert (office.writes, office.state_file.read_bytes(), office.world) == ([], before, world)
