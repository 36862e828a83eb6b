"""``license adopt``: licenses that we did not order are taken over, all or none, and given back."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office, Result
from tests.runs.worlds import LITE, PRO, Fields, day, license, service, spare

ROWS = [("1", "12", "panel"), ("2", "13", ""), ("3", "14", "panel")]
NOT_COMPARED = ('INSERT INTO "look"', 'INSERT INTO "adoption"')
MANY = 1000


def an_office(open_office: OpenOffice, **facts: object) -> Office:
    """Open an office of years ago: 12, 13 and 14 have licenses that were bought by hand."""
    office = open_office(
        services=[service("12"), service("13"), service("14", str(PRO)), service("15", "nopanel")],
        licenses=[
            license(1, "203.0.113.12"),
            license(2, "203.0.113.13", autoprolong="1"),
            license(3, "203.0.113.14", pricelist=PRO),
            license(4, "203.0.113.77"),
            spare(5),
        ],
        **facts,
    )
    office.forget_calls()
    return office


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def claim(office: Office, rows: Iterable[tuple[str, ...]]) -> None:
    office.write("claims.csv", "\n".join(["license,service,addon", *(",".join(row) for row in rows), ""]))


def adopt(office: Office, *words: str, rows: Iterable[tuple[str, ...]] = ROWS) -> Result:
    claim(office, rows)
    return office.run("license", "adopt", "claims.csv", *words)


def remembered(office: Office) -> list[str]:
    """Return all that the state holds, but for when it looked and that something was adopted once."""
    with office.state() as state:
        return [line for line in state.database.iterdump() if not line.startswith(NOT_COMPARED)]


def test_a_file_names_the_licenses_and_whose_they_are(office: Office) -> None:
    result = adopt(office, "--yes", "--json")
    assert (result.code, result.json["command"], result.json["adoption"]) == (0, "license adopt", 1)
    assert result.changes == [("link", "12", "done"), ("link", "13", "done"), ("link", "14", "done")]
    assert result.json["cost"] == []
    assert (office.links, office.writes) == ({"12": "1", "13": "2", "14": "3"}, [])


def test_a_person_is_told_how_to_undo_it_and_a_script_the_number(open_office: OpenOffice) -> None:
    first, second = an_office(open_office), an_office(open_office)
    assert adopt(first, "--yes").out.endswith("Undo it with 'cpbillmgr license adopt --undo 1'.\n")
    assert adopt(second, "--yes", "-q").out == "1\n"


def test_the_same_file_again_has_nothing_to_do(office: Office) -> None:
    adopt(office, "--yes")
    result = adopt(office, "--yes")
    assert (result.code, result.out) == (0, "Nothing to do: 3 in sync.\n")


def test_nobody_has_agreed_to_a_first_plan_so_nothing_is_written(office: Office) -> None:
    result = adopt(office)
    assert (result.code, office.links) == (5, {})
    assert "--yes" in result.err


def test_a_dry_run_shows_the_plan_and_writes_nothing(office: Office) -> None:
    office.run("fixchilds", "--yes", "--link-only", "--service", "12")
    before = (office.state_file.read_bytes(), office.world)
    result = adopt(office, "--dry-run", "--json")
    assert result.changes == [("link", "13", "planned"), ("link", "14", "planned")]
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)


def test_every_bad_row_is_told_with_its_line_and_then_nothing_is_taken_over(office: Office) -> None:
    bad = [
        ("999", "13", ""),
        ("4", "13", ""),
        ("3", "13", ""),
        ("5", "13", ""),
        ("2", "99", ""),
        ("1", "12", ""),
        ("6", ""),
        ("7", "15", ""),
        ("8", "13", "dnsmgr"),
        ("", "12", ""),
    ]
    result = adopt(office, "--yes", rows=[("1", "12", "panel"), *bad])
    assert (result.code, result.out, office.links) == (78, "", {})
    told = result.err.splitlines()
    reasons = [
        "there is no license 999 on the account (claims.csv:3)",
        "license 4 is on 203.0.113.77, and service 13 on 203.0.113.13 (claims.csv:4)",
        f"license 3 is of tariff {PRO} ispmanager 6 pro, and service 13 wants {LITE}, and is on",
        "license 5 lies in the pool (claims.csv:6)",
        "there is no service '99' (claims.csv:7)",
        "license '1' is there more than once, first on line 2 (claims.csv:8)",
        "the row has 2 cells, and the header has 3 (claims.csv:9)",
        "service 15 asks for no license (claims.csv:10)",
        "add-on dnsmgr of service 13 asks for no license (claims.csv:11)",
        "the row names no license (claims.csv:12)",
    ]
    assert len(told) == len(bad) == len(reasons)
    assert [line for line, why in zip(told, reasons, strict=True) if why not in line] == []


def test_a_bad_header_is_told(office: Office) -> None:
    office.write("claims.csv", "licence,service\n1,12\n")
    result = office.run("license", "adopt", "claims.csv", "--yes")
    assert (result.code, len(result.err.splitlines())) == (78, 2)
    assert "column 'licence' is not known (claims.csv:1)" in result.err
    assert "column 'license' is missing (claims.csv:1)" in result.err


def test_by_ip_takes_over_what_stands_on_the_address_of_one_service(office: Office) -> None:
    result = office.run("license", "adopt", "--by-ip", "--yes", "--json")
    assert (result.code, result.json["adoption"]) == (0, 1)
    assert (office.links, office.writes) == ({"12": "1", "13": "2", "14": "3"}, [])


def test_by_ip_leaves_to_a_person_what_is_not_clear(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12"), service("13", ip="203.0.113.12"), service("14"), service("15")],
        licenses=[
            license(1, "203.0.113.12"),
            license(2, "203.0.113.14"),
            license(3, "203.0.113.14"),
            license(4, "203.0.113.15", pricelist=PRO),
        ],
    )
    result = office.run("license", "adopt", "--by-ip", "--yes", "--json")
    assert (result.code, office.links) == (3, {})
    assert result.changes == [("link", service, "held") for service in ("12", "13", "14")]


def test_by_ip_takes_neither_what_is_marked_nor_what_a_person_has_unlinked(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12"), service("13")],
        licenses=[
            license(1, "203.0.113.12"),
            license(2, "203.0.113.13", remoteid="cpb1-other-13-panel-1"),
        ],
    )
    assert office.run("license", "link", "1", "12").code == 0
    assert office.run("license", "unlink", "1").code == 0
    assert office.run("license", "adopt", "--by-ip", "--yes").code == 0
    assert office.links == {}
    assert adopt(office, "--yes", rows=[("1", "12")]).code == 78
    assert adopt(office, "--yes", rows=[("1", "12", "")]).code == 0
    assert office.links == {"12": "1"}


@pytest.mark.parametrize("rows", [(), ("--by-ip",)], ids=["file", "by ip"])
def test_undone_the_state_is_as_it_was_before(office: Office, rows: tuple[str, ...]) -> None:
    assert office.run("checkevent", "--full").code == 0
    before = remembered(office)
    result = adopt(office, "--yes") if not rows else office.run("license", "adopt", *rows, "--yes")
    assert result.code == 0
    assert remembered(office) != before
    office.forget_calls()
    undone = office.run("license", "adopt", "--undo", "1", "--json")
    assert undone.json == {
        "schema": "cpbillmgr/undone/1", "dry_run": False, "adoption": 1, "licenses": ["1", "2", "3"],
    }  # fmt: skip
    assert (remembered(office), office.calls()) == (before, [])


@pytest.mark.parametrize(("number", "told"), [("1", "was undone already"), ("9", "there is no adoption 9")])
def test_what_is_not_there_to_be_undone_is_told(office: Office, number: str, told: str) -> None:
    adopt(office, "--yes")
    assert office.run("license", "adopt", "--undo", "1", "--dry-run").out.startswith("Would undo adoption 1")
    assert len(office.links) == 3
    assert office.run("license", "adopt", "--undo", "1").code == 0
    result = office.run("license", "adopt", "--undo", number)
    assert (result.code, result.out) == (2, "")
    assert told in result.err


@pytest.mark.parametrize(
    "words", [[], ["claims.csv", "--by-ip"], ["--by-ip", "--undo", "1"], ["claims.csv", "--undo", "1"]]
)
def test_one_of_file_rule_or_undo_is_asked_for(office: Office, words: list[str]) -> None:
    result = office.run("license", "adopt", *words)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "name a FILE, or --by-ip, or --undo NUMBER" in result.err


def test_adopted_licenses_are_renewed_and_followed_and_no_longer_renew_themselves(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"][0].update(expiredate=day(1)))
    adopt(office, "--yes")
    office.run("service", "suspend", "14")
    office.forget_calls()
    assert office.run("checkevent").code == 0
    sent = {(call["func"], call["params"]["elid"]) for call in office.writes}
    assert sent == {("service.prolong", "1"), ("soft.edit", "2")}
    assert office.licenses(id=2)[0]["autoprolong"] == "null"
    assert office.licenses(id=3)[0]["status"] == 3


def a_years_old_account() -> tuple[list[Fields], list[Fields], list[tuple[str, str, str]]]:
    """Return services, licenses that were bought by hand, and rows that say what belongs together."""
    numbers = range(1, MANY + 1)
    ips = {n: f"203.0.{113 + n // 250}.{n % 250 + 1}" for n in numbers}
    services = [service(str(n), ip=ips[n]) for n in numbers]
    licenses = [license(10_000 + n, ips[n], pricelist=LITE) for n in numbers]
    return services, licenses, [(str(10_000 + n), str(n), "panel") for n in numbers]


def test_a_thousand_licenses_with_ten_bad_rows_are_adopted_once_those_are_mended_and_given_back(
    open_office: OpenOffice,
) -> None:
    services, licenses, rows = a_years_old_account()
    office = open_office(services=services, licenses=licenses)
    assert office.run("checkevent", "--full").code == 0
    before = remembered(office)
    broken = list(rows)
    for number in range(50, MANY, 100):
        broken[number] = ("999" + str(number), *broken[number][1:])
    refused = adopt(office, "--yes", rows=broken)
    assert (refused.code, len(refused.err.splitlines()), remembered(office)) == (78, 10, before)
    assert "there is no license 99950 on the account (claims.csv:52)" in refused.err
    assert adopt(office, "--yes", "-q", rows=rows).out == "1\n"
    assert (len(office.links), office.writes, office.world["charges"]) == (MANY, [], [])
    assert office.run("license", "adopt", "--undo", "1").code == 0
    assert remembered(office) == before


def test_of_two_licenses_for_one_service_the_second_row_is_told(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12")], licenses=[license(1, "203.0.113.12"), license(2, "203.0.113.12")]
    )
    result = adopt(office, "--yes", rows=[("1", "12", ""), ("2", "12", "panel")])
    assert (result.code, office.links) == (78, {})
    assert "service 12, add-on panel, gets a license on line 2 already (claims.csv:3)" in result.err
