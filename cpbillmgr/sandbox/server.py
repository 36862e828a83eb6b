"""The pretend remote as an HTTP server on loopback."""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.control import PATH as CONTROL_PATH
from cpbillmgr.sandbox.control import Control, Log
from cpbillmgr.sandbox.faults import AFTER, BEFORE, Faults
from cpbillmgr.sandbox.functions import Sessions, answer, change_of
from cpbillmgr.sandbox.parsing import WorldInvalid
from cpbillmgr.sandbox.worldfile import WorldFile

PATHS = frozenset({"/manager/billmgr", "/billmgr"})
LONGEST_BODY = 1 << 20
XML, HTML, TEXT, JSON = (
    f"{kind}; charset=UTF-8" for kind in ("text/xml", "text/html", "text/plain", "application/json")
)
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>"
PAGES = {  # what a fault answers when it is the whole of an answer
    "500-before": (500, HTML, "<html><body>Internal Server Error</body></html>"),
    "500-after": (500, HTML, "<html><body>Internal Server Error</body></html>"),
    "503": (503, HTML, "<html><body>Service Unavailable</body></html>"),
    "429": (429, HTML, "<html><body>Too Many Requests</body></html>"),
    "html": (200, HTML, LOGIN_PAGE),
    "empty": (200, XML, ""),
}
HALF_A_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; char"
LONGEST_HANG = 3600.0  # seconds; the longest time-out that settings can have
ELSEWHERE = "http://127.0.0.1:9/manager/billmgr"  # the discard port: nothing listens there


@dataclass
class Remote:
    """What all connections of one server share."""

    file: WorldFile
    faults: Faults
    control: Control
    log: Log
    sessions: Sessions = field(default_factory=Sessions)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open for many calls."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body of an answer leave together
    server: Server

    def do_GET(self) -> None:
        """Answer a call whose parameters are in the query."""
        self._dispatch({})

    def do_POST(self) -> None:
        """Answer a call whose parameters are in the body, or in query and body."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            self.close_connection = True
            self._send(413 if length.isdecimal() else 411, TEXT, "a body needs a length of at most 1 MiB\n")
            return
        body = self.rfile.read(int(length))
        kind = self.headers.get("Content-Type", "application/x-www-form-urlencoded")
        if kind.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            self._send(415, TEXT, "only application/x-www-form-urlencoded is understood\n")
            return
        self._dispatch(_parameters(body.decode(errors="replace")))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Write nothing: calls are kept for the control path."""

    def _dispatch(self, body: dict[str, str]) -> None:
        target = urlsplit(self.path)
        params = {**_parameters(target.query), **body}
        try:
            if target.path.startswith(CONTROL_PATH):
                self._answer_control(target.path.removeprefix(CONTROL_PATH), params)
            elif target.path in PATHS:
                self._answer_call(params)
            else:
                self._send(404, TEXT, "the pretend remote is at /manager/billmgr\n")
        except (OSError, WorldInvalid) as broken:
            if isinstance(broken, ConnectionError):
                raise
            self._send(500, TEXT, f"the world cannot be used: {broken}\n")

    def _answer_control(self, name: str, form: dict[str, str]) -> None:
        try:
            self._send(200, JSON, self.server.remote.control.handle(self.command, name, form))
        except LookupError as unknown:
            self._send(404, TEXT, f"{unknown.args[0]}\n")
        except ValueError as wrong:
            self._send(400, TEXT, f"{str(wrong).lstrip(': ')}\n")

    def _answer_call(self, params: dict[str, str]) -> None:
        remote = self.server.remote
        host, port = self.server.server_address[:2]
        call = Call(params, self.client_address[0], f"http://{host!s}:{port}", datetime.now(UTC))
        world = remote.file.read()
        writes = change_of(call, world.generation) is not None
        remote.log.add(call, self.path, writes=writes)
        fault = remote.faults.strike(call.func, changes=writes)
        time.sleep(world.variants.latency_ms / 1000)
        if fault in BEFORE:
            self._misbehave(fault, "")
            return
        document = answer(remote.file, remote.sessions, call)
        if fault in AFTER:
            self._misbehave(fault, document)
        else:
            self._send(200, XML, document)

    def _misbehave(self, fault: str, document: str) -> None:
        """Answer as a fault has it (see the table of faults)."""
        if fault in PAGES:
            self._send(*PAGES[fault])
        elif fault == "redirect":
            self._send(307, HTML, "", location=ELSEWHERE)
        else:
            self.close_connection = True
            self._break_off(fault, document)

    def _break_off(self, fault: str, document: str) -> None:
        """Send what comes before the connection is closed; of a cut answer that is nothing."""
        match fault:
            case "hang-before" | "hang-after":
                self._hang()
            case "half-header":
                self.wfile.write(HALF_A_HEAD)
            case "half":
                self._send(200, XML, document, sent=len(document.encode()) // 2)

    def _hang(self) -> None:
        """Say nothing until the client gives up, or the server is closed."""
        self.connection.settimeout(LONGEST_HANG)
        with suppress(TimeoutError):
            self.rfile.read(1)  # there is nothing to read but the end of the connection

    def _send(
        self, status: int, kind: str, text: str, *, location: str = "", sent: int | None = None
    ) -> None:
        """Send an answer; of its body only the first ``sent`` bytes, when that is told."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body[:sent])


class Server(ThreadingHTTPServer):
    """The listening socket, and the connections that are open, so that they end with it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], remote: Remote) -> None:
        super().__init__(address, Handler)
        self.remote = remote
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End every connection: what is being answered is lost."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that have gone away; anything else is a fault of ours and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Sandbox:
    """A pretend BILLmanager on loopback, which serves in threads of this process while the context lasts.

    ``world`` is its file, which several sandboxes may share; ``faults`` are ``KIND[:FUNC[!][:COUNT]]``.
    Raises WorldInvalid for a wrong world, ValueError for a host beyond loopback or a wrong fault, OSError for
    a file that cannot be read or a port that is taken.
    """

    def __init__(
        self, world: Path, *, host: str = "127.0.0.1", port: int = 0, faults: Sequence[str] = ()
    ) -> None:
        file, mischief, log = WorldFile(world), Faults(faults), Log()
        remote = Remote(file, mischief, Control(file, mischief, log), log)
        self._server = Server((_loopback(host), port), remote)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        world_now = file.read()
        self.generation = world_now.generation
        self.user, self.password = world_now.account.user, world_now.account.password
        self.url = (
            f"http://{self._server.server_address[0]!s}:{self._server.server_address[1]}/manager/billmgr"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join()

    def wait(self) -> None:
        """Serve until the user interrupts."""
        with suppress(KeyboardInterrupt):
            self._thread.join()


def _loopback(host: str) -> str:
    """Return the address to listen on. Raises ValueError unless only this machine can reach it."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        safe = ipaddress.IPv4Address(address).is_loopback
    except ValueError:
        safe = False
    if not safe:
        raise ValueError(f"the sandbox listens on loopback alone, such as 127.0.0.1, not on {host!r}")
    return address


def _parameters(encoded: str) -> dict[str, str]:
    return dict(parse_qsl(encoded, keep_blank_values=True))
