"""Prints a world for the sandbox: an account with 75 licenses, its days counted from today."""

import json
from datetime import UTC, datetime, timedelta

TODAY = datetime.now(UTC).date()
LITE, PRO, BUSINESS = 55227, 55228, 55230
NOWHERE = "0.0.0.0"  # noqa: S104 - the address of a license in the pool


def license(
    id: int, tariff: int, name: str, ip: str, days_left: int, rested: int = 90, status: int = 2
) -> dict:
    """Return a license that has so many days left and was moved so many days ago."""
    return {
        "id": id,
        "licname": name,
        "ip": ip,
        "pricelist": tariff,
        "period": 1,
        "status": status,
        "createdate": str(TODAY - timedelta(days=200)),
        "expiredate": str(TODAY + timedelta(days=days_left)),
        "ip_change_date": str(TODAY - timedelta(days=rested)),
        "lickey_change_date": str(TODAY - timedelta(days=rested)),
    }


def licenses() -> list[dict]:
    """Return what the account has: one for 203.0.113.11, a pool of three, and 71 that others use."""
    pool = [
        license(5001, LITE, "free.lic", NOWHERE, days_left=150, status=3),  # fits
        license(5002, LITE, "free.lic", NOWHERE, days_left=-5, status=3),  # expired
        license(5003, LITE, "free.lic", NOWHERE, days_left=200, rested=10, status=3),  # moved too recently
    ]
    ours = [license(5000, LITE, "bought by hand", "203.0.113.11", days_left=12)]
    others = [
        license(6000 + n, (LITE, PRO)[n % 2], f"another department {n}", f"198.51.100.{n + 1}", 5 + n % 25)
        for n in range(71)
    ]
    return [*ours, *pool, *others]


def tariff(id: int, name: str, month: str, year: str) -> dict:
    """Return a tariff that is sold by the month and by the year."""
    return {"id": id, "name": name, "intname": f"soft_{id}", "prices": {"1": month, "12": year}}


NODES = {
    "id": 55236,
    "intname": "nodes",
    "name": "Nodes",
    "minimum": 1,
    "prices": {"1": "5.00", "12": "50.00"},
}

if __name__ == "__main__":
    world = {
        "account": {"user": "reseller", "password": "pretended", "balance": "250.00", "currency": "EUR"},
        "tariffs": [
            tariff(LITE, "ispmanager 6 lite", "4.00", "40.00"),
            tariff(PRO, "ispmanager 6 pro", "8.00", "80.00"),
            {**tariff(BUSINESS, "ispmanager 6 business", "15.00", "150.00"), "node_addon": NODES},
        ],
        "licenses": licenses(),
        "page_limit": 50,
    }
    print(json.dumps(world, indent=1))
