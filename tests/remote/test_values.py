from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status
from cpbillmgr.remote import values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Status.ORDERED),
        ("2", Status.ACTIVE),
        ("2_3", Status.ACTIVE),
        ("3_autosuspend", Status.SUSPENDED),
        ("4", Status.DELETED),
        ("5_open", Status.PROCESSING),
        (" 5 ", Status.PROCESSING),
        ("0", None),
        ("6", None),
        ("25", None),
        ("2x", None),
        ("Active", None),
        ("", None),
    ],
)
def test_a_status_is_its_leading_number(text: str, expected: Status | None) -> None:
    assert values.status(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        *((text, False) for text in ("null", "NULL", "0", "off", "None")),
        *((text, True) for text in ("1", "12", "on", "-50", "1 Month")),
    ],
)
def test_the_remotes_own_renewal_is_off_in_any_of_its_spellings(text: str, *, expected: bool | None) -> None:
    assert values.renews_itself(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31 10:33:46", date(2026, 12, 31)),
        (" 2026-12-31T10:33:46Z", date(2026, 12, 31)),
        ("0000-00-00", None),
        ("2026-02-30", None),
        ("2026-12-311", None),
        ("daily charge", None),
        ("Без ограничений", None),
        ("", None),
    ],
)
def test_a_day_is_read_with_or_without_a_time(text: str, expected: date | None) -> None:
    assert values.day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("12", 12),
        ("0", 0),
        ("-50", -50),
        ("-100", -100),
        ("1 month", 1),
        ("3 Months", 3),
        ("12 месяцев", 12),
        ("1 мес.", 1),
        ("Month", 1),
        ("monthly", 1),
        ("quarterly", 3),
        ("2 quarters", 6),
        ("1 year", 12),
        ("3 года", 36),
        ("5 лет", 60),
        ("annually", 12),
        ("Lifetime", 0),
        ("Бессрочная", 0),
        ("day", -50),
        ("1 day", -50),
        ("Ежедневно", -50),
        ("14 days", None),
        ("Trial", -100),
        ("Пробный период", -100),
        ("fortnight", None),
        ("?", None),
        ("", None),
    ],
)
def test_a_period_is_a_number_or_a_label_of_the_table(text: str, expected: int | None) -> None:
    assert values.period(text) == expected


@pytest.mark.parametrize(
    ("text", "currency", "amount", "unit"),
    [
        ("4.0000", "EUR", "4.0000", "EUR"),
        ("160.00 RUB / Month", "", "160.00", "RUB"),
        ("123.45 EUR", "USD", "123.45", "EUR"),
        ("1\u00a0530.00 RUB", "", "1530.00", "RUB"),
        ("1\u202f530,00 €", "", "1530.00", "EUR"),
        ("1 530,5 руб. / Месяц", "", "1530.5", "RUB"),
        ("1'530.00 CHF", "", "1530.00", "CHF"),
        ("1,530.00 USD", "", "1530.00", "USD"),
        ("1.530,00 EUR", "", "1530.00", "EUR"),
        ("1,530 USD", "", "1530", "USD"),
        ("1,530,000 USD", "", "1530000", "USD"),
        ("1.530.000,25 EUR", "", "1530000.25", "EUR"),
        ("127,50", "EUR", "127.50", "EUR"),
        ("-5.00", "$", "-5.00", "USD"),
        ("12", "₽", "12", "RUB"),
        ("0.1048", "EUR", "0.1048", "EUR"),
    ],
)
def test_money_is_read_exactly(text: str, currency: str, amount: str, unit: str) -> None:
    assert values.money(text, currency) == Money(Decimal(amount), unit)


@pytest.mark.parametrize(("text", "currency"), [("", "EUR"), ("free", "EUR"), ("4.00", ""), ("-", "EUR")])
def test_text_without_amount_or_currency_is_no_money(text: str, currency: str) -> None:
    assert values.money(text, currency) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", 7), (" -100 ", -100), ("", None), ("7.0", None), ("٧", None), ("1_000", None), ("9" * 19, None)],
)
def test_only_plain_digits_are_an_integer(text: str, expected: int | None) -> None:
    assert values.integer(text) == expected


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[-0-9., '_:A-Za-zа-я/€]{0,20}", fullmatch=True)))
def test_no_text_makes_a_parser_fail(text: str) -> None:
    status, day, period, money = (
        values.status(text),
        values.day(text),
        values.period(text),
        values.money(text, "EUR"),
    )
    assert status is None or isinstance(status, Status)
    assert day is None or isinstance(day, date)
    assert period is None or isinstance(period, int)
    assert money is None or money.amount.is_finite()
