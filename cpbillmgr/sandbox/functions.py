"""The functions by name, and how a call becomes a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from cpbillmgr.sandbox.account import (
    account,
    cart,
    certificate_files,
    enrolment,
    history,
    licenses,
    local_side,
    orders,
    tariffs,
)
from cpbillmgr.sandbox.generation4 import functions as generation4
from cpbillmgr.sandbox.protocol import listing
from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.dialect import Dialect, Handler
from cpbillmgr.sandbox.protocol.documents import document, error, login
from cpbillmgr.sandbox.protocol.products import PRODUCTS
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.sessions import Sessions
from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.nouns import World

PRODUCT_QUESTIONS: dict[str, Handler] = {
    "{}": licenses.listed,
    "{}.filter": listing.filter_form,
    "{}.order": tariffs.order_wizard,
    "{}.order.pricelist": tariffs.order_wizard,
    "{}.order.param": orders.order_form,
    "v2.{}.order.param": orders.order_form,
    "{}.edit": licenses.edit_form,
    "{}.delete": licenses.delete_form,
}
PRODUCT_CHANGES: dict[str, Handler] = {
    "{}.filter": listing.set_filter,
    "{}.order.param": orders.order,
    "v2.{}.order.param": orders.order,
    "{}.edit": licenses.edit,
    "{}.delete": licenses.delete,
}
SUSPENDABLE = {name for name, product in PRODUCTS.items() if not product.by_request}


def _of_every_type(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return the functions of every type of products, whose name stands in theirs."""
    return {name.format(each): handler for each in PRODUCTS for name, handler in handlers.items()}


QUESTIONS: dict[str, Handler] = {
    **_of_every_type(PRODUCT_QUESTIONS),
    "whoami": account.whoami,
    "subaccount": account.subaccount,
    "dashboard.info": account.dashboard,
    "notify": account.notify,
    "usrparam": account.usrparam,
    "payment": account.payments,
    "expense": account.expenses,
    "pricelist.export": tariffs.pricelist_export,
    "payment.filter": listing.filter_form,
    "soft.checkip": orders.checkip,
    "service.prolong": licenses.prolong_form,
    "service.changepricelist": licenses.tariff_form,
    "service.history": history.history,
    "basket": cart.basket,
    "cart": cart.basket,
    "order": cart.orders,
    "payment.add": cart.payment_form,
    "payment.add.method": cart.payment_form,
    "menu": local_side.menu,
    "service.ip": local_side.addresses,
    "enumeration": local_side.enumerations,
    "enumeration.item": local_side.enumeration_items,
    "certificate.order.csr": enrolment.csr_form,
    "certificate.file": certificate_files.listed,
    "certificate.file.edit": certificate_files.one,
    **dict.fromkeys(local_side.TYPES, local_side.listed),
    **dict.fromkeys((f"{name}.edit" for name in local_side.TYPES), local_side.form),
}
CHANGES: dict[str, Handler] = {
    **_of_every_type(PRODUCT_CHANGES),
    **dict.fromkeys((f"{name}.suspend" for name in SUSPENDABLE), licenses.suspend),
    **dict.fromkeys((f"{name}.resume" for name in SUSPENDABLE), licenses.resume),
    "payment.filter": listing.set_filter,
    "service.prolong": licenses.prolong,
    "service.changepricelist": licenses.change_tariff,
    "basket": cart.change_basket,
    "cart": cart.change_basket,
    "cart.empty": cart.empty,
    "payment.add": cart.pay_order,
    "payment.add.method": cart.pay_order,
}


def _many(world: World, call: Call) -> str:
    """Make one change to several licenses (groupedit): to all of them, or to none."""
    change = CHANGES.get(call.text("faction"))
    if change is None or change is _many:
        raise Refused("value", "faction", value=call.text("faction"))
    for elid in call.needed("elid").split(", "):
        change(world, replace(call, params={**call.params, "func": call.text("faction"), "elid": elid}))
    return "<ok/>"


CHANGES["groupedit"] = _many


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
        if call.func != "pricelist.export" or world.variants.export == "login":
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
        return file.change(lambda changing: change(changing, call))
    if question is None:
        raise Refused("unknown_func", value=call.func)
    return question(world, call)
