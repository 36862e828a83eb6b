"""Taking from the pool: row by row of the table, with a remote where others are at work too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Child, Status
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.site import utc_now
from tests.conftest import OpenOffice
from tests.runs.meanwhile import fixchilds_while
from tests.runs.office import Office
from tests.runs.worlds import (
    ACTIVE,
    FREE_IP,
    FREE_NAME,
    LITE,
    SUSPENDED,
    Fields,
    day,
    license,
    service,
    spare,
)

IP = "203.0.113.12"  # where service 12 stands
OURS = "Item #12 addon web12"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12")], licenses=[spare(1), spare(2)])


def change(office: Office, fields: Fields) -> None:
    """Have somebody change license 1."""
    office.edit_world(lambda world: world["licenses"][0].update(fields))


def run_while(office: Office, fields: Fields, *, sent: int = 0) -> Report:
    """Run ``fixchilds``, and have somebody change license 1 when so many changes of the take were sent."""

    def happens(newest: Operation) -> None:
        if newest.steps == (Step.NAMED,)[:sent] and len(office.writes) == sent:
            change(office, fields)

    return fixchilds_while(office, happens)


def the_take(office: Office) -> Operation:
    (operation,) = office.operations
    return operation


def shown(office: Office, id: int) -> tuple[Any, ...]:
    """Return name, address and status of a license at the remote."""
    (found,) = office.licenses(id=id)
    return found["licname"], found["ip"], found["status"]


def test_an_address_that_may_not_have_such_a_license_leaves_no_row(office: Office) -> None:
    others = license(9, IP, owner="another")
    office.edit_world(lambda world: world["licenses"].append(others))
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes, office.operations) == (3, [("take", "12", "failed")], [])


@pytest.mark.parametrize(
    "fields",
    [
        {"licname": "taken by hand"},
        {"ip": "198.51.100.9"},
        {"pricelist": 55228},
        {"status": 4},
        {"expiredate": day(-1)},
        {"ip_change_date": day(-5)},
        {"lickey_change_date": day(-5)},
    ],
    ids=str,
)
def test_a_license_that_cannot_serve_any_more_makes_room_for_the_next_spare(
    office: Office, fields: Fields
) -> None:
    report = run_while(office, fields)
    assert report.exit_code == 0
    assert (office.links, office.orders) == ({"12": "2"}, [])
    assert (the_take(office).license, the_take(office).state) == ("2", State.DONE)
    assert not any(call["params"].get("elid") == "1" for call in office.writes)


def test_a_take_that_no_spare_can_serve_has_failed_and_they_are_left_alone_for_a_day(office: Office) -> None:
    report = fixchilds_while(office, lambda _: unrest(office))
    assert (report.exit_code, the_take(office).state, office.writes) == (3, State.FAILED, [])
    assert "it can be used from" in the_take(office).error
    office.edit_world(lambda world: [each.update(ip_change_date=day(-90)) for each in world["licenses"]])
    assert office.run("fixchilds").code == 0
    assert office.links == {"12": "7000"}, "it is ordered: both were refused lately"


def unrest(office: Office) -> None:
    office.edit_world(lambda world: [each.update(ip_change_date=day(-5)) for each in world["licenses"]])


THE_KEY_IS_REFUSED = {"lickey_change_date": day(-5), "ip_change_date": day(-90)}


def test_what_is_refused_a_later_step_is_put_back(office: Office) -> None:
    report = run_while(office, THE_KEY_IS_REFUSED, sent=1)
    assert report.exit_code == 3
    assert shown(office, 1) == (FREE_NAME, FREE_IP, SUSPENDED)
    assert (the_take(office).state, the_take(office).steps) == (State.FAILED, (Step.NAMED, Step.PUT_BACK))
    assert office.links == {}
    change(office, {"ip_change_date": day(-90), "lickey_change_date": day(-90), "expiredate": day(300)})
    assert office.run("fixchilds").code == 0
    assert office.links == {"12": "2"}, "the first was refused lately"


def test_what_is_refused_a_later_step_and_the_way_back_too_is_for_a_person(office: Office) -> None:
    report = run_while(office, {**THE_KEY_IS_REFUSED, "ip_change_date": day(-5)}, sent=1)
    assert (report.exit_code, shown(office, 1)) == (3, (OURS, IP, SUSPENDED))
    assert (the_take(office).state, office.links) == (State.MANUAL, {})
    assert "license 1 could be neither taken nor put back" in the_take(office).error
    office.forget_calls()
    assert (office.run("fixchilds").code, office.writes) == (3, [])


def test_a_way_back_that_is_lost_is_gone_on_with(office: Office) -> None:
    def happens(newest: Operation) -> None:
        if newest.steps == (Step.NAMED,):
            change(office, THE_KEY_IS_REFUSED)
            if len(office.writes) == 2:
                office.fault("503:soft.edit!")

    report = fixchilds_while(office, happens)
    assert (report.exit_code, the_take(office).state) == (7, State.IN_DOUBT)
    assert shown(office, 1)[0] == OURS
    assert office.run("fixchilds").code == 3
    assert (shown(office, 1)[0], the_take(office).state) == (FREE_NAME, State.FAILED)


@pytest.mark.parametrize("fields", [{"licname": "taken by hand"}, {"ip": "198.51.100.9"}], ids=str)
def test_what_somebody_else_has_taken_after_all_is_left_to_them(office: Office, fields: Fields) -> None:
    def happens(newest: Operation) -> None:
        if (newest.steps, len(office.writes)) == ((Step.NAMED,), 2):
            change(office, fields)

    report = fixchilds_while(office, happens)
    assert (report.exit_code, the_take(office).state) == (7, State.IN_DOUBT)
    assert "has been taken by somebody else" in the_take(office).error
    office.forget_calls()
    assert (office.run("fixchilds").code, office.writes, office.links) == (7, [], {})


def test_a_spare_that_another_take_has_reserved_is_passed_over(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")], licenses=[spare(1), spare(2), spare(3)])
    other = Child("13", "panel", "web13", "203.0.113.13", Status.ACTIVE, "main", LITE, 1)
    reserved = Decision(Action.TAKE, other, "it is free", license="2")
    with office.site("fixchilds") as site:

        def now() -> datetime:
            if [operation.license for operation in site.state.operations.all()] == ["1"]:
                site.state.journal.plan(reserved, run="another", name="web13", at=utc_now())
                change(office, {"ip_change_date": day(-5)})
            return utc_now()

        fixchilds([replace(site, now=now)], Asked(confirmed=True))
    assert office.links == {"12": "3"}


def reads_before_anything_is_done(office: Office) -> int:
    """Return how many forms a run reads before it carries its plan out."""
    office.forget_calls()
    office.run("fixchilds", "--yes", "--dry-run")
    return len(office.calls("soft.edit"))


def lose_the_next_form(office: Office, reads: int) -> None:
    """Have the remote not answer when a form is read once more; a question is asked twice."""
    if reads:
        office.fault(f"none:soft.edit:{reads}")
    office.fault("503:soft.edit:2")


def test_a_take_whose_license_cannot_be_read_to_begin_with_has_failed(office: Office) -> None:
    lose_the_next_form(office, reads_before_anything_is_done(office))
    result = office.run("fixchilds", "--yes")
    assert (result.code, the_take(office).state, office.writes) == (75, State.FAILED, [])
    assert office.run("fixchilds").code == 0
    assert (office.links, shown(office, 1)) == ({"12": "1"}, (OURS, IP, ACTIVE))


def test_a_take_that_goes_on_and_cannot_be_read_stays_open(office: Office) -> None:
    office.fault("500-after:soft.edit!")
    assert office.run("fixchilds", "--yes").code == 7
    lose_the_next_form(office, reads_before_anything_is_done(office))
    assert (office.run("fixchilds").code, the_take(office).state) == (7, State.IN_DOUBT)
    assert office.run("fixchilds").code == 0
    assert (office.links, the_take(office).state) == ({"12": "1"}, State.DONE)
