from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL, Tariff
from cpbillmgr.model.money import Money
from cpbillmgr.remote.generation4.catalogue import (
    Payer,
    Periods,
    known_tariffs,
    names_of,
    payers_of,
    periods_of,
    tariff_of,
)
from tests.remote.reading import parsed


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("fields", "currency", "balance"),
    [
        ("<balance>5.00</balance><currency>EUR</currency>", "EUR", eur("5.00")),
        ("<balance>5.00 EUR</balance>", "EUR", eur("5.00")),
        ("<balance>5.00</balance><currency>Euro</currency>", "EUR", eur("5.00")),
        (
            "<balance>0.00</balance><currency>Russian Ruble</currency><creditlimit>0.0000</creditlimit>",
            "RUB",
            Money(Decimal("0.0000"), "RUB"),
        ),
        ("<balance>5.00 EUR</balance><creditlimit>10.00 EUR</creditlimit>", "EUR", eur("15.00")),
        ("<currency>EUR</currency>", "EUR", None),
    ],
)
def test_an_account_tells_what_can_be_spent(fields: str, currency: str, balance: Money | None) -> None:
    document = parsed(f"<doc><elem><id>12</id><name>me</name><project>main</project>{fields}</elem></doc>")
    assert payers_of(document, "main") == [Payer("12", currency, balance)]


@pytest.mark.parametrize("rows", ["", "<elem><balance>5</balance></elem>", "<elem><id>new</id></elem>"])
def test_without_an_account_that_has_an_id_nobody_can_pay(rows: str) -> None:
    with pytest.raises(AnswerNotUnderstood, match="which account pays"):
        payers_of(parsed(f"<doc>{rows}</doc>"), "main")


def test_the_price_list_names_the_tariffs_of_licenses_and_leaves_others_out() -> None:
    rows = """<elem><id>7</id><name>Lite</name><itemtype>software</itemtype></elem>
      <elem><id>11</id><pricename>Pro</pricename><itemtype>8</itemtype></elem>
      <elem><id>15</id><internalname>vds</internalname></elem>
      <elem><id>565</id><name>.ru</name><itemtype>domain</itemtype></elem>"""
    assert names_of(parsed(f"<doc>{rows}</doc>"), "main") == {7: "Lite", 11: "Pro", 15: "vds"}


def test_a_tariff_without_an_id_is_an_error() -> None:
    with pytest.raises(AnswerNotUnderstood, match="a tariff without an id"):
        names_of(parsed("<doc><elem><name>Lite</name></elem></doc>"), "main")


def period(fields: str) -> Periods:
    return periods_of(parsed(f"<doc><elem><id>8</id>{fields}</elem></doc>"), "EUR")


@pytest.mark.parametrize(
    ("kind", "count", "price", "length"),
    [
        ("month", "1", "4.00", 1),
        ("month", "", "4.00", 1),
        ("month", "3", "4.00", 3),
        ("months", "6", "4.00", 6),
        ("year", "1", "4.00", 12),
        ("year", "2", "4.00", 24),
        ("unlimited", "0", "4.00", LIFETIME),
        ("lifetime", "", "4.00", LIFETIME),
        ("trial", "14", "0.00", TRIAL),
        ("day", "14", "0.00", TRIAL),
        ("day", "14", "4.00", None),
        ("day", "1", "4.00", DAY),
        ("day", "0", "0.00", None),
        ("month", "0", "4.00", None),
        ("month", "-1", "4.00", None),
        ("4", "1", "4.00", None),
        ("0", "1", "4.00", None),
        ("week", "2", "0.00", None),
        ("", "1", "4.00", None),
    ],
)
def test_the_length_of_a_period_is_its_unit_so_many_times(
    kind: str, count: str, price: str, length: int | None
) -> None:
    fields = f"<per_type>{kind}</per_type><p_length>{count}</p_length><price_num>{price}</price_num>"
    assert period(fields) == Periods({8: eur(price)}, {} if length is None else {8: length})


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ("<price_num>4.00</price_num>", eur("4.00")),
        ("<price_num>4.00</price_num><currency>USD</currency>", Money(Decimal("4.00"), "USD")),
        ("<price>4.00 USD</price>", Money(Decimal("4.00"), "USD")),
        ("<cost>4.00</cost>", eur("4.00")),
        ("<price_num/>", None),
        ("", None),
    ],
)
def test_a_price_is_in_its_own_currency_or_else_in_that_of_the_account(
    fields: str, price: Money | None
) -> None:
    assert period(fields).prices.get(8) == price


def test_without_any_currency_there_is_no_price() -> None:
    fields = "<id>8</id><price_num>4.00</price_num><per_type>month</per_type>"
    assert periods_of(parsed(f"<doc><elem>{fields}</elem></doc>"), "") == Periods({}, {8: 1})


def test_a_tariff_whose_periods_may_not_be_read_has_known_lengths_and_no_price() -> None:
    assert tariff_of(7, "Lite", None) == Tariff(7, "Lite", {}, lengths={7: TRIAL, 8: 1, 9: LIFETIME})
    assert tariff_of(77777, "Mine", None) == Tariff(77777, "Mine", {}, lengths={})


def test_known_tariffs_have_no_price_to_buy_at() -> None:
    known = known_tariffs()
    assert known[3541].period_of(12) == 2309
    assert not any(tariff.prices for tariff in known.values())
