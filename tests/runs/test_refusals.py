"""What stops a run: one clear line, the exit code that belongs to it, and nothing lost."""

from __future__ import annotations

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service

NOBODY = "http://127.0.0.1:9/billmgr"  # the discard port: nothing listens there


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12"), service("13")])


def check_one_line(office: Office, code: int, kind: str, *words: str) -> None:
    """Check that a run leaves this code and one line, the same for a script, and did nothing."""
    world = office.world
    result = office.run("fixchilds", "--yes", "--json")
    assert result.code == code
    assert result.err.startswith("cpbillmgr: error: ")
    assert result.err.count("\n") == 1
    assert [word for word in words if word not in result.err] == []
    error = result.json["error"]
    assert (error["code"], error["kind"]) == (code, kind)
    assert error["message"] in result.err
    assert error["hint"] in result.err
    assert office.run("fixchilds", "--yes").err == result.err
    assert (office.world, office.operations, office.links) == (world, [], {})


def test_a_wrong_password(office: Office) -> None:
    office.write("password", "guessed\n")
    check_one_line(office, 77, "login", "(main)", "password")
    assert not any("guessed" in str(call) for call in office.calls())


def test_a_remote_that_is_down(office: Office) -> None:
    office.set_settings(url=NOBODY)
    check_one_line(office, 75, "unreachable", "(main)", "nothing was changed")


@pytest.mark.parametrize("fault", ["503", "500-before", "cut-before"])
def test_a_remote_that_gives_no_answer(office: Office, fault: str) -> None:
    office.fault(f"{fault}:soft:*")
    check_one_line(office, 75, "unreachable", "(main)", "nothing was changed")


@pytest.mark.parametrize("fault", ["html", "empty"])
def test_an_answer_that_is_no_document(office: Office, fault: str) -> None:
    office.fault(f"{fault}:soft:*")
    check_one_line(office, 76, "protocol", "(main)", "nothing was changed")


def test_a_redirect_is_not_followed(office: Office) -> None:
    office.fault("redirect:soft:*")
    check_one_line(office, 76, "protocol", "(main)", "the new place was not asked")


@pytest.mark.parametrize("fault", ["503", "cut-before", "500-after"])
def test_a_question_is_asked_twice_before_giving_up(office: Office, fault: str) -> None:
    office.fault(f"{fault}:soft:1")
    assert office.run("fixchilds", "--yes").code == 0
    assert set(office.links) == {"12", "13"}


def test_an_account_that_may_order_nothing(office: Office) -> None:
    office.edit_world(lambda world: [tariff.update(orderable=False) for tariff in world["tariffs"]])
    result = office.run("fixchilds", "--yes")
    assert result.code in (76, 78)
    assert office.writes == []


@pytest.mark.parametrize(("name", "line"), [("Gold", "Price Gold "), ("Lite", "Price Lite ")])
def test_a_panel_name_that_means_nothing_here_tells_the_line_to_add(
    office: Office, name: str, line: str
) -> None:
    office.import_services(service("14", name))
    check_one_line(office, 78, "config", "service 14", "add-on panel", f"'{name}'", line, "cpbillmgr5.conf")


def test_every_name_that_means_nothing_is_told_at_once(office: Office) -> None:
    office.import_services(service("14", "Gold"), service("15", "Silver"))
    result = office.run("fixchilds", "--yes")
    assert result.code == 78
    lines = zip(["'Gold'", "'Silver'"], result.err.splitlines(), strict=True)
    assert all(name in line for name, line in lines)
    assert office.calls("soft") == []


def test_too_little_money_stops_what_has_not_begun_and_keeps_what_is_paid(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12"), service("13", "55228"), service("14")], balance="5.00")
    office.set_settings(parallel=1)
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "money")
    assert [outcome for _, _, outcome in result.changes] == ["done", "failed", "skipped"]
    assert "Top up the account" in result.err
    assert "16.10 EUR, the account has 5.00 EUR" in result.err
    assert office.links == {"12": "7000"}


def test_what_money_was_lacking_for_is_bought_when_there_is_some(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="3.99")
    assert office.run("fixchilds", "--yes").code == 69
    office.edit_world(lambda world: world["account"].update(balance="4.00"))
    assert office.run("fixchilds").code == 0
    assert (office.links, office.world["account"]["balance"]) == ({"12": "7000"}, "0.00")


def test_a_credit_limit_is_money_too(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="0.00")
    office.edit_world(lambda world: world["account"].update(credit_limit="10.00"))
    assert office.run("fixchilds", "--yes").code == 0
    assert office.world["account"]["balance"] == "-4.00"


def test_a_refused_address_does_not_hinder_the_others(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12"), service("13")], licenses=[license(1, "203.0.113.12", owner="another")]
    )
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (3, [("order", "12", "failed"), ("order", "13", "done")])
    error = result.json["changes"][0]["error"]
    assert "license with this IP address already exists" in error
    assert "None of our licenses of this product is on 203.0.113.12" in error
    assert "if it is lifetime, another license of the product can be ordered for its address only in" in error
    assert [order["ip"] for order in office.orders] == ["203.0.113.13"]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("cpbillmgr.toml", "state = 7\n[[remote]]\n", ["cpbillmgr.toml:1", "'state'"]),
        ("cpbillmgr.toml", "not toml", ["cpbillmgr.toml:1", "not TOML"]),
        ("cpbillmgr5.conf", "Price Lite\n", ["cpbillmgr5.conf:1", "Price"]),
        ("cpbillmgr5.conf", "\nPeriod ALL 1\n", ["cpbillmgr5.conf:2"]),
        ("password", "", ["password file is empty"]),
    ],
)
def test_a_wrong_file_is_told_with_its_line(office: Office, file: str, text: str, words: list[str]) -> None:
    office.write(file, text)
    result = office.run("fixchilds", "--yes")
    assert result.code == 78
    assert [word for word in words if word not in result.err] == []
    office.set_settings()


def test_a_password_file_that_others_can_read_is_refused(office: Office) -> None:
    (office.folder / "password").chmod(0o644)
    result = office.run("fixchilds", "--yes")
    assert (result.code, "chmod 600" in result.err) == (78, True)
    assert office.calls() == []
