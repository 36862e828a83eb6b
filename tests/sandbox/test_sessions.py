from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from cpbillmgr.sandbox.functions import DIALECTS
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.sessions import Sessions
from cpbillmgr.sandbox.world.nouns import Account
from tests.sandbox.conftest import Remote, Start, fetch, parsed, tags


@pytest.fixture
def session(remote: Remote) -> str:
    auth = remote.good("auth", username="reseller", password="secret").find("auth")
    assert auth is not None
    return auth.text or ""


def asked(remote: Remote, *, client: str = "127.0.0.1", cookie: str = "", **params: str) -> ET.Element:
    """Ask whoami without a password."""
    query = urlencode({"func": "whoami", "out": "xml", **params})
    with closing(
        HTTPConnection(urlsplit(remote.url).netloc, timeout=10, source_address=(client, 0))
    ) as connection:
        connection.request("GET", f"/billmgr?{query}", headers={"Cookie": cookie} if cookie else {})
        return parsed(connection.getresponse().read())


def refusal(document: ET.Element) -> tuple[str | None, str | None] | None:
    error = document.find("error")
    return None if error is None else (error.get("type"), error.get("object"))


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
    assert auth.attrib == {"id": auth.text, "level": "16"}
    assert len(auth.text or "") == 24
    assert b"secret" not in ET.tostring(doc)
    assert refusal(asked(remote, auth=auth.text or "")) is None


def test_a_session_opens_in_every_format(remote: Remote) -> None:
    def opened(**params: object) -> str:
        return remote.body("auth", username="reseller", password="secret", **params).decode()

    ids = [
        json.loads(opened(out="sjson"))["doc"]["auth"]["$id"],
        json.loads(opened(out="json"))["doc"]["auth"]["$"],
        json.loads(opened(out="bjson"))["auth"]["id"],
    ]
    assert [refusal(asked(remote, auth=id)) for id in ids] == [None, None, None]


@pytest.mark.parametrize("more", ["", ":admin"])
def test_a_session_may_be_in_the_cookie(remote: Remote, session: str, more: str) -> None:
    assert refusal(asked(remote, cookie=f"billmgrlang5=orion:en; billmgrses5={session}{more}")) is None
    assert refusal(asked(remote, cookie=f"billmgrses5=x{session}{more}")) == ("auth", "session")


def test_a_session_is_good_for_the_address_that_opened_it(remote: Remote, session: str) -> None:
    assert refusal(asked(remote, auth=session, client="127.0.0.2")) == ("auth", "session")
    assert refusal(asked(remote, auth=session)) is None


@pytest.mark.parametrize("query", ["func=whoami", "func=whoami&auth=ebcaee29", "func=whoami&auth="])
def test_a_call_without_a_good_login_is_refused(remote: Remote, query: str) -> None:
    assert refusal(parsed(fetch(f"{remote.url}?{query}&out=xml")[1])) == ("auth", "session")


@pytest.mark.parametrize(("generation", "idle"), [(4, 30), (5, 60), (6, 60)])
def test_a_session_is_good_for_some_minutes_after_its_last_use(generation: int, idle: int) -> None:
    sessions, account = Sessions(), Account()
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def call(minutes: int, **params: str) -> Call:
        return Call(params, "127.0.0.1", "http://127.0.0.1", noon + timedelta(minutes=minutes))

    session = sessions.log_in(account, call(0, username="reseller", password="secret"))
    for minutes in (idle, 2 * idle):
        sessions.check(account, call(minutes, auth=session), DIALECTS[generation])
    with pytest.raises(Refused, match="session"):
        sessions.check(account, call(3 * idle + 1, auth=session), DIALECTS[generation])


def test_a_key_opens_one_session(remote: Remote) -> None:
    key = "0123456789abcdef" * 4
    remote.good("session.newkey", username="reseller", key=key)
    opened = remote.call("auth", username="reseller", key=key, checkcookie="no", authinfo="")
    auth = opened.find("auth")
    assert auth is not None
    assert refusal(asked(remote, auth=auth.text or "")) is None
    assert remote.refused("auth", username="reseller", key=key) == ("auth", "badpassword")
    assert key not in json.dumps(remote.control("calls"))


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"username": "reseller", "key": "short"}, ("value", "key")),
        ({"username": "somebody", "key": "0123456789abcdef"}, ("access", "session.newkey")),
        ({"username": "reseller"}, ("missed", "key")),
    ],
)
def test_a_key_that_cannot_be_is_refused(
    remote: Remote, params: dict[str, str], expected: tuple[str, str]
) -> None:
    assert remote.refused("session.newkey", **params) == expected


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ([], None),
        (["127.0.0.1"], None),
        (["10.0.0.0/8", "127.0.0.0/8"], None),
        (["127.0.0.2"], ("auth", "authinfo")),
        (["::1"], ("auth", "authinfo")),
    ],
)
def test_authinfo_may_be_limited_to_some_addresses(
    start: Start, allowed: list[str], refused: tuple[str, str] | None
) -> None:
    remote = start(account={"allowed_from": allowed})
    assert refusal(remote.call("whoami")) == refused
    assert refusal(remote.call("auth", username="reseller", password="secret")) is None
