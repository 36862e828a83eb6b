from __future__ import annotations

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from cpbillmgr.sandbox import Sandbox
from cpbillmgr.sandbox.faults import AFTER, BEFORE, Faults
from tests.sandbox.conftest import Remote, Start, order_form
from tests.waiting import wait_until

SILENCE = 1  # stands for a status: no answer in time


def order_once(remote: Remote, seconds: float = 10, out: str = "xml") -> tuple[int, bytes]:
    """Order over one connection, without a client that could hide anything; 0 is no answer at all."""
    connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=seconds)
    form = {
        "func": "soft.order.param",
        "authinfo": "reseller:secret",
        "out": out,
        **order_form("198.51.100.1"),
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/manager/billmgr", urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.RemoteDisconnected:
        return 0, b""
    except TimeoutError:
        return SILENCE, b""
    except http.client.IncompleteRead as half:
        return 206, half.partial
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("kind", "status", "begins", "carried_out"),
    [
        ("cut-before", 0, b"", False),
        ("cut-after", 0, b"", True),
        ("hang-before", SILENCE, b"", False),
        ("hang-after", SILENCE, b"", True),
        ("500-before", 500, b"<html>", False),
        ("500-after", 500, b"<html>", True),
        ("503", 503, b"<html>", False),
        ("429", 429, b"<html>", False),
        ("redirect", 307, b"", False),
        ("half-header", 200, b"", True),  # this client takes half a head for a whole one
        ("half", 206, b"<?xml", True),
        ("html", 200, b"<!DOCTYPE html>", False),
        ("empty", 200, b"", True),
    ],
)
def test_each_fault_strikes_once_as_its_table_says(
    start: Start, kind: str, status: int, begins: bytes, carried_out: bool
) -> None:
    remote = start(faults=(kind,))
    found, body = order_once(remote, 0.5 if status == SILENCE else 10)
    assert found == status
    assert body.startswith(begins)
    assert bool(body) == bool(begins)
    assert len(remote.kept["charges"]) == carried_out
    assert remote.refused("soft.edit", elid=404) == ("missed", "elid")


@pytest.mark.parametrize(("out", "begins"), [("json", b'{"doc": '), ("bjson", b'{"func":'), ("text", b"id=")])
def test_half_of_an_answer_is_half_in_every_format(start: Start, out: str, begins: bytes) -> None:
    found, body = order_once(start(faults=("half",)), out=out)
    assert (found, body[: len(begins)]) == (206, begins)
    assert not body.endswith(b"\n")


def test_half_a_header_has_no_end(start: Start) -> None:
    remote = start(faults=("half-header",))
    host, port = urlsplit(remote.url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GET /billmgr?func=whoami HTTP/1.1\r\nHost: here\r\n\r\n")
        with connection.makefile("rb") as answer:
            head = answer.read()
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not head.endswith(b"\n")


@pytest.mark.parametrize("kind", ["hang-before", "hang-after"])
def test_an_answer_that_hangs_ends_with_the_server(remote: Remote, kind: str) -> None:
    with ThreadPoolExecutor() as pool:
        with Sandbox(remote.path, faults=[kind]) as sandbox:
            silent = Remote(sandbox.url, remote.path)
            ordered = pool.submit(order_once, silent, 60)
            wait_until(lambda: silent.control("calls"))
        assert ordered.result(timeout=10) == (0, b"")


def test_an_answer_that_hangs_ends_with_its_client(start: Start) -> None:
    remote = start(faults=("hang-before:*:*",))
    busy = threading.active_count()
    assert order_once(remote, 0.1) == (SILENCE, b"")
    wait_until(lambda: threading.active_count() <= busy)


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


def test_a_fault_can_wait_for_whatever_changes_something(start: Start) -> None:
    remote = start(faults=("empty:*!",))
    assert remote.body("soft").startswith(b"<?xml")
    assert order_once(remote) == (200, b"")


def test_a_fault_can_strike_every_third_of_the_calls_that_it_is_for(start: Start) -> None:
    remote = start(faults=("empty:whoami:1/3",))
    answered = []
    for _ in range(7):
        answered.append(bool(remote.body("whoami")))
        assert remote.body("soft") != b""
    assert answered == [True, True, False, True, True, False, True]


def test_a_fault_can_strike_at_random_and_replays_by_its_seed() -> None:
    def struck(seed: str) -> list[str]:
        faults = Faults([f"503:*:30%{seed}"])
        return [faults.strike("soft", changes=False) for _ in range(1000)]

    assert struck("@7") == struck("@7")
    assert struck("") == struck("@0") != struck("@7")
    assert 250 < struck("@7").count("503") < 350


def test_any_draws_every_kind_of_loss_and_replays_by_its_seed() -> None:
    def drawn(seed: int) -> list[str]:
        faults = Faults([f"any:*:*@{seed}"])
        return [faults.strike("soft", changes=False) for _ in range(300)]

    assert set(drawn(1)) == BEFORE | AFTER
    assert drawn(1) == drawn(1) != drawn(2)


def test_a_call_that_one_fault_lets_pass_meets_the_next() -> None:
    faults = Faults(["503:soft:1/2", "html:*:2"])
    assert [faults.strike("soft", changes=False) for _ in range(4)] == ["html", "503", "html", "503"]


def test_a_fault_can_strike_for_ever(start: Start) -> None:
    remote = start(faults=("empty:*:*",))
    assert [remote.body("whoami") for _ in range(5)] == [b""] * 5


def test_a_fault_can_be_added_while_the_server_runs(remote: Remote) -> None:
    remote.control("faults", spec="empty:soft")
    assert remote.body("whoami") != b""
    assert remote.body("soft") == b""


def test_faults_can_be_ended_while_the_server_runs(start: Start) -> None:
    remote = start(faults=("empty:*:*", "503"))
    assert remote.body("soft") == b""
    remote.control("faults/clear")
    assert remote.body("soft") != b""


WRONG_COUNTS = ["0", "-1", "many", "1:2", "0%", "101%", "1/0", "2/10", "1/10%", "@7", "1@", "1@-1", "1@many"]


@pytest.mark.parametrize("spec", ["", "explode", *(f"half:soft:{count}" for count in WRONG_COUNTS)])
def test_a_wrong_fault_is_a_value_error_in_one_line(remote: Remote, spec: str) -> None:
    with pytest.raises(ValueError, match=r"^fault .*[^\n]$"):
        Sandbox(remote.path, faults=[spec])
