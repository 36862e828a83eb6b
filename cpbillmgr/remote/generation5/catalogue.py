"""The price list and the account, as nouns (wire-api.md 7.1, 8 and 1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.catalogue import (
    DAY,
    LIFETIME,
    TRIAL,
    Account,
    Resource,
    ResourceKind,
    ResourceValue,
    Tariff,
)
from cpbillmgr.model.known import KNOWN_NODE_ADDONS
from cpbillmgr.model.money import Money
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import told

_KINDS = {"1": ResourceKind.LOGIC, "2": ResourceKind.AMOUNT, "3": ResourceKind.ENUMERATION}


def tariffs_of(document: Element, remote: str) -> dict[int, Tariff]:
    """Return the tariffs of a price list by id. Raises :class:`AnswerNotUnderstood` for one without an id."""
    tariffs = (_tariff(element, remote) for element in document.iterfind("pricelist"))
    return {tariff.id: tariff for tariff in tariffs}


def _tariff(element: Element, remote: str) -> Tariff:
    id_ = values.integer(told(element, "id"))
    if id_ is None:
        raise AnswerNotUnderstood("a tariff without an id is in the price list", where=remote)
    resources = {each.id: each for each in _resources(element)}
    counted = {each.id: each for each in resources.values() if each.kind is ResourceKind.AMOUNT}
    nodes = _node_addon(counted, id_)
    if nodes is not None and nodes.id in counted:
        resources[nodes.id] = nodes
    return Tariff(
        id_,
        _name(element),
        _prices(element),
        nodes,
        resources=tuple(resources.values()),
    )


def _name(element: Element) -> str:
    names = (told(element, each) for each in ("name", "additionintname", "intname"))
    return next(filter(None, names), "")


def _resources(element: Element) -> Iterator[Resource]:
    """Yield a tariff's add-ons; one of a type that is not known is passed over."""
    for addon in element.iterfind("addon"):
        id_, kind = values.integer(told(addon, "id")), _KINDS.get(told(addon, "addontype"))
        if id_ is not None and kind is not None:
            yield Resource(
                id_,
                _name(addon),
                kind,
                _prices(addon),
                tuple(_values(addon)),
                told(addon, "intname"),
                max(values.integer(told(addon, "addonmin")) or 0, 0),
            )


def _values(addon: Element) -> Iterator[ResourceValue]:
    for item in addon.iterfind("enumeration/enumerationitem"):
        id_ = values.integer(told(item, "id"))
        if id_ is not None:
            yield ResourceValue(id_, _name(item), _prices(item))


def _prices(element: Element) -> dict[int, Money]:
    """Return prices by period; a period with an empty cost is not for sale."""
    prices: dict[int, Money] = {}
    for price in element.iterfind("price"):
        for sold in price.iterfind("period"):
            length = _period(told(sold, "type"), told(sold, "length"))
            cost = values.money(told(sold, "cost"), told(price, "currency"))
            if length is not None and cost is not None:
                prices.setdefault(length, cost)
    return prices


def _period(kind: str, length: str) -> int | None:
    """Return the remote period of a price list's period (wire-api.md 9.2).

    =============  ========  =======
    type           length    period
    =============  ========  =======
    month          n         n
    year           n         12 n
    day            1         -50
    lifetime       any       0
    trial          any       -100
    anything else            ``None``
    =============  ========  =======
    """
    count = values.integer(length or "1")
    match kind:
        case "lifetime":
            return LIFETIME
        case "trial":
            return TRIAL
        case "day" if count == 1:
            return DAY
        case "month" if count:
            return count
        case "year" if count:
            return 12 * count
        case _:
            return None


def _node_addon(counted: dict[int, Resource], tariff: int) -> Resource | None:
    """Return the resource that counts a tariff's nodes.

    ===================================  ============================
    integer add-ons in the price list    node add-on
    ===================================  ============================
    one is publicly known as such        that one
    exactly one                          that one
    none, or several unknown ones        what is known of the tariff
    ===================================  ============================
    """
    known = KNOWN_NODE_ADDONS.get(tariff)
    if known is not None and known.id in counted:
        told = counted[known.id]
        return replace(told, minimum=max(told.minimum, known.minimum))
    return next(iter(counted.values())) if len(counted) == 1 else known


def account_of(document: Element, remote: str) -> Account:
    """Return who we are. Raises :class:`AnswerNotUnderstood` when the answer names no user."""
    user = document.find("user")
    name = "" if user is None else user.get("name", "")
    if user is None or not name:
        raise AnswerNotUnderstood("whoami does not say who we are", where=remote)
    return Account(
        name=name,
        balance=values.money(user.get("balance", ""), user.get("currency", "")),
        may_suspend=user.get("allowsuspenditem", "on") == "on",
        may_delete=user.get("allowdeleteitem", "on") == "on",
        version=(document.findtext("version/billmgr") or _manager_version(document)).strip(),
    )


def _manager_version(document: Element) -> str:
    manager = document.find("mgr")
    return "" if manager is None else manager.get("version", "")


def balance_of(document: Element) -> Money | None:
    """Return the balance of the account's only subaccount, or ``None`` when there is not exactly one."""
    rows = document.findall("elem")
    if len(rows) != 1:
        return None
    return values.money(told(rows[0], "balance"), told(rows[0], "currency"))
