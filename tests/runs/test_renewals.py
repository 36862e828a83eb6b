"""Renewals: on the day, once, for as long as the rules say, and never for nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cpbillmgr.planner.basis.months import add_months
from tests.conftest import OpenOffice
from tests.runs.calendar import Calendar, done, told
from tests.runs.office import Office
from tests.runs.worlds import ACTIVE, PRO, SUSPENDED, Fields, day, license, service, spare, strangers

END = date.fromisoformat(day(20))
A_DAY = timedelta(days=1)


def an_office(open_office: OpenOffice, ours: Fields | None = None, **facts: Any) -> tuple[Office, Calendar]:
    """Open an office where service 12 has license 1, which is paid for 20 days more."""
    wanted = facts.pop("service", service("12"))
    there = license(1, "203.0.113.12", **(ours or {}))
    office = open_office(services=[wanted], licenses=[there, spare(2), *strangers(2)], **facts)
    assert office.run("fixchilds", "--yes", "--link-only").code == 0
    calendar = Calendar(office)
    calendar.checkevent()
    office.forget_calls()
    return office, calendar


def charges(office: Office) -> list[str]:
    return [each["amount"] for each in office.world["charges"]]


def end(office: Office) -> str:
    return str(office.licenses(id=1)[0]["expiredate"])


def test_a_license_is_renewed_the_day_before_its_end_and_once(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)
    calendar.until(END - 2 * A_DAY)
    assert (done(calendar.checkevent()), office.writes) == ([], [])
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    assert (end(office), charges(office)) == (str(add_months(END, 1)), ["4.00"])
    for _ in range(3):
        calendar.pass_by(minutes=5)
        assert calendar.checkevent().rows == ()
    assert charges(office) == ["4.00"]


def test_it_may_be_renewed_earlier(open_office: OpenOffice) -> None:
    _office, calendar = an_office(open_office, more="[renewal]\ndays_before = 5")
    calendar.until(END - 6 * A_DAY)
    assert done(calendar.checkevent()) == []
    calendar.until(END - 5 * A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]


def test_it_is_renewed_for_the_period_that_the_rules_give_now(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)
    office.write("cpbillmgr5.conf", "Period 10 12 55227\n")
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    assert (end(office), charges(office)) == (str(add_months(END, 12)), ["40.00"])


@pytest.mark.parametrize("conf", ["", "Period 10 0 55227\n"])
def test_it_is_renewed_for_one_month_where_they_give_none(open_office: OpenOffice, conf: str) -> None:
    office, calendar = an_office(open_office, {"period": 12}, service=service("12", period=None, months=None))
    office.write("cpbillmgr5.conf", conf)
    calendar.until(END - A_DAY)
    calendar.checkevent()
    assert charges(office) == ["4.00"]


def test_a_license_of_several_nodes_is_renewed_with_all_of_them(open_office: OpenOffice) -> None:
    ours = {"pricelist": 55230, "addons": {"55236": 3}}
    office, calendar = an_office(open_office, ours, service=service("12", "55230", nodes=3))
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    assert charges(office) == ["30.00"]


@pytest.mark.parametrize(
    "wanted",
    [
        service("12", status="suspended"),
        service("12", status="deleted"),
        service("12", status="processing"),
        service("12", "nopanel"),
    ],
    ids=["suspended", "closed", "not up yet", "without a panel"],
)
def test_nothing_is_renewed_for_a_service_that_is_not_active(open_office: OpenOffice, wanted: Fields) -> None:
    office, calendar = an_office(open_office)
    office.import_services(wanted)
    for days in (-1, 0, 5):
        calendar.until(END + timedelta(days=days))
        calendar.checkevent()
    assert charges(office) == []


@pytest.mark.parametrize(
    "ours", [{"period": -100}, {"expiredate": None, "period": 0}], ids=["trial", "lifetime"]
)
def test_neither_a_trial_nor_a_license_without_an_end_is_renewed(
    open_office: OpenOffice, ours: Fields
) -> None:
    office, calendar = an_office(open_office, ours)
    calendar.until(END - A_DAY)
    calendar.checkevent()
    assert (charges(office), office.writes) == ([], [])


def test_neither_the_pool_nor_a_strangers_license_is_renewed(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, {"expiredate": day(300)})
    for _ in range(6):
        calendar.pass_by(days=5)
        calendar.checkevent()
    assert (charges(office), office.writes) == ([], [])


def test_without_money_it_is_tried_in_every_run_until_the_end_and_then_once_a_day(
    open_office: OpenOffice,
) -> None:
    office, calendar = an_office(open_office, balance="1.00")
    calendar.until(END - A_DAY)
    news = [told(calendar.checkevent())]
    for _ in range(3):
        calendar.pass_by(minutes=5)
        news.append(told(calendar.checkevent()))
    assert len(office.calls("service.prolong")) == 4
    assert [topics.count("renew 1") for topics in news] == [1, 0, 0, 0]
    calendar.until(END)
    office.forget_calls()
    levels = {}
    for _ in range(31):
        for minutes in (0, 5):
            calendar.pass_by(minutes=minutes)
            for notice in calendar.checkevent().news:
                if notice.topic == "renew 1":
                    levels[calendar.today] = notice.level.name
        calendar.pass_by(days=1)
    assert 29 <= len(office.calls("service.prolong")) <= 30
    assert levels == {END: "ALARM", END + 23 * A_DAY: "LAST"}
    assert charges(office) == []


def test_it_is_renewed_when_there_is_money_again_and_the_warning_is_over(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, balance="1.00")
    calendar.until(END - A_DAY)
    assert calendar.checkevent().exit_code == 69
    office.edit_world(lambda world: world["account"].update(balance="100.00"))
    calendar.pass_by(minutes=5)
    report = calendar.checkevent()
    assert (done(report), told(report)) == ([("renew", "1")], [])
    assert [notice.topic for notice in calendar.checkevent().notices] == []


def test_a_license_that_has_ended_starts_again_with_its_service(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)
    office.import_services(service("12", status="suspended"))
    calendar.until(END + 3 * A_DAY)
    calendar.checkevent()
    assert (office.licenses(id=1)[0]["status"], charges(office)) in ((SUSPENDED, []), (ACTIVE, []))
    office.import_services(service("12"))
    assert done(calendar.checkevent()) == [("renew", "1")]
    assert (end(office), charges(office)) == (str(add_months(END + 3 * A_DAY, 1)), ["4.00"])
    calendar.pass_by(minutes=5)
    assert (calendar.checkevent().rows, office.licenses(id=1)[0]["status"]) == ((), ACTIVE)


def test_a_license_without_cost_is_told_of_in_time_and_never_renewed(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)

    def give_away(world: Fields) -> None:
        world["tariffs"][0]["prices"] = {"1": "0.00", "12": "0.00"}

    office.edit_world(give_away)
    calendar.until(END - 15 * A_DAY)
    assert told(calendar.checkevent()) == []
    calendar.until(END - 14 * A_DAY)
    assert told(calendar.checkevent()) == ["discount 1"]
    calendar.until(END - A_DAY)
    assert told(calendar.checkevent()) == []
    calendar.until(END)
    assert told(calendar.checkevent()) == ["discount 1"]
    assert office.calls("service.prolong") == []


def test_an_answer_that_was_lost_is_settled_and_paid_once(open_office: OpenOffice) -> None:
    for fault in ("cut-after", "cut-before"):
        office, calendar = an_office(open_office)
        calendar.until(END - A_DAY)
        office.fault(f"{fault}:service.prolong!")
        assert calendar.checkevent().exit_code == 7
        for minutes in (5, 16, 6, 5, 5):
            calendar.pass_by(minutes=minutes)
            calendar.checkevent()
        assert (end(office), charges(office)) == (str(add_months(END, 1)), ["4.00"])


def test_a_renewal_that_the_remote_does_not_show_is_never_repeated(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office)
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    office.edit_world(lambda world: world["licenses"][0].update(expiredate=str(END)))
    report = calendar.checkevent()
    assert (report.rows, told(report)) == ((), ["renew 1"])
    assert len(office.calls("service.prolong")) == 1


def test_a_tariff_that_is_sold_no_more_is_renewed_for_what_it_cost(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, {"pricelist": PRO}, service=service("12", str(PRO)))
    office.edit_world(lambda world: world["tariffs"][1].update(orderable=False))
    calendar.until(END - A_DAY)
    assert done(calendar.checkevent()) == [("renew", "1")]
    assert charges(office) == ["8.10"]


def test_a_balance_that_the_next_renewals_exceed_is_told_of(open_office: OpenOffice) -> None:
    _office, calendar = an_office(open_office, balance="3.00")
    calendar.until(END - 9 * A_DAY)
    assert told(calendar.checkevent()) == []
    calendar.pass_by(days=1)
    assert told(calendar.checkevent()) == ["balance renewals"]
    calendar.pass_by(minutes=5)
    assert told(calendar.checkevent()) == []


def test_a_run_whose_renewals_cost_too_much_writes_nothing(open_office: OpenOffice) -> None:
    office, calendar = an_office(open_office, more='[limits]\nmax_spend = "3.99"')
    calendar.until(END - A_DAY)
    before = office.state_file.read_bytes()
    report = calendar.checkevent()
    assert (report.exit_code, office.writes, office.state_file.read_bytes() == before) == (5, [], True)
