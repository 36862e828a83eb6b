"""One license: for a service's add-on, or on its own; asked for again, it is the same one."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, NODES, Fields, license, service, spare, strangers

ALONE = ["order", "--ip", "203.0.113.77", "--tariff", "55227", "--period", "1"]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(
        services=[
            service("12"),
            service("13", status="processing"),
            service("14", addons=[_addon(31, "panel", "55227"), _addon(32, "dnsmgr", "3136")]),
            service("15", "nopanel"),
        ],
        licenses=strangers(2),
    )


def _addon(id: int, name: str, value: str) -> Fields:
    return {"id": id, "name": name, "kind": "enumeration", "value": value}


@pytest.mark.parametrize("words", [["order", "--service", "12"], ALONE], ids=["for a service", "alone"])
def test_asked_again_it_answers_the_same_id_and_orders_nothing(office: Office, words: list[str]) -> None:
    first = office.run(*words, "-q")
    assert (first.code, first.out, first.err) == (0, "7000\n", "")
    office.forget_calls()
    again = office.run(*words, "-q")
    assert (again.code, again.out, office.writes) == (0, "7000\n", [])
    told = office.run(*words, "--json").json
    ((action, outcome, id),) = (
        (each["action"], each["outcome"], each["license"]) for each in told["changes"]
    )
    assert (action, outcome, id) == ("order", "skipped", "7000")
    assert (told["totals"]["link"], told["totals"]["order"], told["totals"]["in_sync"]) == (0, 0, 1)


def test_it_needs_no_earlier_run_and_no_word(office: Office) -> None:
    result = office.run("order", "--service", "12", "--json")
    assert (result.code, result.json["command"]) == (0, "order")
    assert result.changes == [("order", "12", "done")]
    assert result.json["changes"][0]["license"] == "7000"


def test_a_service_in_processing_gets_its_license_before_the_panel_is_installed(office: Office) -> None:
    assert office.run("order", "--service", "13", "-q").out == "7000\n"
    assert office.orders[0]["licname"] == "Item #13 addon web13"


def test_no_other_service_is_served_along_the_way(office: Office) -> None:
    office.run("order", "--service", "12")
    assert office.links == {"12": "7000"}


def test_an_addon_is_named_where_there_are_several(office: Office) -> None:
    unclear = office.run("order", "--service", "14", "-q")
    assert (unclear.code, unclear.out) == (2, "")
    assert "add-ons: panel, dnsmgr" in unclear.err
    assert office.run("order", "--service", "14", "--addon", "panel", "-q").out == "7000\n"
    assert office.orders[0]["remoteid"] == "cpb1-main-14-panel-1"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--service", "99"], "there is no service"),
        (["--service", "15"], "asks for no license"),
        (["--service", "12", "--addon", "dnsmgr"], "asks for no license"),
        ([], "--service"),
        (["--ip", "203.0.113.77"], "--tariff"),
        (["--ip", "203.0.113.77", "--tariff", "1", "--period", "1"], "does not sell tariff 1"),
        (["--ip", "203.0.113.77", "--tariff", "55227", "--period", "7"], "1, 12"),
        (["--ip", "203.0.113.77", "--tariff", "55227", "--period", "1", "--nodes", "2"], "by nodes"),
        (["--ip", "web12", "--tariff", "55227", "--period", "1"], "not an IP address"),
    ],
)
def test_what_cannot_be_ordered_is_wrong_usage(office: Office, words: list[str], reason: str) -> None:
    result = office.run("order", *words)
    assert (result.code, result.out) == (2, "")
    assert reason in result.err
    assert office.writes == []


def test_alone_it_has_its_own_name_and_nodes(office: Office) -> None:
    words = ["--tariff", str(BUSINESS), "--period", "12", "--name", "for the office", "--nodes", "4"]
    result = office.run("order", "--ip", "203.0.113.77", *words, "--json")
    assert (result.code, result.json["cost"]) == (0, [{"amount": "350.00", "currency": "EUR"}])
    (order,) = office.orders
    assert (order["licname"], order["period"]) == ("for the office", "12")
    assert order[f"addon_{NODES}"] == "4"


def test_alone_it_is_called_as_its_address_unless_it_is_named(office: Office) -> None:
    office.run(*ALONE)
    assert office.orders[0]["licname"] == "203.0.113.77"


def test_alone_it_takes_what_a_service_has_on_that_address(office: Office) -> None:
    office.run("order", "--service", "12")
    result = office.run("order", "--ip", "203.0.113.12", "--tariff", "55227", "--period", "1", "-q")
    assert (result.code, result.out, len(office.orders)) == (0, "7000\n", 1)


def test_a_dry_run_tells_the_cost_and_orders_nothing(office: Office) -> None:
    before = office.state_file.read_bytes()
    result = office.run(*ALONE, "--dry-run", "--json")
    assert (result.code, result.json["cost"]) == (0, [{"amount": "4.00", "currency": "EUR"}])
    assert result.changes == [("order", "ip:203.0.113.77", "planned")]
    assert (office.writes, office.state_file.read_bytes()) == ([], before)


def test_the_pool_serves_an_order_too(open_office: OpenOffice) -> None:
    office = open_office(licenses=[spare(1)])
    assert office.run(*ALONE, "-q").out == "1\n"
    assert office.orders == []


def test_the_settings_limits_hold(office: Office) -> None:
    office.set_settings('[limits]\nmax_spend = "3.99"')
    result = office.run(*ALONE)
    assert (result.code, office.writes) == (5, [])


def test_too_little_money_is_told_with_what_it_costs(open_office: OpenOffice) -> None:
    office = open_office(balance="1.00")
    result = office.run(*ALONE, "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "money")
    assert "4.00" in result.json["error"]["message"]


def test_an_address_that_has_a_license_of_this_product_is_held(open_office: OpenOffice) -> None:
    office = open_office(licenses=[license(1, "203.0.113.77", pricelist=55228)])
    result = office.run(*ALONE, "--json")
    assert (result.code, result.changes) == (3, [("order", "ip:203.0.113.77", "held")])
    assert "license 1 (ispmanager 6 pro)" in result.json["changes"][0]["because"]
    assert office.writes == []


def test_fixchilds_leaves_alone_what_was_ordered_on_its_own(office: Office) -> None:
    office.run(*ALONE)
    office.import_services(service("16", ip="203.0.113.77"))
    office.forget_calls()
    result = office.run("fixchilds", "--service", "16", "--json")
    assert (result.code, result.changes) == (3, [("order", "16", "held")])
    assert office.writes == []


def test_an_order_in_doubt_is_told_as_that_until_it_is_settled(office: Office) -> None:
    office.fault("cut-after:soft.order.param!")
    for _ in range(2):
        result = office.run("order", "--service", "12", "--json")
        error = result.json["error"]
        assert (result.code, error["code"], error["kind"]) == (7, 7, "in-doubt")
        assert error["hint"] == "Run the same command again: it looks before it sends anything"
        office.edit_world(lambda world: world.update(licenses=[]))
    assert len(office.orders) == 1
