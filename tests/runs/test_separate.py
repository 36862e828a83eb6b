"""Licenses that are sold on their own: services of type ``soft``, named as the original's presets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, service

TYPES = 'types = ["vds", "soft"]'


def separate(id: str, name: str, **more: Any) -> Fields:
    """Return a license that a client bought on its own."""
    addon = {"id": None, "name": "license", "kind": "enumeration", "value": name, "nodes": None}
    return service(id, type="soft", addons=[addon], **more)


def the_office(open_office: OpenOffice, *services: Fields, conf: str = "") -> Office:
    return open_office(services=[*services], more=TYPES, conf=conf)


@pytest.mark.parametrize("name", ["55227-ispmanager 6 lite", "55227"])
def test_the_internal_name_of_a_tariff_is_a_preset_or_its_id(open_office: OpenOffice, name: str) -> None:
    office = the_office(open_office, separate("12", name))
    assert office.run("fixchilds", "--yes").code == 0
    assert [(order["pricelist"], order["period"]) for order in office.orders] == [("55227", "1")]
    assert office.name_of("7000") == "Item #12 addon web12"


def test_a_period_that_the_remote_does_not_have_is_refused_with_those_that_it_has(
    open_office: OpenOffice,
) -> None:
    office = the_office(open_office, separate("12", "55227", months=3), service("13", months=3))
    result = office.run("fixchilds", "--yes")
    assert (result.code, office.orders) == (78, [])
    assert "service 12" in result.err
    assert "it is sold for 1 month, 12 months" in result.err
    assert "service 13" not in result.err  # it is renewed as long as its service is active


def test_a_line_gives_it_another_period_and_a_shorter_one_is_warned_about(open_office: OpenOffice) -> None:
    conf = "Period 10 1 55227\nPeriod 11 12 55227\n"
    services = [separate("12", "55227", months=3), separate("13", "55227", period=11, months=6)]
    office = the_office(open_office, *services, conf=conf)
    result = office.run("config", "check")
    assert (result.code, result.err.count("\n")) == (0, 1)
    assert "cpbillmgr5.conf:1 Period 10 1 55227 buys a license for 1 month" in result.err
    assert office.run("fixchilds", "--yes").code == 0
    assert {order["ip"]: order["period"] for order in office.orders} == {
        "203.0.113.12": "1",
        "203.0.113.13": "12",
    }


def test_one_can_be_ordered_by_itself(open_office: OpenOffice) -> None:
    office = the_office(open_office, separate("12", "55227-ispmanager 6 lite", months=12))
    assert office.run("order", "--service", "12", "-q").out == "7000\n"
    assert [order["period"] for order in office.orders] == ["12"]
