"""Our catalogue: imported, edited, kept in step, and what it lets be ordered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import OpenOffice
from tests.runs.days import Days
from tests.runs.office import Office
from tests.runs.worlds import BUSINESS, LITE, NODES, PRO, Fields, license, service, spare


def tariffs(office: Office) -> dict[int, Any]:
    return {each["id"]: each for each in office.run("tariff", "list", "--json").json["tariffs"]}


def edit_tariff(office: Office, id: int, **changes: Any) -> None:
    """Have the remote change one of its tariffs."""

    def change(world: Fields) -> None:
        next(each for each in world["tariffs"] if each["id"] == id).update(changes)

    office.edit_world(change)


def test_what_is_imported_waits_to_be_enabled(open_office: OpenOffice) -> None:
    office = open_office()
    result = office.run("tariff", "import", str(LITE), str(BUSINESS))
    assert (result.code, result.err) == (0, "")
    assert f"Not ordered until 'cpbillmgr tariff enable {LITE} {BUSINESS}'." in result.out
    assert tariffs(office)[LITE] == {
        "remote": "main",
        "id": LITE,
        "product_type": "soft",
        "name": "ispmanager 6 lite",
        "remote_name": "ispmanager 6 lite",
        "enabled": False,
        "gone": False,
        "currency": "EUR",
        "rate": None,
        "prices": [
            {"period": 1, "length": 1, "price": "4.00", "cost": "4.00", "margin": "0.0"},
            {"period": 12, "length": 12, "price": "40.00", "cost": "40.00", "margin": "0.0"},
        ],
        "resources": [],
    }
    assert tariffs(office)[BUSINESS]["resources"] == [
        {
            "id": NODES,
            "name": "Nodes",
            "internal_name": "nodes",
            "kind": "amount",
            "active": True,
            "gone": False,
            "values": [],
        }
    ]


def test_importing_again_changes_nothing_of_ours(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE), "--enable")
    office.run("tariff", "edit", str(LITE), "--name", "Panel", "--price", "1=5.00")
    before = tariffs(office)
    result = office.run("tariff", "import", str(LITE), str(PRO))
    assert (result.code, "Imported 1 tariff." in result.out) == (0, True)
    assert f"Tariff {LITE} is ours already, and stays as it is." in result.out
    assert tariffs(office)[LITE] == before[LITE]


def test_all_that_fit_are_imported_and_of_the_others_it_is_told_why(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    edit_tariff(office, PRO, prices={"12": "80.00"})
    result = office.run("tariff", "import", "--all", "-q")
    assert PRO not in tariffs(office)
    assert result.out.split() == [str(id) for id in tariffs(office)]
    told = f"tariff {PRO} (ispmanager 6 pro) is left out: it is sold for 12 months, and we sell for 1 month"
    assert told in result.err
    assert office.run("tariff", "import", "--all", "--json").json["warnings"] == [told]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "name TARIFFs, or --all"),
        ([str(LITE), "--all"], 2, "name TARIFFs, or --all"),
        (["77"], 2, "the remote does not sell tariff 77"),
        ([str(LITE), str(PRO)], 78, "tariff 55228 (ispmanager 6 pro): it is sold for 12 months, and we sell"),
        ([str(LITE), "--type", "certificate"], 2, "no such remote sells 'certificate'"),
        ([str(LITE), "--rate", "0"], 2, "is not a rate above zero"),
    ],
)
def test_what_cannot_be_imported_is_refused_and_then_nothing_is(
    open_office: OpenOffice, words: list[str], code: int, told: str
) -> None:
    office = open_office(services=[service("12")])
    edit_tariff(office, PRO, prices={"12": "80.00"})
    result = office.run("tariff", "import", *words)
    assert (result.code, told in result.err, tariffs(office)) == (code, True, {})


def test_the_periods_that_we_sell_for_can_be_named(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    edit_tariff(office, PRO, prices={"12": "80.00"})
    assert office.run("tariff", "import", str(PRO), "--period", "12", "--type", "soft").code == 0
    assert list(tariffs(office)) == [PRO]


def test_a_trial_that_cannot_be_imported_is_not_to_be_named_by_months(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    edit_tariff(office, LITE, prices={"-100": "0.00"})
    result = office.run("tariff", "import", str(LITE))
    typed = f"'cpbillmgr order --ip IP --tariff {LITE} --period -100' buys one on its own"
    assert (result.code, typed in result.err, "--period MONTHS" in result.err) == (78, True, False)


def test_another_currency_needs_a_rate_which_is_kept(open_office: OpenOffice) -> None:
    office = open_office(more='currency = "RUB"')
    refused = office.run("tariff", "import", str(LITE))
    assert (refused.code, "--rate" in refused.err) == (78, True)
    assert office.run("tariff", "import", str(LITE), "--rate", "100").code == 0
    office.run("tariff", "edit", str(LITE), "--price", "1=500")
    edit_tariff(office, LITE, prices={"1": "4.50", "12": "40.00"})
    assert office.run("tariff", "sync").code == 0
    assert tariffs(office)[LITE]["prices"][0] == {
        "period": 1, "length": 1, "price": "500.00", "cost": "450.00", "margin": "10.0",
    }  # fmt: skip
    office.run("tariff", "edit", str(LITE), "--rate", "110")
    assert tariffs(office)[LITE]["prices"][0]["margin"] == "1.0"
    assert "1 EUR = 110 RUB" in office.run("tariff", "show", str(LITE)).out


def pays_in(currency: str) -> Callable[[Fields], None]:
    """Let the remote's account, and so its prices, be in another currency."""
    return lambda world: world["account"].update(currency=currency)


def test_a_remote_that_changes_its_currency_makes_the_rate_void_until_another_is_told(
    open_office: OpenOffice,
) -> None:
    office = open_office(more='currency = "EUR"')
    assert office.run("tariff", "import", str(LITE)).code == 0
    why = (
        "tariff 55227 (ispmanager 6 lite): its cost is not known: its prices are in {}, ours are in EUR, "
        "and there is no rate; 'cpbillmgr tariff edit 55227 --rate RATE --remote main' tells it"
    )
    for currency, rate, cost in (("USD", "0.9", "3.60"), ("RUB", "0.01", "0.04")):
        office.edit_world(pays_in(currency))
        synced = office.run("tariff", "sync", "--json")
        assert why.format(currency) in synced.json["warnings"]
        assert [each["cost"] for each in tariffs(office)[LITE]["prices"]] == [None, None]
        assert office.run("tariff", "edit", str(LITE), "--rate", rate).err == ""
        assert tariffs(office)[LITE]["prices"][0]["cost"] == cost
    office.edit_world(pays_in("EUR"))
    assert office.run("tariff", "sync").err == ""
    assert tariffs(office)[LITE]["rate"] is None
    refused = office.run("tariff", "edit", str(LITE), "--rate", "2")
    assert (refused.code, "so there is no rate" in refused.err) == (2, True)


def test_a_dry_run_writes_nothing(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE), "--dry-run")
    assert tariffs(office) == {}
    office.run("tariff", "import", str(LITE))
    before = tariffs(office)
    edit_tariff(office, LITE, name="LITE+")
    for words, told in (
        (["sync"], "Would sync 1 tariff"),
        (["enable", str(LITE)], "Would change 1 tariff."),
        (["disable", str(LITE)], "Would change 1 tariff."),
        (["edit", str(LITE), "--name", "x"], "Would change 1 tariff."),
    ):
        result = office.run("tariff", *words, "--dry-run")
        assert (result.code, told in result.out) == (0, True)
    assert tariffs(office) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["edit", str(LITE)], "give at least one of"),
        (
            ["edit", str(LITE), "--price", "3=5.00"],
            "it is not sold for period 3 (tariff 55227). It is for: 1, 12",
        ),
        (["edit", str(LITE), "--price", "five"], "is not PERIOD=AMOUNT"),
        (["edit", str(LITE), "--price", "1=5.001"], "'5.001' is not an amount; write it like 500.00"),
        (["edit", str(LITE), "--price", "1=1e3"], "'1e3' is not an amount"),
        (["edit", str(LITE), "--price", "1=-1.00"], "'-1.00' is not an amount"),
        (["edit", str(LITE), "--price", "1=5.00 USD"], "'5.00 USD' is not an amount"),
        (["edit", str(LITE), "--price", "1=5.00", "--price", "1=6.00"], "two prices, 5.00 and 6.00"),
        (["edit", str(LITE), "--name", " "], "' ' is no name"),
        (["edit", str(LITE), "--activate", "9"], "it has no resource 9 (tariff 55227). It has none"),
        (
            ["edit", str(BUSINESS), "--deactivate", "9"],
            f"it has no resource 9 (tariff 55230). {NODES} is Nodes",
        ),
        (
            ["edit", str(BUSINESS), "--activate", str(NODES), "--deactivate", str(NODES)],
            f"resource {NODES} is to be activated and deactivated",
        ),
        (["edit", str(LITE), "--rate", "2"], "so there is no rate"),
        (["edit", "77", "--name", "x"], "there is no tariff 77 in our catalogue"),
        (["show", "77"], "there is no tariff 77 in our catalogue"),
        (["enable", str(LITE), "77"], "there is no tariff 77 in our catalogue"),
    ],
)
def test_what_cannot_be_changed_is_told_and_nothing_is(
    open_office: OpenOffice, words: list[str], told: str
) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE), str(BUSINESS))
    before = tariffs(office)
    result = office.run("tariff", *words)
    assert (result.code, told in result.err, tariffs(office)) == (2, True, before)


@pytest.mark.parametrize("price", ["3.00", "0.00"])
def test_a_price_below_the_cost_is_warned_about(open_office: OpenOffice, price: str) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE))
    result = office.run("tariff", "edit", str(LITE), "--price", f"1={price}")
    told = f"tariff 55227 (ispmanager 6 lite), 1 month: it is sold for {price} EUR, and costs 4.00 EUR"
    assert told in result.err
    assert office.run("tariff", "edit", str(LITE), "--price", f"1={price}", "--json").json["warnings"] == [
        told
    ]


def test_a_sync_tells_all_that_was_added_removed_and_repriced_and_what_is_ours_survives(
    open_office: OpenOffice,
) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE), str(PRO), str(BUSINESS), "--enable")
    office.run("tariff", "edit", str(LITE), "--name", "Panel", "--price", "1=5.00", "--price", "12=50.00")
    backup = {"id": 9, "name": "Backup", "values": [{"id": 1, "name": "10 GB", "prices": {"1": "1.00"}}]}
    edit_tariff(office, LITE, prices={"1": "6.00", "12": "40.00", "6": "22.00"}, extras=[backup])
    edit_tariff(office, PRO, orderable=False)
    edit_tariff(office, BUSINESS, node_addon=None, itemtype="soft")
    result = office.run("tariff", "sync", "--json")
    told = [(each["tariff"], each["what"], each["subject"]) for each in result.json["changes"]]
    assert told == [
        (LITE, "repriced", "period 1"),
        (LITE, "added", "period 6"),
        (LITE, "added", "resource Backup"),
        (PRO, "removed", "tariff"),
        (BUSINESS, "removed", "resource Nodes"),
    ]
    assert [each["name"] for each in result.json["not_imported"]] == ["DNSmanager 5"]
    assert result.json["warnings"] == [
        "tariff 55227 (Panel), 1 month: it is sold for 5.00 EUR, and costs 6.00 EUR",
        "tariff 55227 (Panel), 6 months: it has no price of ours",
    ]
    now = tariffs(office)
    assert (now[LITE]["name"], now[LITE]["enabled"]) == ("Panel", True)
    assert [each["price"] for each in now[LITE]["prices"]] == ["5.00", None, "50.00"]
    assert now[LITE]["resources"] == [
        {
            "id": 9,
            "name": "Backup",
            "internal_name": "",
            "kind": "enumeration",
            "active": False,
            "gone": False,
            "values": ["10 GB"],
        }
    ]
    assert (now[PRO]["enabled"], now[PRO]["gone"]) == (False, True)
    assert office.run("tariff", "enable", str(PRO)).code == 2
    again = office.run("tariff", "sync")
    assert "Synced 3 tariffs: 0 changes." in again.out


def test_an_empty_price_list_disables_nothing(open_office: OpenOffice) -> None:
    office = open_office()
    office.run("tariff", "import", str(LITE), "--enable")
    office.edit_world(lambda world: world.update(tariffs=[]))
    assert office.run("tariff", "sync").code == 76
    assert tariffs(office)[LITE]["enabled"]


def test_without_an_import_every_tariff_may_be_ordered(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    assert office.run("fixchilds", "--yes").code == 0
    assert len(office.orders) == 1


def test_a_tariff_beside_the_imported_ones_may_be_ordered(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "55228")])
    office.run("tariff", "import", str(LITE))
    assert office.run("fixchilds", "--yes").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["fixchilds", "--yes"],
        ["order", "--service", "12"],
        ["order", "--ip", "203.0.113.99", "--tariff", str(LITE), "--period", "1"],
    ],
)
@pytest.mark.parametrize("licenses", [[], [spare(2)]])
def test_a_disabled_tariff_is_not_ordered_nor_taken_from_the_pool(
    open_office: OpenOffice, words: list[str], licenses: list[Fields]
) -> None:
    office = open_office(services=[service("12")], licenses=licenses)
    office.run("tariff", "import", str(LITE))
    result = office.run(*words)
    assert (result.code, result.err.count("\n"), office.writes) == (78, 1, [])
    assert "tariff 55227 (ispmanager 6 lite) is disabled in our catalogue" in result.err
    office.run("tariff", "enable", str(LITE))
    assert office.run(*words).code == 0


def test_a_license_that_is_paid_is_linked_though_its_tariff_is_disabled(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    office.run("tariff", "import", str(LITE))
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "1"}


def test_no_license_is_changed_into_a_disabled_tariff(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    office.run("fixchilds", "--yes")
    office.run("tariff", "import", str(PRO))
    office.forget_calls()
    result = office.run("license", "change-tariff", "1", str(PRO))
    assert (result.code, office.writes) == (78, [])


def test_nodes_that_are_not_sold_are_not_ordered(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12", "55230", nodes=3)])
    office.run("tariff", "import", str(BUSINESS), "--enable")
    office.run("tariff", "edit", str(BUSINESS), "--deactivate", str(NODES))
    result = office.run("fixchilds", "--yes")
    assert (result.code, "resource Nodes of tariff 55230" in result.err) == (78, True)
    office.run("tariff", "edit", str(BUSINESS), "--activate", str(NODES))
    assert office.run("fixchilds", "--yes").code == 0


def test_licenses_of_a_disabled_tariff_are_renewed(open_office: OpenOffice) -> None:
    days = Days(open_office(services=[service("12")]))
    assert days.run("fixchilds", "--yes").code == 0
    days.run("tariff", "import", str(LITE))
    days.wait(days=27)
    assert days.changes() == [("renew", "12", "done")]


def test_an_order_without_money_is_not_tried_again_when_its_tariff_is_disabled(
    open_office: OpenOffice,
) -> None:
    office = open_office(services=[service("12")], balance="0.00")
    office.run("fixchilds", "--yes")
    office.run("tariff", "import", str(LITE))
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])
    office.run("tariff", "enable", str(LITE))
    assert office.run("checkevent").code == 0
    assert len(office.orders) == 1
