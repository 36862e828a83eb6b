"""One connection of the pretend remote: HTTP around a call, and what a fault makes of the answer."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from cpbillmgr.sandbox.control import PATH as CONTROL_PATH
from cpbillmgr.sandbox.control import Control, Log
from cpbillmgr.sandbox.faults import AFTER, BEFORE, Faults
from cpbillmgr.sandbox.functions import DIALECTS, answer, change_of
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.formats import HTML, JSON, KNOWN, TEXT, XML, Answer, render
from cpbillmgr.sandbox.protocol.parameters import NotUnderstood, of_body, of_query
from cpbillmgr.sandbox.protocol.sessions import Sessions
from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.parsing import WorldInvalid

PATHS = frozenset({"/manager/billmgr", "/billmgr"})
LONGEST_BODY = 1 << 20
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

    def __init__(self, remote: Remote, *connection: Any) -> None:
        self.remote = remote
        super().__init__(*connection)  # this already serves it

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
        try:
            params = of_body(body, self.headers.get("Content-Type", ""))
        except NotUnderstood as unknown:
            self._send(415, TEXT, f"{unknown}\n")
        else:
            self._dispatch(params)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Write nothing: calls are kept for the control path."""

    def _dispatch(self, body: dict[str, str]) -> None:
        target = urlsplit(self.path)
        params = {**of_query(target.query), **body}
        try:
            if target.path.startswith(CONTROL_PATH):
                self._answer_control(target.path.removeprefix(CONTROL_PATH), params)
            elif target.path in PATHS:
                self._answer_call(self._call(params))
            else:
                self._send(404, TEXT, "the pretend remote is at /manager/billmgr\n")
        except (OSError, WorldInvalid) as broken:
            if isinstance(broken, ConnectionError):
                raise
            self._send(500, TEXT, f"the world cannot be used: {broken}\n")

    def _answer_control(self, name: str, form: dict[str, str]) -> None:
        try:
            self._send(200, JSON, self.remote.control.handle(self.command, name, form))
        except LookupError as unknown:
            self._send(404, TEXT, f"{unknown.args[0]}\n")
        except ValueError as wrong:
            self._send(400, TEXT, f"{str(wrong).lstrip(': ')}\n")

    def _call(self, params: dict[str, str]) -> Call:
        host, port = self.connection.getsockname()[:2]
        cookies: SimpleCookie = SimpleCookie()
        with suppress(CookieError):
            cookies.load(self.headers.get("Cookie", ""))
        sent = {name: cookie.value for name, cookie in cookies.items()}
        return Call(params, self.client_address[0], f"http://{host}:{port}", datetime.now(UTC), sent)

    def _answer_call(self, call: Call) -> None:
        remote = self.remote
        world = remote.file.read()
        writes = change_of(call, world.generation) is not None
        remote.log.add(call, self.path, writes=writes)
        fault = remote.faults.strike(call.func, changes=writes)
        time.sleep(world.variants.latency_ms / 1000)
        if fault in BEFORE:
            self._misbehave(fault, Answer(XML, ""))
            return
        document = answer(remote.file, remote.sessions, call)
        out = call.text("out") if call.text("out") in KNOWN else "xml"
        spoken = DIALECTS[world.generation].formats.get(out, out)
        answered = render(document, spoken, callback=call.callback, sfrom=call.text("sfrom"))
        if fault in AFTER:
            self._misbehave(fault, answered)
        else:
            self._send(200, answered.kind, answered.text)

    def _misbehave(self, fault: str, answered: Answer) -> None:
        """Answer as a fault has it (see the table of faults)."""
        if fault in PAGES:
            self._send(*PAGES[fault])
        elif fault == "redirect":
            self._send(307, HTML, "", location=ELSEWHERE)
        else:
            self.close_connection = True
            self._break_off(fault, answered)

    def _break_off(self, fault: str, answered: Answer) -> None:
        """Send what comes before the connection is closed; of a cut answer that is nothing."""
        match fault:
            case "hang-before" | "hang-after":
                self._hang()
            case "half-header":
                self.wfile.write(HALF_A_HEAD)
            case "half":
                self._send(200, answered.kind, answered.text, sent=len(answered.text.encode()) // 2)

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
