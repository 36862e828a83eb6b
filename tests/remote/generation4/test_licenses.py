from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status
from cpbillmgr.remote.generation4.licenses import fields_of_row, license_of_form, license_of_row
from tests.remote.reading import parsed

ROW = """<elem><id>501</id><ip>203.0.113.5</ip><licname>Item #17 addon vps17</licname><price>7</price>
  <period>8</period><expiredate>2026-12-01</expiredate><status>2</status>
  <pricename>ISPmanager 4 Lite without support</pricename><cost>4.00 EUR</cost></elem>"""

LICENSE = License(
    remote="main",
    id="501",
    name="Item #17 addon vps17",
    ip="203.0.113.5",
    tariff=7,
    tariff_name="ISPmanager 4 Lite without support",
    period=8,
    status=Status.ACTIVE,
    expires=date(2026, 12, 1),
    cost=Money(Decimal("4.00"), "EUR"),
    remoteid="",
    addons=(),
)


def test_a_row_of_the_list_is_read_its_period_as_an_id_of_unknown_length() -> None:
    assert license_of_row(parsed(ROW), "main") == LICENSE


def test_a_form_says_what_it_says_and_the_row_the_rest() -> None:
    row = fields_of_row(parsed(ROW))
    form = parsed("<doc><elid>501</elid><ip>198.51.100.7</ip><licname>renamed</licname></doc>")
    assert license_of_form(form, row, "501", "main") == replace(LICENSE, ip="198.51.100.7", name="renamed")


def test_a_form_without_a_status_and_without_a_row_is_not_understood() -> None:
    with pytest.raises(AnswerNotUnderstood, match="unknown status"):
        license_of_form(parsed("<doc><elid>501</elid><ip>198.51.100.7</ip></doc>"), {}, "501", "main")


def test_the_form_of_another_license_is_an_error() -> None:
    with pytest.raises(AnswerNotUnderstood, match="form of license 501 is that of license 502"):
        license_of_form(parsed("<doc><elid>502</elid></doc>"), {}, "501", "main")


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("1", Status.ORDERED),
        ("2", Status.ACTIVE),
        ("3", Status.SUSPENDED),
        ("4", Status.DELETED),
        ("5", Status.PROCESSING),
    ],
)
def test_the_numbers_of_the_statuses_are_those_of_later_generations(number: str, status: Status) -> None:
    row = ROW.replace("<status>2</status>", f"<status>{number}</status>")
    assert license_of_row(parsed(row), "main").status is status


@pytest.mark.parametrize("end", ["", "unlimited", "0000-00-00"])
def test_a_license_without_an_end_has_no_day(end: str) -> None:
    row = ROW.replace("2026-12-01", end)
    assert license_of_row(parsed(row), "main").expires is None


@pytest.mark.parametrize("id", ["", "new", "-7"])
def test_a_row_without_an_id_is_an_error(id: str) -> None:
    with pytest.raises(AnswerNotUnderstood, match="a license with the id"):
        license_of_row(parsed(ROW.replace("501", id)), "main")


def test_a_product_of_generation_5_may_have_a_key() -> None:
    form = parsed("<doc><elid>501</elid><lickey> 501-abc </lickey></doc>")
    assert license_of_form(form, fields_of_row(parsed(ROW)), "501", "main").key == "501-abc"
