from __future__ import annotations

import http.client
import json
import socket
import subprocess
from urllib.parse import urlencode, urlsplit

import pytest

from tests.sandbox.conftest import Remote, Start, fetch, parsed, value

LOGIN = {"authinfo": "reseller:secret", "out": "xml"}
PARTS = [("func", "soft.edit"), ("elid", "2"), *LOGIN.items()]


def multipart(*parts: tuple[str, str], boundary: str = "----b1") -> tuple[bytes, str]:
    """Return a body as a browser sends it, and its content type."""
    texts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in parts
    )
    body = "".join([*texts, f"--{boundary}--\r\n"])
    return body.encode(), f"multipart/form-data; boundary={boundary}"


@pytest.mark.parametrize("path", ["/manager/billmgr", "/billmgr"])
def test_a_call_may_be_a_get(remote: Remote, path: str) -> None:
    url = remote.url.replace("/manager/billmgr", path)
    _, body = fetch(f"{url}?{urlencode(PARTS)}")
    assert value(parsed(body), "licname") == "free.lic"


def test_query_and_body_are_one_and_the_last_value_wins(remote: Remote) -> None:
    _, body = fetch(f"{remote.url}?func=whoami&elid=9&elid=2", {"func": "soft.edit", **LOGIN})
    assert value(parsed(body), "licname") == "free.lic"


def test_a_body_may_have_several_parts(remote: Remote) -> None:
    body, kind = multipart(("elid", "9"), *PARTS)
    _, answer = fetch(f"{remote.url}?func=whoami", body, Content_Type=kind)
    assert value(parsed(answer), "licname") == "free.lic"


@pytest.mark.parametrize("name", ["дополнение №1", " two  spaces ", "a\r\nb\nc", "x=1&y=2", "--b1", ""])
def test_a_part_arrives_as_it_was_sent(remote: Remote, name: str) -> None:
    body, kind = multipart(("func", "soft.edit"), ("elid", "1"), ("licname", name), ("sok", "ok"), *PARTS[2:])
    fetch(remote.url, body, Content_Type=kind)
    assert remote.field(1, "licname") == name


def test_a_body_without_a_content_type_is_a_form(remote: Remote) -> None:
    body = urlencode(PARTS).encode()
    head = f"POST /billmgr HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    target = urlsplit(remote.url)
    with socket.create_connection((target.hostname, target.port), timeout=10) as sent:
        sent.sendall(head + body)
        answer = b"".join(iter(lambda: sent.recv(65536), b""))
    assert b"<licname>free.lic</licname>" in answer


def test_one_connection_carries_many_calls(remote: Remote) -> None:
    connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=10)
    try:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", f"/billmgr?func=whoami&{urlencode(LOGIN)}")
            assert b"<user " in connection.getresponse().read()
            assert connection.sock is first
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "form", "headers", "status"),
    [
        ("/elsewhere", None, {}, 404),
        ("/elsewhere", {}, {}, 404),
        ("/billmgr", {}, {"Content_Type": "text/plain"}, 415),
        ("/billmgr", {}, {"Content_Length": "9999999"}, 413),
        ("/billmgr", {}, {"Content_Length": "many"}, 411),
    ],
)
def test_what_is_no_call_gets_an_http_error(
    remote: Remote, path: str, form: dict[str, str] | None, headers: dict[str, str], status: int
) -> None:
    assert fetch(remote.url.replace("/manager/billmgr", path), form, **headers)[0] == status


@pytest.mark.parametrize("out", ["json", "sjson", "xjson", "bjson", "JSONdata"])
def test_the_language_of_a_call_is_that_of_its_texts(remote: Remote, out: str) -> None:
    for lang, text in (("ru", "Активен"), ("en", "Active"), ("xx", "Active")):
        body = remote.body("soft", out=out, lang=lang, p_cnt=1).decode()
        assert text in body
        assert json.loads(body)


def test_a_remote_may_speak_its_own_language_whatever_is_asked_for(start: Start) -> None:
    assert "Активен" in start(language="ru").body("soft", lang="en").decode()


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"out": "xml"}, "text/xml"),
        ({"out": "devel"}, "text/xml"),
        ({"out": "json"}, "application/json"),
        ({"out": "bjson"}, "application/json"),
        ({"out": "bjson", "callback": "show"}, "text/javascript"),
        ({"out": "text"}, "text/plain"),
        ({"out": ""}, "text/html"),
        ({"out": "", "sfrom": "ajax"}, "application/json"),
    ],
)
def test_an_answer_says_what_it_is(remote: Remote, params: dict[str, str], kind: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=10)
    try:
        connection.request("GET", f"/billmgr?func=soft&{urlencode({**LOGIN, **params})}")
        answer = connection.getresponse()
        assert answer.read()
        assert answer.getheader("Content-Type") == f"{kind}; charset=UTF-8"
    finally:
        connection.close()


def test_a_callback_must_be_a_name(remote: Remote) -> None:
    assert remote.body("soft", out="json", callback="a.b").startswith(b'a.b({"doc":')
    assert remote.body("soft", out="json", callback="alert(1)//").startswith(b'{"doc":')


def test_curl_sends_parts(remote: Remote) -> None:
    """The line of a published script that moves a license to its server's address."""
    form = {"func": "soft.edit", "elid": "1", "out": "text", "ip": "203.0.113.9", "sok": "ok"}
    fields = {**form, "authinfo": "reseller:secret"}.items()
    command = ["curl", "-s", "-X", "POST", *(word for field in fields for word in ("-F", "=".join(field)))]
    try:
        done = subprocess.run([*command, remote.url], capture_output=True, text=True, check=True, timeout=10)
    except FileNotFoundError:
        pytest.skip("there is no curl")
    assert "ip=203.0.113.9" in done.stdout.splitlines()
    assert remote.field(1, "ip") == "203.0.113.9"
