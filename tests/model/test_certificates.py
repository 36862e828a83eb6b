"""Domains and approvers of certificates, as they are spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.certificates import approver_at, ascii_domain


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("example.com", "example.com"),
        ("WWW.Example.COM", "www.example.com"),
        ("*.example.com", "*.example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("a-b.c2.example", "a-b.c2.example"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
    ],
)
def test_a_domain_is_spelled_in_small_ascii_letters(name: str, domain: str) -> None:
    assert ascii_domain(name) == domain


@pytest.mark.parametrize(
    "name",
    [
        "",
        "web12",
        "*",
        "*.",
        "*.*.example.com",
        "www.*.com",
        "www*.example.com",
        "example.com.",
        ".example.com",
        "a..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b.example",
        "example.com\n",
        "203.0.113.5",
        "2001:db8::1",
        f"{'a' * 64}.example",
        f"{'a.' * 130}example",
        "faß.example",  # newer IDNA means another domain
        "ας.example",
        "a\u200db.example",
        "\uff41.example",
        "a\u3002example",
        "\ud800.example",
        "ü" * 63 + ".example",
    ],
)
def test_what_is_no_domain_is_refused(name: str) -> None:
    with pytest.raises(UsageWrong, match="is no domain that a certificate can be for"):
        ascii_domain(name)


def test_one_that_cannot_be_spelled_for_sure_is_to_be_written_in_punycode() -> None:
    with pytest.raises(UsageWrong) as caught:
        ascii_domain("faß.example")
    assert caught.value.hint == "Write it in punycode: xn--..."


@given(st.text())
def test_a_domain_stays_as_it_is_once_it_is_spelled(name: str) -> None:
    try:
        domain = ascii_domain(name)
    except UsageWrong:
        return
    assert domain.isascii()
    assert ascii_domain(domain) == domain


@pytest.mark.parametrize(
    ("approver", "domain", "address"),
    [
        ("admin", "example.com", "admin@example.com"),
        ("admin", "*.example.com", "admin@example.com"),
        ("ssl.team+1", "www.example.com", "ssl.team+1@www.example.com"),
        ("admin", "bücher.example", "admin@xn--bcher-kva.example"),
        ("Me@Example.org", "example.com", "Me@example.org"),
    ],
)
def test_an_approver_is_at_the_domain_unless_it_says_where(approver: str, domain: str, address: str) -> None:
    assert approver_at(approver, domain) == address


@pytest.mark.parametrize(
    "approver",
    ["", "a b", "@example.com", "admin@", "a@b@example.com", "admin@*.example.com", "a..b", "ü", "a\n",
     "admin@localhost", f"{'a' * 65}", "a,b@example.com", "<a@example.com>"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(approver: str) -> None:
    with pytest.raises(UsageWrong):
        approver_at(approver, "example.com")
