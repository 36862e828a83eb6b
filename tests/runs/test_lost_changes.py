"""Changes of one license whose answer is lost: paid exactly once in the end, and what is free goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner import one_license
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.one_license import change_license
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import (
    CHANGE_TARIFF,
    MOVE,
    RELEASE,
    RENEW,
    WHEN_DONE_THE_DISK_IS_FULL,
    an_office,
    charges,
    every_verb,
    the_license,
)
from tests.runs.test_lost_answers import CARRIED_OUT, EVERY_FAULT, NOT_CARRIED_OUT, stages
from tests.runs.worlds import FREE_IP, FREE_NAME, PRO, SUSPENDED, day, license, service


@dataclass(frozen=True)
class Paid:
    """A verb that costs money: its words, its function at the remote, its price and what it changes."""

    words: list[str]
    func: str
    cost: str
    changes: str

    def __str__(self) -> str:
        return self.words[0]


THE_RENEWAL = Paid(RENEW, "service.prolong", "4.00", "expiredate")
THE_CHANGE = Paid(CHANGE_TARIFF, "service.changepricelist", "4.10", "pricelist")
every_paid = pytest.mark.parametrize("paid", [THE_RENEWAL, THE_CHANGE], ids=str)
STEPS = [(RELEASE, "soft.suspend"), (RELEASE, "soft.edit!"), (MOVE, "soft.edit!")]


@pytest.fixture
def office(open_office: OpenOffice, request: pytest.FixtureRequest) -> Office:
    """Open an office whose service asks for the tariff that the test is about."""
    office = an_office(open_office)
    asked = getattr(request.node, "callspec", None)
    if asked is not None and asked.params.get("paid") is THE_CHANGE:
        office.import_services(service("12", str(PRO)))
    return office


def look(office: Office, *minutes: float) -> Report:
    """Run ``fixchilds`` so many minutes later, and return the last report."""
    reports = []
    for each in minutes or (0,):
        with office.site("fixchilds", minutes=each) as site:
            reports.append(fixchilds([site], Asked(confirmed=True)))
    return reports[-1]


def sent(office: Office, paid: Paid) -> int:
    return len(office.calls(paid.func))


@every_paid
@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_it_is_in_doubt_whatever_was_lost(office: Office, fault: str, paid: Paid) -> None:
    office.fault(f"{fault}:{paid.func}")
    result = office.run("license", *paid.words, "--json")
    assert (result.code, result.changes) == (7, [(paid.words[0], "12", "in-doubt")])
    assert (stages(office), sent(office, paid)) == ([State.IN_DOUBT], 1)


@every_paid
@pytest.mark.parametrize("fault", CARRIED_OUT)
def test_what_happened_is_known_by_looking_and_paid_once(office: Office, fault: str, paid: Paid) -> None:
    office.fault(f"{fault}:{paid.func}")
    office.run("license", *paid.words)
    result = office.run("fixchilds")
    assert (result.code, "operation 1 of service 12 was settled as found" in result.err) == (0, True)
    assert look(office, 16, 22, 60).exit_code == 0
    assert (stages(office), sent(office, paid), charges(office)) == ([State.DONE], 1, [paid.cost])
    assert office.links == {"12": "1"}


@every_paid
@pytest.mark.parametrize("fault", NOT_CARRIED_OUT)
def test_what_did_not_happen_is_sent_once_more_when_two_lists_lack_it(
    office: Office, fault: str, paid: Paid
) -> None:
    before = the_license(office)[paid.changes]
    office.fault(f"{fault}:{paid.func}")
    office.run("license", *paid.words)
    for minutes in (1, 14, 16, 20):  # within the window; the first list after it; too soon after that
        report = look(office, minutes)
        assert (report.exit_code, report.count(Outcome.HELD), sent(office, paid)) == (7, 1, 1)
    assert the_license(office)[paid.changes] == before
    assert look(office, 22).exit_code == 0
    assert look(office, 60).exit_code == 0
    assert (stages(office), sent(office, paid), charges(office)) == ([State.DONE], 2, [paid.cost])
    first, second = office.calls(paid.func)
    assert first["params"] == second["params"]
    assert the_license(office)[paid.changes] != before


@every_paid
def test_a_second_doubt_is_for_a_person_and_told_with_3(office: Office, paid: Paid) -> None:
    office.fault(f"503:{paid.func}:*")
    office.run("license", *paid.words)
    assert look(office, 16, 22).exit_code == 7
    for _ in range(2):
        assert look(office, 38, 44, 60, 90).exit_code == 3
    assert (stages(office), sent(office, paid), charges(office)) == ([State.MANUAL], 2, [])
    result = office.run("fixchilds", "--json")
    assert (result.code, result.changes) == (3, [(paid.words[0], "12", "held")])


@every_paid
def test_a_second_doubt_that_happened_is_found_too(office: Office, paid: Paid) -> None:
    office.fault(f"503:{paid.func}")
    office.fault(f"cut-after:{paid.func}")
    office.run("license", *paid.words)
    assert look(office, 16, 22).exit_code == 7
    assert look(office, 23).exit_code == 0
    assert (stages(office), sent(office, paid), charges(office)) == ([State.DONE], 2, [paid.cost])


@every_paid
def test_on_doubt_manual_never_sends_again(office: Office, paid: Paid) -> None:
    office.set_settings('[safety]\non_doubt = "manual"')
    office.fault(f"503:{paid.func}")
    office.run("license", *paid.words)
    assert look(office, 16, 22, 40).exit_code == 3
    assert (stages(office), sent(office, paid)) == ([State.MANUAL], 1)


@every_paid
@pytest.mark.parametrize("minutes", [[16], [16, 22]], ids=["missed once", "handed to a person"])
def test_what_comes_late_is_found_instead_of_sent_again(
    office: Office, paid: Paid, minutes: list[float]
) -> None:
    office.set_settings('[safety]\non_doubt = "manual"')
    before = the_license(office)[paid.changes]
    office.fault(f"cut-after:{paid.func}")
    office.run("license", *paid.words)
    after = the_license(office)[paid.changes]
    office.edit_world(lambda world: world["licenses"][0].update({paid.changes: before}))
    look(office, *minutes)
    office.edit_world(lambda world: world["licenses"][0].update({paid.changes: after}))
    assert look(office, 28).exit_code == 0
    assert (stages(office), sent(office, paid), charges(office)) == ([State.DONE], 1, [paid.cost])


@every_paid
def test_what_is_sent_once_more_is_judged_by_the_form_first(office: Office, paid: Paid) -> None:
    """The remote's list may lag behind its forms: what the form shows is not paid for again."""
    office.fault(f"503:{paid.func}")
    office.run("license", *paid.words)
    look(office, 16)
    with office.site("fixchilds", minutes=22) as site:
        told = replace(site, watch=lambda *_: the_person_pays(office, paid))
        assert fixchilds([told], Asked(confirmed=True)).exit_code == 0
    assert (stages(office), sent(office, paid)) == ([State.DONE], 1)
    office.edit_world(lambda world: world["charges"].append(by_hand(paid)))


def the_person_pays(office: Office, paid: Paid) -> None:
    value = PRO if paid is THE_CHANGE else day(231)
    office.edit_world(lambda world: world["licenses"][0].update({paid.changes: value}))


def by_hand(paid: Paid) -> dict[str, object]:
    return {"time": f"{day(0)} 12:00:00+00:00", "func": paid.func, "license": 1, "amount": paid.cost}


@every_verb
@every_paid
def test_while_it_is_in_doubt_nothing_else_is_done_with_the_license(
    office: Office, paid: Paid, words: list[str]
) -> None:
    office.fault(f"503:{paid.func}")
    office.run("license", *paid.words)
    office.forget_calls()
    assert office.run("license", *words).code in (2, 7)
    assert (office.writes, len(office.operations)) == ([], 1)


@every_paid
def test_a_dry_run_settles_nothing_and_sends_nothing(office: Office, paid: Paid) -> None:
    office.fault(f"503:{paid.func}")
    office.run("license", *paid.words)
    look(office, 16)
    before = office.state_file.read_bytes()
    with office.site("fixchilds", minutes=22) as site:
        report = fixchilds([site], Asked(dry_run=True))
    assert [(row.decision.action, row.outcome) for row in report.rows] == [(paid.words[0], Outcome.PLANNED)]
    assert (sent(office, paid), office.state_file.read_bytes()) == (1, before)


def test_a_renewal_that_is_sent_once_more_counts_against_the_limit(office: Office) -> None:
    office.fault("503:service.prolong")
    office.run("license", *RENEW)
    look(office, 16)
    office.set_settings('[limits]\nmax_spend = "3.99"')
    assert look(office, 22).exit_code == 5
    assert sent(office, THE_RENEWAL) == 1


@pytest.mark.parametrize(("words", "func"), STEPS, ids=["suspend", "free", "move"])
@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_what_costs_nothing_goes_on_at_the_next_fixchilds(
    office: Office, fault: str, words: list[str], func: str
) -> None:
    office.fault(f"{fault}:{func}")
    assert office.run("license", *words).code == 7
    assert stages(office) == [State.IN_DOUBT]
    office.import_services(service("12", "nopanel"))
    result = office.run("fixchilds", "--json")
    assert (result.code, stages(office), charges(office)) == (0, [State.DONE], [])
    if words is RELEASE:
        freed = {"licname": FREE_NAME, "status": SUSPENDED}
        assert (freed.items() <= the_license(office).items(), office.links) == (True, {})
    else:
        assert (the_license(office)["ip"], office.links) == ("203.0.113.99", {"12": "1"})
    office.forget_calls()
    assert (office.run("fixchilds").code, office.writes) == (0, [])


def test_what_costs_nothing_is_tried_as_often_as_needed(office: Office) -> None:
    office.fault("503:soft.edit!:3")
    assert office.run("license", *RELEASE).code == 7
    assert [look(office).exit_code for _ in range(3)] == [7, 7, 0]
    assert stages(office) == [State.DONE]


def forbid_suspending(world: dict[str, Any]) -> None:
    world["account"]["allowsuspenditem"] = False


def occupy_the_address(world: dict[str, Any]) -> None:
    world["licenses"].append(license(3, "203.0.113.99", owner="another"))


@pytest.mark.parametrize(
    ("words", "func", "forbid"),
    [(RELEASE, "soft.suspend", forbid_suspending), (MOVE, "soft.edit!", occupy_the_address)],
    ids=["release", "move"],
)
def test_what_is_refused_after_a_doubt_is_for_a_person_because_the_lost_call_may_come_late(
    office: Office, words: list[str], func: str, forbid: Callable[[dict[str, Any]], None]
) -> None:
    office.fault(f"cut-before:{func}")
    assert office.run("license", *words).code == 7
    office.edit_world(forbid)
    assert look(office).exit_code == 3
    assert (stages(office), office.links) == ([State.MANUAL], {"12": "1"})
    assert [look(office, minutes).exit_code for minutes in (1, 30)] == [3, 3]
    came_late = {"ip": "203.0.113.99"} if words is MOVE else {"ip": FREE_IP, "licname": FREE_NAME}
    office.edit_world(lambda world: world["licenses"][0].update(came_late, status=SUSPENDED))
    office.import_services(service("12", "nopanel"))
    assert look(office, 31).exit_code == 0
    assert (stages(office), "12" in office.links) == ([State.DONE], words is MOVE)


def test_what_is_refused_without_a_doubt_has_failed(office: Office) -> None:
    office.edit_world(forbid_suspending)
    assert office.run("license", *RELEASE).code == 69
    assert stages(office) == [State.FAILED]


@every_verb
def test_a_state_that_cannot_be_written_afterwards_is_put_right_by_the_next_look(
    office: Office, words: list[str]
) -> None:
    decisions = {
        "renew": lambda facts: one_license.renew("1", None, Rules(), facts),
        "release": lambda facts: one_license.release("1", facts),
        "move": lambda facts: one_license.move("1", "203.0.113.99", facts),
        "change-tariff": lambda facts: one_license.change_tariff("1", PRO, facts),
    }
    with office.site(f"license {words[0]}") as site:
        site.state.database.execute(WHEN_DONE_THE_DISK_IS_FULL)
        report = change_license(
            site, "1", Action(words[0]), decisions[words[0]], command="license", dry_run=False
        )
    assert isinstance(report.stopped, StateUnusable)
    assert (report.exit_code, stages(office)) == (74, [State.SENT])
    office.import_services(service("12", "nopanel"))
    paid = charges(office)
    office.forget_calls()
    assert look(office).exit_code == 0
    assert (stages(office), office.writes, charges(office)) == ([State.DONE], [], paid)
