"""The functions by name, and how a call becomes a document."""

from __future__ import annotations

import hmac
import secrets
import threading
from datetime import datetime, timedelta

from cpbillmgr.sandbox import account, licenses, orders
from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.dialect import Dialect, Handler
from cpbillmgr.sandbox.documents import document, error, login
from cpbillmgr.sandbox.generation4 import functions as generation4
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.world import Account, World
from cpbillmgr.sandbox.worldfile import WorldFile

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


GENERATIONS_5_AND_6 = Dialect(QUESTIONS, CHANGES, document, login, error, idle=timedelta(hours=1))
DIALECTS = {4: generation4.DIALECT, 5: GENERATIONS_5_AND_6, 6: GENERATIONS_5_AND_6}


def change_of(call: Call, generation: int) -> Handler | None:
    """Return what carries out the change that a call asks for, or ``None`` when it only asks.

    ==========================  ==========  ===========
    function                    with sok    without sok
    ==========================  ==========  ===========
    in both tables              change      question
    among changes alone         change      change
    among questions alone       question    question
    ==========================  ==========  ===========
    """
    dialect = DIALECTS[generation]
    return dialect.changes.get(call.func) if call.commits or call.func not in dialect.questions else None


class Sessions:
    """Who has logged in with ``func=auth``; an id is good for a while after its last use."""

    def __init__(self) -> None:
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def open(self, now: datetime) -> str:
        """Return a new session id of 24 hex digits."""
        id = secrets.token_hex(12)
        with self._lock:
            self._used[id] = now
        return id

    def use(self, id: str, now: datetime, idle: timedelta) -> bool:
        """Return whether an id is good, having been unused for so long at most, which keeps it so."""
        with self._lock:
            good = id in self._used and now - self._used[id] <= idle
            if good:
                self._used[id] = now
            return good


def answer(file: WorldFile, sessions: Sessions, call: Call) -> str:
    """Carry out a call and return its document; what is refused changes nothing and is an error document."""
    world = file.read()
    dialect, language = DIALECTS[world.generation], world.variants.language
    user, level = "", 0
    try:
        call.check()
        if call.func == "auth":
            return dialect.document(call, language, _login(world, sessions, call))
        _check_login(world, sessions, call)
        user, level = world.account.user, world.account.level
        return dialect.document(call, language, _content(file, world, call))
    except Refused as refused:
        return dialect.error(call, user, level, refused, world.variants)


def _content(file: WorldFile, world: World, call: Call) -> str:
    change = change_of(call, world.generation)
    question = DIALECTS[world.generation].questions.get(call.func)
    if change is not None:
        with file.change() as changing:
            return change(changing, call)
    if question is None:
        raise Refused("unknown_func", value=call.func)
    return question(world, call)


def _login(world: World, sessions: Sessions, call: Call) -> str:
    _check_password(world.account, call.text("username"), call.text("password"), call)
    return DIALECTS[world.generation].login(world.account, sessions.open(call.received))


def _check_login(world: World, sessions: Sessions, call: Call) -> None:
    """Refuse a call without a good login: ``authinfo``, split at its first colon, or a session id."""
    if "authinfo" in call.params:
        user, _, password = call.text("authinfo").partition(":")
        _check_password(world.account, user, password, call)
    elif not sessions.use(call.text("auth"), call.received, DIALECTS[world.generation].idle):
        raise Refused("session", value=f"remote_addr: [{call.client}]")


def _check_password(account: Account, user: str, password: str, call: Call) -> None:
    good = hmac.compare_digest(f"{user}:{password}".encode(), f"{account.user}:{account.password}".encode())
    if not good:
        raise Refused("badpassword", value=f"remote_addr: [{call.client}]")
