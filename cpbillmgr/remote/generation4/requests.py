"""How questions and changes are spelled in generation 4, without any input or output.

A new license and the change of one are the same function, ``software.edit``: only the license's id tells them
apart (wire-api.md 4.1 and 5).
"""

from __future__ import annotations

from cpbillmgr.errors import Refused
from cpbillmgr.model.changes import (
    Change,
    ChangeTariff,
    Delete,
    Edit,
    LicenseChange,
    NewKey,
    Order,
    Renew,
    Resume,
    Suspend,
)
from cpbillmgr.remote.dialect import Call


def parameters(change: Change, payer: str, remote: str) -> Call:
    """Return the function and the parameters that make this change.

    ============  ================  ====================================================================
    change        function          besides the license's id
    ============  ================  ====================================================================
    Order         software.edit     tariff, period, name, address; there is no remote id to send
    Edit          software.edit     name and address, both of which have to be given
    Renew         software.period   the period's id, and ``payfrom``: the account that pays at once
    Suspend       software.disable  nothing
    Resume        software.enable   nothing
    Delete        software.delete   nothing
    NewKey        none              raises ``Refused``: licenses have no key that could be changed
    ChangeTariff  none              raises ``Refused``: another tariff is another license
    ============  ================  ====================================================================

    ``payer`` is the id of the account that a renewal is paid from. Without it the remote would make an
    order that nobody pays.
    """
    match change:
        case Order():
            return "software.edit", {
                "price": str(change.tariff),
                "period": str(change.period),
                "licname": change.name,
                "ip": change.ip,
                "sok": "ok",
            }
        case Edit(name=str(name), ip=str(ip)):
            return "software.edit", {"elid": _id(change), "licname": name, "ip": ip, "sok": "ok"}
        case Edit():
            raise ValueError("an edit needs both name and address here, or the remote may lose one")
        case Renew(period=period):
            paid = {"period": str(period), "payfrom": f"account{payer}", "sok": "ok"}
            return "software.period", {"elid": _id(change), **paid}
        case Suspend():
            return "software.disable", {"elid": _id(change), "sok": "yes"}
        case Resume():
            return "software.enable", {"elid": _id(change), "sok": "yes"}
        case Delete():
            return "software.delete", {"elid": _id(change), "sok": "ok"}
        case NewKey():
            raise Refused("a remote of generation 4 makes no new keys", where=remote)
        case ChangeTariff():
            raise Refused("a remote of generation 4 does not change tariffs", where=remote)


def _id(change: LicenseChange) -> str:
    """Return the license's id. Without one an edit would be an order."""
    if not change.license.isdecimal():
        raise ValueError(f"{change.license!r} is not the id of a license")
    return change.license


def accounts() -> Call:
    """Ask for our accounts and what they hold (wire-api.md 8)."""
    return "accountinfo", {}


def licenses() -> Call:
    """Ask for the list of licenses: one document, for no pages are documented (wire-api.md 3.1)."""
    return "software", {}


def license_form(id_: str) -> Call:
    """Ask for one license's form; without ``sok`` nothing is changed (wire-api.md 3.1)."""
    return "software.edit", {"elid": id_}


def tariffs() -> Call:
    """Ask for what we can order (wire-api.md 7.3)."""
    return "availableprice", {}


def periods(tariff: int) -> Call:
    """Ask for what periods a tariff is sold for, and at what price (wire-api.md 7.3)."""
    return "availableprice.periods", {"elid": str(tariff), "sok": "ok"}


def ip_check(tariff: int, period: int, ip: str) -> Call:
    """Ask whether this address may get this license; nothing is ordered (wire-api.md 4.1)."""
    return "software.licinfo", {"price": str(tariff), "period": str(period), "ip": ip, "sok": "ok"}
