"""The functions by name, and how a call becomes a document."""

from __future__ import annotations

from datetime import timedelta

from cpbillmgr.sandbox import account, licenses, orders
from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.dialect import Dialect, Handler
from cpbillmgr.sandbox.documents import document, error, login
from cpbillmgr.sandbox.generation4 import functions as generation4
from cpbillmgr.sandbox.refusals import Refused
from cpbillmgr.sandbox.sessions import Sessions
from cpbillmgr.sandbox.world import World
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


GENERATIONS_5_AND_6 = Dialect(
    QUESTIONS, CHANGES, document, login, error, cookie="billmgrses5", idle=timedelta(hours=1), formats={}
)
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


def answer(file: WorldFile, sessions: Sessions, call: Call) -> str:
    """Carry out a call and return its document; what is refused changes nothing and is an error document."""
    world = file.read()
    dialect, language = DIALECTS[world.generation], call.language(world)
    user, level = "", 0
    try:
        call.check()
        if call.func == "auth":
            session = sessions.log_in(world.account, call)
            return dialect.document(call, language, dialect.login(world.account, session))
        sessions.check(world.account, call, dialect)
        user, level = world.account.user, world.account.level
        if call.func == "session.newkey" and world.generation != 4:
            return document(call, language, sessions.keep_key(world.account, call))
        return dialect.document(call, language, _content(file, world, call))
    except Refused as refused:
        return dialect.error(world, call, user, level, refused)


def _content(file: WorldFile, world: World, call: Call) -> str:
    change = change_of(call, world.generation)
    question = DIALECTS[world.generation].questions.get(call.func)
    if change is not None:
        with file.change() as changing:
            return change(changing, call)
    if question is None:
        raise Refused("unknown_func", value=call.func)
    return question(world, call)
