"""How questions and changes are spelled: function name and parameters, without any input or output.

The spelling is that of BILLmanager 5, which generation 6 still speaks (wire-api.md 4.2, 5 and 13).
"""

from __future__ import annotations

from cpbillmgr.model.changes import Change, ChangeTariff, Delete, Edit, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.remote.dialect import Call

NO_AUTOPROLONG = "null"


def parameters(change: Change) -> Call:
    """Return the function and the parameters that make this change.

    ============  =======================  ==============================================================
    change        function                 besides the license's id and ``sok=ok``
    ============  =======================  ==============================================================
    Order         soft.order.param         ``skipbasket=on``: paid and activated at once, not in the cart
    Edit          soft.edit                only the given fields: one that is not sent keeps its value
    NewKey        soft.edit                the form's button ``newkey``
    Renew         service.prolong          ``skipbasket=on``
    Suspend       soft.suspend             nothing
    Resume        soft.resume              nothing
    Delete        soft.delete              nothing
    ChangeTariff  service.changepricelist  the tariff and the period
    ============  =======================  ==============================================================
    """
    match change:
        case Order():
            return "soft.order.param", _order(change)
        case Edit():
            return "soft.edit", _edit(change)
        case NewKey(license=id_):
            return "soft.edit", {"elid": id_, "clicked_button": "newkey", "sok": "ok"}
        case Renew(license=id_, period=period):
            return "service.prolong", {"elid": id_, "period": str(period), "sok": "ok", "skipbasket": "on"}
        case Suspend(license=id_):
            return "soft.suspend", {"elid": id_, "sok": "ok"}
        case Resume(license=id_):
            return "soft.resume", {"elid": id_, "sok": "ok"}
        case Delete(license=id_):
            return "soft.delete", {"elid": id_, "sok": "ok"}
        case ChangeTariff(license=id_, tariff=tariff, period=period):
            wanted = {"pricelist": str(tariff), "period": str(period)}
            return "service.changepricelist", {"elid": id_, **wanted, "sok": "ok"}


def _order(order: Order) -> dict[str, str]:
    """The remote's own renewal is off: whoever renews, only one side may pay."""
    return {
        "clicked_button": "finish",
        "sok": "ok",
        "skipbasket": "on",
        "pricelist": str(order.tariff),
        "period": str(order.period),
        "ip": order.ip,
        "licname": order.name,
        "autoprolong": NO_AUTOPROLONG,
        "remoteid": order.remoteid,
        **_amounts(order.addons),
    }


def _edit(edit: Edit) -> dict[str, str]:
    fields = {
        "licname": edit.name,
        "ip": edit.ip,
        "remoteid": edit.remoteid,
        "autoprolong": NO_AUTOPROLONG if edit.autoprolong_off else None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return {"elid": edit.license, **given, **_amounts(edit.addons), "sok": "ok"}


def _amounts(addons: tuple[tuple[int, int], ...]) -> dict[str, str]:
    return {f"addon_{id_}": str(amount) for id_, amount in addons}


def whoami() -> Call:
    """Ask who we are; this also tests the login cheaply (wire-api.md 1.6)."""
    return "whoami", {}


def subaccounts() -> Call:
    """Ask for the balances (wire-api.md 8)."""
    return "subaccount", {}


def license_page(number: int, size: int) -> Call:
    """Ask for one page of the list of licenses; pages count from 1 (wire-api.md 3.4)."""
    return "soft", {"p_num": str(number), "p_cnt": str(size)}


def license_form(id_: str) -> Call:
    """Ask for one license's form; without ``sok`` nothing is changed (wire-api.md 1.5)."""
    return "soft.edit", {"elid": id_}


def price_list(product_type: str) -> Call:
    """Ask for what we can order of a product type (wire-api.md 7.1)."""
    return "pricelist.export", {"itemtype": product_type, "onlyavailable": "on"}


def ip_check(tariff: int, period: int, ip: str) -> Call:
    """Ask whether this address may get this license; nothing is ordered (wire-api.md 4.2)."""
    return "soft.checkip", {"pricelist": str(tariff), "period": str(period), "ip": ip, "sok": "ok"}
