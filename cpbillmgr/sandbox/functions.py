"""The functions by name, and how a call becomes a document."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from cpbillmgr.sandbox import account, licenses, orders
from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.documents import attributes, document, error
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.world import Account, World
from cpbillmgr.sandbox.worldfile import WorldFile

Handler = Callable[[World, Call], str]


QUESTIONS: dict[str, Handler] = {
    "whoami": account.whoami,
    "subaccount": account.subaccount,
    "dashboard.info": account.dashboard,
    "pricelist.export": account.pricelist_export,
    "soft": licenses.listed,
    "soft.checkip": orders.checkip,
    "soft.order.param": orders.order_form,
    "soft.edit": licenses.edit_form,
    "soft.delete": licenses.delete_form,
    "service.prolong": licenses.prolong_form,
    "service.changepricelist": licenses.tariff_form,
}
CHANGES: dict[str, Handler] = {
    "soft.order.param": orders.order,
    "soft.edit": licenses.edit,
    "soft.suspend": licenses.suspend,
    "soft.resume": licenses.resume,
    "soft.delete": licenses.delete,
    "service.prolong": licenses.prolong,
    "service.changepricelist": licenses.change_tariff,
}


def change_of(call: Call) -> Handler | None:
    """Return what carries out the change that a call asks for, or ``None`` when it only asks.

    ==========================  ==========  ===========
    function                    with sok    without sok
    ==========================  ==========  ===========
    in both tables              change      question
    among changes alone         change      change
    among questions alone       question    question
    ==========================  ==========  ===========
    """
    return CHANGES.get(call.func) if call.commits or call.func not in QUESTIONS else None


class Sessions:
    """Who has logged in with ``func=auth``; an id is good for an hour after its last use."""

    IDLE = timedelta(hours=1)

    def __init__(self) -> None:
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def open(self, now: datetime) -> str:
        """Return a new session id of 24 hex digits."""
        id = secrets.token_hex(12)
        with self._lock:
            self._used[id] = now
        return id

    def use(self, id: str, now: datetime) -> bool:
        """Return whether an id is good, which keeps it so for another hour."""
        with self._lock:
            good = id in self._used and now - self._used[id] <= self.IDLE
            if good:
                self._used[id] = now
            return good


def answer(file: WorldFile, sessions: Sessions, call: Call) -> str:
    """Carry out a call and return its document; what is refused changes nothing and is an error document."""
    world = file.read()
    language, user, level = world.variants.language, "", 0
    try:
        call.check()
        if call.func == "auth":
            return document(call, language, _login(world.account, sessions, call))
        _check_login(world.account, sessions, call)
        user, level = world.account.user, world.account.level
        return document(call, language, _content(file, world, call))
    except Refused as refused:
        return error(call, user, level, refused, language)


def _content(file: WorldFile, world: World, call: Call) -> str:
    change, question = change_of(call), QUESTIONS.get(call.func)
    if change is not None:
        with file.change() as changing:
            return change(changing, call)
    if question is None:
        raise Refused("unknown_func", value=call.func)
    return question(world, call)


def _login(account: Account, sessions: Sessions, call: Call) -> str:
    _check_password(account, call.text("username"), call.text("password"), call)
    id = sessions.open(call.received)
    return f"<auth{attributes({'id': id, 'level': account.level})}>{id}</auth>"


def _check_login(account: Account, sessions: Sessions, call: Call) -> None:
    """Refuse a call without a good login: ``authinfo``, split at its first colon, or a session id."""
    if "authinfo" in call.params:
        user, _, password = call.text("authinfo").partition(":")
        _check_password(account, user, password, call)
    elif not sessions.use(call.text("auth"), call.received):
        raise Refused("session", value=f"remote_addr: [{call.client}]")


def _check_password(account: Account, user: str, password: str, call: Call) -> None:
    good = hmac.compare_digest(f"{user}:{password}".encode(), f"{account.user}:{account.password}".encode())
    if not good:
        raise Refused("badpassword", value=f"remote_addr: [{call.client}]")
