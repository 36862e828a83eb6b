"""``license protect``: what no run and no command changes at the remote, until it is unprotected."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.runs.acting.carry_out import carry_out
from cpbillmgr.runs.looking.gather import whole_look
from cpbillmgr.runs.looking.look import Look
from cpbillmgr.runs.site import open_remote
from tests.conftest import OpenOffice
from tests.planner.nouns import a_child
from tests.runs.office import Office
from tests.runs.one_license import EVERY_VERB, an_office, the_license
from tests.runs.worlds import SUSPENDED, day, license, service, spare


def protected(office: Office, *ids: str) -> Office:
    """Return the office with these licenses protected, and no calls of before."""
    result = office.run("license", "protect", *(ids or ("1",)))
    assert result.code == 0, result.err
    office.forget_calls()
    return office


def shown_as_protected(office: Office) -> list[str]:
    return [
        each["id"] for each in office.run("license", "list", "--json").json["licenses"] if each["protected"]
    ]


def test_protected_licenses_are_shown_until_they_are_unprotected(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    result = office.run("license", "protect", "1", "6000")
    assert (result.code, result.out, office.writes) == (0, "Protected license 1, 6000.\n", [])
    assert shown_as_protected(office) == ["1", "6000"]
    assert "active, protected" in office.run("license", "show", "1").out
    result = office.run("license", "unprotect", "1", "6000", "--json")
    assert result.json == {
        "schema": "cpbillmgr/protected/1", "dry_run": False, "licenses": ["1", "6000"], "protected": False,
    }  # fmt: skip
    assert shown_as_protected(office) == []


@pytest.mark.parametrize(
    "words", [*EVERY_VERB, ["suspend", "1"], ["resume", "1"], ["delete", "1"]], ids=lambda words: words[0]
)
def test_every_verb_refuses_in_one_line_that_names_unprotect(
    open_office: OpenOffice, words: list[str]
) -> None:
    office = protected(an_office(open_office))
    result = office.run("license", *words)
    assert (result.code, result.out, office.writes) == (2, "", [])
    assert result.err == (
        "cpbillmgr: error: license 1 is protected. 'cpbillmgr license unprotect 1' frees it\n"
    )


@pytest.mark.parametrize(
    ("ours", "word"),
    [
        ({"expiredate": day(0), "status": SUSPENDED}, None),
        ({"expiredate": day(1)}, None),
        ({"autoprolong": "1"}, None),
        ({"status": SUSPENDED}, None),
        ({}, "suspend"),
        ({}, "close"),
    ],
    ids=["ended", "about to end", "renewed by the remote", "stopped", "service suspended", "service closed"],
)
def test_no_run_touches_it_whatever_it_or_its_service_does(
    open_office: OpenOffice, ours: dict[str, object], word: str | None
) -> None:
    office = protected(an_office(open_office, ours))
    if word:
        result = office.run("service", word, "12")
        assert "license 1 of service 12 is protected, and stays as it is" in result.err
    for command in (["checkevent"], ["fixchilds", "--yes"], ["checkevent", "--full"]):
        assert office.run(*command).code == 0
    assert (office.writes, office.links) == ([], {"12": "1"})


def test_unprotected_it_follows_its_service_again(open_office: OpenOffice) -> None:
    office = protected(an_office(open_office))
    office.run("service", "suspend", "12")
    assert office.run("license", "unprotect", "1").code == 0
    assert office.run("checkevent").code == 0
    assert the_license(office)["status"] == SUSPENDED


def test_its_service_needs_no_other_one(open_office: OpenOffice) -> None:
    office = protected(an_office(open_office))
    for command in (["fixchilds", "--yes"], ["order", "--service", "12"]):
        assert office.run(*command).code == 0
    assert (office.writes, office.links) == ([], {"12": "1"})


def test_a_protected_license_of_the_pool_is_taken_by_nobody(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[spare(2), spare(3, expiredate=day(10))])
    protected(office, "2")
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "3"}
    assert "2" not in {call["params"].get("elid") for call in office.writes}


def test_a_stranger_can_be_protected_before_the_first_run_and_is_only_linked(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12", autoprolong="1")])
    protected(office)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    assert (office.writes, office.links) == ([], {"12": "1"})


def test_before_it_ends_it_is_told_once(open_office: OpenOffice) -> None:
    office = protected(an_office(open_office, {"expiredate": day(5)}))
    first, second = office.run("checkevent"), office.run("checkevent")
    assert f"license 1 is protected, so nothing renews it: it ends on {day(5)}" in first.err
    assert (second.code, second.err) == (0, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["protect", "1", "998", "999"], "not on the account: license 998, 999"),
        (["unprotect", "1", "6000"], "not protected: license 6000"),
    ],
)
def test_all_are_protected_or_unprotected_or_none(
    open_office: OpenOffice, words: list[str], told: str
) -> None:
    office = an_office(open_office)
    if words[0] == "unprotect":
        protected(office)
    before = shown_as_protected(office)
    result = office.run("license", *words)
    assert (result.code, result.err.count("\n"), shown_as_protected(office)) == (2, 1, before)
    assert told in result.err


def test_while_an_operation_is_open_it_cannot_be_protected(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.fault("cut-before:service.prolong")
    assert office.run("license", "renew", "1").code == 7
    for dry_run in (["--dry-run"], []):
        result = office.run("license", "protect", "1", *dry_run)
        assert (result.code, shown_as_protected(office)) == (2, [])
        assert "is still open" in result.err


@pytest.mark.parametrize("word", ["protect", "unprotect"])
def test_a_dry_run_writes_nothing(open_office: OpenOffice, word: str) -> None:
    office = an_office(open_office)
    if word == "unprotect":
        protected(office)
    before = (office.state_file.read_bytes(), office.world)
    result = office.run("license", word, "1", "--dry-run")
    assert (result.code, result.out) == (0, f"Would {word} license 1.\n")
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)


def test_a_plan_that_forgets_protection_is_stopped_before_anything_is_done(open_office: OpenOffice) -> None:
    office = protected(an_office(open_office))
    renew = Decision(Action.RENEW, a_child(remote="main"), "it ends", license="1")
    with office.site("test") as site, open_remote(site.wishes) as remote:
        facts = replace(whole_look(site, remote), protected=frozenset())
        with pytest.raises(LimitReached, match="license 1 is protected, and this run would renew it"):
            carry_out(Look(site, remote, facts, plan=Plan("main", (renew,))))
    assert (office.writes, office.operations) == ([], [])
