"""Answers about licenses: what all generations have in common, and whether a change was made.

Versions and modules of BILLmanager spell the same fact in several ways; every way that was ever seen is
understood (wire-api.md 2.3, 3 and 13). Elements that are not named here or in a dialect are ignored.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AcceptedWithoutId, AnswerNotUnderstood, MaybeDone
from cpbillmgr.model.licenses import License
from cpbillmgr.model.services import Status
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import Fields, echoes, form_fields, orig, text
from cpbillmgr.remote.text import clean

# A committed form shows itself again; any of these fields makes it a license's.
_FORM = ("id", "elid", "licname", "lickey", "expiredate", "newexpiredate")


def id_of_row(fields: Fields, remote: str) -> str:
    """Return the id of a list row's license. Raises :class:`AnswerNotUnderstood` when it has none."""
    id_ = text(fields, "id").strip()
    if not (id_.isascii() and id_.isdecimal()):
        raise AnswerNotUnderstood(f"a license with the id {clean(id_)!r} is in the list", where=remote)
    return id_


def fields_of_form(document: Element, id_: str, remote: str) -> Fields:
    """Return the fields of a license's form. Raises :class:`AnswerNotUnderstood` for another one's form."""
    fields = form_fields(document)
    shown = (text(fields, "elid") or text(fields, "id")).strip()
    if shown not in ("", id_):
        message = f"the form of license {clean(id_)} is that of license {clean(shown)}"
        raise AnswerNotUnderstood(message, where=remote)
    return fields


def merge(row: License, form: License) -> License:
    """Return what a license's row and its form tell together; where both do, the form is newer."""
    return replace(
        form,
        name=form.name or row.name,
        ip=form.ip or row.ip,
        tariff=row.tariff if form.tariff is None else form.tariff,
        tariff_name=form.tariff_name or row.tariff_name,
        period=row.period if form.period is None else form.period,
        length=row.length if form.length is None else form.length,
        expires=form.expires or row.expires,
        ip_changed=form.ip_changed or row.ip_changed,
        key_changed=form.key_changed or row.key_changed,
        renews_itself=row.renews_itself if form.renews_itself is None else form.renews_itself,
        cost=form.cost or row.cost,
        issue=form.issue or row.issue,
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


def status_of(fields: Fields, id_: str, remote: str) -> Status:
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


def day_of(fields: Fields, *names: str) -> date | None:
    """Return the first day that one of these fields tells, or ``None``."""
    for name in names:
        found = values.day(text(fields, name))
        if found is not None:
            return found
    return None


def _require_echo(document: Element, func: str, remote: str) -> None:
    if not echoes(document, func):
        other = clean(document.get("func", ""))
        raise MaybeDone(f"{func} was sent, and a document of {other} came back", where=remote)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and int(value) > 0
