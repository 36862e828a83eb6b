"""Certificates are found in an answer however their lines came through, and nothing else is taken."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.remote.pem import LONGEST, MOST, certificates_in
from tests.remote.reading import parsed, pem


def found(*texts: str) -> tuple[str, ...]:
    fields = "".join(f"<content>{html.escape(text)}</content>" for text in texts)
    return certificates_in([parsed(f"<doc><elem>{fields}</elem></doc>")], "main")


def in_one_line(text: str) -> str:
    return text.replace("\n", " ")


def in_long_lines(text: str) -> str:
    begin, *body, end, _ = text.split("\n")
    return "\n".join((begin, "".join(body), end))


def without_line_ends(text: str) -> str:
    return text.replace("\n", "")


def with_carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def escaped_once_more(text: str) -> str:
    return text.replace("\n", "&#13;&#10;")


def with_words_around(text: str) -> str:
    return f"subject=/CN=example.com\n\n{text}\nissuer=/CN=CA\n"


@pytest.mark.parametrize(
    "spelled",
    [
        str,
        in_one_line,
        in_long_lines,
        without_line_ends,
        with_carriage_returns,
        escaped_once_more,
        with_words_around,
    ],
)
def test_a_certificate_is_found_however_its_lines_came_through(spelled: Callable[[str], str]) -> None:
    assert found(spelled(pem(1))) == (pem(1),)


def test_lines_that_became_elements_are_lines() -> None:
    lines = pem(1).strip().replace("\n", "<br/>")
    assert certificates_in([parsed(f"<doc><crt>{lines}</crt></doc>")], "main") == (pem(1),)


def test_a_chain_is_told_in_its_order_and_nothing_in_it_twice() -> None:
    assert found(pem(1), pem(2) + pem(3), pem(1)) == (pem(1), pem(2), pem(3))


@pytest.mark.parametrize(
    "kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE REQUEST", "PKCS7"]
)
def test_nothing_but_a_certificate_is_taken(kind: str) -> None:
    assert found(pem(7, kind)) == ()
    assert found(pem(7, kind) + pem(1)) == (pem(1),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not issued yet",
        "Paste what begins with -----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----",
        pem(1).partition("-----END")[0],
    ],
    ids=["empty", "words", "a hint", "dots", "cut short"],
)
def test_what_is_no_whole_certificate_is_passed_over(text: str) -> None:
    assert found(text) == ()


def test_more_certificates_than_there_can_be_are_refused() -> None:
    assert len(found(*map(pem, range(MOST)))) == MOST
    with pytest.raises(AnswerNotUnderstood, match="more or longer"):
        found(*map(pem, range(MOST + 1)))


def test_a_longer_certificate_than_there_can_be_is_refused() -> None:
    with pytest.raises(AnswerNotUnderstood, match="more or longer"):
        found(f"-----BEGIN CERTIFICATE-----{'A' * (LONGEST + 1)}-----END CERTIFICATE-----")
