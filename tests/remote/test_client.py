from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest
import respx

from cpbillmgr.errors import (
    AccessDenied,
    AnswerNotUnderstood,
    LoginRefused,
    MaybeDone,
    Refused,
    RemoteError,
    Unreachable,
)
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.remote.client import Client
from tests.remote.conftest import URL

OK = httpx.Response(200, text='<doc func="whoami"><ok/></doc>')
PAGE = "<html><head><title>Log in</title></head><body>pa:ss&word<br></body></html>"


NOT_SENT = [
    httpx.ConnectError("[Errno 111] Connection refused"),
    httpx.ConnectTimeout("timed out"),
    httpx.PoolTimeout("no connection is free"),
    httpx.ProxyError("407 Proxy Authentication Required"),
]
NO_ANSWER = [
    httpx.ReadError("Connection reset by peer"),
    httpx.WriteError("Broken pipe"),
    httpx.ReadTimeout("timed out"),
    httpx.WriteTimeout("timed out"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
    httpx.Response(500),
    httpx.Response(502, text=PAGE),
    httpx.Response(503, headers={"Retry-After": "0"}),
    httpx.Response(429),
]
NO_SENSE = [
    httpx.Response(200, html=PAGE),
    httpx.Response(200, html="<!DOCTYPE html><html></html>"),
    httpx.Response(200, text=""),
    httpx.Response(200, text="<doc><ok/>"),
    httpx.Response(200, text="<html/>"),
    httpx.Response(200, text='{"doc":{}}'),
    httpx.Response(201, text="<doc><ok/></doc>"),
    httpx.Response(204),
    httpx.Response(301, headers={"Location": "https://elsewhere.example.com/"}),
    httpx.Response(302, headers={"Location": "/login"}),
    httpx.Response(307, headers={"Location": "https://elsewhere.example.com/"}),
    httpx.Response(403, text="forbidden"),
    httpx.Response(404),
]

End = httpx.Response | httpx.HTTPError
Call = Callable[..., object]


def named(end: End) -> str:
    return f"{end.status_code}" if isinstance(end, httpx.Response) else type(end).__name__


@pytest.fixture
def remote() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def client(endpoint: Endpoint) -> Iterator[Client]:
    with Client(endpoint) as client:
        yield client


def form_of(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.content.decode(), keep_blank_values=True)


@pytest.mark.parametrize("verb", ["ask", "command"])
def test_everything_is_in_the_body_and_nothing_in_the_url(
    remote: respx.Router, client: Client, verb: str
) -> None:
    route = remote.post(URL).mock(return_value=OK)
    getattr(client, verb)("soft.edit", elid="7", licname="Item #1 addon Ж&=+", remoteid="")
    (call,) = route.calls
    assert str(call.request.url) == URL
    assert form_of(call.request) == {
        "authinfo": ["reseller:pa:ss&word"],
        "out": ["xml"],
        "lang": ["en"],
        "func": ["soft.edit"],
        "elid": ["7"],
        "licname": ["Item #1 addon Ж&=+"],
        "remoteid": [""],
    }
    assert call.request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert call.request.headers["accept-encoding"] == "gzip"
    assert "authorization" not in call.request.headers


@pytest.mark.parametrize("end", NOT_SENT + NO_ANSWER, ids=named)
def test_a_question_is_asked_once_more_and_then_answered(
    remote: respx.Router, client: Client, end: End
) -> None:
    route = remote.post(URL).mock(side_effect=[end, OK])
    assert client.ask("whoami").find("ok") is not None
    assert route.call_count == 2


@pytest.mark.parametrize("end", [NO_ANSWER[2], NO_ANSWER[5], NO_ANSWER[8]], ids=named)
def test_a_question_without_an_answer_is_given_up_after_the_second_time(
    remote: respx.Router, client: Client, end: End
) -> None:
    route = remote.post(URL).mock(side_effect=[end, end, OK])
    with pytest.raises(Unreachable, match="did not answer whoami") as caught:
        client.ask("whoami")
    assert (route.call_count, caught.value.exit_code, caught.value.where) == (2, 75, "main")


def test_a_remote_that_cannot_be_reached_is_told_by_its_host(remote: respx.Router, client: Client) -> None:
    remote.post(URL).mock(side_effect=httpx.ConnectError("[Errno -2] Name or service not known"))
    with pytest.raises(Unreachable) as caught:
        client.ask("whoami")
    assert caught.value.message == "billing.example.com cannot be reached: Name or service not known"


@pytest.mark.parametrize("end", NO_SENSE, ids=named)
def test_a_question_that_got_a_senseless_answer_is_not_repeated(
    remote: respx.Router, client: Client, end: End
) -> None:
    route = remote.post(URL).mock(side_effect=[end, OK])
    with pytest.raises(AnswerNotUnderstood, match="answer to whoami makes no sense") as caught:
        client.ask("whoami")
    assert (route.call_count, caught.value.exit_code, caught.value.where) == (1, 76, "main")


@pytest.mark.parametrize("end", NOT_SENT, ids=named)
def test_a_change_that_was_never_sent_did_not_happen(remote: respx.Router, client: Client, end: End) -> None:
    route = remote.post(URL).mock(side_effect=[end, OK])
    with pytest.raises(Unreachable, match="was not sent") as caught:
        client.command("soft.order.param", ip="203.0.113.5")
    assert route.call_count == 1
    assert caught.value.hint.startswith("Nothing was sent")


@pytest.mark.parametrize("end", NO_ANSWER + NO_SENSE, ids=named)
def test_a_change_with_any_other_end_is_in_doubt_and_never_repeated(
    remote: respx.Router, client: Client, end: End
) -> None:
    route = remote.post(URL).mock(side_effect=[end, OK])
    with pytest.raises(MaybeDone, match="its end is unknown") as caught:
        client.command("soft.order.param", ip="203.0.113.5")
    assert (route.call_count, caught.value.exit_code, caught.value.where) == (1, 7, "main")


@pytest.mark.parametrize("verb", ["ask", "command"])
@pytest.mark.parametrize("end", NOT_SENT[:1] + NO_ANSWER[:1] + NO_ANSWER[6:7] + NO_SENSE, ids=named)
def test_no_message_holds_the_password_or_the_body(
    remote: respx.Router, client: Client, verb: str, end: End
) -> None:
    remote.post(URL).mock(side_effect=[end, end])
    with pytest.raises(RemoteError) as caught:
        getattr(client, verb)("whoami")
    assert "word" not in str(caught.value)
    assert "html>" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_hint_says_that_the_url_moved(
    remote: respx.Router, client: Client, status: int
) -> None:
    elsewhere = remote.route(host="elsewhere.example.com").mock(return_value=OK)
    moved = httpx.Response(status, headers={"Location": "https://elsewhere.example.com/billmgr"})
    remote.post(URL).mock(return_value=moved)
    with pytest.raises(AnswerNotUnderstood) as caught:
        client.ask("whoami")
    assert "moved" in caught.value.hint
    assert not elsewhere.called


def test_no_cookie_is_kept(remote: respx.Router, client: Client) -> None:
    cookie = {"Set-Cookie": "billmgrses5=f33bc6752e; path=/"}
    route = remote.post(URL).mock(return_value=httpx.Response(200, text="<doc/>", headers=cookie))
    client.ask("whoami")
    client.ask("whoami")
    assert ["cookie" in call.request.headers for call in route.calls] == [False, False]


@pytest.mark.parametrize("verb", ["ask", "command"])
@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ('<doc><error type="auth" object="badpassword"><msg>No</msg></error></doc>', LoginRefused),
        ("<doc><authfail/></doc>", LoginRefused),
        ('<doc><error type="access" object="soft"><msg>No</msg></error></doc>', AccessDenied),
    ],
)
def test_a_known_error_document_certainly_did_nothing(
    remote: respx.Router, client: Client, verb: str, xml: str, error: type[RemoteError]
) -> None:
    route = remote.post(URL).mock(return_value=httpx.Response(200, text=xml))
    with pytest.raises(error):
        getattr(client, verb)("soft.edit")
    assert route.call_count == 1


@pytest.mark.parametrize(("verb", "error"), [("ask", Refused), ("command", MaybeDone)])
def test_an_unknown_error_document_refuses_a_question_and_leaves_a_change_in_doubt(
    remote: respx.Router, client: Client, verb: str, error: type[RemoteError]
) -> None:
    xml = '<doc><error type="xml" object="xpath" report="yes"><msg>Error in XPath</msg></error></doc>'
    remote.post(URL).mock(return_value=httpx.Response(200, text=xml))
    with pytest.raises(error, match=r"Error in XPath \(type xml\)"):
        getattr(client, verb)("soft.edit")


@pytest.mark.parametrize(
    ("header", "ahead"),
    [
        ({"Date": "Sat, 21 Nov 2099 12:00:00 GMT"}, True),
        ({"Date": "Sat, 21 Nov 2009 12:00:00 GMT"}, False),
        ({"Date": "yesterday"}, None),
        ({"Date": "Sat, 21 Nov 2099 12:00:00"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_remotes_clock_is_read_from_its_answers(
    remote: respx.Router, client: Client, header: dict[str, str], ahead: bool | None
) -> None:
    remote.post(URL).mock(httpx.Response(200, text="<doc/>", headers=header))
    client.ask("whoami")
    offset = client.clock_offset
    assert (None if offset is None else offset > timedelta()) is ahead
