from __future__ import annotations

import http.client
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from cpbillmgr.sandbox import Sandbox
from tests.sandbox.conftest import Remote, Start, order_form


def order_once(remote: Remote) -> tuple[int, bytes]:
    """Order over one connection, without a client that could hide anything; 0 is no answer at all."""
    connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=10)
    form = {"func": "soft.order.param", "authinfo": "reseller:secret", **order_form("198.51.100.1")}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/manager/billmgr", urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.RemoteDisconnected:
        return 0, b""
    except http.client.IncompleteRead as half:
        return 206, half.partial
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("kind", "status", "begins", "carried_out"),
    [
        ("cut-before", 0, b"", False),
        ("cut-after", 0, b"", True),
        ("500-before", 500, b"<html>", False),
        ("500-after", 500, b"<html>", True),
        ("503", 503, b"<html>", False),
        ("redirect", 307, b"", False),
        ("half", 206, b"<?xml", True),
        ("html", 200, b"<!DOCTYPE html>", False),
        ("empty", 200, b"", True),
    ],
)
def test_each_fault_strikes_once_as_its_table_says(
    start: Start, kind: str, status: int, begins: bytes, carried_out: bool
) -> None:
    remote = start(faults=(kind,))
    found, body = order_once(remote)
    assert found == status
    assert body.startswith(begins)
    assert bool(body) == bool(begins)
    assert len(remote.kept["charges"]) == carried_out
    assert remote.refused("soft.edit", elid=404) == ("missed", "elid")


def test_a_redirect_leads_to_another_port_of_loopback(start: Start) -> None:
    remote = start(faults=("redirect",))
    with closing(http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=10)) as connection:
        connection.request("GET", "/billmgr?func=whoami")
        target = urlsplit(connection.getresponse().getheader("Location"))
    assert target.hostname == "127.0.0.1"
    assert target.port != urlsplit(remote.url).port


def test_a_fault_can_wait_for_its_function_and_strike_more_than_once(start: Start) -> None:
    remote = start(faults=("html:whoami:2",))
    assert remote.body("soft").startswith(b"<?xml")
    assert remote.body("whoami").startswith(b"<!DOCTYPE")
    assert remote.body("whoami").startswith(b"<!DOCTYPE")
    assert remote.body("whoami").startswith(b"<?xml")


def test_a_fault_can_wait_for_a_call_that_changes_something(start: Start) -> None:
    remote = start(faults=("empty:soft.order.param!",))
    form = order_form("198.51.100.1")
    question = {name: value for name, value in form.items() if name not in {"func", "sok"}}
    assert remote.body("soft.order.param", **question).startswith(b"<?xml")
    assert order_once(remote) == (200, b"")
    assert len(remote.kept["charges"]) == 1


def test_a_fault_can_let_calls_pass_that_come_before_the_one_it_is_for(start: Start) -> None:
    remote = start(faults=("none:whoami:2", "empty:whoami"))
    assert [bool(remote.body("whoami")) for _ in range(4)] == [True, True, False, True]


def test_a_fault_can_strike_for_ever(start: Start) -> None:
    remote = start(faults=("empty:*:*",))
    assert [remote.body("whoami") for _ in range(5)] == [b""] * 5


def test_a_fault_can_be_added_while_the_server_runs(remote: Remote) -> None:
    remote.control("faults", spec="empty:soft")
    assert remote.body("whoami") != b""
    assert remote.body("soft") == b""


@pytest.mark.parametrize(
    "spec", ["", "explode", "half:soft:0", "half:soft:-1", "half:soft:many", "half:a:1:2"]
)
def test_a_wrong_fault_is_a_value_error_in_one_line(remote: Remote, spec: str) -> None:
    with pytest.raises(ValueError, match=r"^fault .*[^\n]$"):
        Sandbox(remote.path, faults=[spec])
