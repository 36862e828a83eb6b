from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from http.client import HTTPConnection
from urllib.parse import urlsplit

from cpbillmgr.sandbox import Sandbox
from tests.sandbox.conftest import Remote, Start, value

SERVE = "import sys; from pathlib import Path; from cpbillmgr.sandbox import Sandbox\n"
SERVE += (
    "with Sandbox(Path(sys.argv[1])) as sandbox:\n    print(sandbox.url, flush=True)\n    sys.stdin.read()\n"
)


def test_eight_threads_order_at_two_servers_on_one_world_and_nothing_is_lost(start: Start) -> None:
    first = start(account={"balance": "2000.00"}, licenses=[], next_id=1)
    with Sandbox(first.path) as second, ThreadPoolExecutor(8) as threads:
        servers = [first, Remote(second.url, first.path)]
        ids = list(threads.map(lambda n: servers[n % 2].ordered(f"10.0.{n // 200}.{n % 200}"), range(400)))
    world = first.kept
    assert sorted(map(int, ids)) == [license["id"] for license in world["licenses"]] == list(range(1, 401))
    assert len(world["charges"]) == 400
    assert Decimal(world["account"]["balance"]) == 2000 - 4 * 400


def test_a_server_of_another_process_works_on_the_same_world(start: Start) -> None:
    here = start(licenses=[], next_id=1)
    argv = [sys.executable, "-c", SERVE, str(here.path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        there = Remote(process.stdout.readline().strip(), here.path)
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda n: (here, there)[n % 2].ordered(f"10.0.0.{n}"), range(40)))
        assert value(there.good("soft"), "p_elems") == value(here.good("soft"), "p_elems") == "40"
        process.stdin.close()
    assert Decimal(here.kept["account"]["balance"]) == 1000 - 4 * 40


def test_a_sandbox_that_is_left_answers_no_more_on_open_connections(start: Start) -> None:
    remote = start()
    with Sandbox(remote.path) as sandbox:
        connection = HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)
        connection.request("GET", "/billmgr?func=whoami")
        assert connection.getresponse().read()
        opened = connection.sock
    try:
        assert opened is not None
        assert opened.recv(1) == b""
    finally:
        connection.close()


def test_a_sandbox_serves_until_it_is_interrupted(remote: Remote) -> None:
    argv = [sys.executable, "-c", SERVE.replace("sys.stdin.read()", "sandbox.wait()"), str(remote.path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert Remote(process.stdout.readline().strip(), remote.path).good("whoami").find("user") is not None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
