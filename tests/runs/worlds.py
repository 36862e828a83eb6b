"""What the tests' remote has, and what our services ask for, in as few words as a test needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

FREE_IP = "0.0.0.0"  # noqa: S104 - an address in a form, nothing listens here
FREE_NAME = "free.lic"
LITE, PRO, BUSINESS, NODES, DNS = 55227, 55228, 55230, 55236, 3136
ACTIVE, SUSPENDED, DELETED = 2, 3, 4
STRANGER = "stranger"  # how the names of licenses begin that none of our services may touch
USER, PASSWORD = "reseller", "correct horse&battery=7%"

Fields = dict[str, Any]


def day(days: int) -> str:
    """Return the day so many days from today, UTC."""
    return str(datetime.now(UTC).date() + timedelta(days=days))


def license(id: int, ip: str, name: str = "bought by hand", **more: Any) -> Fields:
    """Return a license that has 20 days left and was moved 90 days ago."""
    return {
        "id": id,
        "licname": name,
        "ip": ip,
        "pricelist": LITE,
        "status": ACTIVE,
        "createdate": day(-200),
        "expiredate": day(20),
        "ip_change_date": day(-90),
        "lickey_change_date": day(-90),
        "autoprolong": "null",
        "remoteid": "",
        "lickey": f"{id}-key",
        **more,
    }


def spare(id: int, **more: Any) -> Fields:
    """Return a license of the pool."""
    return license(id, FREE_IP, FREE_NAME, status=SUSPENDED, **more)


def strangers(count: int) -> list[Fields]:
    """Return licenses that other departments use."""
    return [
        license(
            6000 + n, f"198.51.100.{n + 1}", f"{STRANGER} {n}", pricelist=(LITE, PRO)[n % 2], remoteid=f"a{n}"
        )
        for n in range(count)
    ]


def service(
    id: str, panel: str = "55227", ip: str | None = None, *, nodes: int | None = None, **more: Any
) -> Fields:
    """Return a virtual server that is sold by the month; its address ends with its id unless it is given."""
    return {
        "id": id,
        "type": "vds",
        "name": f"web{id}",
        "ip": f"203.0.113.{id}" if ip is None else ip,
        "status": "active",
        "tariff": 3,
        "period": 10,
        "months": 1,
        "addons": [{"id": 31, "name": "panel", "kind": "enumeration", "value": panel, "nodes": nodes}],
        **more,
    }


def old_license(id: int, ip: str, name: str = "bought by hand", **more: Any) -> Fields:
    """Return a license of a generation 4 remote, whose periods are ids: one of a month."""
    return license(id, ip, name, **{"pricelist": OLD_LITE, "period": A_MONTH, "lickey": "", **more})


def old_spare(id: int, **more: Any) -> Fields:
    """Return a license of a generation 4 remote's pool."""
    return old_license(id, FREE_IP, FREE_NAME, status=SUSPENDED, **more)


def world(
    licenses: Iterable[Fields] = (), balance: str = "1000.00", generation: int = 6, **variants: Any
) -> Fields:
    """Return an account with these licenses and so much money; it sells two products."""
    return {
        "generation": generation,
        "account": {"user": USER, "password": PASSWORD, "balance": balance, "currency": "EUR"},
        "tariffs": _OLD_TARIFFS
        if generation == 4
        else [
            _tariff(LITE, "ispmanager 6 lite", "4.00", "40.00"),
            _tariff(PRO, "ispmanager 6 pro", "8.10", "80.00"),
            {**_tariff(BUSINESS, "ispmanager 6 business", "15.00", "150.00"), "node_addon": _NODES},
            _tariff(DNS, "DNSmanager 5", "2.00", "20.00"),
        ],
        "licenses": list(licenses),
        "next_id": 7000,
        "page_limit": 50,
        "variants": variants,
        "charges": [],
    }


_NODES = {
    "id": NODES,
    "intname": "nodes",
    "name": "Nodes",
    "minimum": 1,
    "prices": {"1": "5.00", "12": "50.00"},
}


# Generation 4: trial, a month, a year where there is one, for life (wire-api.md 9.1).
OLD_LITE, OLD_PRO, IPS = 7, 11, 2891
A_TRIAL, A_MONTH, FOR_LIFE = 7, 8, 9  # of OLD_LITE
_OLD_TARIFFS = [
    {
        "id": OLD_LITE,
        "name": "ISPmanager 4 Lite",
        "prices": {"7": "0.00", "8": "4.00", "9": "120.00"},
        "lengths": {"7": -100, "8": 1, "9": 0},
    },
    {
        "id": OLD_PRO,
        "name": "ISPmanager 4 Pro",
        "prices": {"15": "0.00", "16": "8.00", "17": "240.00"},
        "lengths": {"15": -100, "16": 1, "17": 0},
    },
    {
        "id": IPS,
        "name": "IPmanager 5",
        "prices": {"1814": "0.00", "1815": "3.00", "1816": "30.00", "1817": "90.00"},
        "lengths": {"1814": -100, "1815": 1, "1816": 12, "1817": 0},
    },
]


def _tariff(id: int, name: str, month: str, year: str) -> Fields:
    return {"id": id, "name": name, "intname": f"soft_{id}", "prices": {"1": month, "12": year}}
