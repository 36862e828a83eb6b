"""``operation``: the journal, and a person's word in it."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import CHANGE_TARIFF, MOVE, RELEASE, RENEW, an_office
from tests.runs.worlds import day, license, service, spare


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office with a finished take, a finished order, and an order in doubt."""
    office = open_office(services=[service("11")], licenses=[spare(1)])
    office.run("fixchilds", "--yes")
    office.import_services(service("12"))
    office.run("fixchilds")
    office.import_services(service("13", "55228"))
    office.fault("503:soft.order.param")
    office.run("fixchilds")
    return office


def test_the_journal_is_listed_the_newest_first(office: Office) -> None:
    shown = office.run("operation", "list", "--json").json
    assert shown["schema"] == "cpbillmgr/operations/1"
    told = [(each["action"], each["service"], each["state"], each["cost"]) for each in shown["operations"]]
    assert told == [
        ("order", "13", "in doubt", "8.10"),
        ("order", "12", "done", "4.00"),
        ("take", "11", "done", None),
    ]
    assert len(office.run("operation", "list").out.splitlines()) == 4
    assert office.run("operation", "list", "-q").out == "3\n2\n1\n"
    assert office.run("operation", "list", "--open", "-q").out == "3\n"


def test_what_failed_is_a_task_until_it_is_made_good(office: Office) -> None:
    office.edit_world(lambda world: world["account"].update(balance="1.00"))
    office.import_services(service("14"))
    office.run("fixchilds")
    assert office.run("operation", "list", "--tasks", "-q").out == "4\n"
    shown = office.run("operation", "list", "--tasks").out
    assert [word for word in ("14 panel", "failed", "enough") if word not in shown] == []
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    assert office.run("operation", "restart", "4").code == 0
    assert office.run("operation", "list", "--tasks", "-q").out == ""


def test_an_operation_is_shown_with_its_history(office: Office) -> None:
    (shown,) = office.run("operation", "show", "3", "--json").json["operations"]
    assert (shown["remoteid"], shown["sends"], shown["license"]) == ("cpb1-main-13-panel-1", 1, None)
    assert [move["to"] for move in shown["moves"]] == ["planned", "sent", "in doubt"]
    told = office.run("operation", "show", "3").out
    assert [word for word in ("in doubt", "8.10 EUR", "203.0.113.13", "503") if word not in told] == []


def test_looking_at_the_journal_changes_nothing(office: Office) -> None:
    office.forget_calls()
    before = office.state_file.read_bytes()
    for words in (["list"], ["show", "1"], ["cancel", "3", "--dry-run"]):
        office.run("operation", *words)
    assert (office.calls(), office.state_file.read_bytes()) == ([], before)


@pytest.mark.parametrize("id", ["2", "3"])
def test_what_is_paid_or_may_be_cannot_be_canceled(office: Office, id: str) -> None:
    stages = [operation.state for operation in office.operations]
    result = office.run("operation", "cancel", id)
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert [operation.state for operation in office.operations] == stages


@pytest.mark.parametrize("verb", ["show", "cancel", "restart"])
@pytest.mark.parametrize(("id", "code"), [("99", 2), ("x", 2)])
def test_an_operation_that_is_not_there_is_wrong_usage(office: Office, verb: str, id: str, code: int) -> None:
    assert office.run("operation", verb, id).code == code


def test_a_failed_operation_is_restarted_when_it_can_succeed(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00")
    office.run("fixchilds", "--yes")
    assert [operation.state for operation in office.operations] == [State.FAILED]
    office.edit_world(lambda world: world["account"].update(balance="4.00"))
    dry = office.run("operation", "restart", "1", "--dry-run", "--json")
    assert (dry.changes, office.links) == ([("order", "12", "planned")], {})
    assert office.run("operation", "restart", "1").code == 0
    assert office.links == {"12": "7000"}


def test_restarting_what_is_done_buys_nothing(office: Office) -> None:
    office.forget_calls()
    office.run("operation", "restart", "2")
    assert office.writes == []


def test_a_refused_take_leaves_its_license_to_the_pool(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12")], licenses=[spare(1), license(2, "203.0.113.12", owner="another")]
    )
    assert office.run("fixchilds", "--yes", "--json").changes == [("take", "12", "failed")]
    assert office.run("license", "list", "--json").json["licenses"][0]["pool"] is True
    assert office.writes == []


def test_changes_of_licenses_stand_in_the_journal_too(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    for words in (RENEW, CHANGE_TARIFF, MOVE):
        office.run("license", *words)
    office.control("clock", {"days": "40"})
    office.run("license", *RELEASE)
    shown = office.run("operation", "list", "--json").json["operations"]
    told = [(each["action"], each["service"], each["license"], each["cost"]) for each in shown]
    assert told == [
        ("release", "12", "1", None),
        ("move", "12", "1", None),
        ("change-tariff", "12", "1", "4.10"),
        ("renew", "12", "1", "4.00"),
    ]


@pytest.fixture
def waiting(open_office: OpenOffice) -> Office:
    """An office with a release that the remote does not allow yet."""
    office = an_office(open_office, {"ip_change_date": day(-5)})
    assert office.run("license", "release", "1").code == 69
    office.forget_calls()
    return office


def test_what_waits_for_a_person_is_shown_with_its_reason(waiting: Office) -> None:
    assert waiting.run("operation", "list", "--open", "-q").out == "1\n"
    (shown,) = waiting.run("operation", "show", "1", "--json").json["operations"]
    assert (shown["state"], shown["license"]) == ("manual", "1")
    assert "it can be freed from" in shown["error"]
    assert [move["to"] for move in shown["moves"]] == ["planned", "sent", "sent", "manual"]
    assert [move["why"] for move in shown["moves"]][2] == "step suspended"
    assert "it can be freed from" in " ".join(waiting.run("operation", "show", "1").out.split())


@pytest.mark.parametrize("option", [[], ["--json"], ["-q"]])
def test_what_is_canceled_is_told_and_asks_the_remote_nothing(waiting: Office, option: list[str]) -> None:
    dry = waiting.run("operation", "cancel", "1", "--dry-run", *option)
    assert (dry.code, [each.state for each in waiting.operations]) == (0, [State.MANUAL])
    result = waiting.run("operation", "cancel", "1", *option)
    assert (result.code, [each.state for each in waiting.operations]) == (0, [State.FAILED])
    assert waiting.calls() == []
    if option == ["--json"]:
        assert [each["state"] for each in result.json["operations"]] == ["failed"]
    else:
        assert result.out == ("" if option else "Operation 1 is canceled.\n")


def test_what_is_canceled_already_is_not_canceled_again(waiting: Office) -> None:
    waiting.run("operation", "cancel", "1")
    result = waiting.run("operation", "cancel", "1", "--json")
    assert (result.code, result.json["error"]["kind"]) == (2, "usage")
    assert "operation 1 is failed already" in result.err


def test_what_is_restarted_is_reported_as_a_run(waiting: Office) -> None:
    waiting.control("clock", {"days": "40"})
    result = waiting.run("operation", "restart", "1", "--json")
    assert (result.code, result.json["command"]) == (0, "operation restart")
    assert (result.changes, waiting.links) == ([("release", "12", "done")], {})


@pytest.mark.parametrize("verb", ["cancel", "restart"])
def test_another_run_is_not_disturbed(waiting: Office, verb: str) -> None:
    with waiting.site("fixchilds"):
        assert waiting.run("operation", verb, "1").code == 75
        assert waiting.run("operation", "show", "1").code == 0
    assert [each.state for each in waiting.operations] == [State.MANUAL]
