from __future__ import annotations

import pytest

from cpbillmgr.errors import (
    AccessDenied,
    AlreadyExists,
    LimitRefused,
    LoginRefused,
    NotEnoughMoney,
    NotFound,
    Refused,
    RemoteError,
    RuleRefused,
    ValueRefused,
)
from cpbillmgr.remote.refusals import Refusal, read_refusal
from tests.remote.reading import parsed

BAD_LOGIN = """<doc><error type="auth" object="badpassword" lang="ru" code="1">
  <param name="object" type="msg">badpassword</param><param name="value">remote_addr: [198.51.100.49]</param>
  <stack><action level="0" user="">auth</action></stack>
  <detail>...</detail><msg>Invalid username or password</msg></error></doc>"""

NO_MONEY = """<doc><error type="not_enough_money" lang="en" code="1"><param name="amount">0.1048</param>
  <param name="have">0.00</param><param name="currency">EUR</param><param name="deficit">0.1048</param>
  <param name="limit">0.00</param><param name="reserved">0.00</param><param name="available">0.00</param>
  <group>insufficient funds. Required amount __amount__ __currency__</group>
  <msg>insufficient funds. Required amount 0.1048 EUR</msg></error></doc>"""


def refusal(xml: str) -> Refusal:
    found = read_refusal(parsed(xml))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "error", "is_known"),
    [
        ("auth", LoginRefused, True),
        ("access", AccessDenied, True),
        ("value", ValueRefused, True),
        ("missed", NotFound, True),
        ("exists", AlreadyExists, True),
        ("limit", LimitRefused, True),
        ("not_enough_money", NotEnoughMoney, True),
        ("xml", Refused, False),
        ("", Refused, False),
    ],
)
def test_the_type_of_an_error_document_decides_the_error(
    kind: str, error: type[RemoteError], is_known: bool
) -> None:
    found = refusal(f'<doc><error type="{kind}" object="ip"><msg>No.</msg></error></doc>')
    assert type(found.as_error("soft.edit", "main")) is error
    assert found.is_known is is_known


def test_a_wrong_password_is_read_as_it_was_recorded() -> None:
    found = refusal(BAD_LOGIN)
    assert (found.type, found.subject) == ("auth", "badpassword")
    assert str(found.as_error("whoami", "main")).startswith(
        "the remote refused our login: Invalid username or password (main). Check user"
    )


def test_missing_money_is_told_in_figures() -> None:
    error = refusal(NO_MONEY).as_error("soft.order.param", "main")
    assert isinstance(error, NotEnoughMoney)
    assert error.message == (
        "the remote refused soft.order.param: not enough money, it costs 0.1048 EUR, "
        "the balance is 0.00 EUR, missing are 0.1048 EUR"
    )


def test_a_refusal_keeps_its_object() -> None:
    error = refusal('<doc><error type="limit" object="ip_change"/></doc>').as_error("soft.edit", "main")
    assert isinstance(error, LimitRefused)
    assert error.subject == "ip_change"
    assert error.message == "the remote refused soft.edit: limit ip_change"


def test_an_unknown_type_stands_in_the_message() -> None:
    error = refusal('<doc><error type="wizard_unavailable"><msg>No wizard</msg></error></doc>')
    assert (
        error.as_error("soft", "main").message
        == "the remote refused soft: No wizard (type wizard_unavailable)"
    )


def test_an_old_login_failure_is_understood() -> None:
    assert isinstance(refusal("<doc><authfail/></doc>").as_error("soft", "main"), LoginRefused)


@pytest.mark.parametrize(
    ("code", "error", "is_known"),
    [
        ("1", Refused, False),
        ("2", AlreadyExists, True),
        ("3", NotFound, True),
        ("4", ValueRefused, True),
        ("5", LimitRefused, True),
        ("6", AccessDenied, True),
        ("7", Refused, True),
        ("8", RuleRefused, True),
        ("9", Refused, False),
        ("-1", Refused, False),
    ],
)
def test_in_generation_4_the_code_of_an_error_document_decides_the_error(
    code: str, error: type[RemoteError], is_known: bool
) -> None:
    found = refusal(f'<doc><error code="{code}" obj="ip" val="period">Nothing to see</error></doc>')
    assert type(found.as_error("software.edit", "main")) is error
    assert found.is_known is is_known
    assert found.subject == "period"


def test_a_code_beside_a_type_says_nothing() -> None:
    assert not refusal('<doc><error type="xml" code="3"><msg>No</msg></error></doc>').is_known


def test_the_text_of_a_numbered_error_is_told_with_a_code_that_is_not_known() -> None:
    error = refusal('<doc><error code="8">Лицензия с таким IP уже есть</error></doc>').as_error("x", "main")
    assert error.message == "the remote refused x: Лицензия с таким IP уже есть"
    error = refusal('<doc><error code="1">Internal error</error></doc>').as_error("x", "main")
    assert error.message == "the remote refused x: Internal error (code 1)"


def test_the_text_of_a_refusal_is_made_harmless() -> None:
    found = refusal(
        '<doc><error type="value" object="i\u202ep"><msg>a\n\u202eb' + "x" * 400 + "</msg></error></doc>"
    )
    assert found.subject == "ip"
    assert found.text.startswith("a bxxx")
    assert len(found.text) == 300


def test_a_document_without_error_refuses_nothing() -> None:
    assert read_refusal(parsed("<doc><ok/></doc>")) is None
