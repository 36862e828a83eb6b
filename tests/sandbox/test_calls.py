from __future__ import annotations

import http.client
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from tests.sandbox.conftest import Remote, Start, fetch, parsed, tags, value


def test_a_wrong_password_is_the_recorded_error(remote: Remote) -> None:
    error = remote.call("whoami", authinfo="reseller:wrong").find("error")
    assert error is not None
    assert error.attrib == {"type": "auth", "object": "badpassword", "lang": "en", "code": "1"}
    assert tags(error) == ["param", "param", "stack", "detail", "msg"]
    assert error[0].attrib == {"name": "object", "type": "msg"}
    assert error.findtext("param[@name='value']") == "remote_addr: [127.0.0.1]"
    assert error.findtext("msg") == "Invalid username or password"


def test_a_password_may_hold_colons(start: Start) -> None:
    remote = start(account={"user": "me", "password": "a:b:c"})
    assert remote.good("whoami").find("user") is not None


def test_a_session_id_stands_for_the_login(remote: Remote) -> None:
    doc = remote.good("auth", username="reseller", password="secret")
    auth = doc.find("auth")
    assert auth is not None
    assert auth.text == auth.get("id")
    assert len(auth.text or "") == 24
    assert b"secret" not in ET.tostring(doc)
    query = urlencode({"func": "whoami", "auth": auth.text})
    assert b"<user " in fetch(f"{remote.url}?{query}")[1]


@pytest.mark.parametrize("query", ["func=whoami", "func=whoami&auth=ebcaee29"])
def test_a_call_without_a_good_login_is_refused(remote: Remote, query: str) -> None:
    error = parsed(fetch(f"{remote.url}?{query}")[1]).find("error")
    assert error is not None
    assert error.get("type") == "auth"


def test_query_and_body_are_one_and_the_last_value_wins(remote: Remote) -> None:
    url = f"{remote.url}?func=whoami&elid=9&elid=2".replace("/manager/billmgr", "/billmgr")
    _, body = fetch(url, {"func": "soft.edit", "authinfo": "reseller:secret"})
    assert value(parsed(body), "licname") == "free.lic"


def test_one_connection_carries_many_calls(remote: Remote) -> None:
    connection = http.client.HTTPConnection(urlsplit(remote.url).netloc, timeout=10)
    try:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", "/billmgr?func=whoami&authinfo=reseller:secret")
            assert b"<user " in connection.getresponse().read()
            assert connection.sock is first
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "form", "headers", "status"),
    [
        ("/elsewhere", None, {}, 404),
        ("/elsewhere", {}, {}, 404),
        ("/billmgr", {}, {"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ("/billmgr", {}, {"Content_Length": "9999999"}, 413),
        ("/billmgr", {}, {"Content_Length": "many"}, 411),
    ],
)
def test_what_is_no_call_gets_an_http_error(
    remote: Remote, path: str, form: dict[str, str] | None, headers: dict[str, str], status: int
) -> None:
    assert fetch(remote.url.replace("/manager/billmgr", path), form, **headers)[0] == status
