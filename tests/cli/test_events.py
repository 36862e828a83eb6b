"""``event list`` and ``license history``: what was concluded to have changed, and who did it."""

from __future__ import annotations

import pytest

from tests.cli.test_harmless import MARKUP, NASTY, is_shown_safely
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import an_office
from tests.runs.worlds import SUSPENDED, Fields, service

KEYS = {"id", "at", "remote", "license", "kind", "before", "after", "operation"}


def change(office: Office, row: int = 0, **fields: object) -> None:
    """Let somebody else change a license, the first unless told, and look."""
    office.edit_world(lambda world: world["licenses"][row].update(fields))
    assert office.run("checkevent").code == 0


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office whose license we have moved, and stopped with its service; a stranger has renamed his."""
    office = an_office(open_office)
    assert office.run("license", "move", "1", "203.0.113.99").code == 0
    change(office, row=2, licname="stranger in disguise")
    assert office.run("service", "set", "12", "status=suspended", "ip=203.0.113.99").code == 0
    assert office.run("checkevent").code == 0
    assert office.run("checkevent").code == 0
    office.forget_calls()
    return office


def listed(office: Office, *words: str) -> list[Fields]:
    shown = office.run("event", "list", *words, "--json").json
    assert shown["schema"] == "cpbillmgr/events/1"
    events: list[Fields] = shown["events"]
    return events


def test_events_are_listed_oldest_first_with_the_operation_that_explains_them(office: Office) -> None:
    events = listed(office)
    told = [[each[key] for key in ("license", "kind", "before", "after", "operation")] for each in events]
    assert told == [
        ["1", "ip", "203.0.113.12", "203.0.113.99", 1],
        ["6000", "name", "stranger 0", "stranger in disguise", None],
        ["1", "status", "active", "suspended", 2],
    ]
    assert {each["remote"] for each in events} == {"main"}
    assert [set(each) == KEYS and each["id"] == n for n, each in enumerate(events, start=1)] == [True] * 3


def test_for_people_an_event_is_one_line(office: Office) -> None:
    titles, *lines = office.run("event", "list").out.splitlines()
    assert titles.split() == ["at", "remote", "license", "what", "change"]
    assert [line.split()[3] for line in lines] == ["ip", "name", "status"]
    assert lines[-1].endswith("active -> suspended (operation 2)")
    assert office.run("event", "list", "-q").out == "1\n2\n3\n"


def test_where_nothing_has_happened_nothing_is_listed(open_office: OpenOffice) -> None:
    office = open_office()
    assert (listed(office), office.run("event", "list").out) == ([], "")


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2020-01-01", 3),
        ("2020-01-01T12:00", 3),
        ("2020-01-01T12:00:00+03:00", 3),
        ("2099-01-01", 0),
        ("2099-01-01T12:00:00Z", 0),
    ],
)
def test_since_is_a_day_or_a_time(office: Office, since: str, told: int) -> None:
    assert len(listed(office, "--since", since)) == told


def test_since_the_time_of_an_event_shows_that_event(office: Office) -> None:
    """Though times are shown to the second, and kept more exactly."""
    last = listed(office)[-1]["at"]
    assert [each["kind"] for each in listed(office, "--since", last)][-1] == "status"


@pytest.mark.parametrize("since", ["yesterday", "", "2026-13-01", "25.11.2026", "1", "\x1b[31m"])
def test_what_is_no_time_is_wrong_usage(office: Office, since: str) -> None:
    result = office.run("event", "list", "--since", since)
    assert (result.code, result.out) == (2, "")
    assert "is no time; write it like 2026-11-25" in result.err
    assert "\x1b" not in result.err


def test_looking_back_changes_nothing_and_asks_nobody(office: Office) -> None:
    before = office.state_file.read_bytes()
    for words in (["event", "list"], ["license", "history", "1"]):
        assert office.run(*words).code == 0
    assert (office.calls(), office.state_file.read_bytes()) == ([], before)


def test_the_history_of_a_license_tells_events_and_operations_oldest_first(office: Office) -> None:
    shown = office.run("license", "history", "1", "--json").json
    assert (shown["schema"], shown["license"]) == ("cpbillmgr/history/1", "1")
    told = [each["what"] for each in shown["history"]]
    assert told == [
        "linked to 12 panel",
        "move planned (operation 1)",
        "move sent (operation 1)",
        "move sent (operation 1)",
        "move done (operation 1)",
        "ip: 203.0.113.12 -> 203.0.113.99",
        "suspend planned (operation 2)",
        "suspend sent (operation 2)",
        "suspend sent (operation 2)",
        "suspend done (operation 2)",
        "status: active -> suspended",
    ]
    assert [each["at"] for each in shown["history"]] == sorted(each["at"] for each in shown["history"])
    assert all(set(each) == {"at", "what", "run", "why", "cost", "currency"} for each in shown["history"])
    assert (shown["history"][-1]["why"], shown["history"][-1]["run"]) == ("by operation 2", None)
    assert len(office.run("license", "history", "1").out.splitlines()) == 1 + len(told)


def test_the_history_of_a_license_tells_once_what_was_paid_for_it(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    assert office.run("fixchilds", "--yes").code == 0
    license = office.links["12"]
    assert office.run("license", "renew", license).code == 0
    history = office.run("license", "history", license, "--json").json["history"]
    assert [(each["what"], each["cost"], each["currency"]) for each in history if each["cost"]] == [
        ("order done (operation 1)", "4.00", "EUR"),
        ("renew done (operation 2)", "4.00", "EUR"),
    ]
    shown = office.run("license", "history", license).out
    assert (shown.splitlines()[0].split()[-1], shown.count("4.00 EUR")) == ("cost", 2)


def test_what_nobody_of_ours_has_done_is_told_as_by_somebody_else(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("checkevent").code == 0
    change(office, status=SUSPENDED)
    _linked, entry = office.run("license", "history", "1", "--json").json["history"]
    assert (entry["what"], entry["why"]) == ("status: active -> suspended", "by somebody else, or by time")


def test_what_a_person_has_said_of_a_license_is_in_its_history(office: Office) -> None:
    for words in (["unlink", "1"], ["protect", "1"]):
        assert office.run("license", *words).code == 0
    told = office.run("license", "history", "1", "--json").json["history"]
    assert [(each["what"], each["why"]) for each in told[-2:]] == [
        ("unlinked", "by hand"),
        ("protected", "by hand"),
    ]


def test_a_license_to_which_nothing_has_happened_has_no_history(office: Office) -> None:
    result = office.run("license", "history", "2", "--json")
    assert (result.code, result.json["history"]) == (0, [])


@pytest.mark.parametrize("id", ["999", "soft", ""])
def test_a_license_that_was_never_heard_of_is_wrong_usage(office: Office, id: str) -> None:
    result = office.run("license", "history", id)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("name", [*NASTY.values(), MARKUP], ids=[*NASTY, "markup"])
def test_a_strange_name_is_shown_harmless_and_stays_what_it_is_for_scripts(
    open_office: OpenOffice, name: str
) -> None:
    office = an_office(open_office)
    office.edit_world(lambda world: world["licenses"][0].update(licname=name))
    checked = office.run("checkevent")
    assert is_shown_safely(checked.out + checked.err)
    (event,) = listed(office)
    told = office.run("license", "show", "1", "--json").json["licenses"][0]["name"]
    assert (event["kind"], event["after"]) == ("name", told)
    for words in (["event", "list"], ["license", "history", "1"]):
        result = office.run(*words)
        assert (result.code, is_shown_safely(result.out)) == (0, True)
        assert len(result.out.splitlines()) == (2 if words == ["event", "list"] else 3)
