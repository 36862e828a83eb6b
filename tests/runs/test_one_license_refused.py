"""What a person may not have done to a license, and what limits, money and the remote refuse."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import (
    CHANGE_TARIFF,
    MOVE,
    OURS,
    RELEASE,
    RENEW,
    an_office,
    the_license,
)
from tests.runs.worlds import (
    DNS,
    FREE_IP,
    LITE,
    PRO,
    Fields,
    license,
)


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


TRIAL, LIFETIME = {"period": -100}, {"period": 0, "expiredate": None}


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        ({}, ["renew", "2"]),
        ({}, ["release", "2"]),
        ({}, ["move", "2", "203.0.113.99"]),
        ({}, ["change-tariff", "2", str(PRO)]),
        ({}, ["renew", "6000"]),
        ({}, ["release", "6000"]),
        ({}, ["move", "6000", "203.0.113.99"]),
        ({}, ["change-tariff", "6000", str(PRO)]),
        ({}, ["renew", "99"]),
        ({}, ["release", "no such"]),
        ({}, ["renew", "1", "--period", "3"]),
        ({}, ["renew", "1", "--period", "0"]),
        ({}, ["renew", "1", "--period", "-100"]),
        (TRIAL, RENEW),
        (TRIAL, [*RENEW, "--period", "1"]),
        (TRIAL, RELEASE),
        (TRIAL, CHANGE_TARIFF),
        (LIFETIME, RENEW),
        (LIFETIME, [*RENEW, "--period", "1"]),
        ({}, ["change-tariff", "1", str(LITE)]),
        ({}, ["change-tariff", "1", str(DNS)]),
        ({}, ["change-tariff", "1", "9"]),
        ({}, ["change-tariff", "1", "0"]),
        ({}, ["change-tariff", "1", "pro"]),
        ({}, ["move", "1", "203.0.113.12"]),
        ({}, ["move", "1", "10.0.0.1"]),
        ({}, ["move", "1", "::ffff:192.168.0.1"]),
        ({}, ["move", "1", FREE_IP]),
        ({}, ["move", "1", "web1"]),
    ],
)
def test_what_may_not_be_done_is_wrong_usage_and_writes_nothing(
    open_office: OpenOffice, ours: Fields, words: list[str]
) -> None:
    office = an_office(open_office, ours)
    before = (office.state_file.read_bytes(), office.world)
    result = office.run("license", *words)
    assert (result.code, result.err.count("\n")) == (2, 1), result.err
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)


def test_a_license_that_is_deleted_at_the_remote_is_not_there(office: Office) -> None:
    office.edit_world(lambda world: world["licenses"][0].update(status=4))
    assert (office.run("license", *RENEW).code, office.writes) == (2, [])


@pytest.mark.parametrize(
    ("words", "too_little", "enough"), [(RENEW, "3.99", "4.00"), (CHANGE_TARIFF, "4.09", "4.10")]
)
def test_what_would_pass_max_spend_writes_nothing(
    office: Office, words: list[str], too_little: str, enough: str
) -> None:
    office.set_settings(f'[limits]\nmax_spend = "{too_little}"')
    before = office.state_file.read_bytes()
    result = office.run("license", *words, "--json")
    assert (result.code, result.json["error"]["kind"]) == (5, "limit")
    assert (office.writes, office.state_file.read_bytes()) == ([], before)
    office.set_settings(f'[limits]\nmax_spend = "{enough}"')
    assert office.run("license", *words).code == 0


@pytest.mark.parametrize("words", [RELEASE, MOVE], ids=lambda words: words[0])
def test_what_costs_nothing_passes_no_limit(office: Office, words: list[str]) -> None:
    office.set_settings('[limits]\nmax_spend = "0"\nmax_orders = 0')
    assert office.run("license", *words).code == 0


@pytest.mark.parametrize("words", [RENEW, CHANGE_TARIFF])
def test_without_money_it_has_failed_and_is_told_beforehand(
    open_office: OpenOffice, words: list[str]
) -> None:
    office = an_office(open_office, balance="1.00")
    assert "the account has 1.00 EUR" in office.run("license", *words, "--dry-run").err
    result = office.run("license", *words, "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "money")
    assert [operation.state for operation in office.operations] == [State.FAILED]
    assert OURS.items() <= the_license(office).items()
    assert office.links == {"12": "1"}


@pytest.mark.parametrize("owner", [None, "another"], ids=["ours", "of another account"])
def test_a_move_to_where_a_license_of_the_product_stands_is_refused(
    office: Office, owner: str | None
) -> None:
    there = license(3, "203.0.113.99", owner=owner)
    office.edit_world(lambda world: world["licenses"].append(there))
    result = office.run("license", *MOVE, "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "exists")
    assert [operation.state for operation in office.operations] == [State.FAILED]
    assert (the_license(office)["ip"], office.links) == ("203.0.113.12", {"12": "1"})


def test_a_second_move_within_a_month_is_refused(office: Office) -> None:
    assert office.run("license", *MOVE).code == 0
    result = office.run("license", "move", "1", "203.0.113.98", "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "remote-limit")
    assert [operation.state for operation in office.operations] == [State.DONE, State.FAILED]
    assert the_license(office)["ip"] == "203.0.113.99"
