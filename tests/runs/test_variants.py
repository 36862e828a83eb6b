"""Whatever dialect the remote speaks, the same things are done."""

from __future__ import annotations

from typing import Any

import pytest

from cpbillmgr.sandbox.world.variants import CHOICES
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PRO, Fields, day, license, service, spare, strangers

SERVICES = [
    service("11"),
    service("12"),
    service("13", "55228"),
    service("14", "Business", nodes=3, period=20, months=12),
]
LICENSES = [
    license(5000, "203.0.113.11"),
    spare(5001, expiredate=day(150)),
    spare(5002, expiredate=day(-5), pricelist=PRO),
    spare(5003, ip_change_date=day(-10), pricelist=PRO),
    spare(5004, lickey_change_date=day(-10), pricelist=PRO),
    *strangers(3),
]
# What an order does not tell, or a remote without money, ends otherwise: see below, and test_refusals.
OTHER_ENDS = {("order_answer", "billorder"), ("no_money", "cart")}
DIALECTS: list[Fields] = [
    {name: choice}
    for name, choices in CHOICES.items()
    for choice in choices[1:]
    if (name, choice) not in OTHER_ENDS
]
DELAYS: list[Fields] = [{"key_delay_seconds": 30}, {"open_delay_seconds": 3600}]
STRANGEST: Fields = {
    "order_answer": "item.id",
    "form": "nested",
    "status": "orig",
    "tariff": "name",
    "language": "ru",
    "dates": "form",
    "period": "label",
    "expiry": "real",
}


def spoken(open_office: OpenOffice, dialect: Fields) -> Office:
    return open_office(services=SERVICES, licenses=LICENSES, conf="Price Business 55230\n", **dialect)


def outcome(office: Office) -> tuple[Any, ...]:
    """Return what has become of both sides, without ids, keys and real times."""
    untold = ("id", "lickey", "opens_at", "key_at")
    licenses = [{name: each[name] for name in each.keys() - untold} for each in office.world["licenses"]]
    licenses.sort(key=lambda each: (each["licname"], each["expiredate"], str(each["ip_change_date"])))
    links = {service: office.name_of(id) for service, id in office.links.items()}
    return links, licenses, office.world["account"]["balance"]


@pytest.fixture
def plainly(open_office: OpenOffice) -> tuple[Any, ...]:
    """What becomes of both sides when the remote speaks as it usually does."""
    office = spoken(open_office, {})
    office.run("fixchilds", "--yes")
    return outcome(office)


@pytest.mark.parametrize("dialect", [*DIALECTS, *DELAYS, STRANGEST], ids=str)
def test_every_dialect_is_understood_alike(
    open_office: OpenOffice, plainly: tuple[Any, ...], dialect: Fields
) -> None:
    office = spoken(open_office, dialect)
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.err) == (0, "")
    assert outcome(office) == plainly
    office.forget_calls()
    assert office.run("fixchilds", "--json").changes == []
    assert office.writes == []


@pytest.mark.parametrize("words", [["fixchilds", "--yes"], ["order", "--service", "12"]], ids=" ".join)
def test_an_order_whose_license_is_not_named_is_found_by_looking(
    open_office: OpenOffice, words: list[str]
) -> None:
    office = open_office(services=[service("12"), service("13", "nopanel")], order_answer="billorder")
    assert office.run(*words).code == 0
    assert office.run(*words).code == 0
    assert office.links == {"12": "7000"}
    assert len(office.orders) == len(office.world["charges"]) == 1


@pytest.mark.parametrize("generation", [5, 6])
def test_generations_5_and_6_speak_one_protocol(open_office: OpenOffice, generation: int) -> None:
    office = open_office(services=[service("12")])
    office.set_settings(generation=generation)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.links == {"12": "7000"}
