"""A plan that is saved, looked at, and applied later."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, license, service, spare

DONE = [("link", "11", "done"), ("take", "12", "done"), ("order", "13", "done")]
TAKEN: Fields = {"licname": "another's", "ip": "198.51.100.7", "status": 2}


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office with a saved plan: a link, a take and an order."""
    office = open_office(
        services=[service("11"), service("12"), service("13", "55228")],
        licenses=[license(1, "203.0.113.11"), spare(2)],
    )
    assert office.run("fixchilds", "--out", "plan.json").code == 0
    return office


def test_saving_a_plan_changes_nothing(office: Office) -> None:
    assert (office.writes, office.links, office.operations) == ([], {}, [])


def test_a_saved_plan_is_carried_out(office: Office) -> None:
    result = office.run("apply", "plan.json", "--yes", "--json")
    assert (result.code, result.changes) == (0, DONE)
    assert (result.json["command"], result.json["cost"]) == (
        "apply",
        [{"amount": "8.10", "currency": "EUR"}],
    )
    assert office.links == {"11": "1", "12": "2", "13": "7000"}


def test_a_plan_is_applied_once(office: Office) -> None:
    office.run("apply", "plan.json", "--yes")
    office.forget_calls()
    result = office.run("apply", "plan.json", "--yes")
    assert (result.code, office.writes) == (5, [])
    assert "fixchilds --out" in result.err


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world["licenses"][1].update(TAKEN),
        lambda world: world["licenses"][0].update(status=4),
        lambda world: world["licenses"].append(license(3, "203.0.113.13", pricelist=55228)),
        lambda world: world["tariffs"][1]["prices"].update({"1": "9.00"}),
    ],
    ids=["the pool's license is taken", "the license to link is gone", "there is one now", "another price"],
)
def test_a_plan_is_refused_when_the_world_has_changed(
    office: Office, change: Callable[[Fields], object]
) -> None:
    office.edit_world(change)
    result = office.run("apply", "plan.json", "--yes", "--json")
    assert (result.code, result.json["error"]["kind"]) == (5, "plan-outdated")
    assert "the world has changed" in result.err
    assert (office.writes, office.links, office.operations) == ([], {}, [])


def test_a_plan_is_refused_when_our_services_have_changed(office: Office) -> None:
    made_at = json.loads((office.folder / "plan.json").read_bytes())["made_at"]
    office.run("service", "set", "13", "ip=203.0.113.99")
    result = office.run("apply", "plan.json", "--yes")
    assert (result.code, office.writes) == (5, [])
    assert f"since the plan was made ({made_at[:10]} {made_at[11:16]} UTC)" in result.err


def test_what_the_plan_does_not_need_may_change(office: Office) -> None:
    office.edit_world(lambda world: world["licenses"].append(license(3, "198.51.100.8")))
    assert office.run("apply", "plan.json", "--yes").code == 0


@pytest.mark.parametrize(
    "edit",
    [
        lambda plan: plan["decisions"].pop(),
        lambda plan: plan["decisions"][2]["cost"].update(amount="0.10"),
        lambda plan: plan["decisions"][2]["child"].update(ip="203.0.113.200"),
        lambda plan: plan["scope"].update(link_only=True),
        lambda plan: plan.update(checksum="0" * 64),
        lambda plan: plan.update(schema="cpbillmgr/plan/2"),
        lambda plan: plan.clear(),
    ],
    ids=["shorter", "cheaper", "another address", "another scope", "checksum", "schema", "empty"],
)
def test_an_edited_plan_is_refused(office: Office, edit: Callable[[Fields], object]) -> None:
    plan = json.loads((office.folder / "plan.json").read_bytes())
    edit(plan)
    office.write("plan.json", json.dumps(plan))
    result = office.run("apply", "plan.json", "--yes")
    assert (result.code, result.err.count("\n")) == (78, 1)
    assert "plan.json" in result.err
    assert office.writes == []


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_file_that_is_no_plan_is_refused(office: Office, text: str) -> None:
    office.write("plan.json", text)
    result = office.run("apply", "plan.json", "--yes")
    assert (result.code, result.err.count("\n")) == (78, 1)


def test_a_plan_may_be_looked_at_again_without_applying_it(office: Office) -> None:
    result = office.run("apply", "plan.json", "--dry-run", "--json")
    assert [outcome for _, _, outcome in result.changes] == ["planned"] * 3
    assert office.writes == []


def test_a_plan_for_some_services_is_applied_to_those(office: Office) -> None:
    office.run("fixchilds", "--out", "plan.json", "--service", "13", "--service", "11")
    assert office.run("apply", "plan.json", "--yes").code == 0
    assert set(office.links) == {"11", "13"}


def test_limits_hold_for_a_saved_plan_too(office: Office) -> None:
    result = office.run("apply", "plan.json", "--yes", "--max-spend", "8.09")
    assert (result.code, "--max-spend 8.10" in result.err) == (5, True)
    assert office.writes == []


def test_a_plan_that_cannot_be_saved_is_told(office: Office) -> None:
    result = office.run("fixchilds", "--out", "missing/plan.json")
    assert (result.code, "missing/plan.json" in result.err) == (78, True)


def test_another_file_is_no_plan_and_that_is_told_in_plain_words(office: Office) -> None:
    (office.folder / "other.json").write_text("{}", encoding="utf-8")
    result = office.run("apply", "other.json", "--yes")
    assert (result.code, "the file is not a saved plan (other.json)" in result.err) == (78, True)
