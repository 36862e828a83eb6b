"""What was done to each license, written down with every change."""

from __future__ import annotations

from datetime import datetime

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements
from cpbillmgr.sandbox.protocol.listing import page
from cpbillmgr.sandbox.world.nouns import Entry, License, World

TOLD = ("licname", "ip", "remoteip", "remoteid", "pricelist", "period", "status", "expiredate", "autoprolong")


def keep(world: World, call: Call, license: License) -> None:
    """Put a new or changed license into the world, and what has changed into its history."""
    record(world, license, world.moment(call.received).now, call.func, call.client)


def record(world: World, license: License, now: datetime, func: str, client: str) -> None:
    """Put a license into the world, and what has changed into its history: when, by what, from where."""
    old = world.licenses.get(license.id)
    world.licenses[license.id] = license
    before = {} if old is None else _told(old)
    changed = [
        f"{name}: {before.get(name, '')} -> {value}"
        for name, value in _told(license).items()
        if before.get(name) != value
    ]
    if license != old:
        world.history.append(Entry(now, license.id, func, client, "; ".join(changed)))


def _told(license: License) -> dict[str, object]:
    """Return what the history tells of a license."""
    facts = {name: getattr(license, name) for name in TOLD}
    if license.certificate is None:
        return facts
    return facts | {name: getattr(license.certificate, name) for name in ("approver", "service_status")}


def history(world: World, call: Call) -> str:
    """Return what was done to a license, oldest first (the fields are documented, the wording invented)."""
    license = call.license(world)
    entries = [entry for entry in enumerate(world.history, 1) if entry[1].license == license.id]
    return page(world, call, entries, lambda entry: f"<elem>{elements(_fields(world, entry))}</elem>", _facts)


def _fields(world: World, numbered: tuple[int, Entry]) -> dict[str, object]:
    id, entry = numbered
    return {
        "id": id,
        "changedate": f"{entry.time:%Y-%m-%d %H:%M:%S}",
        "desc": entry.desc,
        "user": world.account.user,
        "ip": entry.client,
        "action": entry.func,
    }


def _facts(numbered: tuple[int, Entry]) -> dict[str, str | int]:
    id, entry = numbered
    return {"id": id, "changedate": str(entry.time), "action": entry.func}
