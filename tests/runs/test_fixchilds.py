"""The main job as a story: six services, 75 licenses in two pages, one run."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, LITE, NODES, PRO, day, license, service, spare, strangers

SERVICES = [
    service("11"),  # its license is bought already, under another name
    service("12"),  # the pool has one that fits
    service("13", "ISPmanager 6 Pro 55228"),  # the pool has none that fits
    service("14", "Business", nodes=3, period=20, months=12),
    service("15", "nopanel"),
    service("16", status="deleted"),
]
LICENSES = [
    license(5000, "203.0.113.11"),
    spare(5001, expiredate=day(150)),
    spare(5002, expiredate=day(-5), pricelist=PRO),  # expired
    spare(5003, ip_change_date=day(-10), pricelist=PRO),  # not rested
    *strangers(71),
]
WHAT_IS_DONE = [("link", "11"), ("take", "12"), ("order", "13"), ("order", "14")]
COST = [{"amount": "308.10", "currency": "EUR"}]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=SERVICES, licenses=LICENSES, conf="Price Business 55230  # sold by nodes\n")


def test_each_service_gets_what_it_lacks(office: Office) -> None:
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.err) == (0, "")
    assert result.changes == [(action, service, "done") for action, service in WHAT_IS_DONE]
    assert result.json["cost"] == COST
    assert {service: office.name_of(id) for service, id in office.links.items()} == {
        "11": "bought by hand",
        "12": "Item #12 addon web12",
        "13": "Item #13 addon web13",
        "14": "Item #14 addon web14",
    }
    assert office.world["account"]["balance"] == "691.90"


def test_all_pages_of_the_list_are_read_before_anything_is_decided(office: Office) -> None:
    office.run("fixchilds", "--yes")
    funcs = [call["func"] for call in office.calls()]
    assert [call["params"]["p_num"] for call in office.calls("soft")] == ["1", "2"]
    assert max(n for n, func in enumerate(funcs) if func == "soft") < funcs.index("soft.order.param")


@pytest.mark.parametrize(
    ("number", "sent"),
    [
        ("13", {"pricelist": str(PRO), "period": "1"}),
        ("14", {"pricelist": str(BUSINESS), "period": "12", f"addon_{NODES}": "3"}),
    ],
)
def test_an_order_says_for_what_it_is_and_is_not_renewed_by_the_remote(
    office: Office, number: str, sent: dict[str, str]
) -> None:
    office.run("fixchilds", "--yes")
    order = next(order for order in office.orders if order["ip"] == f"203.0.113.{number}")
    always = {
        "licname": f"Item #{number} addon web{number}",
        "remoteid": f"cpb1-main-{number}-panel-1",
        "skipbasket": "on",
        "autoprolong": "null",
    }
    assert {name: order.get(name) for name in always | sent} == always | sent


def test_what_is_taken_from_the_pool_gets_name_address_mark_and_a_new_key(office: Office) -> None:
    office.run("fixchilds", "--yes")
    (taken,) = office.licenses(id=5001)
    assert (taken["licname"], taken["ip"]) == ("Item #12 addon web12", "203.0.113.12")
    assert (taken["remoteid"], taken["status"]) == ("cpb1-main-12-panel-1", 2)
    assert taken["lickey"] != "5001-key"
    assert not [charge for charge in office.world["charges"] if charge["license"] == 5001]


def test_what_is_linked_and_what_is_a_strangers_sees_no_writing_call(office: Office) -> None:
    office.run("fixchilds", "--yes")
    assert {call["params"].get("elid") for call in office.writes} == {None, "5001"}
    assert len(office.orders) == 2


def test_a_second_run_finds_everything_done(office: Office) -> None:
    office.run("fixchilds", "--yes")
    office.forget_calls()
    result = office.run("fixchilds", "--json")
    assert (result.code, result.changes, result.json["totals"]["in_sync"]) == (0, [], 4)
    assert office.writes == []
    assert office.run("fixchilds").out.startswith("Nothing to do: 4 ")


def test_a_lost_state_file_buys_nothing_again(office: Office) -> None:
    office.run("fixchilds", "--yes")
    links = office.links
    office.lose_state()
    office.import_services(*SERVICES)
    office.forget_calls()
    result = office.run("fixchilds", "--yes", "--json")
    assert [change[0] for change in result.changes] == ["link"] * 4
    assert office.writes == []
    assert office.links == links


def test_a_dry_run_tells_the_same_plan_and_touches_nothing(office: Office) -> None:
    before, world = office.state_file.read_bytes(), office.world
    result = office.run("fixchilds", "--dry-run", "--json")
    assert result.code == 0
    assert result.changes == [(action, service, "planned") for action, service in WHAT_IS_DONE]
    assert result.json["cost"] == COST
    assert (office.writes, office.world, office.state_file.read_bytes()) == ([], world, before)


def test_a_dry_run_without_a_state_leaves_none(office: Office) -> None:
    office.state_file.unlink()
    assert office.run("fixchilds", "--dry-run").out.startswith("Nothing to do")
    assert not office.state_file.exists()


def test_a_person_sees_cost_and_what_is_left(office: Office) -> None:
    shown = office.run("fixchilds", "--dry-run").out.splitlines()
    assert shown[-1] == (
        "To do: 1 link, 1 take, 2 order, 0 in sync; "
        "cost 308.10 EUR, balance 1000.00 EUR, 691.90 EUR would be left."
    )
    assert all(reason in "\n".join(shown) for reason in ("already paid", "of the pool", "none free"))


def test_a_person_sees_how_much_money_is_missing(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00")
    shown = office.run("fixchilds", "--dry-run").out.splitlines()
    assert shown[-1].endswith("cost 4.00 EUR, balance 1.00 EUR, 3.00 EUR missing.")


def test_a_license_that_went_away_is_ordered_again_with_the_next_mark(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.run("fixchilds", "--yes")
    assert office.run("fixchilds").code == 0
    office.edit_world(lambda world: world["licenses"].clear())
    assert office.run("fixchilds", "--yes").code == 0
    assert [order["remoteid"] for order in office.orders] == ["cpb1-main-12-panel-1", "cpb1-main-12-panel-2"]


def test_a_license_that_no_list_has_shown_yet_is_not_taken_for_gone(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.run("fixchilds", "--yes")
    office.edit_world(lambda world: world["licenses"].clear())
    assert office.run("fixchilds", "--yes").code == 76
    assert len(office.orders) == 1


def test_a_license_whose_address_has_drifted_is_recognized_by_its_name_and_moved(
    open_office: OpenOffice,
) -> None:
    office = open_office(
        services=[service("12")], licenses=[license(1, "198.51.100.9", 'Item #12" addon old')]
    )
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (0, [("link", "12", "done"), ("move", "12", "done")])
    assert (office.links, [call["params"]["ip"] for call in office.writes]) == ({"12": "1"}, ["203.0.113.12"])


def test_a_license_of_another_tariff_on_the_address_holds_the_order(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12", pricelist=PRO)])
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (3, [("order", "12", "held")])
    assert "license 1 (ispmanager 6 pro)" in result.json["changes"][0]["because"]
    assert office.writes == []


@pytest.mark.parametrize("ip", ["", "10.0.0.1"])
def test_a_service_without_a_public_address_is_held(open_office: OpenOffice, ip: str) -> None:
    office = open_office(services=[service("12", ip=ip), service("13")])
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (3, [("order", "12", "held"), ("order", "13", "done")])


def test_one_tariff_of_two_services_costs_twice_and_each_gets_its_own(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12"), service("13")])
    assert office.run("fixchilds", "--yes", "--json").json["cost"] == [{"amount": "8.00", "currency": "EUR"}]
    assert len(set(office.links.values())) == 2
    assert {each["pricelist"] for each in office.licenses()} == {LITE}


def test_a_license_that_is_gone_is_replaced_from_the_pool(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12"), spare(2)])
    office.run("fixchilds", "--yes", "--link-only")
    office.run("fixchilds")
    assert office.links == {"12": "1"}
    office.edit_world(lambda world: world["licenses"].pop(0))
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes, office.links) == (0, [("take", "12", "done")], {"12": "2"})
