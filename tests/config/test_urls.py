from __future__ import annotations

import pytest

from cpbillmgr.config.settings.urls import checked_proxy, checked_remote


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("https://api-eu.ispmanager.com/manager/billmgr", "https://api-eu.ispmanager.com/manager/billmgr"),
        ("https://10.0.0.1:1500/billmgr?", "https://10.0.0.1:1500/billmgr"),
        ("http://localhost:8080/billmgr", "http://localhost:8080/billmgr"),
        ("http://127.0.0.2/billmgr", "http://127.0.0.2/billmgr"),
        ("http://[::1]:8080/billmgr", "http://[::1]:8080/billmgr"),
    ],
)
def test_an_address_that_keeps_the_password_safe_is_accepted(url: str, used: str) -> None:
    assert checked_remote(url) == used


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://billing.example/billmgr", "must be https"),
        ("http://127.0.0.1.example/billmgr", "must be https"),
        ("http://localhost.example/billmgr", "must be https"),
        ("http://192.168.0.1/billmgr", "must be https"),
        ("https://user:word@billing.example/billmgr", "must not contain a user or password"),
        ("https://user@billing.example/billmgr", "must not contain a user or password"),
        ("http://localhost@billing.example/", "must not contain a user or password"),
        ("https://billing.example/billmgr?authinfo=a:b", "must have no query"),
        ("https://billing.example/billmgr#x", "must have no query"),
        ("ftp://billing.example/billmgr", "is not an address"),
        ("billing.example/billmgr", "is not an address"),
        ("https://", "is not an address"),
        ("https:///billmgr", "is not an address"),
        ("https://host:port/", "is not an address"),
        ("https://[::1/", "is not an address"),
        ("", "is not an address"),
        ("https://billing.example/bill mgr", "must not contain white space"),
        ("https://billing.example/\nbillmgr", "must not contain white space"),
        ("file:///etc/passwd", "is not an address"),
    ],
)
def test_an_address_that_does_not_is_refused_and_never_repeated(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        checked_remote(url)
    assert "word" not in str(caught.value).replace("password", "")


def test_a_proxy_may_be_plain_http_anywhere() -> None:
    assert checked_proxy("http://proxy.example:3128") == "http://proxy.example:3128"


@pytest.mark.parametrize("url", ["socks5://proxy.example", "http://u:p@proxy.example", "proxy.example:3128"])
def test_a_proxy_that_is_no_web_address_or_has_a_password_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|password"):
        checked_proxy(url)
