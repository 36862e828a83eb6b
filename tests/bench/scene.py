"""A site in sync: a world for the sandbox, and a state in which every service has its license already.

``python -m tests.bench.scene FOLDER SIZE`` writes both into a folder. It is a process of its own, because a
process that has held a hundred thousand services would spoil the memory figures of those that it starts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cpbillmgr.model.licenses import License, Link
from cpbillmgr.model.mark import license_name
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.store.state import State

REMOTE, USER, PASSWORD = "sandbox", "reseller", "secret"
ADDON = "panel"
TARIFFS = {55227: ("ispmanager 6 lite", "4.00"), 55228: ("ispmanager 6 pro", "8.00")}
ROWS_PER_PAGE = 1000  # what the client asks for unless its settings say otherwise
_FIRST_IP = IPv4Address("10.0.0.1")
_FIRST_LICENSE = 1_000_000


def services(size: int, today: date) -> Iterator[Service]:
    """Yield active servers, each of which asks for one of two panels and ends within the next month."""
    for number in range(1, size + 1):
        tariff = list(TARIFFS)[number % 2]
        yield Service(
            id=str(number),
            type="vds",
            name=f"web{number}.example",
            ip=str(_FIRST_IP + number),
            status=Status.ACTIVE,
            tariff=3,
            period=10,
            months=1,
            expires=today + timedelta(days=2 + number % 30),
            addons=(Addon(ADDON, AddonKind.ENUMERATION, str(tariff), id=31),),
        )


def license_of(service: Service) -> License:
    """Return the license that a service has, as the remote's list shows it."""
    tariff = int(service.addons[0].value)
    return License(
        remote=REMOTE,
        id=str(_FIRST_LICENSE + int(service.id)),
        name=license_name(service.id, service.name),
        ip=service.ip,
        tariff=tariff,
        tariff_name=TARIFFS[tariff][0],
        period=1,
        status=service.status,
        expires=service.expires,
    )


def world(licenses: list[License]) -> dict[str, object]:
    """Return the sandbox's world: an account with these licenses."""
    return {
        "account": {"user": USER, "password": PASSWORD},
        "tariffs": [
            {"id": id, "name": name, "prices": {"1": price}} for id, (name, price) in TARIFFS.items()
        ],
        "licenses": [_in_world(license) for license in licenses],
        "page_limit": ROWS_PER_PAGE,
    }


def _in_world(license: License) -> dict[str, object]:
    return {
        "id": int(license.id),
        "licname": license.name,
        "ip": license.ip,
        "pricelist": license.tariff,
        "expiredate": str(license.expires),
    }


def write(folder: Path, size: int) -> None:
    """Write ``world.json`` and ``state.db``: inventory, sightings and links as a finished run leaves them."""
    now = datetime.now(UTC)
    inventory = list(services(size, now.date()))
    licenses = [license_of(service) for service in inventory]
    (folder / "world.json").write_text(json.dumps(world(licenses)), encoding="utf-8")
    with State.open(folder / "state.db", now=now) as state:
        state.inventory.put(inventory)
        state.sightings.record(REMOTE, licenses, now)
        links = (Link(REMOTE, license_of(service).id, service.id, ADDON) for service in inventory)
        state.links.link([(link, "made for a measurement") for link in links], now)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
