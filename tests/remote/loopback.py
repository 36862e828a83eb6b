"""A server on loopback that answers HTTP as a test scripts it, byte for byte."""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qs

CERTIFICATE = Path(__file__).with_name("loopback.pem")  # signed by itself, for 127.0.0.1


@dataclass(frozen=True)
class Request:
    line: str
    headers: dict[str, str]
    form: dict[str, str]
    connection: int


@dataclass(frozen=True)
class Answer:
    """Bytes to send, piece by piece; then the connection is closed, or kept for the next request."""

    pieces: tuple[bytes, ...] = ()
    pause: float = 0.0
    keep: bool = False


def whole(body: str, status: str = "200 OK", headers: str = "", *, keep: bool = True) -> Answer:
    data = body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n{headers}\r\n".encode()
    return Answer((head + data,), keep=keep)


Script = Callable[[Request], Answer]


@dataclass
class Loopback:
    """Answers with ``answers`` in turn, or with what ``script`` makes of a request."""

    answers: list[Answer] = field(default_factory=list)
    script: Script | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    tls: bool = False

    def __enter__(self) -> Loopback:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.loopback = self
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}/billmgr"

    def connected(self) -> int:
        with self._lock:
            self.connections += 1
            return self.connections

    def answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            if self.script is not None:
                return self.script(request)
            return self.answers.pop(0)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    loopback: Loopback


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        connection = self.server.loopback.connected()
        while line := self.rfile.readline():
            answer = self.server.loopback.answer(self._request(line, connection))
            if not self._send(answer) or not answer.keep:
                return

    def _request(self, line: bytes, connection: int) -> Request:
        headers: dict[str, str] = {}
        while (header := self.rfile.readline().strip().decode("latin-1")) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", "0"))).decode()
        form = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
        return Request(line.decode("latin-1").strip(), headers, form, connection)

    def _send(self, answer: Answer) -> bool:
        try:
            for piece in answer.pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(answer.pause)
        except OSError:
            return False
        return True
