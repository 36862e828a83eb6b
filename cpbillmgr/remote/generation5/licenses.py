"""Licenses as generations 5 and 6 show them: rows of the list, and forms (wire-api.md 3.2 and 3.3)."""

from __future__ import annotations

import re
from dataclasses import replace
from sys import intern
from xml.etree.ElementTree import Element

from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import Fields, orig, text
from cpbillmgr.remote.generation5.certificates import issue_of_form, issue_of_row
from cpbillmgr.remote.generation5.products import SPELLINGS
from cpbillmgr.remote.replies import day_of, fields_of_form, id_of_row, status_of

_ADDON = re.compile(r"addon_([0-9]{1,18})")


def license_of_row(row: Element, remote: str, product: ProductType = ProductType.SOFT) -> License:
    """Return the license of a list row.

    Raises :class:`AnswerNotUnderstood` when it has no id, or a status that is not known.
    """
    fields = {field.tag: field for field in row}
    return _license(fields, id_of_row(fields, remote), remote, product)


def license_of_form(
    document: Element, id_: str, remote: str, product: ProductType = ProductType.SOFT
) -> License:
    """Return the license that a form shows, with what only forms tell.

    Raises :class:`AnswerNotUnderstood` when it is another license's form, or none at all.
    """
    fields = fields_of_form(document, id_, remote)
    shown = _license(fields, id_, remote, product)
    return replace(
        shown,
        remoteid=text(fields, "remoteid"),
        key=text(fields, "lickey").strip() if "lickey" in fields else None,
        addons=_addons(fields),
        issue=issue_of_form(fields, shown.status) if product.is_certificate else None,
    )


def _license(fields: Fields, id_: str, remote: str, product: ProductType) -> License:
    tariff, tariff_name = _tariff(fields)
    period = values.period(text(fields, "period"))
    return License(
        remote=remote,
        id=id_,
        name=text(fields, SPELLINGS[product].name),
        ip=text(fields, "ip").strip() if product.has_address else "",
        tariff=tariff,
        tariff_name=intern(tariff_name),
        period=period,
        length=period,
        status=status_of(fields, id_, remote),
        expires=day_of(fields, "real_expiredate", "expiredate"),
        ip_changed=day_of(fields, "real_ipchange", "ip_change_date"),
        key_changed=day_of(fields, "real_keychange", "lickey_change_date"),
        renews_itself=values.renews_itself(orig(fields, "autoprolong") or text(fields, "autoprolong")),
        cost=_cost(fields, period),
        issue=issue_of_row(fields) if product.is_certificate else None,
    )


def _tariff(fields: Fields) -> tuple[int | None, str]:
    """Return the tariff's id and name: ``pricelist`` is the name in lists and the id in forms."""
    either = text(fields, "pricelist")
    number = values.integer(text(fields, "pricelist_id"))
    as_number = values.integer(either)
    name = text(fields, "pricelist_name") or ("" if as_number is not None else either)
    return (as_number if number is None else number), name


def _cost(fields: Fields, period: int | None) -> Money | None:
    """Return the price of the whole order period.

    ``item_cost`` is that; ``cost`` is a text with the price of one month or of the unit behind its slash.
    """
    whole = values.money(text(fields, "item_cost"), text(fields, "currency_str"))
    if whole is not None:
        return whole
    words = text(fields, "cost")
    rate = values.money(words, text(fields, "currency_str"))
    unit = values.period(words.partition("/")[2])
    if rate is None or not period or not unit or min(period, unit) < 0:
        return rate
    return rate * (period // unit) if period % unit == 0 else rate


def _addons(fields: Fields) -> tuple[tuple[int, int], ...]:
    found = ((_ADDON.fullmatch(name), values.integer(text(fields, name))) for name in fields)
    return tuple(sorted((int(addon[1]), amount) for addon, amount in found if addon and amount is not None))
