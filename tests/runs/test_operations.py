"""What a person decides about operations: which may be canceled, and how one is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.operations import restart
from cpbillmgr.runs.site import utc_now
from cpbillmgr.store.state import State as Store
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import CHANGE_TARIFF, MOVE, RELEASE, RENEW, an_office, charges, the_license
from tests.runs.test_lost_answers import stages
from tests.runs.worlds import ACTIVE, FREE_NAME, PRO, SUSPENDED, Fields, day, service, spare
from tests.store.journeys import MOVES, plan_one
from tests.store.nouns import ORDER

JOURNEYS = {
    State.PLANNED: [],
    State.SENT: [State.SENT],
    State.IN_DOUBT: [State.SENT, State.IN_DOUBT],
    State.ABSENT: [State.SENT, State.IN_DOUBT, State.ABSENT],
    State.MANUAL: [State.SENT, State.IN_DOUBT, State.MANUAL],
    State.DONE: [State.SENT, State.DONE],
    State.FAILED: [State.FAILED],
}
FREE_OF_CHARGE = replace(ORDER, child=replace(ORDER.child, remote="main"), cost=None)
A_PERSON_MAY_CLOSE = (State.PLANNED, State.ABSENT, State.MANUAL)
RECENTLY = -5  # days since the license was moved: too few for the remote


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def look(office: Office, *minutes: float) -> int:
    """Run ``fixchilds`` so many minutes later, and return the last exit code."""
    codes = []
    for each in minutes:
        with office.site("fixchilds", minutes=each) as site:
            codes.append(fixchilds([site], Asked(confirmed=True)).exit_code)
    return codes[-1]


def given(office: Office, state: State) -> None:
    """Have the journal hold one free operation in this state."""
    with Store.open(office.state_file, now=utc_now()) as store:
        operation = plan_one(store.journal, FREE_OF_CHARGE)
        for following in JOURNEYS[state]:
            operation = MOVES[following](store.journal, operation)


@pytest.mark.parametrize("state", State)
def test_a_person_closes_only_what_surely_costs_nothing(open_office: OpenOffice, state: State) -> None:
    office = open_office()
    given(office, state)
    may = state in A_PERSON_MAY_CLOSE
    assert office.run("operation", "cancel", "1", "--dry-run").code == (0 if may else 2)
    assert stages(office) == [state]
    result = office.run("operation", "cancel", "1")
    assert (result.code, result.err.count("\n")) == ((0, 0) if may else (2, 1))
    assert stages(office) == [State.FAILED if may else state]
    assert (office.operations[0].error == "canceled by a person") is may
    assert office.calls() == []


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT, State.DONE])
def test_what_may_be_paid_is_not_tried_again(open_office: OpenOffice, state: State) -> None:
    office = open_office()
    given(office, state)
    assert office.run("operation", "restart", "1").code == 2
    assert (stages(office), office.writes) == ([state], [])


def test_canceling_a_release_leaves_the_license_to_its_service(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)})
    office.run("license", *RELEASE)
    assert office.run("operation", "cancel", "1").code == 0
    assert (office.links, office.run("fixchilds").code) == ({"12": "1"}, 0)
    assert office.run("license", *RELEASE).code == 69, "it can be asked for again"


def the_first_day(last_change: int) -> date:
    """Return the day from which an address may change again that was changed so many days from today."""
    changed = date.fromisoformat(day(last_change))
    return max(add_months(changed, 1), changed + timedelta(days=31)) + timedelta(days=1)


def test_a_release_that_is_too_early_waits_for_the_day_that_is_told(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)})
    result = office.run("license", *RELEASE, "--json")
    assert (result.code, result.changes) == (69, [("release", "12", "failed")])
    told = f"it can be freed from {the_first_day(RECENTLY)}"
    assert (told in result.err, "operation restart 1" in result.err) == (True, True)
    assert (stages(office), office.links) == ([State.MANUAL], {"12": "1"})
    assert told in office.operations[0].error
    assert the_license(office)["status"] == SUSPENDED
    office.forget_calls()
    waiting = office.run("fixchilds", "--json")
    assert (waiting.code, waiting.changes, office.writes) == (0, [], [])


def test_a_release_that_is_too_early_waits_though_the_day_is_not_known(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)})
    office.run("license", *RELEASE)
    before_the_last = len(office.calls("soft.edit")) - 1  # the last one is the form that tells the day
    office.run("operation", "cancel", "1")
    office.edit_world(lambda world: world["licenses"][0].update(status=ACTIVE))
    office.fault(f"none:soft.edit:{before_the_last}")
    office.fault("503:soft.edit:2")
    result = office.run("license", *RELEASE)
    assert (result.code, "it cannot be freed yet" in result.err) == (69, True)
    assert stages(office) == [State.FAILED, State.MANUAL]


def test_a_release_that_was_too_early_is_freed_when_its_day_has_come(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)})
    office.run("license", *RELEASE)
    days = (the_first_day(RECENTLY) - date.fromisoformat(day(0))).days
    office.control("clock", {"days": str(days - 10)})
    assert office.run("operation", "restart", "1").code == 69, "still too early"
    assert stages(office) == [State.FAILED, State.MANUAL]
    office.control("clock", {"days": "10"})
    result = office.run("operation", "restart", "2", "--json")
    assert (result.code, result.changes) == (0, [("release", "12", "done")])
    assert (stages(office)[-1], office.links, charges(office)) == (State.DONE, {}, [])
    assert the_license(office)["licname"] == FREE_NAME
    assert len(office.calls("soft.suspend")) == 1


def test_a_release_that_a_person_has_finished_at_the_remote_is_settled(open_office: OpenOffice) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)})
    office.run("license", *RELEASE)
    office.import_services(service("12", "nopanel"))
    office.edit_world(lambda world: world["licenses"][0].update(licname=FREE_NAME, ip="0.0.0.0"))  # noqa: S104
    assert office.run("fixchilds").code == 0
    assert (stages(office), office.links) == ([State.DONE], {})


def test_a_failed_renewal_is_tried_again_for_the_same_months(open_office: OpenOffice) -> None:
    office = an_office(open_office, balance="1.00")
    office.run("license", *RENEW, "--period", "12")
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    dry = office.run("operation", "restart", "1", "--dry-run", "--json")
    assert (dry.code, dry.changes, charges(office)) == (0, [("renew", "12", "planned")], [])
    assert office.run("operation", "restart", "1").code == 0
    assert (stages(office), charges(office)) == ([State.FAILED, State.DONE], ["40.00"])


def test_a_renewal_that_a_person_must_decide_is_paid_once_when_tried_again(office: Office) -> None:
    office.fault("503:service.prolong:2")
    office.run("license", *RENEW)
    assert look(office, 16, 22, 38, 44, 45) == 3
    assert office.run("operation", "restart", "1").code == 0
    assert (stages(office), charges(office)) == ([State.FAILED, State.DONE], ["4.00"])
    assert look(office, 60) == 0
    assert len(office.calls("service.prolong")) == 3


@pytest.mark.parametrize(
    ("words", "state"), [(MOVE, {"ip": "203.0.113.99"}), (CHANGE_TARIFF, {"pricelist": PRO})]
)
def test_a_failed_change_is_tried_again_as_it_was_asked_for(
    open_office: OpenOffice, words: list[str], state: Fields
) -> None:
    office = an_office(open_office, {"ip_change_date": day(RECENTLY)}, balance="1.00")
    assert office.run("license", *words).code == 69
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    office.control("clock", {"days": "40"})
    assert office.run("operation", "restart", "1").code == 0
    assert stages(office) == [State.FAILED, State.DONE]
    assert state.items() <= the_license(office).items()


def test_what_makes_no_sense_any_more_is_not_tried_again(office: Office) -> None:
    office.edit_world(lambda world: world["account"].update(balance="1.00"))
    office.run("license", *CHANGE_TARIFF)
    office.edit_world(lambda world: world["licenses"][0].update(pricelist=PRO))
    office.forget_calls()
    assert (office.run("operation", "restart", "1").code, office.writes) == (2, [])


def test_an_order_that_a_person_must_decide_is_paid_once_when_tried_again(
    open_office: OpenOffice,
) -> None:
    office = open_office(services=[service("12")])
    office.fault("503:soft.order.param:2")
    assert look(office, 0, 16, 22, 38, 44, 45) == 3
    assert office.run("operation", "restart", "1").code == 0
    assert (stages(office), office.links) == ([State.FAILED, State.DONE], {"12": "7000"})
    first, second, third = office.orders
    assert first == second == third, "the same mark, so that it could be told if one came late"


def test_a_license_on_its_own_is_ordered_again_as_it_was_asked_for(open_office: OpenOffice) -> None:
    office = open_office(balance="1.00")
    wish = ["--ip", "203.0.113.77", "--tariff", "55230", "--period", "12", "--nodes", "2", "--name", "panel"]
    assert office.run("order", *wish).code == 69
    office.edit_world(lambda world: world["account"].update(balance="1000.00"))
    assert office.run("operation", "restart", "1").code == 0
    (bought,) = office.licenses(ip="203.0.113.77")
    assert (bought["pricelist"], bought["period"], bought["licname"]) == (55230, 12, "panel")
    (operation,) = [each for each in office.operations if each.state is State.DONE]
    assert (operation.amounts, operation.cost) == (((55236, 2),), Money(Decimal("250.00"), "EUR"))


def test_a_failed_take_is_tried_again_a_day_later_with_the_same_license(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[spare(1)])
    office.control("clock", {"days": "-60"})
    assert look(office, 0) == 3
    assert [(each.action, each.state) for each in office.operations] == [(Action.TAKE, State.FAILED)]
    office.control("clock", {"days": "60"})
    with office.site("operation restart", minutes=24 * 60 + 1) as site:
        assert restart(site, 1, dry_run=False).exit_code == 0
    assert (office.links, office.orders, charges(office)) == ({"12": "1"}, [], [])


def test_a_service_that_is_gone_is_not_given_a_license_again(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], balance="1.00")
    look(office, 0)
    assert office.run("service", "remove", "12").code == 0
    office.forget_calls()
    assert (office.run("operation", "restart", "1").code, office.writes) == (2, [])
