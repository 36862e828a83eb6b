from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from http.client import HTTPConnection
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

from cpbillmgr.sandbox import Sandbox
from tests.sandbox.conftest import FORM, Remote, Start, order_form, parsed, value
from tests.sandbox.test_sharing import SERVE

CLIENTS, CALLS = 8, 1250
START = Decimal("1000000.00")
PRICE = Decimal("4.00")


class Client:
    """Somebody who buys and manages licenses over one connection, and knows what must have become of them."""

    def __init__(self, url: str, number: int) -> None:
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.random = Random(number)  # noqa: S311 - nothing here is secret
        self.number = number
        self.calls = 0
        self.spent = Decimal(0)
        self.licenses: dict[str, dict[str, object]] = {}

    def work(self) -> Client:
        """Make so many calls, in an order that is the same in every run."""
        with closing(self.connection):
            while self.calls < CALLS:
                if not self.licenses or self.random.random() < 0.1:
                    self.order()
                else:
                    self.random.choice([self.look, self.rename, self.stop, self.start, self.renew])()
        return self

    def call(self, func: str, **params: object) -> ET.Element:
        self.calls += 1
        form = {"func": func, "out": "xml", "authinfo": "reseller:secret", **params}
        self.connection.request("POST", "/billmgr", urlencode(form), FORM)
        document = parsed(self.connection.getresponse().read())
        assert document.find("error") is None, ET.tostring(document)
        return document

    def order(self) -> None:
        name = f"{self.number}-{self.calls}"
        ip = f"10.{self.number}.{self.calls // 200}.{self.calls % 200}"
        id = value(self.call("soft.order.param", **order_form(ip, licname=name)), "id")
        self.licenses[id] = {"licname": name, "status": 2, "ip": ip, "expiredate": "2026-12-21"}
        self.spent += PRICE

    def look(self) -> None:
        id, known = self.pick()
        assert value(self.call("soft.edit", elid=id), "licname") == known["licname"]

    def rename(self) -> None:
        id, known = self.pick()
        known["licname"] = f"renamed {self.calls}"
        self.call("soft.edit", elid=id, licname=known["licname"], sok="ok")

    def stop(self) -> None:
        id, known = self.pick()
        known["status"] = 3
        self.call("soft.suspend", elid=id)

    def start(self) -> None:
        id, known = self.pick()
        known["status"] = 2
        self.call("soft.resume", elid=id)

    def renew(self) -> None:
        id, known = self.pick()
        known.update(status=2)
        document = self.call("service.prolong", elid=id, period=1, sok="ok")
        known["expiredate"] = document.findtext("doc/newexpiredate")
        self.spent += PRICE

    def pick(self) -> tuple[str, dict[str, object]]:
        return self.random.choice(list(self.licenses.items()))


def test_8_clients_make_10_000_calls_and_no_change_and_no_cent_is_lost_when_the_server_is_killed(
    start: Start,
) -> None:
    path = start(account={"balance": str(START)}, licenses=[], next_id=1).path
    argv = [sys.executable, "-c", SERVE, str(path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with ThreadPoolExecutor(CLIENTS) as threads:
            clients = list(threads.map(lambda number: Client(url, number).work(), range(CLIENTS)))
        process.kill()
    assert sum(client.calls for client in clients) == CLIENTS * CALLS
    with Sandbox(path) as again:
        remote = Remote(again.url, path)
        listed = value(remote.good("soft"), "p_elems")
        assert listed == str(sum(len(client.licenses) for client in clients))
        _check(remote.control("world"), clients)


def _check(world: dict[str, Any], clients: list[Client]) -> None:
    expected = {id: known for client in clients for id, known in client.licenses.items()}
    kept = {str(each["id"]): each for each in world["licenses"]}
    assert {id: {name: each[name] for name in expected[id]} for id, each in kept.items()} == expected
    spent = sum((client.spent for client in clients), Decimal(0))
    charged = [Decimal(charge["amount"]) for charge in world["charges"]]
    assert (len(charged) * PRICE, sum(charged)) == (spent, spent)
    assert Decimal(world["account"]["balance"]) == START - spent
