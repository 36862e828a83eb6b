"""Orders that were answered, and yet not all is well: not paid, maybe not paid, or not a new license."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.report import Outcome
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.site import utc_now
from tests.conftest import OpenOffice
from tests.runs.meanwhile import fixchilds_while
from tests.runs.office import Office
from tests.runs.worlds import Fields, license, service

IP = "203.0.113.12"  # where service 12 stands
THE_FORM_IS_LOST = "503:soft.edit:2"  # a question is asked twice


@pytest.fixture
def poor(open_office: OpenOffice) -> Office:
    """Open an office whose account has not the money for an order: it is created, and waits in the cart."""
    return open_office(services=[service("12"), service("13")], balance="1.00", no_money="cart")


def the_order(office: Office) -> tuple[State, str]:
    """Return how the one operation has ended, and what it has cost."""
    (operation,) = office.operations
    assert operation.cost is not None
    return operation.state, operation.cost.digits


def test_an_order_that_waits_in_the_cart_stops_the_run_and_is_not_booked_as_paid(poor: Office) -> None:
    poor.set_settings(parallel=1)
    result = poor.run("fixchilds", "--yes", "--json")
    assert (result.code, result.json["error"]["kind"]) == (69, "money")
    assert result.json["error"]["message"].startswith("license 7000 was created but is not paid")
    assert [outcome for _, _, outcome in result.changes] == ["failed", "skipped"]
    assert (poor.links, the_order(poor)) == ({"12": "7000"}, (State.DONE, "0.00"))


def test_what_a_person_has_paid_from_the_cart_is_in_sync(poor: Office) -> None:
    poor.run("order", "--service", "12")
    assert poor.run("order", "--service", "12", "-q").code == 3
    poor.edit_world(lambda world: world["licenses"][0].update(status=2))
    again = poor.run("order", "--service", "12", "-q")
    assert (again.code, again.out, len(poor.orders)) == (0, "7000\n", 1)


@pytest.mark.parametrize(("balance", "cost", "code"), [("9.00", "4.00", 0), ("1.00", "0.00", 3)])
def test_whether_it_is_paid_is_looked_at_again_where_the_answer_was_lost(
    open_office: OpenOffice, balance: str, cost: str, code: int
) -> None:
    office = open_office(services=[service("12")], balance=balance, no_money="cart")
    office.fault(THE_FORM_IS_LOST)
    first = office.run("fixchilds", "--yes", "--json")
    assert (first.code, first.changes) == (7, [("order", "12", "in-doubt")])
    assert "license 7000 was ordered, but it is not known whether it is paid" in office.operations[0].error
    assert office.run("fixchilds").code == code
    assert (office.links, the_order(office)) == ({"12": "7000"}, (State.DONE, cost))
    assert len(office.orders) == 1


def test_a_license_that_is_another_services_is_no_answer_to_an_order(open_office: OpenOffice) -> None:
    """A remote that was put back from a copy may give an id once more."""
    office = open_office(services=[service("12"), service("13")])
    office.run("fixchilds", "--yes", "--service", "13")
    office.run("fixchilds", "--service", "13")
    assert office.links == {"13": "7000"}
    office.edit_world(lambda world: world.update(licenses=[], charges=[], next_id=7000))
    result = office.run("fixchilds", "--service", "12", "--json")
    assert (result.code, result.changes) == (7, [("order", "12", "in-doubt")])
    assert "the remote answered with license 7000" in office.operations[1].error
    assert "the order was answered with a license that is not new" in result.json["changes"][0]["error"]
    assert office.links == {"13": "7000"}


def when_sent(happens: Callable[[], object]) -> Callable[[Operation], None]:
    """Let something happen only once an order is marked as sent, just before it is."""

    def watch(newest: Operation) -> None:
        if newest.state is State.SENT:
            happens()

    return watch


def add(office: Office, *licenses: Fields) -> None:
    """Let these licenses, and no others, be on the account or at other ones."""
    office.edit_world(lambda world: world.update(licenses=list(licenses)))


def test_an_address_that_somebody_has_taken_meanwhile_fails_the_order(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    report = fixchilds_while(office, when_sent(lambda: add(office, license(1, IP, owner="another"))))
    assert (report.exit_code, report.count(Outcome.FAILED)) == (3, 1)
    assert (office.operations[0].state, len(office.orders)) == (State.FAILED, 1)


def test_an_address_that_is_taken_at_the_second_send_may_be_taken_by_the_first(
    open_office: OpenOffice,
) -> None:
    office = open_office(services=[service("12")])
    office.fault("503:soft.order.param")
    for minutes in (0, 16):
        fixchilds_while(office, lambda _: None, minutes=minutes)
    report = fixchilds_while(
        office, when_sent(lambda: add(office, license(1, IP, owner="another"))), minutes=22
    )
    assert (report.exit_code, report.count(Outcome.IN_DOUBT)) == (7, 1)
    (operation,) = office.operations
    assert (operation.state, operation.sends, len(office.orders)) == (State.IN_DOUBT, 2, 2)
    assert "already exists" in operation.error
    add(office, license(1, IP, "Item #12 addon web12"))
    charge = {"time": utc_now().isoformat(), "func": "soft.order.param", "license": 1, "amount": "4.00"}
    office.edit_world(lambda world: world["charges"].append(charge))
    assert office.run("fixchilds").code == 0
    assert office.links == {"12": "1"}


def test_an_order_whose_id_neither_answer_nor_list_tells_is_in_doubt(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], order_answer="billorder")
    office.fault("none:soft")
    office.fault("503:soft:2")  # the look after the order; a question is asked twice
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (7, [("order", "12", "in-doubt")])
    assert "did not tell the license's id" in office.operations[0].error
    assert office.run("fixchilds").code == 0
    assert (office.links, len(office.orders)) == ({"12": "7000"}, 1)


def test_a_machine_that_slept_before_the_call_orders_nothing(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    with office.site("fixchilds") as site:

        def now() -> datetime:
            asleep = any(operation.state is State.SENT for operation in site.state.operations.all())
            return utc_now() + timedelta(minutes=asleep)

        report = fixchilds([replace(site, now=now)], Asked(confirmed=True))
    assert (report.exit_code, report.count(Outcome.FAILED)) == (75, 1)
    assert (office.orders, office.operations[0].state) == ([], State.FAILED)
    assert office.run("fixchilds").code == 0
    assert len(office.world["charges"]) == 1
