"""``service suspend``, ``resume`` and ``close``: a service changes, and its licenses with it."""

from __future__ import annotations

import re

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import an_office, charges, the_license
from tests.runs.worlds import ACTIVE, FREE_IP, FREE_NAME, SUSPENDED, day, service

DELETED = 4
STATUS = {"suspend": "suspended", "resume": "active", "close": "deleted"}


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def status_of(office: Office, id: str = "12") -> str:
    (shown,) = office.run("service", "show", id, "--json").json["services"]
    return str(shown["status"])


@pytest.mark.parametrize(
    ("before", "word", "action", "status", "at_the_remote"),
    [
        ("active", "suspend", "suspend", "suspended", SUSPENDED),
        ("suspended", "resume", "resume", "active", ACTIVE),
        ("active", "close", "release", "deleted", SUSPENDED),
    ],
)
def test_a_service_takes_its_license_along(
    open_office: OpenOffice, before: str, word: str, action: str, status: str, at_the_remote: int
) -> None:
    office = an_office(open_office, {"status": ACTIVE if before == "active" else SUSPENDED})
    office.run("service", "set", "12", f"status={before}")
    result = office.run("service", word, "12", "--json")
    assert (result.code, result.changes, result.json["cost"]) == (0, [(action, "12", "done")], [])
    assert (result.json["schema"], result.json["command"]) == ("cpbillmgr/report/1", f"service {word}")
    assert (status_of(office), the_license(office)["status"]) == (status, at_the_remote)
    office.forget_calls()
    again = office.run("service", word, "12", "--json")
    assert (again.code, again.changes, office.writes) == (0, [], [])


@pytest.mark.parametrize("word", ["suspend", "resume", "close"])
def test_a_dry_run_shows_what_would_be_done_and_writes_nothing(open_office: OpenOffice, word: str) -> None:
    office = an_office(open_office, {"status": SUSPENDED if word == "resume" else ACTIVE})
    before = (office.state_file.read_bytes(), office.world)
    result = office.run("service", word, "12", "--dry-run", "--json")
    action = "release" if word == "close" else word
    assert (result.code, result.changes) == (0, [(action, "12", "planned")])
    assert (result.json["dry_run"], result.json["totals"][action]) == (True, 1)
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)
    assert (status_of(office), office.operations) == ("active", [])
    assert "To do: 1" in office.run("service", word, "12", "--dry-run").out


def test_a_closed_service_gives_its_license_to_the_pool(office: Office) -> None:
    office.run("service", "close", "12")
    freed = {"licname": FREE_NAME, "ip": FREE_IP, "remoteid": "", "status": SUSPENDED}
    assert freed.items() <= the_license(office).items()
    assert office.links == {}


def test_a_closed_service_stops_a_license_that_may_not_be_moved_yet(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"ip_change_date": day(-5)})
    result = office.run("service", "close", "12", "--json")
    assert (result.code, result.changes) == (0, [("suspend", "12", "done")])
    assert "it can be freed from" in result.json["changes"][0]["because"]
    assert (office.links, the_license(office)["status"]) == ({"12": "1"}, SUSPENDED)
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])


def test_a_closed_service_gives_up_for_good_what_is_not_reused(open_office: OpenOffice) -> None:
    office = an_office(open_office, conf="ReusePrice 99\n")
    result = office.run("service", "close", "12", "--json")
    assert (result.code, result.changes) == (0, [("delete", "12", "done")])
    assert (office.links, the_license(office)["status"]) == ({}, DELETED)


def test_a_resumed_service_has_its_license_renewed_when_that_has_ended(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"status": SUSPENDED, "expiredate": day(-3)})
    office.run("service", "set", "12", "status=suspended")
    dry = office.run("service", "resume", "12", "--dry-run", "--json")
    assert (dry.changes, charges(office)) == ([("renew", "12", "planned")], [])
    result = office.run("service", "resume", "12", "--json")
    assert (result.code, result.changes) == (0, [("renew", "12", "done")])
    assert (charges(office), the_license(office)["status"]) == (["4.00"], ACTIVE)


@pytest.mark.parametrize("word", ["suspend", "resume", "close"])
def test_a_service_without_a_license_changes_alone_and_nobody_is_asked(
    open_office: OpenOffice, word: str
) -> None:
    office = open_office(services=[service("13", "nopanel")])
    would = office.run("service", word, "13", "--dry-run")
    assert (would.code, would.out) == (0, f"Service 13 would be {STATUS[word]}.\n")
    result = office.run("service", word, "13")
    assert (result.code, result.out) == (0, f"Service 13 is {STATUS[word]}.\n")
    assert (status_of(office, "13"), office.calls()) == (STATUS[word], [])


@pytest.mark.parametrize("word", ["suspend", "resume"])
def test_a_closed_service_is_brought_back_by_another_word(office: Office, word: str) -> None:
    office.run("service", "close", "12")
    result = office.run("service", word, "12", "--json")
    assert (result.code, status_of(office), office.links) == (2, "deleted", {})
    (told,) = re.findall("'cpbillmgr (.+?)'", result.json["error"]["hint"])
    assert (office.run(*told.split()).code, status_of(office)) == (0, STATUS[word])


@pytest.mark.parametrize("word", ["suspend", "resume", "close"])
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_service_that_is_not_there_is_wrong_usage(office: Office, word: str, more: list[str]) -> None:
    result = office.run("service", word, "99", *more)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert (office.calls(), status_of(office)) == ([], "active")


@pytest.mark.parametrize("word", ["suspend", "close"])
def test_what_the_remote_cannot_do_now_is_done_by_the_next_checkevent(office: Office, word: str) -> None:
    office.set_settings(url="http://127.0.0.1:9/billmgr")
    result, status = office.run("service", word, "12"), STATUS[word]
    assert (result.code, result.out) == (75, f"Service 12 is {status}.\n")
    assert f"Service 12 is {status}; its licenses follow with the next checkevent" in result.err
    assert "nothing was changed" not in result.err + office.run("service", word, "12", "--json").out
    assert (status_of(office) == "active", the_license(office)["status"]) == (False, ACTIVE)
    office.set_settings()
    assert office.run("checkevent").code == 0
    assert the_license(office)["status"] == SUSPENDED


def test_the_licenses_of_other_services_stay_as_they_are(office: Office) -> None:
    office.run("service", "close", "12")
    assert {call["params"]["elid"] for call in office.writes} == {"1"}
