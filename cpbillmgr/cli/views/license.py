"""Licenses on the screen and in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cpbillmgr.cli.terminal.text import day, time

if TYPE_CHECKING:
    from cpbillmgr.runs.licenses import Entry, Sighting

TITLES = ("id", "name", "ip", "tariff", "status", "expires", "service")
LONG = ("name", "ip", "tariff", "service")


def entry_object(each: Entry) -> dict[str, Any]:
    """Return what happened to a license as JSON shows it."""
    return {
        "at": time(each.at),
        "what": each.what,
        "run": each.run or None,
        "why": each.why or None,
        "cost": each.cost.digits if each.cost else None,
        "currency": each.cost.currency if each.cost else None,
    }


def license_cells(each: Sighting) -> list[str]:
    """Return a license as a row below the ``TITLES``."""
    known = each.license
    return [
        known.id,
        known.name,
        known.ip,
        known.tariff_name or str(known.tariff or "?"),
        ", ".join(filter(None, (known.status, known.issue, "protected" if each.protected else None))),
        day(known.expires),
        " ".join(each.child or ()),
    ]


def license_object(each: Sighting) -> dict[str, Any]:
    """Return a license as JSON shows it (cli.md, JSON); days are ISO 8601."""
    known = each.license
    service, addon = each.child or (None, None)
    return {
        "id": known.id,
        "remote": known.remote,
        "name": known.name,
        "ip": known.ip,
        "tariff": known.tariff,
        "tariff_name": known.tariff_name,
        "period": known.period,
        "status": known.status.value,
        "issue": known.issue,
        "expires": known.expires.isoformat() if known.expires else None,
        "ip_changed": known.ip_changed.isoformat() if known.ip_changed else None,
        "key_changed": known.key_changed.isoformat() if known.key_changed else None,
        "service": service,
        "addon": addon,
        "pool": known.is_free,
        "usable_from": each.usable_from.isoformat() if each.usable_from else None,
        "protected": each.protected,
    }
