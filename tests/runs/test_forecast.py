"""``forecast``: it foretells to the cent what the days then charge, and the first that does not fit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.conftest import OpenOffice
from tests.runs import certificates
from tests.runs.days import START, Days, linked, on, paid
from tests.runs.worlds import A_MONTH, BUSINESS, NODES, OLD_LITE, PRO, Fields, service, spare, strangers

DAYS = 90


def charges(days: Days) -> dict[str, Decimal]:
    """Return what the remote has charged, by day."""
    found: dict[str, Decimal] = {}
    for each in days.office.world["charges"]:
        day = each["time"][:10]
        found[day] = found.get(day, Decimal(0)) + Decimal(each["amount"])
    return found


def an_account() -> tuple[list[Fields], list[Fields]]:
    """Return licenses and services of every kind that renewals tell apart."""
    licenses = [
        *(paid(number, f"203.0.113.{10 + number}", until=3 * number) for number in range(1, 12)),
        paid(21, "203.0.113.31", until=-1),  # has ended, and is renewed from today
        paid(22, "203.0.113.32", until=5, pricelist=PRO),
        paid(23, "203.0.113.33", until=6, pricelist=BUSINESS, addons={str(NODES): 3}),
        paid(24, "203.0.113.34", until=7, period=12),  # goes on by the month
        paid(25, "203.0.113.35", until=8),  # goes on by the year
        paid(26, "203.0.113.36", until=9),  # of a suspended service
        paid(27, "203.0.113.37", until=10, period=-100),  # a trial
        spare(31, expiredate=on(11)),
        *strangers(3),
    ]
    services = [
        *(service(str(10 + number)) for number in range(1, 12)),
        service("31"),
        service("32", str(PRO)),
        service("33", str(BUSINESS), nodes=3),
        service("34"),
        service("35", months=12),
        service("36", status="suspended"),
        service("37"),
    ]
    return licenses, services


def test_it_is_to_the_cent_what_the_days_then_charge(open_office: OpenOffice) -> None:
    licenses, services = an_account()
    days = Days(open_office(services=services, licenses=licenses, balance="100000.00"))
    assert days.run("fixchilds", "--yes", "--link-only").code == 0
    foretold = days.run("forecast", "--days", str(DAYS), "--json").json
    assert (foretold["first_short"], foretold["unpriced"]) == (None, [])
    for _ in range(DAYS):
        assert days.check().code == 0
        days.wait(days=1)
    assert charges(days) == {each["date"]: Decimal(each["cost"][0]["amount"]) for each in foretold["days"]}
    assert foretold["cost"] == [{"amount": str(sum(charges(days).values())), "currency": "EUR"}]
    balance = Decimal(days.office.world["account"]["balance"])
    assert Decimal(foretold["days"][-1]["left"]["amount"]) == balance
    renewed = [license for each in foretold["days"] for license in each["licenses"]]
    assert renewed.count("1") == 3
    assert not {"26", "27", "31"} & set(renewed)


def test_of_certificates_it_is_what_the_years_then_charge_and_those_that_wait_count(
    open_office: OpenOffice,
) -> None:
    days = Days(certificates.an_office(open_office, more="", balance="500.00"))
    office = days.office
    assert days.run("certificate", "request", "90", "--approver", "webmaster").code == 0
    assert days.run("fixchilds", "--yes").code == 0
    assert days.check().code == 0

    def foretold(length: int) -> list[str]:
        told = days.run("forecast", "--days", str(length), "--json").json
        assert {each["cost"][0]["amount"] for each in told["days"]} <= {"45.00"}
        return [str(each["date"]) for each in told["days"]]

    renewed = foretold(1000)
    assert renewed == ["2028-01-02", "2028-12-03"]
    for day in renewed:
        certificates.approve(office, certificates.bought(office)[-1]["id"])
        days.wait_until(date.fromisoformat(day) - timedelta(days=1))
        assert days.changes() == [("fetch", "90", "done")]
        days.wait(days=1)
        assert days.changes() == [("order", "90", "done")]
        assert days.check().code == 0
        length = 1000 - (days.today - START.date()).days
        assert foretold(length) == [each for each in renewed if each > day]
    assert [*charges(days)] == [str(START.date()), *renewed]


@pytest.mark.parametrize(
    ("balance", "short", "told"),
    [
        ("12.00", None, "The balance of 12.00 EUR suffices."),
        ("11.99", on(70), f"The balance of 11.99 EUR does not suffice on {on(70)}: -0.01 EUR then."),
        ("7.99", on(39), f"The balance of 7.99 EUR does not suffice on {on(39)}: -0.01 EUR then."),
    ],
)
def test_the_first_day_that_does_not_fit_is_named(
    open_office: OpenOffice, balance: str, short: str | None, told: str
) -> None:
    days = linked(open_office, [paid(1, "203.0.113.12", until=12)], [service("12")], balance=balance)
    found = days.run("forecast", "--days", "71")
    assert days.run("forecast", "--days", "71", "--json").json["first_short"] == short
    *_, verdict, summary = found.out.splitlines()
    assert (verdict, summary) == (told, "71 days from 2027-02-01: 3 renewals, cost 12.00 EUR.")


def test_looking_ahead_changes_nothing(open_office: OpenOffice) -> None:
    days = linked(open_office, [paid(1, "203.0.113.12", until=12)], [service("12")])
    before, world = days.office.state_file.read_bytes(), days.office.world
    assert days.run("forecast").code == 0
    assert (days.office.writes, days.office.state_file.read_bytes(), days.office.world) == ([], before, world)


def test_a_license_without_a_price_is_told_and_not_counted(open_office: OpenOffice) -> None:
    days = linked(open_office, [paid(1, "203.0.113.12", until=12, period=12)], [service("12")])
    days.office.edit_world(lambda world: world["tariffs"][0].update(prices={"12": "40.00"}))
    days.office.import_services(service("12", "of an unknown name"))
    found = days.run("forecast", "--json")
    assert (found.json["days"], found.json["unpriced"]) == ([], ["1"])
    assert "no price to renew license 1" in found.err


def test_an_account_without_anything_to_renew_needs_no_money(open_office: OpenOffice) -> None:
    found = open_office(licenses=strangers(2), balance="0.00").run("forecast", "--days", "7")
    verdict, summary = found.out.splitlines()
    assert verdict == "The balance of 0.00 EUR suffices."
    assert summary.endswith(": 0 renewals, cost nothing.")


def test_where_periods_are_ids_it_is_to_the_cent_too(open_office: OpenOffice) -> None:
    old: Fields = {"pricelist": OLD_LITE, "period": A_MONTH, "lickey": ""}
    licenses = [paid(1, "203.0.113.12", until=12, **old), paid(2, "203.0.113.13", until=3, **old)]
    days = linked(open_office, licenses, [service(id, "Lite") for id in ("12", "13")], generation=4)
    foretold = days.run("forecast", "--days", "50", "--json").json
    for _ in range(50):
        assert days.check().code == 0
        days.wait(days=1)
    assert charges(days) == {each["date"]: Decimal(each["cost"][0]["amount"]) for each in foretold["days"]}
    assert [each["licenses"] for each in foretold["days"]] == [["2"], ["1"], ["2"], ["1"]]
