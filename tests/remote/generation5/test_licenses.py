from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status
from cpbillmgr.remote.generation5.licenses import license_of_form, license_of_row
from cpbillmgr.remote.replies import merge
from tests.remote.reading import parsed

ROW = """<elem><id>123</id><licname> Item #17 addon vps17</licname><ip>203.0.113.5</ip>
  <pricelist>ispmanager 6 lite</pricelist><pricelist_id>55227</pricelist_id><intname>lite</intname>
  <period>1</period><createdate>2026-05-01</createdate><expiredate>2026-12-01</expiredate>
  <real_expiredate>2026-12-01</real_expiredate><autoprolong>null</autoprolong>
  <real_ipchange>2026-05-02</real_ipchange><real_keychange>2026-05-03</real_keychange>
  <item_status color="green" orig="2">Active</item_status><status>2</status><special_status>0</special_status>
  <cost>4.00 EUR / Month</cost><item_cost>4.0000</item_cost><currency_str>EUR</currency_str></elem>"""

FIELDS = """<elid>123</elid><id>123</id><name>ispmanager 6 lite</name><licname>Item #17 addon vps17</licname>
  <ip>203.0.113.5</ip><remoteip/><lickey>123-abc</lickey><status>2</status><period>1</period>
  <pricelist>55227</pricelist><pricelist_name>ispmanager 6 lite</pricelist_name>
  <createdate>2026-05-01</createdate><expiredate>2026-12-01</expiredate>
  <ip_change_date>2026-05-02</ip_change_date><lickey_change_date>2026-05-03</lickey_change_date>
  <autoprolong>null</autoprolong><remoteid>cpb1-main-17-panel-1</remoteid>
  <addon_55236>2</addon_55236><addon_55236_current_value>2 nodes</addon_55236_current_value>
  <addon_9>on</addon_9>"""

LICENSE = License(
    remote="main",
    id="123",
    name=" Item #17 addon vps17",
    ip="203.0.113.5",
    tariff=55227,
    tariff_name="ispmanager 6 lite",
    period=1,
    length=1,
    status=Status.ACTIVE,
    expires=date(2026, 12, 1),
    ip_changed=date(2026, 5, 2),
    key_changed=date(2026, 5, 3),
    renews_itself=False,
    cost=Money(Decimal("4.0000"), "EUR"),
)
FORM = replace(
    LICENSE,
    name="Item #17 addon vps17",
    cost=None,
    remoteid="cpb1-main-17-panel-1",
    key="123-abc",
    addons=((55236, 2),),
)


def row(*fields: str, status: str = "<status>2</status>") -> License:
    return license_of_row(parsed(f"<elem><id>7</id>{status}{''.join(fields)}</elem>"), "main")


def form(*fields: str) -> License:
    return license_of_form(parsed(f"<doc><status>2</status>{''.join(fields)}</doc>"), "7", "main")


def test_a_row_of_the_list_is_read_and_its_name_is_left_as_it_is() -> None:
    assert license_of_row(parsed(ROW), "main") == LICENSE


@pytest.mark.parametrize(
    "layout",
    [
        f"<doc func='soft.edit'>{FIELDS}</doc>",
        f"<doc func='soft.edit'><metadata/><doc>{FIELDS}</doc><ok/></doc>",
    ],
)
def test_a_form_is_read_wherever_its_fields_stand(layout: str) -> None:
    assert license_of_form(parsed(layout), "123", "main") == FORM


def test_a_field_that_stands_in_both_places_is_taken_from_the_outer_one() -> None:
    xml = (
        "<doc><lickey>new</lickey><doc><status>2</status><lickey>old</lickey><ip>203.0.113.9</ip></doc></doc>"
    )
    read = license_of_form(parsed(xml), "7", "main")
    assert (read.key, read.ip) == ("new", "203.0.113.9")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ('<item_status orig="2_3">Active</item_status>', Status.ACTIVE),
        ('<item_status orig="5_open">Активен</item_status><status>2</status>', Status.PROCESSING),
        ('<status color="green" orig="3">Stopped</status>', Status.SUSPENDED),
        ('<item_status orig="">Active</item_status><status>1</status>', Status.ORDERED),
        ("<status>4</status>", Status.DELETED),
        ("<item_status>3_autosuspend</item_status>", Status.SUSPENDED),
        ("<status>Active</status><item_status>2</item_status>", Status.ACTIVE),
    ],
)
def test_a_status_is_found_in_every_place_that_tells_it(fields: str, status: Status) -> None:
    assert row(status=fields).status is status


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("", "none at all"),
        ("<status>9</status>", "9"),
        ("<status>0</status>", "0"),
        ('<item_status orig="6_new">New</item_status><status>2</status>', "6_new"),
        ("<item_status>Активен\u202e</item_status>", "Активен"),
    ],
)
def test_an_unknown_status_is_an_error_that_names_license_and_value(fields: str, told: str) -> None:
    with pytest.raises(AnswerNotUnderstood) as caught:
        row(status=fields)
    assert caught.value.message == f"license 7 has an unknown status: {told}"


def test_a_row_without_an_id_is_an_error() -> None:
    with pytest.raises(AnswerNotUnderstood, match="with the id ''"):
        license_of_row(parsed("<elem><status>2</status></elem>"), "main")


@pytest.mark.parametrize(
    ("fields", "tariff", "name"),
    [
        ("<pricelist>lite</pricelist><pricelist_id>55227</pricelist_id>", 55227, "lite"),
        ("<pricelist>55227</pricelist>", 55227, ""),
        ("<pricelist>55227</pricelist><pricelist_name>lite</pricelist_name>", 55227, "lite"),
        ("<pricelist>ispmanager 6 lite</pricelist>", None, "ispmanager 6 lite"),
        ("", None, ""),
    ],
)
def test_a_tariff_is_told_by_id_or_by_name(fields: str, tariff: int | None, name: str) -> None:
    read = row(fields)
    assert (read.tariff, read.tariff_name) == (tariff, name)


@pytest.mark.parametrize(
    ("fields", "expires"),
    [
        (
            "<expiredate>daily charge</expiredate><real_expiredate>2026-12-01</real_expiredate>",
            date(2026, 12, 1),
        ),
        ("<expiredate>2026-12-01 03:00:00</expiredate>", date(2026, 12, 1)),
        ("<expiredate>2026-12-01</expiredate><real_expiredate/>", date(2026, 12, 1)),
        ("<expiredate>unlimited</expiredate><real_expiredate>0000-00-00</real_expiredate>", None),
        ("", None),
    ],
)
def test_an_expiry_is_the_real_date_or_else_a_date_in_expiredate(fields: str, expires: date | None) -> None:
    assert row(fields).expires == expires


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        (
            "<item_cost>1530.0000</item_cost><currency_str>RUB</currency_str><cost>127.50 RUB / Month</cost>",
            "1530.0000",
        ),
        ("<period>1</period><cost>160.00 RUB / Месяц</cost>", "160.00"),
        ("<period>12</period><cost>1\u00a0127,50 RUB / Month</cost>", "13530.00"),
        ("<period>12</period><cost>900.00 RUB / year</cost>", "900.00"),
        ("<period>1</period><cost>900.00 RUB / year</cost>", "900.00"),
        ("<period>0</period><cost>900.00 RUB</cost>", "900.00"),
        ("<period>-100</period><cost>0.00 RUB / Month</cost>", "0.00"),
    ],
)
def test_the_cost_is_that_of_the_whole_period(fields: str, cost: str) -> None:
    assert row(fields).cost == Money(Decimal(cost), "RUB")


def test_a_row_that_tells_little_is_read_as_little() -> None:
    read = row()
    assert (read.name, read.ip, read.period, read.cost, read.renews_itself) == ("", "", None, None, None)
    assert (read.remoteid, read.key, read.addons) == (None, None, None)


def test_a_form_without_key_remote_id_and_addons_says_that_there_are_none() -> None:
    read = form()
    assert (read.remoteid, read.key, read.addons) == ("", None, ())


def test_the_form_of_another_license_is_an_error() -> None:
    with pytest.raises(AnswerNotUnderstood, match="form of license 7 is that of license 8"):
        form("<elid>8</elid>")


def test_a_row_and_a_form_are_merged_and_the_form_is_newer() -> None:
    listed = replace(LICENSE, ip_changed=None, key_changed=date(2026, 1, 1))
    shown = replace(FORM, tariff_name="", period=None, expires=None, status=Status.SUSPENDED)
    assert merge(listed, shown) == replace(
        LICENSE,
        name="Item #17 addon vps17",
        status=Status.SUSPENDED,
        remoteid="cpb1-main-17-panel-1",
        key="123-abc",
        addons=((55236, 2),),
    )
