"""The panels that we name: the tariff that a name means, our price, and who is told when that lacks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, LITE, PRO, service


def values(office: Office) -> dict[str, Any]:
    return {each["name"]: each for each in office.run("enumeration", "list", "--json").json["values"]}


def ordered(office: Office) -> list[tuple[str, str]]:
    return [(each["ip"], each["pricelist"]) for each in office.orders]


def test_a_name_is_given_its_tariff_and_a_price_for_each_period(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "Gold"), service("13", "gold"), service("14")])
    office.run("tariff", "import", str(PRO), "--enable")
    result = office.run("enumeration", "set", "Gold", str(PRO), "--price", "12=100.00", "--price", "1=10.00")
    assert (result.code, result.err) == (0, "")
    assert values(office) == {
        "Gold": {
            "remote": "main",
            "name": "Gold",
            "tariff": PRO,
            "prices": [
                {"months": 1, "price": "10.00", "currency": "EUR", "cost": "8.10", "margin": "19.0"},
                {"months": 12, "price": "100.00", "currency": "EUR", "cost": "80.00", "margin": "20.0"},
            ],
            "services": ["12", "13"],
        }
    }
    assert "Asked for by service 12, 13." in office.run("enumeration", "show", "Gold").out


def test_a_sync_tells_of_a_value_that_is_sold_no_more_though_nothing_was_imported(
    open_office: OpenOffice,
) -> None:
    office = open_office()
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    assert office.run("tariff", "sync").err == ""
    office.edit_world(
        lambda world: world.update(tariffs=[each for each in world["tariffs"] if each["id"] != PRO])
    )
    result = office.run("tariff", "sync", "--json")
    assert (result.json["changes"], result.json["not_imported"]) == ([], [])
    assert "value Gold means tariff 55228" in result.json["warnings"][0]


def test_what_a_service_names_is_ordered(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "Gold"), service("13", "Lite"), service("14", "nopanel")])
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    office.run("enumeration", "set", "Lite", str(LITE), "--price", "1=5.00")
    assert office.run("fixchilds", "--yes").code == 0
    assert sorted(ordered(office)) == [("203.0.113.12", str(PRO)), ("203.0.113.13", str(LITE))]


def test_a_line_of_the_directive_file_goes_first_and_a_built_in_name_comes_after(
    open_office: OpenOffice,
) -> None:
    office = open_office(conf=f"Price Gold {BUSINESS}\n")
    result = office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    assert "cpbillmgr5.conf:1 Price Gold 55230 goes before the enumeration" in result.err
    office.run("enumeration", "set", "Lite", str(LITE), "--price", "1=5.00")
    told = office.run("config", "explain", "Gold").out
    assert told.splitlines() == [
        "remote tariff: 55230  (cpbillmgr5.conf:1 Price Gold 55230)",
        "  not: enumeration value Gold: would be 55228, but comes later",
    ]
    told = office.run("config", "explain", "Lite").out
    assert told.splitlines() == [
        "remote tariff: 55227  (enumeration value Lite)",
        "  not: built-in name Lite of generation 5 and 6: would be 3541, but comes later",
    ]


def test_other_letters_mean_the_same_value_with_a_warning(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    result = office.run("config", "explain", "GOLD")
    assert result.out == "remote tariff: 55228  (enumeration value Gold)\n"
    assert "enumeration value Gold is taken for 'GOLD', in other letter case" in result.err


def test_a_value_without_a_price_is_told_when_it_is_set_checked_and_used(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "Gold")])
    for words in (
        ["enumeration", "set", "Gold", str(PRO)],
        ["config", "check"],
        ["fixchilds", "--dry-run"],
        ["fixchilds", "--yes"],
    ):
        result = office.run(*words)
        assert (result.code, "value Gold has no price of ours" in result.err) == (0, True), words
    assert office.run("config", "check", "--strict").code == 78
    office.run("enumeration", "set", "Gold", "--price", "1=10.00")
    assert "price of ours" not in office.run("config", "check", "--strict").err


def test_a_price_below_the_cost_is_told(open_office: OpenOffice) -> None:
    office = open_office()
    result = office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=1.00", "--price", "3=1.00")
    assert result.err.splitlines() == [
        "cpbillmgr: warning: value Gold, 1 month: it is sold for 1.00 EUR, and costs 8.10 EUR"
    ]


def test_a_value_whose_tariff_has_vanished_is_given_another_where_it_was_set(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "Gold")])
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    office.edit_world(lambda world: world.update(tariffs=[t for t in world["tariffs"] if t["id"] != PRO]))
    result = office.run("fixchilds", "--dry-run")
    assert (result.code, "Run 'cpbillmgr enumeration set Gold TARIFF'" in result.err) == (78, True)


def test_a_name_that_means_a_tariff_already_needs_only_its_price(open_office: OpenOffice) -> None:
    office = open_office()
    assert office.run("enumeration", "set", "55227-ispmanager 6 lite", "--price", "1=5.00").code == 0
    office.run("enumeration", "set", "55227-ispmanager 6 lite", "--price", "12=50.00")
    value = values(office)["55227-ispmanager 6 lite"]
    assert (value["tariff"], [each["price"] for each in value["prices"]]) == (LITE, ["5.00", "50.00"])
    assert [each["cost"] for each in value["prices"]] == [None, None]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["Gold"],
            "the name 'Gold' means no remote tariff (main). Tell it: 'cpbillmgr enumeration set Gold",
        ),
        (["Gold", "77"], "the remote does not sell tariff 77 (main). See 'cpbillmgr remote presets'"),
        (
            ["Gold", "55231"],
            "does not sell tariff 55231 (ispmanager 6 lite) (main). It sells 55227 of that name",
        ),
        (["nopanel", str(LITE)], "'nopanel' asks for no license"),
        (["SILVER", str(LITE)], "'SILVER' differs from 'Silver' in letter case alone"),
        ([" Gold", str(LITE)], "is no internal name"),
        (["Gold", str(LITE), "--price", "1"], "is not PERIOD=AMOUNT"),
        (["Silver", str(LITE), "--remove"], "--remove stands alone"),
        (["Gold", "--remove"], "there is no value 'Gold'"),
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_is(
    open_office: OpenOffice, words: list[str], told: str
) -> None:
    office = open_office()
    office.run("enumeration", "set", "Silver", str(PRO), "--price", "1=10.00")
    before = values(office)
    result = office.run("enumeration", "set", *words)
    assert (result.code, told in result.err, values(office)) == (2, True, before), result.err


@pytest.mark.parametrize("name", ["Gold", "nopanel"])
def test_a_value_that_is_not_there_cannot_be_shown(open_office: OpenOffice, name: str) -> None:
    assert open_office().run("enumeration", "show", name).code == 2


def test_a_value_can_be_forgotten(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("enumeration", "set", "Silver", str(PRO), "--price", "1=10.00")
    assert office.run("enumeration", "set", "Silver", "--remove", "--dry-run").code == 0
    assert list(values(office)) == ["Silver"]
    assert office.run("enumeration", "set", "Silver", "--remove").code == 0
    assert values(office) == {}


def test_a_price_in_another_currency_needs_the_rate_of_an_import(open_office: OpenOffice) -> None:
    office = open_office(more='currency = "RUB"')
    words = ("enumeration", "set", "Gold", str(PRO), "--price", "1=1000")
    refused = office.run(*words)
    assert (refused.code, "prices of tariff 55228 are in EUR, ours are in RUB" in refused.err) == (2, True)
    office.run("tariff", "import", str(PRO), "--rate", "100", "--enable")
    assert office.run(*words).code == 0
    assert values(office)["Gold"]["prices"][0] == {
        "months": 1, "price": "1000.00", "currency": "RUB", "cost": "810.00", "margin": "19.0",
    }  # fmt: skip


def test_a_tariff_that_is_sold_no_more_is_found_by_the_check(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    office.edit_world(lambda world: world["tariffs"][1].update(orderable=False))
    result = office.run("config", "check")
    assert (result.code, "value Gold means tariff 55228, which our account may not order" in result.err) == (
        78,
        True,
    )


def test_a_name_that_means_a_disabled_tariff_is_refused_and_explained(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "Gold")])
    office.run("enumeration", "set", "Gold", str(PRO), "--price", "1=10.00")
    office.run("tariff", "import", str(PRO))
    assert "is disabled in our catalogue, and so not ordered" in office.run("config", "explain", "Gold").err
    assert office.run("order", "--service", "12").code == 78
