"""The same thing asked for again, late or after a doubt: it answers with what has happened."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner import one_license
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.one_license import change_license
from cpbillmgr.runs.site import utc_now
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PRO, day, license, service

FULL = """
    CREATE TEMP TRIGGER full BEFORE UPDATE ON operation WHEN NEW.state = 'done'
    BEGIN SELECT RAISE(ABORT, 'disk full'); END
"""


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12", expiredate=day(200))])
    assert office.run("fixchilds", "--yes").code == 0
    office.forget_calls()
    return office


def later(office: Office, minutes: float) -> None:
    with office.site("fixchilds", minutes=minutes) as site:
        fixchilds([site], Asked(confirmed=True))


def test_renew_again_after_a_doubt_pays_once(office: Office) -> None:
    office.fault("cut-after:service.prolong")
    assert office.run("license", "renew", "1").code == 7
    again = office.run("license", "renew", "1")
    assert len(office.world["charges"]) == 1, again
    assert again.code == 0


@pytest.mark.parametrize(
    "words",
    [["release", "1"], ["move", "1", "203.0.113.99"], ["change-tariff", "1", str(PRO)]],
    ids=" ".join,
)
def test_the_same_command_again_answers_with_what_happened(office: Office, words: list[str]) -> None:
    func = {"release": "soft.edit!", "move": "soft.edit!", "change-tariff": "service.changepricelist"}[
        words[0]
    ]
    office.fault(f"cut-after:{func}")
    assert office.run("license", *words).code == 7
    assert office.run("license", *words).code == 0
    assert office.operations[-1].state is State.DONE


def test_the_same_command_again_tells_7_while_it_is_in_doubt(office: Office) -> None:
    office.fault("503:service.prolong")
    assert office.run("license", "renew", "1").code == 7
    assert office.run("license", "renew", "1").code == 7


def to_manual(office: Office) -> None:
    office.fault("503:service.prolong:2")
    office.run("license", "renew", "1")
    for minutes in (16, 22, 38, 44):
        later(office, minutes)
    assert [each.state for each in office.operations] == [State.MANUAL]


def _renewed_late(world: dict[str, Any]) -> None:
    world["licenses"][0]["expiredate"] = day(230)
    world["charges"].append(
        {"time": "2026-11-21T12:00:00", "func": "service.prolong", "license": 1, "amount": "4.00"}
    )


def test_restarting_a_renewal_looks_whether_it_came_late(office: Office) -> None:
    to_manual(office)
    office.edit_world(_renewed_late)
    office.forget_calls()
    office.run("operation", "restart", "1")
    assert office.writes == []
    assert [each.state for each in office.operations] == [State.DONE]


def test_restarting_an_order_that_came_late_keeps_the_books(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.set_settings('[safety]\non_doubt = "manual"')
    office.fault("cut-after:soft.order.param")
    later(office, 0)
    bought = office.world["licenses"]
    office.edit_world(lambda world: world.update(licenses=[]))
    later(office, 16)
    later(office, 22)
    assert [each.state for each in office.operations] == [State.MANUAL]
    office.edit_world(lambda world: world.update(licenses=bought))
    assert office.run("operation", "restart", "1").code == 0
    assert office.links == {"12": "7000"}
    office.check_promises()


def test_a_machine_that_slept_before_the_renewal_was_sent_does_not_send_it(office: Office) -> None:
    """reliability.md: a sender that wakes more than ten seconds after its row aborts before connecting."""
    hours = iter(range(100))
    with office.site("license renew") as site:
        sleepy = replace(site, now=lambda: utc_now() + timedelta(hours=next(hours)))
        change_license(
            sleepy,
            "1",
            Action.RENEW,
            partial(one_license.renew, "1", None, Rules()),
            command="license renew",
            dry_run=False,
        )
    assert office.writes == []


@pytest.mark.parametrize("words", [["renew", "1"], ["change-tariff", "1", str(PRO)]], ids=" ".join)
def test_the_option_that_lifts_a_limit_is_there(office: Office, words: list[str]) -> None:
    office.set_settings('[limits]\nmax_spend = "1"')
    result = office.run("license", *words, "--max-spend", "100")
    assert result.code == 0, result.err


def test_a_lifetime_license_does_not_become_a_monthly_one(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12")], licenses=[license(1, "203.0.113.12", period=0, expiredate=None)]
    )
    assert office.run("fixchilds", "--yes").code == 0
    office.forget_calls()
    result = office.run("license", "change-tariff", "1", str(PRO))
    assert (result.code, office.writes) == (2, [])


def test_a_license_of_a_withdrawn_tariff_can_still_be_renewed(office: Office) -> None:
    office.edit_world(lambda world: world["tariffs"][0].update(orderable=False))
    result = office.run("license", "renew", "1")
    assert result.code == 0, result.err


def test_releasing_a_lifetime_license_says_no_none(open_office: OpenOffice) -> None:
    office = open_office(
        services=[service("12")], licenses=[license(1, "203.0.113.12", period=0, expiredate=None)]
    )
    assert office.run("fixchilds", "--yes").code == 0
    assert "None" not in office.run("license", "release", "1", "--dry-run").out


def test_a_state_that_is_full_after_a_renewal_says_that_it_was_paid(office: Office) -> None:
    with office.site("license renew") as site:
        site.state.database.execute(FULL)
        report = change_license(
            site,
            "1",
            Action.RENEW,
            partial(one_license.renew, "1", None, Rules()),
            command="license renew",
            dry_run=False,
        )
    assert isinstance(report.stopped, StateUnusable)
    assert str(report.stopped).startswith("the renew of license 1 is done, but the state database")


def test_the_hint_of_a_refused_backup_names_another_backup(office: Office) -> None:
    with sqlite3.connect(office.folder / "foreign.db") as foreign:
        foreign.execute("CREATE TABLE cookies (name TEXT)")
    foreign.close()
    result = office.run("state", "restore", "foreign.db", "--yes")
    assert result.code == 74
    assert "--state" not in result.err, result.err
