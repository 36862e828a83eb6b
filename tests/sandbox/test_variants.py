from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from cpbillmgr.sandbox.world.variants import CHOICES
from tests.sandbox.conftest import Remote, Start, value


def has(element: ET.Element, name: str) -> bool:
    return any(child.tag == name for child in element)


@pytest.mark.parametrize("told", ["all", "id", "item.id", "billorder"])
def test_order_answer_tells_the_ids_it_names(start: Start, told: str) -> None:
    doc = start(order_answer=told).order("198.51.100.1")
    found = {name for name in ("id", "item.id", "billorder") if has(doc, name)}
    assert found == ({"id", "item.id", "billorder"} if told == "all" else {told})


EDIT: dict[str, Any] = {"func": "soft.edit", "elid": 1, "licname": "x", "sok": "ok"}
RENEWAL: dict[str, Any] = {"func": "service.prolong", "elid": 1, "period": 1, "sok": "ok"}


def test_form_puts_renewals_alone_into_a_document_within_unless_another_is_chosen(remote: Remote) -> None:
    assert [has(remote.good(**call), "doc") for call in (EDIT, RENEWAL)] == [False, True]


@pytest.mark.parametrize(("form", "place"), [("flat", "."), ("nested", "doc")])
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"func": "soft.edit", "elid": 1}, "lickey"),
        (EDIT, "licname"),
        ({"func": "service.prolong", "elid": 1, "period": 1}, "newexpiredate"),
        (RENEWAL, "newexpiredate"),
    ],
)
def test_form_puts_the_fields_into_the_document_or_one_within_it(
    start: Start, form: str, place: str, params: dict[str, str], field: str
) -> None:
    doc = start(form=form).good(**params)
    inner = doc.find(place)
    assert inner is not None
    assert value(inner, field)
    assert has(doc, field) == (form == "flat")
    assert has(doc, "ok") == ("sok" in params)


@pytest.mark.parametrize(
    ("variant", "number", "orig"),
    [("both", ["2", "3"], ["2", "3"]), ("number", ["2", "3"], [None, None]),
     ("orig", [None, None], ["2_2", "3_autosuspend"])],
)  # fmt: skip
def test_status_is_told_as_a_number_or_by_its_origin(
    start: Start, variant: str, number: list[str | None], orig: list[str | None]
) -> None:
    remote = start(status=variant)
    rows = [remote.row(1), remote.row(2)]
    assert [row.findtext("status") for row in rows] == number
    texts = [row.find("item_status") for row in rows]
    assert [None if text is None else text.get("orig") for text in texts] == orig


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("both", ("ispmanager 6 lite", "55227")),
        ("name", ("ispmanager 6 lite", None)),
        ("id", ("55227", None)),
    ],
)
def test_tariff_is_told_by_name_or_id(start: Start, variant: str, expected: tuple[str, str | None]) -> None:
    row = start(tariff=variant).row(1)
    assert (row.findtext("pricelist"), row.findtext("pricelist_id")) == expected


def test_language_changes_the_texts_and_nothing_else(start: Start) -> None:
    remote = start(language="ru", period="label")
    row = remote.row(1)
    assert (row.findtext("item_status"), row.findtext("period")) == ("Активен", "1 месяц")
    error = remote.call("soft.edit", elid=404).find("error")
    assert error is not None
    assert (error.get("type"), error.get("lang")) == ("missed", "ru")
    assert error.findtext("msg") == "Объект '404' не существует"


@pytest.mark.parametrize(("variant", "in_rows"), [("list", True), ("form", False)])
def test_dates_of_changes_are_in_rows_or_in_the_form_alone(start: Start, variant: str, in_rows: bool) -> None:
    remote = start(dates=variant)
    row = remote.row(2)
    assert row.findtext("real_ipchange") == ("2026-10-21" if in_rows else None)
    assert row.findtext("real_keychange") == ("2026-10-22" if in_rows else None)
    assert remote.field(2, "ip_change_date") == "2026-10-21"


@pytest.mark.parametrize(
    ("variant", "expected"),
    [("number", ["1", "12", "0", "-100"]), ("label", ["1 month", "1 year", "Lifetime", "Trial period"])],
)
def test_period_is_a_number_or_a_label(start: Start, variant: str, expected: list[str]) -> None:
    remote = start(period=variant)
    assert [value(remote.row(id), "period") for id in (1, 2, 3, 4)] == expected


@pytest.mark.parametrize(
    ("variant", "license", "lifetime"),
    [
        ("both", ("2026-12-31", "2026-12-31"), ("unlimited", "")),
        ("real", ("daily charge", "2026-12-31"), ("unlimited", "")),
        ("plain", ("2026-12-31", None), ("unlimited", None)),
    ],
)
def test_expiry_is_a_day_or_words(
    start: Start, variant: str, license: tuple[str, str | None], lifetime: tuple[str, str | None]
) -> None:
    remote = start(expiry=variant)
    for id, expected in ((1, license), (3, lifetime)):
        row = remote.row(id)
        assert (row.findtext("expiredate"), row.findtext("real_expiredate")) == expected


def test_an_order_without_money_may_stay_in_the_cart(start: Start) -> None:
    remote = start(no_money="cart", account={"balance": "3.00"})
    elid = remote.ordered("198.51.100.1")
    assert remote.field(elid, "status") == "1"
    assert remote.kept["account"]["balance"] == "3.00"


@pytest.mark.parametrize(
    ("variant", "skipbasket", "expires"),
    [
        ("paid", "", "2027-01-31"),
        ("paid", "on", "2027-01-31"),
        ("cart", "", "2026-12-31"),
        ("cart", "on", "2027-01-31"),
    ],
)
def test_a_renewal_is_paid_at_once_or_waits_in_the_cart(
    start: Start, variant: str, skipbasket: str, expires: str
) -> None:
    remote = start(renewal=variant)
    remote.good(**RENEWAL, skipbasket=skipbasket)
    assert remote.field(1, "expiredate") == expires


@pytest.mark.parametrize(("variant", "refused"), [("monthly", True), ("free", False)])
def test_keys_may_change_monthly_or_at_will(start: Start, variant: str, refused: bool) -> None:
    remote = start(key_change=variant)
    doc = remote.call("soft.edit", elid=2, clicked_button="newkey", sok="ok")
    assert (doc.find("error") is not None) == refused


def test_a_new_key_is_not_shown_before_its_time(start: Start) -> None:
    remote = start(key_delay_seconds=30)
    assert remote.field(remote.ordered("198.51.100.1"), "lickey") == ""
    doc = remote.good("soft.edit", elid=1, clicked_button="newkey", sok="ok")
    assert value(doc, "lickey") == ""


def test_a_key_is_shown_when_its_time_has_come(start: Start) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    license = {"id": 1, "pricelist": 55227, "lickey": "1-aa", "key_at": past.isoformat()}
    assert start(licenses=[license]).field(1, "lickey") == "1-aa"


def test_a_new_order_is_processed_first(start: Start) -> None:
    remote = start(open_delay_seconds=60)
    elid = remote.ordered("198.51.100.1")
    status = remote.row(elid).find("item_status")
    assert status is not None
    assert (status.get("orig"), remote.field(elid, "status")) == ("5_open", "5")
    assert remote.refused("soft.suspend", elid=elid) == ("value", "status")


def test_an_order_is_active_when_its_time_has_come(start: Start) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    license = {"id": 1, "pricelist": 55227, "opens_at": past.isoformat()}
    assert start(licenses=[license]).field(1, "status") == "2"


def test_latency_delays_every_answer(start: Start) -> None:
    remote = start(latency_ms=60)
    began = time.monotonic()
    remote.good("whoami")
    assert time.monotonic() - began >= 0.06


@pytest.mark.parametrize(("name", "choice"), [(name, choice) for name in CHOICES for choice in CHOICES[name]])
def test_every_choice_can_be_set_while_the_server_runs(remote: Remote, name: str, choice: str) -> None:
    remote.control("variants", **{name: choice})
    assert remote.kept["variants"][name] == choice
    assert len(remote.good("soft").findall("elem")) == 5
