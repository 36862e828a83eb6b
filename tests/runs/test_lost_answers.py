"""Orders whose answer is lost: held while nobody knows, and paid exactly once in the end."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from cpbillmgr.model.report import Outcome, Report
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.order import Alone, order_alone, order_for_service
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import service, spare

NOT_CARRIED_OUT = ["cut-before", "500-before", "503", "html", "redirect"]
CARRIED_OUT = ["cut-after", "500-after", "half", "empty"]
EVERY_FAULT = [*NOT_CARRIED_OUT, *CARRIED_OUT]
WAYS = ["fixchilds", "order", "order alone"]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(services=[service("12")])


def run(office: Office, way: str, minutes: float = 0) -> Report:
    """Run once more, so many minutes later."""
    with office.site(way, minutes=minutes) as site:
        if way == "order":
            return order_for_service([site], "12", None, dry_run=False)
        if way == "order alone":
            return order_alone(site, Alone("203.0.113.77", 55227, 1), dry_run=False)
        return fixchilds([site], Asked(confirmed=True))


def stages(office: Office) -> list[State]:
    return [operation.state for operation in office.operations]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_it_is_in_doubt_whatever_was_lost(office: Office, fault: str, way: str) -> None:
    office.fault(f"{fault}:soft.order.param")
    report = run(office, way)
    assert (report.exit_code, report.count(Outcome.IN_DOUBT)) == (7, 1)
    assert stages(office) == [State.IN_DOUBT]
    assert len(office.orders) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", CARRIED_OUT)
def test_what_happened_is_found_at_the_next_look(office: Office, fault: str, way: str) -> None:
    office.fault(f"{fault}:soft.order.param")
    run(office, way)
    assert run(office, way).exit_code == 0
    assert list(office.links.values()) == ["7000"]
    assert (stages(office), len(office.orders), len(office.world["charges"])) == ([State.DONE], 1, 1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", NOT_CARRIED_OUT)
def test_what_did_not_happen_is_sent_once_more_when_two_lists_lack_it(
    office: Office, fault: str, way: str
) -> None:
    office.fault(f"{fault}:soft.order.param")
    run(office, way)
    for minutes in (1, 14, 16, 20):  # within the window; the first list after it; too soon after that
        assert run(office, way, minutes).count(Outcome.HELD) == 1
        assert len(office.orders) == 1
    assert run(office, way, 22).exit_code == 0
    assert list(office.links.values()) == ["7000"]
    first, second = office.orders
    assert first == second, "the same mark, so that it could be told if the first came late"
    assert len(office.world["charges"]) == 1


def test_a_late_arrival_is_found_instead_of_sent_again(office: Office) -> None:
    office.fault("cut-after:soft.order.param")
    run(office, "fixchilds")
    late = office.world["licenses"]
    office.edit_world(lambda world: world.update(licenses=[]))
    assert run(office, "fixchilds", 16).count(Outcome.HELD) == 1
    office.edit_world(lambda world: world.update(licenses=late))
    assert run(office, "fixchilds", 22).exit_code == 0
    assert (office.links, len(office.orders)) == ({"12": "7000"}, 1)


@pytest.mark.parametrize("fault", NOT_CARRIED_OUT)
def test_a_second_doubt_is_for_a_person(office: Office, fault: str) -> None:
    office.fault(f"{fault}:soft.order.param:*")
    for minutes in (0, 16, 22, 38, 44, 60, 90):
        run(office, "fixchilds", minutes)
    assert (len(office.orders), stages(office)) == (2, [State.MANUAL])
    assert run(office, "fixchilds", 120).count(Outcome.HELD) == 1


def test_on_doubt_manual_never_sends_again(office: Office) -> None:
    office.set_settings('[safety]\non_doubt = "manual"')
    office.fault("503:soft.order.param")
    for minutes in (0, 16, 22, 40):
        run(office, "fixchilds", minutes)
    assert (len(office.orders), stages(office)) == (1, [State.MANUAL])


def test_the_settle_window_is_as_long_as_the_settings_say(office: Office) -> None:
    office.set_settings("[safety]\nsettle_minutes = 60")
    office.fault("503:soft.order.param")
    for minutes in (0, 16, 22, 59, 61, 65):
        run(office, "fixchilds", minutes)
    assert len(office.orders) == 1
    assert run(office, "fixchilds", 67).exit_code == 0


def test_one_doubt_does_not_hold_the_others(open_office: OpenOffice) -> None:
    office = open_office(services=[service(str(number)) for number in range(21, 26)])
    office.fault("cut-after:soft.order.param")
    report = run(office, "fixchilds")
    assert (report.exit_code, report.count(Outcome.DONE), report.count(Outcome.IN_DOUBT)) == (7, 4, 1)
    assert run(office, "fixchilds").exit_code == 0
    assert (len(office.links), len(office.world["charges"])) == (5, 5)


def test_a_doubt_keeps_its_service_from_the_pool_too(office: Office) -> None:
    office.fault("503:soft.order.param")
    run(office, "fixchilds")
    office.edit_world(lambda world: world["licenses"].append(spare(1)))
    assert run(office, "fixchilds", 1).count(Outcome.HELD) == 1
    assert office.licenses(licname="free.lic", id=1)


@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_a_take_goes_on_where_its_answer_was_lost(open_office: OpenOffice, fault: str) -> None:
    office = open_office(services=[service("12")], licenses=[spare(1)])
    office.fault(f"{fault}:soft.resume")
    assert run(office, "fixchilds").count(Outcome.IN_DOUBT) == 1
    assert run(office, "fixchilds").exit_code == 0
    assert (office.links, office.orders, office.world["charges"]) == ({"12": "1"}, [], [])
    (taken,) = office.licenses(id=1)
    assert (taken["licname"], taken["status"]) == ("Item #12 addon web12", 2)
    assert taken["lickey"] != "1-key"
