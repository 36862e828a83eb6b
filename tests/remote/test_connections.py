from __future__ import annotations

import gzip
import socket
import time
import zlib
from pathlib import Path

import pytest

from cpbillmgr.errors import AnswerNotUnderstood, ConfigInvalid, MaybeDone, RemoteError, Unreachable
from cpbillmgr.remote.client import Client
from cpbillmgr.remote.tls import tls_context
from tests.remote.conftest import endpoint_at
from tests.remote.loopback import CERTIFICATE, Answer, Loopback, whole

OK = "<doc><ok/></doc>"


def test_one_connection_serves_many_calls(loopback: Loopback) -> None:
    loopback.answers = [whole(OK) for _ in range(5)]
    with Client(endpoint_at(loopback.url)) as client:
        for number in range(5):
            client.command("soft.edit", elid=str(number))
    assert [request.connection for request in loopback.requests] == [1] * 5


def test_a_connection_that_the_remote_closed_is_not_used_for_a_change(loopback: Loopback) -> None:
    loopback.answers = [whole(OK, keep=False), whole(OK)]
    with Client(endpoint_at(loopback.url)) as client:
        client.ask("whoami")
        time.sleep(0.1)  # until the remote's FIN is here
        client.command("soft.edit", elid="7")
    assert [request.connection for request in loopback.requests] == [1, 2]


def test_a_request_is_a_post_without_anything_in_its_line(loopback: Loopback) -> None:
    loopback.answers = [whole(OK)]
    with Client(endpoint_at(loopback.url)) as client:
        client.ask("soft", p_num="1")
    (request,) = loopback.requests
    assert request.line == "POST /billmgr HTTP/1.1"
    assert (request.form["authinfo"], request.form["p_num"]) == ("reseller:pa:ss&word", "1")


HALVES = {
    "nothing": Answer(),
    "half a status line": Answer((b"HTTP/1.1 2",)),
    "half the headers": Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n",)),
    "no body": Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n",)),
    "half a body": Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n<doc><ok/>",)),
    "half a chunk": Answer((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n<doc><ok/>",)),
    "half a document of unknown length": Answer((b"HTTP/1.1 200 OK\r\n\r\n<doc><ok/>",)),
    "something else": Answer((b"SSH-2.0-OpenSSH_9.2\r\n",)),
}


@pytest.mark.parametrize("half", HALVES)
def test_half_an_answer_leaves_a_change_in_doubt(loopback: Loopback, half: str) -> None:
    loopback.answers = [HALVES[half], whole(OK)]
    with Client(endpoint_at(loopback.url)) as client, pytest.raises(MaybeDone):
        client.command("soft.edit", elid="7")
    assert len(loopback.requests) == 1


@pytest.mark.parametrize("half", sorted(HALVES.keys() - {"half a document of unknown length"}))
def test_a_question_with_half_an_answer_is_asked_once_more(loopback: Loopback, half: str) -> None:
    loopback.answers = [HALVES[half], whole(OK)]
    with Client(endpoint_at(loopback.url)) as client:
        assert client.ask("whoami").find("ok") is not None


def test_half_a_document_that_came_as_a_whole_body_is_not_understood(loopback: Loopback) -> None:
    loopback.answers = [HALVES["half a document of unknown length"]]
    with Client(endpoint_at(loopback.url)) as client, pytest.raises(AnswerNotUnderstood, match="cut short"):
        client.ask("whoami")


def packed(body: bytes, coding: str) -> Answer:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Encoding: {coding}\r\n\r\n"
    return Answer((head.encode() + body,), keep=True)


@pytest.mark.parametrize("verb", ["ask", "command"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "GZIP", "x-gzip"])
def test_a_long_document_is_read_packed_or_not(loopback: Loopback, verb: str, coding: str) -> None:
    xml = b"<doc>" + b"<elem>some text</elem>" * 50_000 + b"</doc>"
    loopback.answers = [packed(xml if coding == "identity" else gzip.compress(xml), coding)]
    with Client(endpoint_at(loopback.url)) as client:
        assert len(getattr(client, verb)("soft")) == 50_000


SPACES = b" " * (65 * 1024 * 1024)
WRONGLY_PACKED = {
    "a bomb": (packed(gzip.compress(b"<doc>" + SPACES + b"</doc>", 1), "gzip"), "longer than 64 MiB"),
    "half of it": (packed(gzip.compress(b"<doc/>")[:-9], "gzip"), "cut short"),
    "more behind it": (packed(gzip.compress(b"<doc/>") + b"<doc/>", "gzip"), "more behind its end"),
    "not packed": (packed(b"<doc/>", "gzip"), "not in the gzip format"),
    "packed twice": (packed(gzip.compress(gzip.compress(b"<doc/>")), "gzip, gzip"), "not asked for"),
    "packed otherwise": (packed(zlib.compress(b"<doc/>"), "deflate"), "not asked for"),
}


@pytest.mark.parametrize(("verb", "error"), [("ask", AnswerNotUnderstood), ("command", MaybeDone)])
@pytest.mark.parametrize("case", WRONGLY_PACKED)
def test_a_wrongly_packed_answer_is_not_read(
    loopback: Loopback, verb: str, error: type[RemoteError], case: str
) -> None:
    answer, reason = WRONGLY_PACKED[case]
    loopback.answers = [answer]
    with Client(endpoint_at(loopback.url)) as client, pytest.raises(error, match=reason):
        getattr(client, verb)("soft")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<doc>"
DRIPS = {
    "a header byte by byte": Answer((b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 600), pause=0.05),
    "a body byte by byte": Answer((HEAD, *[b" "] * 600), pause=0.05),
    "silence": Answer((b"", b""), pause=30),
}


@pytest.mark.parametrize("drip", DRIPS)
def test_a_call_ends_in_time_however_slowly_the_answer_drips(loopback: Loopback, drip: str) -> None:
    loopback.answers = [DRIPS[drip]]
    started = time.monotonic()
    with (
        Client(endpoint_at(loopback.url, seconds=0.3)) as client,
        pytest.raises(MaybeDone, match="no answer in time"),
    ):
        client.command("soft.edit", elid="7")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("verb", ["ask", "command"])
def test_a_port_where_nobody_listens_is_unreachable(verb: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Client(endpoint_at(f"http://127.0.0.1:{port}/billmgr")) as client, pytest.raises(Unreachable):
        getattr(client, verb)("soft.edit")


def test_a_remote_whose_own_authority_is_named_is_trusted() -> None:
    with Loopback(tls=True) as server:
        server.answers = [whole(OK)]
        with Client(endpoint_at(server.url, ca_file=CERTIFICATE)) as client:
            assert client.ask("whoami").find("ok") is not None


@pytest.mark.parametrize(
    ("host", "ca_file", "reason"),
    [("127.0.0.1", None, "self-signed certificate"), ("localhost", CERTIFICATE, "Hostname mismatch")],
)
def test_nothing_is_sent_to_a_remote_whose_certificate_is_not_right(
    host: str, ca_file: Path | None, reason: str
) -> None:
    with Loopback(tls=True) as server:
        url = server.url.replace("127.0.0.1", host)
        with (
            Client(endpoint_at(url, ca_file=ca_file)) as client,
            pytest.raises(Unreachable, match=f"was not sent: .*{reason}"),
        ):
            client.command("soft.edit", elid="7")
        assert server.requests == []


def test_a_change_is_not_sent_while_tls_is_not_up(loopback: Loopback) -> None:
    url = loopback.url.replace("http:", "https:")
    with (
        Client(endpoint_at(url, seconds=0.3)) as client,
        pytest.raises(Unreachable, match=r"was not sent: (no connection in time|.*EOF)"),
    ):
        client.command("soft.edit", elid="7")


def test_no_proxy_comes_from_the_environment(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    loopback.answers = [whole(OK)]
    with Client(endpoint_at(loopback.url)) as client:
        assert client.ask("whoami").find("ok") is not None


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_unusable_file_of_authorities_is_named(tmp_path: Path, content: str | None) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    with pytest.raises(ConfigInvalid) as caught:
        tls_context(ca_file)
    assert caught.value.problems[0].file == str(ca_file)


def test_certificate_and_host_name_are_always_verified() -> None:
    context = tls_context(None)
    assert (context.check_hostname, context.verify_mode.name) == (True, "CERT_REQUIRED")
