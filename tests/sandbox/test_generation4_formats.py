"""Generation 4: its flat JSON, its text, and its sessions."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox.conftest import Remote, Start, fetch, parsed, tags, value
from tests.sandbox.generation4 import order


@pytest.fixture
def remote(start: Start) -> Remote:
    return start(generation=4)


def flat(remote: Remote, func: str, **params: object) -> Any:
    return json.loads(remote.body(func, out="json", **params))


def test_a_list_is_flat_json(remote: Remote) -> None:
    told = flat(remote, "software")
    assert list(told) == ["elem"]
    assert told["elem"][0] == {
        "id": "1",
        "ip": "203.0.113.1",
        "licname": "monthly",
        "price": "7",
        "period": "8",
        "expiredate": "2026-12-31",
        "status": "2",
        "cost": "4.00",
    }


def test_a_single_row_is_a_list_too(remote: Remote) -> None:
    told = flat(remote, "accountinfo")
    assert (told["elem"][0]["id"], told["elem"][0]["balance"]) == ("12", "1000.00")


def test_an_order_tells_its_id_with_a_dot_in_the_name(start: Start) -> None:
    remote = start(generation=4, software_answer="item.id")
    told = flat(remote, "software.edit", **order("198.51.100.1"))
    assert remote.kept["licenses"][-1]["id"] == int(told["item.id"])


@pytest.mark.parametrize(
    ("func", "params", "error"),
    [
        ("soft", {}, {"code": "6", "obj": "soft", "msg": "There is no function 'soft'"}),
        (
            "software.edit",
            order("x"),
            {"code": "4", "val": "ip", "msg": "The 'ip' field has invalid value 'x'"},
        ),
    ],
)
def test_an_error_is_flat_json(
    remote: Remote, func: str, params: dict[str, object], error: dict[str, str]
) -> None:
    assert flat(remote, func, **params) == {"error": error}


def test_a_row_is_a_line_of_text(remote: Remote) -> None:
    lines = remote.body("software", out="text").decode().splitlines()
    assert len(lines) == 4
    assert lines[0] == (
        "id=1 ip=203.0.113.1 licname=monthly price=7 period=8 expiredate=2026-12-31 status=2 cost=4.00"
    )


@pytest.mark.parametrize("login", [{"authinfo": "reseller:wrong"}, {"auth": "f33bc6752e3a434e231230f6"}])
def test_a_bad_login_is_told_in_words(remote: Remote, login: dict[str, str]) -> None:
    status, body = fetch(remote.url, {"func": "software", "out": "text", **login})
    assert (status, body) == (200, b"access deny\n")


def test_an_error_is_a_line_of_text(remote: Remote) -> None:
    assert remote.body("soft", out="text") == b"ERROR 6(soft) There is no function 'soft'\n"


@pytest.mark.parametrize(("cookie", "good"), [("billmgr4", True), ("billmgrses5", False)])
def test_a_session_may_be_in_the_cookie(remote: Remote, cookie: str, good: bool) -> None:
    session = value(remote.good("auth", username="reseller", password="secret"), "auth")
    with closing(HTTPConnection(urlsplit(remote.url).netloc, timeout=10)) as connection:
        path = "/manager/billmgr?func=accountinfo&out=xml"
        connection.request("GET", path, headers={"Cookie": f"{cookie}={session}"})
        assert tags(parsed(connection.getresponse().read())) == (["elem"] if good else ["authfail"])
