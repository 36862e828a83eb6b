"""Our catalogue of several remotes: what is found at one is told whatever the others answer."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.test_several_remotes import costs, lose_the_way_to, offers_no, sells_no
from tests.runs.worlds import LITE, PRO, service


@pytest.fixture
def both(open_office: OpenOffice) -> tuple[Office, Office]:
    """An office that buys at ``main`` and at ``away``, and has imported the small tariff of both."""
    office, other = open_office(services=[service("12")]), open_office(next_id=8000)
    office.add_remote(other, "away", sort=200)
    for name in ("main", "away"):
        assert office.run("tariff", "import", str(LITE), "--remote", name).code == 0
    return office, other


def test_a_sync_goes_on_when_one_remote_cannot_be_asked_and_loses_no_change(
    both: tuple[Office, Office],
) -> None:
    office, other = both
    other.edit_world(costs("5.00"))
    lose_the_way_to(office)
    result = office.run("tariff", "sync", "--json")
    told = [(each["remote"], each["subject"], each["after"]) for each in result.json["changes"]]
    assert (result.code, told) == (75, [("away", "period 1", "5.00 EUR")])
    assert (result.json["error"]["code"], "cpbillmgr: error: " in result.err) == (75, True)


def test_the_same_tariff_has_a_price_at_each_remote(both: tuple[Office, Office]) -> None:
    office, _ = both
    office.run("tariff", "edit", str(LITE), "--price", "1=9.00", "--remote", "away")
    listed = office.run("tariff", "list", "--json").json["tariffs"]
    prices = [(each["remote"], each["prices"][0]["price"]) for each in listed]
    assert prices == [("main", "4.00"), ("away", "9.00")]


def test_a_list_of_a_remote_that_is_not_there_is_refused(both: tuple[Office, Office]) -> None:
    office, _ = both
    result = office.run("tariff", "list", "--remote", "nope")
    assert (result.code, result.out, "there is no remote nope" in result.err) == (2, "", True)
    assert office.run("tariff", "list", "-q", "--remote", "away").out == f"{LITE}\n"


def test_what_is_to_be_typed_next_names_the_remote_that_was_meant(both: tuple[Office, Office]) -> None:
    office, _ = both
    result = office.run("tariff", "import", str(PRO), "--remote", "away")
    assert f"Not ordered until 'cpbillmgr tariff enable {PRO} --remote away'." in result.out
    refused = office.run("tariff", "enable", str(PRO))
    assert (refused.code, "It was imported from away; name that with --remote" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["audit"], "cpbillmgr enumeration set Gold TARIFF --remote away"),
        (["config", "check"], "cpbillmgr enumeration set Gold TARIFF --remote away"),
        (["fixchilds", "--yes"], "cpbillmgr enumeration set Gold TARIFF --remote away"),
        (
            ["config", "explain", "Silver", "--remote", "away"],
            "cpbillmgr enumeration set Silver --price MONTHS=AMOUNT --remote away",
        ),
        (
            ["enumeration", "set", "Bronze", "--remote", "away"],
            "cpbillmgr enumeration set Bronze TARIFF --remote away",
        ),
        (["enumeration", "set", "Bronze", "77", "--remote", "away"], "cpbillmgr remote presets away"),
        (["enumeration", "show", "Bronze", "--remote", "away"], "cpbillmgr enumeration list"),
    ],
    ids=lambda words: " ".join(words[:3]) if isinstance(words, list) else "",
)
def test_what_is_to_be_typed_about_a_value_names_its_remote(
    both: tuple[Office, Office], words: list[str], told: str
) -> None:
    office, other = both
    office.import_services(service("12", "Gold"))
    for value, tariff in (("Gold", PRO), ("Silver", LITE)):
        office.run("enumeration", "set", value, str(tariff), "--remote", "away")
    office.run("tariff", "enable", str(LITE), "--remote", "away")
    assert office.run("order", "--service", "12").code == 0
    other.edit_world(offers_no(PRO))
    result = office.run(*words)
    assert f"'{told}'" in " ".join((result.err + result.out).split())


def test_the_values_of_all_remotes_are_listed(both: tuple[Office, Office]) -> None:
    office, _ = both
    office.run("enumeration", "set", "Gold", str(PRO), "--remote", "away", "--price", "1=10.00")
    done = office.run("enumeration", "set", "Small", str(LITE), "--remote", "main", "--json")
    assert done.json["remote"] == "main"
    listed = office.run("enumeration", "list", "--json")
    assert [(each["remote"], each["name"]) for each in listed.json["values"]] == [
        ("main", "Small"),
        ("away", "Gold"),
    ]
    rows = [line.split() for line in office.run("enumeration", "list").out.splitlines()]
    assert [(row[0], row[-1]) for row in rows] == [("name", "remote"), ("Small", "main"), ("Gold", "away")]
    assert office.run("enumeration", "list", "-q", "--remote", "away").out == "Gold\n"
    missed = office.run("enumeration", "show", "Gold")
    assert (missed.code, "It is there for away; name that with --remote" in missed.err) == (2, True)


def test_a_value_whose_tariff_is_sold_no_more_is_told_by_a_sync(both: tuple[Office, Office]) -> None:
    office, other = both
    office.run("enumeration", "set", "Gold", str(PRO), "--remote", "away", "--price", "1=10.00")
    other.edit_world(sells_no(PRO))
    result = office.run("tariff", "sync")
    told = "value Gold means tariff 55228, which our account may not order (enumeration)"
    assert f"{told}. Run 'cpbillmgr enumeration set Gold TARIFF --remote away'" in result.err
