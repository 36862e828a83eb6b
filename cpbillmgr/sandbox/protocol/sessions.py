"""Who may call: a password in every call, or a session that was opened with one."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
from datetime import datetime, timedelta

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.dialect import Dialect
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import Account

SHORTEST_KEY = 16


class Sessions:
    """Sessions and one-time keys of one server; both end with it (wire-api.md 1.6).

    A session is good for a while after its last use, and only for the address that opened it.
    """

    def __init__(self) -> None:
        self._used: dict[str, tuple[str, datetime]] = {}
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    def log_in(self, account: Account, call: Call) -> str:
        """Open a session, by password or by a key not used yet, and return its id of 24 hex digits."""
        if "key" in call.params:
            self._use_key(account, call)
        else:
            _check_password(account, call.text("username"), call.text("password"), call)
        id = secrets.token_hex(12)
        with self._lock:
            self._used[id] = (call.client, call.received)
        return id

    def keep_key(self, account: Account, call: Call) -> str:
        """Take a key with which one session may be opened."""
        user, key = call.needed("username"), call.needed("key")
        if user != account.user:
            raise Refused("access", call.func)
        if len(key) < SHORTEST_KEY:
            raise Refused("value", "key", value="")
        with self._lock:
            self._keys.add(key)
        return "<ok/>"

    def check(self, account: Account, call: Call, dialect: Dialect) -> None:
        """Refuse a call without a good login: ``authinfo``, split at its first colon, or a session id."""
        if "authinfo" in call.params:
            user, _, password = call.text("authinfo").partition(":")
            _check_address(account, call)
            _check_password(account, user, password, call)
        elif not self._use(call.session(dialect.cookie), call, dialect.idle):
            raise Refused("session", value=f"remote_addr: [{call.client}]")

    def _use(self, id: str, call: Call, idle: timedelta) -> bool:
        """Return whether a session is good, having been unused for so long at most, which keeps it so."""
        with self._lock:
            client, last = self._used.get(id, ("", call.received))
            good = client == call.client and call.received - last <= idle
            if good:
                self._used[id] = (client, call.received)
            return good

    def _use_key(self, account: Account, call: Call) -> None:
        with self._lock:
            good = call.text("username") == account.user and call.text("key") in self._keys
            if good:
                self._keys.remove(call.text("key"))
        if not good:
            raise Refused("badpassword", value=f"remote_addr: [{call.client}]")


def _check_address(account: Account, call: Call) -> None:
    """Refuse ``authinfo`` from an address that the account's white list, if it has one, does not name."""
    client = ipaddress.ip_address(call.client)
    networks = [ipaddress.ip_network(each, strict=False) for each in account.allowed_from]
    if networks and not any(client in network for network in networks):
        raise Refused("address", value=f"remote_addr: [{call.client}]")


def _check_password(account: Account, user: str, password: str, call: Call) -> None:
    good = hmac.compare_digest(f"{user}:{password}".encode(), f"{account.user}:{account.password}".encode())
    if not good:
        raise Refused("badpassword", value=f"remote_addr: [{call.client}]")
