"""Licenses as generation 4 shows them: rows of the list, and forms (wire-api.md 3.1)."""

from __future__ import annotations

from dataclasses import replace
from sys import intern
from xml.etree.ElementTree import Element

from cpbillmgr.model.licenses import License
from cpbillmgr.remote import values
from cpbillmgr.remote.documents import Fields, text
from cpbillmgr.remote.replies import day_of, fields_of_form, id_of_row, status_of

# What the list shows of every license. Which of it a form repeats is not documented.
SHOWN = ("licname", "ip", "price", "period", "expiredate", "status")


def fields_of_row(row: Element) -> Fields:
    """Return a row's fields by name."""
    return {field.tag: field for field in row}


def license_of_row(row: Element, remote: str) -> License:
    """Return the license of a list row.

    Raises :class:`AnswerNotUnderstood` when it has no id, or a status that is not known.
    """
    fields = fields_of_row(row)
    return license_of(fields, id_of_row(fields, remote), remote)


def license_of_form(document: Element, row: Fields, id_: str, remote: str) -> License:
    """Return the license that a form shows; what it leaves out is as in the list's row.

    The tariff's name is left to rows: where only forms tell it, each would look changed beside its row.
    Raises :class:`AnswerNotUnderstood` when it is another license's form, or neither shows its status.
    """
    shown = license_of({**row, **fields_of_form(document, id_, remote)}, id_, remote)
    return replace(shown, tariff_name=text(row, "pricename").strip())


def license_of(fields: Fields, id_: str, remote: str) -> License:
    """Return the license of these fields.

    It has no remote id and no nodes, ever, so there is no form to be read for them. A product of generation
    5 sold here may have a key. Only the price list tells how long its period is.
    """
    period = values.integer(text(fields, "period"))
    return License(
        remote=remote,
        id=id_,
        name=text(fields, "licname"),
        ip=text(fields, "ip").strip(),
        tariff=values.integer(text(fields, "price")),
        tariff_name=intern(text(fields, "pricename").strip()),
        period=period,
        status=status_of(fields, id_, remote),
        expires=day_of(fields, "expiredate"),
        cost=values.money(text(fields, "cost"), text(fields, "currency")),
        remoteid="",
        key=text(fields, "lickey").strip() if "lickey" in fields else None,
        addons=(),
    )
