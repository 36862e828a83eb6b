from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest

from cpbillmgr.sandbox import Sandbox, new_world
from cpbillmgr.sandbox.world.variants import CHOICES, MOST
from tests.sandbox.generation4 import generation4_on_a_day

FREE_IP = "0.0.0.0"  # noqa: S104 - an address in a form, nothing listens here
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def fetch(url: str, form: Mapping[str, object] | bytes | None = None, **headers: str) -> tuple[int, bytes]:
    """Return status and body of one answer, on a connection of its own; without a form it is a GET."""
    target = urlsplit(url)
    with closing(HTTPConnection(target.netloc, timeout=10)) as connection:
        body = urlencode(form) if isinstance(form, Mapping) else form
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        path = f"{target.path}?{target.query}" if target.query else target.path
        connection.request("GET" if form is None else "POST", path, body, {**FORM, **sent})
        answer = connection.getresponse()
        return answer.status, answer.read()


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - what our own sandbox wrote


class Remote:
    """A client with nothing of cpbillmgr in it: one form over real HTTP, one XML document back."""

    def __init__(self, url: str, path: Path, login: str = "reseller:secret") -> None:
        self.url = url
        self.path = path
        self.login = login

    def body(self, func: str, **params: object) -> bytes:
        status, body = fetch(self.url, {"func": func, "out": "xml", "authinfo": self.login, **params})
        assert status == 200
        return body

    def call(self, func: str, **params: object) -> ET.Element:
        return parsed(self.body(func, **params))

    def good(self, func: str, **params: object) -> ET.Element:
        doc = self.call(func, **params)
        assert doc.find("error") is None, ET.tostring(doc)
        return doc

    def refused(self, func: str, **params: object) -> tuple[str | None, str | None]:
        error = self.call(func, **params).find("error")
        assert error is not None
        return error.get("type"), error.get("object")

    def order(self, ip: str, **params: object) -> ET.Element:
        return self.call("soft.order.param", **order_form(ip, **params))

    def ordered(self, ip: str, **params: object) -> str:
        return value(self.good("soft.order.param", **order_form(ip, **params)), "id")

    def order_refused(self, ip: str, **params: object) -> tuple[str | None, str | None]:
        return self.refused("soft.order.param", **order_form(ip, **params))

    def field(self, elid: object, name: str) -> str:
        return value(self.good("soft.edit", elid=elid), name)

    def row(self, elid: object) -> ET.Element:
        rows = self.good("soft", p_cnt=50).findall("elem")
        return next(row for row in rows if value(row, "id") == str(elid))

    def controls(self, name: str, **form: object) -> tuple[int, str]:
        url = self.url.replace("/manager/billmgr", f"/_sandbox/{name}")
        status, body = fetch(url, form if form or name.endswith("/clear") else None)
        return status, body.decode()

    def control(self, name: str, **form: object) -> Any:
        status, body = self.controls(name, **form)
        assert status == 200, body
        return json.loads(body)

    @property
    def kept(self) -> Any:
        return json.loads(self.path.read_bytes())


def order_form(ip: str, **params: object) -> dict[str, object]:
    form = {"clicked_button": "finish", "sok": "ok", "skipbasket": "on", "pricelist": 55227, "period": 1}
    return {**form, "ip": ip, "licname": "new", "autoprolong": "null", **params}


def value(element: ET.Element, name: str) -> str:
    found = next((child for child in element if child.tag == name), None)
    assert found is not None, name
    return found.text or ""


def tags(element: ET.Element) -> list[str]:
    return [child.tag for child in element]


def license(**more: object) -> dict[str, object]:
    return {"id": 1, "pricelist": 55227, "ip": "203.0.113.1", "expiredate": "2026-12-31", **more}


def world_on_a_day() -> dict[str, Any]:
    """The sample world on a noon that does not move, with licenses whose days are known."""
    world = new_world()
    world["clock"] = "2026-11-21T12:00:00+00:00"
    world["licenses"] = [
        {"id": 1, "pricelist": 55227, "licname": "active", "ip": "203.0.113.1", "expiredate": "2026-12-31",
         "createdate": "2026-01-31", "lickey": "1-aa", "remoteid": "a1"},
        {"id": 2, "pricelist": 55228, "licname": "free.lic", "ip": FREE_IP, "status": 3, "period": 12,
         "expiredate": "2027-03-01", "ip_change_date": "2026-10-21", "lickey_change_date": "2026-10-22"},
        {"id": 3, "pricelist": 3541, "licname": "lifetime", "ip": "203.0.113.3", "period": 0},
        {"id": 4, "pricelist": 55239, "licname": "trial", "ip": "203.0.113.4", "period": -100,
         "expiredate": "2026-11-30"},
        {"id": 5, "pricelist": 55230, "licname": "nodes", "ip": "203.0.113.5", "expiredate": "2026-11-25",
         "addons": {"55236": 2}},
        {"id": 6, "pricelist": 55227, "licname": "not ours", "ip": "203.0.113.6", "owner": "somebody",
         "expiredate": "2027-01-01"},
    ]  # fmt: skip
    return world


Start = Callable[..., Remote]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a sandbox with variants and parts of a world: ``start(status="orig", licenses=[...])``.

    With ``generation=4`` it is the sample world of that generation.
    """
    with ExitStack() as running:

        def started(*, generation: int = 6, faults: tuple[str, ...] = (), **changes: Any) -> Remote:
            world = generation4_on_a_day() if generation == 4 else world_on_a_day()
            for name, changed in changes.items():
                if name in CHOICES or name in MOST:
                    world["variants"][name] = changed
                else:
                    world[name] = changed
            path = tmp_path / "world.json"
            path.write_text(json.dumps(world), encoding="utf-8")
            sandbox = running.enter_context(Sandbox(path, faults=faults))
            return Remote(sandbox.url, path, f"{sandbox.user}:{sandbox.password}")

        yield started


@pytest.fixture
def remote(start: Start) -> Remote:
    return start()
