"""The functions of generation 4 by name (wire-api.md 3.1, 4.1, 5, 8)."""

from __future__ import annotations

from datetime import timedelta

from cpbillmgr.sandbox.account import licenses
from cpbillmgr.sandbox.generation4 import account, software
from cpbillmgr.sandbox.generation4.documents import document, error, login
from cpbillmgr.sandbox.protocol import listing
from cpbillmgr.sandbox.protocol.dialect import Dialect, Handler

QUESTIONS: dict[str, Handler] = {
    "accountinfo": account.accountinfo,
    "availableprice": account.availableprice,
    "availableprice.periods": account.periods,
    "software": software.listed,
    "software.edit": software.edit_form,
    "software.filter": listing.filter_form,
    "software.licinfo": software.licinfo,
    "software.period": software.period_form,
}
CHANGES: dict[str, Handler] = {
    "software.edit": software.edit,
    "software.filter": software.set_filter,
    "software.period": software.renew,
    "software.enable": licenses.resume,
    "software.disable": licenses.suspend,
    "software.delete": software.delete,
}
DIALECT = Dialect(
    QUESTIONS,
    CHANGES,
    document,
    login,
    error,
    cookie="billmgr4",
    idle=timedelta(minutes=30),
    formats={"json": "JSONdata"},
)
