"""How questions and changes are spelled: function name and parameters, without any input or output.

The spelling is that of BILLmanager 5, which generation 6 still speaks (wire-api.md 4.2, 5 and 13).
"""

from __future__ import annotations

from cpbillmgr.model.changes import Change, ChangeTariff, Delete, Edit, NewKey, Order, Renew, Resume, Suspend
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.dialect import Call
from cpbillmgr.remote.generation5.certificates import request_fields
from cpbillmgr.remote.generation5.products import SPELLINGS

NO_AUTOPROLONG = "null"


def parameters(change: Change, product: ProductType) -> Call:
    """Return the function and the parameters that make this change.

    ============  =======================  ==============================================================
    change        function                 besides the license's id and ``sok=ok``
    ============  =======================  ==============================================================
    Order         PRODUCT.order.param      ``skipbasket=on``: paid and activated at once, not in the cart
    Edit          PRODUCT.edit             only the given fields: one that is not sent keeps its value
    NewKey        PRODUCT.edit             the form's button ``newkey``
    Renew         service.prolong          ``skipbasket=on``
    Suspend       PRODUCT.suspend          nothing
    Resume        PRODUCT.resume           nothing
    Delete        PRODUCT.delete           nothing
    ChangeTariff  service.changepricelist  the tariff and the period
    ============  =======================  ==============================================================
    """
    match change:
        case Order():
            return f"{product}.order.param", _order(change, product)
        case Edit():
            return f"{product}.edit", _edit(change, product)
        case NewKey(license=id_):
            return f"{product}.edit", {"elid": id_, "clicked_button": "newkey", "sok": "ok"}
        case Renew(license=id_, period=period):
            return "service.prolong", {"elid": id_, "period": str(period), "sok": "ok", "skipbasket": "on"}
        case Suspend(license=id_):
            return f"{product}.suspend", {"elid": id_, "sok": "ok"}
        case Resume(license=id_):
            return f"{product}.resume", {"elid": id_, "sok": "ok"}
        case Delete(license=id_):
            return f"{product}.delete", {"elid": id_, "sok": "ok"}
        case ChangeTariff(license=id_, tariff=tariff, period=period):
            wanted = {"pricelist": str(tariff), "period": str(period)}
            return "service.changepricelist", {"elid": id_, **wanted, "sok": "ok"}


def _order(order: Order, product: ProductType) -> dict[str, str]:
    """The remote's own renewal is off: whoever renews, only one side may pay.

    Raises ``ValueError`` where request and product do not belong together: nothing plans that.
    """
    if (order.request is not None) != product.is_certificate:
        raise ValueError(f"{product} is ordered {'with' if order.request else 'without'} a request")
    if order.request is not None and order.request.subject.domain != order.name:
        raise ValueError(f"the request is for {order.request.subject.domain}, not for {order.name}")
    return {
        "clicked_button": "finish",
        "sok": "ok",
        "skipbasket": "on",
        "pricelist": str(order.tariff),
        "period": str(order.period),
        **_identity(product, order.name, order.ip or None, order.panel),
        "autoprolong": NO_AUTOPROLONG,
        "remoteid": order.remoteid,
        **({} if order.request is None else request_fields(order.request)),
        **_amounts(order.addons),
    }


def _edit(edit: Edit, product: ProductType) -> dict[str, str]:
    fields = {
        "remoteid": edit.remoteid,
        "autoprolong": NO_AUTOPROLONG if edit.autoprolong_off else None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    known_by = _identity(product, edit.name, edit.ip)
    return {"elid": edit.license, **known_by, **given, **_amounts(edit.addons), "sok": "ok"}


def _identity(
    product: ProductType, name: str | None, ip: str | None, panel: str | None = None
) -> dict[str, str]:
    """Return what a license is known by, in its product's words; a name is left out where it has none.

    Raises ``ValueError`` for an address or a panel that the product does not have: nothing plans that.
    """
    if ip is not None and not product.has_address:
        raise ValueError(f"{product} has no address")
    if panel is not None and not product.is_module:
        raise ValueError(f"{product} stands on no panel")
    fields = {SPELLINGS[product].name: name, "ip": ip, "item": panel}
    return {field: value for field, value in fields.items() if field and value is not None}


def _amounts(addons: tuple[tuple[int, int], ...]) -> dict[str, str]:
    return {f"addon_{id_}": str(amount) for id_, amount in addons}


def whoami() -> Call:
    """Ask who we are; this also tests the login cheaply (wire-api.md 1.6)."""
    return "whoami", {}


def subaccounts() -> Call:
    """Ask for the balances (wire-api.md 8)."""
    return "subaccount", {}


def license_page(number: int, size: int, product: ProductType) -> Call:
    """Ask for one page of the list of licenses; pages count from 1 (wire-api.md 3.4)."""
    return product.value, {"p_num": str(number), "p_cnt": str(size)}


def license_form(id_: str, product: ProductType) -> Call:
    """Ask for one license's form; without ``sok`` nothing is changed (wire-api.md 1.5)."""
    return f"{product}.edit", {"elid": id_}


def certificate_files(id_: str) -> Call:
    """Ask for the list of a certificate's files (wire-api.md 10.1)."""
    return "certificate.file", {"elid": id_}


def certificate_file(file: str, certificate: str) -> Call:
    """Ask for the form of one of a certificate's files; the list's owner is its parent (wire-api.md 1.5)."""
    return "certificate.file.edit", {"elid": file, "plid": certificate}


def price_list(product: ProductType) -> Call:
    """Ask for what we can order of a product type (wire-api.md 7.1)."""
    return "pricelist.export", {"itemtype": product.value, "onlyavailable": "on"}


def ip_check(tariff: int, period: int, ip: str) -> Call:
    """Ask whether this address may get this license; nothing is ordered (wire-api.md 4.2)."""
    return "soft.checkip", {"pricelist": str(tariff), "period": str(period), "ip": ip, "sok": "ok"}
