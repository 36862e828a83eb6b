"""Renew, release, move, change the tariff: one license by a person's word, when nothing goes wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.planner.basis.months import add_months
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import (
    CHANGE_TARIFF,
    MOVE,
    RELEASE,
    RENEW,
    an_office,
    charges,
    every_verb,
    the_license,
)
from tests.runs.worlds import (
    ACTIVE,
    BUSINESS,
    FREE_IP,
    FREE_NAME,
    LITE,
    NODES,
    PRO,
    SUSPENDED,
    Fields,
    day,
    service,
)


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def months_after(day: str, months: int) -> str:
    return str(add_months(date.fromisoformat(day), months))


@pytest.mark.parametrize(
    ("words", "months", "cost"),
    [([], 1, "4.00"), (["--period", "1"], 1, "4.00"), (["--period", "12"], 12, "40.00")],
)
def test_renew_pays_for_one_more_period(office: Office, words: list[str], months: int, cost: str) -> None:
    result = office.run("license", "renew", "1", *words, "--json")
    assert (result.code, result.changes) == (0, [("renew", "12", "done")])
    assert result.json["cost"] == [{"amount": cost, "currency": "EUR"}]
    assert the_license(office)["expiredate"] == months_after(day(200), months)
    assert charges(office) == [cost]
    (operation,) = office.operations
    assert (operation.action, operation.state, operation.sends) == (Action.RENEW, State.DONE, 1)
    assert operation.steps == ("renewed",)
    assert office.links == {"12": "1"}


def test_renew_pays_for_every_node(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"pricelist": BUSINESS, "addons": {str(NODES): 3}})
    assert office.run("license", *RENEW, "--json").json["cost"] == [{"amount": "30.00", "currency": "EUR"}]
    assert charges(office) == ["30.00"]


def test_a_license_that_has_ended_is_renewed_from_today(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"expiredate": day(-5), "status": SUSPENDED})
    assert office.run("license", *RENEW).code == 0
    assert (the_license(office)["expiredate"], the_license(office)["status"]) == (
        months_after(day(0), 1),
        ACTIVE,
    )


@pytest.mark.parametrize(
    "variant",
    [
        {"expiry": "real"},
        {"expiry": "plain"},
        {"form": "nested"},
        {"status": "orig"},
        {"status": "number"},
        {"tariff": "name"},
        {"tariff": "id"},
        {"dates": "form"},
        {"period": "label"},
        {"language": "ru"},
    ],
    ids=str,
)
def test_every_verb_works_in_every_dialect(open_office: OpenOffice, variant: dict[str, Any]) -> None:
    office = an_office(open_office, **variant)
    for words in (RENEW, CHANGE_TARIFF, MOVE):
        assert office.run("license", *words).code == 0
    office.control("clock", {"days": "40"})
    assert office.run("license", *RELEASE).code == 0
    assert {operation.state for operation in office.operations} == {State.DONE}
    assert the_license(office)["licname"] == FREE_NAME


def test_release_suspends_frees_and_unlinks_and_costs_nothing(office: Office) -> None:
    result = office.run("license", *RELEASE, "--json")
    assert (result.code, result.changes, result.json["cost"]) == (0, [("release", "12", "done")], [])
    assert [call["func"] for call in office.writes] == ["soft.suspend", "soft.edit"]
    freed = {"licname": FREE_NAME, "ip": FREE_IP, "remoteid": "", "status": SUSPENDED}
    assert freed.items() <= the_license(office).items()
    (operation,) = office.operations
    assert (operation.state, operation.steps) == (State.DONE, ("suspended", "freed"))
    assert office.links == {}


@pytest.mark.parametrize(
    ("ours", "calls"),
    [
        ({"status": SUSPENDED}, ["soft.edit"]),
        ({"status": SUSPENDED, "licname": FREE_NAME}, ["soft.edit"]),
    ],
)
def test_release_does_only_what_is_left(open_office: OpenOffice, ours: Fields, calls: list[str]) -> None:
    office = an_office(open_office, ours)
    assert office.run("license", *RELEASE).code == 0
    assert ([call["func"] for call in office.writes], office.links) == (calls, {})


def test_release_of_what_a_person_has_freed_at_the_remote_only_unlinks(office: Office) -> None:
    office.edit_world(
        lambda world: world["licenses"][0].update(licname=FREE_NAME, ip=FREE_IP, status=SUSPENDED)
    )
    assert office.run("license", *RELEASE).code == 0
    assert (office.writes, office.links) == ([], {})


def test_a_released_license_serves_the_next_who_needs_one(office: Office) -> None:
    office.run("license", *RELEASE)
    shown = {each["id"]: each for each in office.run("license", "list", "--json").json["licenses"]}
    assert (shown["1"]["pool"], shown["1"]["service"]) == (True, None)


def test_move_changes_the_address_alone(office: Office) -> None:
    before = the_license(office)
    assert office.run("license", *MOVE, "--json").changes == [("move", "12", "done")]
    assert [call["params"].keys() & {"ip", "licname", "remoteid"} for call in office.writes] == [{"ip"}]
    moved = {**before, "ip": "203.0.113.99", "ip_change_date": day(0)}
    assert moved.items() <= the_license(office).items()
    assert (office.links, charges(office)) == ({"12": "1"}, [])


def test_newkey_has_another_key_made_once_and_costs_nothing(office: Office) -> None:
    before = the_license(office)
    assert office.run("license", "newkey", "1", "--json").changes == [("newkey", "12", "done")]
    assert the_license(office)["lickey"] != before["lickey"]
    assert [call["params"]["clicked_button"] for call in office.writes] == ["newkey"]
    office.forget_calls()
    again = office.run("license", "newkey", "1")
    assert (again.code, f"has a new key since {day(0)}" in again.err, office.writes) == (2, True, [])
    assert (office.links, charges(office)) == ({"12": "1"}, [])


@pytest.mark.parametrize(("fault", "keys"), [("cut-after", 1), ("cut-before", 2)])
def test_a_new_key_whose_answer_was_lost_is_known_by_its_day(office: Office, fault: str, keys: int) -> None:
    office.fault(f"{fault}:soft.edit!")
    assert office.run("license", "newkey", "1").code == 7
    assert office.run("fixchilds").code == 0
    assert (len(office.writes), [each.state for each in office.operations]) == (keys, [State.DONE])
    assert the_license(office)["lickey_change_date"] == day(0)


@pytest.mark.parametrize(
    ("ours", "tariff", "cost"),
    [
        (LITE, PRO, ["4.10"]),
        (PRO, LITE, []),
        (LITE, BUSINESS, ["16.00"]),
    ],
    ids=["dearer", "cheaper", "by nodes"],
)
def test_change_tariff_costs_the_difference(
    open_office: OpenOffice, ours: int, tariff: int, cost: list[str]
) -> None:
    office = an_office(open_office, {"pricelist": ours})
    assert office.run("license", "change-tariff", "1", str(tariff)).code == 0
    assert (the_license(office)["pricelist"], the_license(office)["expiredate"]) == (tariff, day(200))
    assert charges(office) == cost
    assert office.links == {"12": "1"}


@pytest.mark.parametrize("words", [RENEW, MOVE, CHANGE_TARIFF], ids=lambda words: words[0])
def test_what_is_done_leaves_nothing_for_fixchilds_to_do(office: Office, words: list[str]) -> None:
    office.run("license", *words)
    changed = the_license(office)
    office.import_services(service("12", str(changed["pricelist"]), changed["ip"]))
    office.forget_calls()
    assert (office.run("fixchilds").code, office.writes) == (0, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (MOVE, "service 12 is on 203.0.113.12: the next fixchilds moves the license there"),
        (CHANGE_TARIFF, "service 12 asks for tariff 55227: the next fixchilds gives it that again"),
        (RELEASE, "the next fixchilds gives it another"),
        (RENEW, ""),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_what_the_service_does_not_ask_for_is_warned_of(office: Office, words: list[str], told: str) -> None:
    warnings = office.run("license", *words, "--dry-run", "--json").json["warnings"]
    assert told in " ".join(warnings)
    assert bool(warnings) is bool(told)


@every_verb
def test_a_dry_run_writes_nothing(office: Office, words: list[str]) -> None:
    before = (office.state_file.read_bytes(), office.world)
    result = office.run("license", *words, "--dry-run", "--json")
    assert (result.code, result.changes) == (0, [(words[0], "12", "planned")])
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)
