"""Answers about licenses, as nouns: rows of the list, forms, and whether a change was made.

Generations, versions and modules of BILLmanager spell the same fact in several ways; every way that was ever
seen is understood (wire-api.md 2.3, 3.2, 3.3 and 13). Elements that are not named here are ignored.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from sys import intern
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AcceptedWithoutId, AnswerNotUnderstood, MaybeDone
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Status
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import Fields, echoes, form_fields, orig, text
from cpbillmgr.remote.text import clean

_ADDON = re.compile(r"addon_([0-9]{1,18})")
# A committed form shows itself again; any of these fields makes it a license's.
_FORM = ("id", "elid", "licname", "lickey", "expiredate", "newexpiredate")


def license_of_row(row: Element, remote: str) -> License:
    """Return the license of a list row.

    Raises :class:`AnswerNotUnderstood` when it has no id, or a status that is not known.
    """
    fields = {field.tag: field for field in row}
    id_ = text(fields, "id").strip()
    if not (id_.isascii() and id_.isdecimal()):
        raise AnswerNotUnderstood(f"a license with the id {clean(id_)!r} is in the list", where=remote)
    return _license(fields, id_, remote)


def license_of_form(document: Element, id_: str, remote: str) -> License:
    """Return the license that a form shows, with what only forms tell.

    Raises :class:`AnswerNotUnderstood` when it is another license's form, or none at all.
    """
    fields = form_fields(document)
    shown = (text(fields, "elid") or text(fields, "id")).strip()
    if shown not in ("", id_):
        message = f"the form of license {clean(id_)} is that of license {clean(shown)}"
        raise AnswerNotUnderstood(message, where=remote)
    return replace(
        _license(fields, id_, remote),
        remoteid=text(fields, "remoteid"),
        key=text(fields, "lickey").strip() if "lickey" in fields else None,
        addons=_addons(fields),
    )


def merge(row: License, form: License) -> License:
    """Return what a license's row and its form tell together; where both do, the form is newer."""
    return replace(
        form,
        name=form.name or row.name,
        ip=form.ip or row.ip,
        tariff=row.tariff if form.tariff is None else form.tariff,
        tariff_name=form.tariff_name or row.tariff_name,
        period=row.period if form.period is None else form.period,
        expires=form.expires or row.expires,
        ip_changed=form.ip_changed or row.ip_changed,
        key_changed=form.key_changed or row.key_changed,
        autoprolong=form.autoprolong or row.autoprolong,
        cost=form.cost or row.cost,
    )


def require_done(document: Element, func: str, remote: str) -> None:
    """Raise :class:`MaybeDone` unless the document proves a change.

    ===========================  =============================  ======
    function echoed              holds                          done
    ===========================  =============================  ======
    another one                  anything                       maybe
    the one sent, or not at all  ``<ok>`` or a license's form   yes
    the one sent, or not at all  anything else                  maybe
    ===========================  =============================  ======
    """
    _require_echo(document, func, remote)
    fields = form_fields(document)
    if "ok" not in fields and not any(name in fields for name in _FORM):
        raise MaybeDone(f"{func} was sent, and the answer does not say that it was done", where=remote)


def new_license_id(document: Element, func: str, remote: str) -> str:
    """Return the id of the license that was ordered (wire-api.md 2.3).

    It stands in ``id``, in ``item.id`` (a literal name), or in both. Raises :class:`AcceptedWithoutId` where
    only ``billorder`` or ``ok`` tell of the purchase, else :class:`MaybeDone` unless the id is one number.
    """
    _require_echo(document, func, remote)
    fields = form_fields(document)
    ids = {text(fields, name).strip() for name in ("id", "item.id")} - {""}
    if not ids:
        if "ok" not in fields and "billorder" not in fields:
            raise MaybeDone("the order was answered with nothing that says what became of it", where=remote)
        message = "the order was accepted, but the remote did not tell the license's id"
        raise AcceptedWithoutId(message, where=remote)
    id_ = ids.pop()
    if ids or not _is_id(id_):
        raise MaybeDone("the order was answered with something that is not a license's id", where=remote)
    return id_


def _license(fields: Fields, id_: str, remote: str) -> License:
    tariff, tariff_name = _tariff(fields)
    period = values.period(text(fields, "period"))
    return License(
        remote=remote,
        id=id_,
        name=text(fields, "licname"),
        ip=text(fields, "ip").strip(),
        tariff=tariff,
        tariff_name=intern(tariff_name),
        period=period,
        status=_status(fields, id_, remote),
        expires=_day(fields, "real_expiredate", "expiredate"),
        ip_changed=_day(fields, "real_ipchange", "ip_change_date"),
        key_changed=_day(fields, "real_keychange", "lickey_change_date"),
        autoprolong=intern(orig(fields, "autoprolong") or text(fields, "autoprolong")),
        cost=_cost(fields, period),
    )


def _status(fields: Fields, id_: str, remote: str) -> Status:
    """Return the status: the first number that one of the places below begins with.

    ==========================  ==========================================
    place                       for instance
    ==========================  ==========================================
    attribute of item_status    ``<item_status orig="5_open">Opening``
    attribute of status         ``<status orig="2">Active``
    text of status              ``<status>2</status>``
    text of item_status         ``<item_status>2</item_status>``
    ==========================  ==========================================
    """
    told = (
        orig(fields, "item_status"),
        orig(fields, "status"),
        text(fields, "status"),
        text(fields, "item_status"),
    )
    number = next((value for value in told if value[:1].isdecimal()), "")
    known = values.status(number)
    if known is None:
        value = clean(number or " ".join(filter(None, told))) or "none at all"
        raise AnswerNotUnderstood(f"license {clean(id_)} has an unknown status: {value}", where=remote)
    return known


def _tariff(fields: Fields) -> tuple[int | None, str]:
    """Return the tariff's id and name: ``pricelist`` is the name in lists and the id in forms."""
    either = text(fields, "pricelist")
    number = values.integer(text(fields, "pricelist_id"))
    as_number = values.integer(either)
    name = text(fields, "pricelist_name") or ("" if as_number is not None else either)
    return (as_number if number is None else number), name


def _day(fields: Fields, *names: str) -> date | None:
    for name in names:
        found = values.day(text(fields, name))
        if found is not None:
            return found
    return None


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


def _require_echo(document: Element, func: str, remote: str) -> None:
    if not echoes(document, func):
        other = clean(document.get("func", ""))
        raise MaybeDone(f"{func} was sent, and a document of {other} came back", where=remote)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and int(value) > 0
