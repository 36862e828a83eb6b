"""Changing one license: what is told apart when it does not go as asked, row by row of the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.runs.one_license import change_license
from cpbillmgr.runs.site import utc_now
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import RELEASE, an_office, every_verb, the_license
from tests.runs.test_lost_answers import stages
from tests.runs.worlds import PRO, service

DECISIONS: dict[str, Callable[[Facts], Decision]] = {
    "renew": lambda facts: one_license.renew("1", None, Rules(), facts),
    "release": lambda facts: one_license.release("1", facts),
    "move": lambda facts: one_license.move("1", "203.0.113.99", facts),
    "change-tariff": lambda facts: one_license.change_tariff("1", PRO, facts),
}


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def change_while(office: Office, verb: str, happens: Callable[[], object]) -> Report:
    """Change license 1, and let something happen whenever the run looks at the clock."""
    with office.site(f"license {verb}") as site:

        def now() -> datetime:
            happens()
            return utc_now()

        return change_license(
            replace(site, now=now),
            "1",
            Action(verb),
            DECISIONS[verb],
            command=f"license {verb}",
            dry_run=False,
        )


def lose_the_next_form(office: Office, *words: str) -> None:
    """Have the remote not answer when what these words change is read; a question is asked twice."""
    office.forget_calls()
    office.run(*words, "--dry-run")
    reads = len(office.calls("soft.edit"))
    if reads:
        office.fault(f"none:soft.edit:{reads}")
    office.fault("503:soft.edit:2")
    office.forget_calls()


@every_verb
def test_a_license_that_cannot_be_read_to_begin_with_is_not_changed(office: Office, words: list[str]) -> None:
    lose_the_next_form(office, "license", *words)
    result = office.run("license", *words)
    assert (result.code, stages(office), office.writes) == (75, [State.FAILED], [])


def test_a_change_that_goes_on_and_cannot_be_read_stays_open(office: Office) -> None:
    office.fault("503:soft.suspend")
    assert office.run("license", *RELEASE).code == 7
    office.import_services(service("12", "nopanel"))
    lose_the_next_form(office, "fixchilds")
    assert (office.run("fixchilds").code, stages(office), office.writes) == (7, [State.IN_DOUBT], [])
    assert (office.run("fixchilds").code, stages(office)) == (0, [State.DONE])


@every_verb
def test_a_yes_that_changes_nothing_is_no_success(office: Office, words: list[str]) -> None:
    before = the_license(office)

    def undo() -> None:
        if office.writes:
            office.edit_world(lambda world: world["licenses"][0].update(before))

    report = change_while(office, words[0], undo)
    assert (report.exit_code, report.count(Outcome.IN_DOUBT)) == (7, 1)
    assert (stages(office), len(office.writes)) == ([State.IN_DOUBT], 1)
    assert "was accepted, but the license shows no change" in office.operations[0].error


@every_verb
def test_a_yes_whose_license_cannot_be_read_afterwards_is_in_doubt(office: Office, words: list[str]) -> None:
    def lose() -> None:
        if office.writes:
            office.fault("503:soft.edit:2")

    report = change_while(office, words[0], lose)
    assert (report.exit_code, stages(office)) == (7, [State.IN_DOUBT])
    assert "was accepted, but does not show" in office.operations[0].error
