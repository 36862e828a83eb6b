"""The pretend remote as an HTTP server on loopback."""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cpbillmgr.sandbox.control import Control, Log
from cpbillmgr.sandbox.faults import Faults
from cpbillmgr.sandbox.handler import Handler, Remote
from cpbillmgr.sandbox.world.file import WorldFile


class Server(ThreadingHTTPServer):
    """The listening socket, and the connections that are open, so that they end with it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], remote: Remote) -> None:
        super().__init__(address, partial(Handler, remote))
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
