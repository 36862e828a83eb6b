"""A sample world to start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cpbillmgr.sandbox.generation4 import sample as generation4


def new_world(generation: int = 6) -> dict[str, Any]:
    """Return a complete world with a price list and a few licenses, ready to be written as JSON.

    Days are laid around today, so that a sample license is not overdue when it is first looked at.
    """
    return {
        "account": {
            "user": "reseller",
            "password": "secret",
            "balance": "1000.00",
            "credit_limit": "0.00",
            "currency": "EUR",
            "allowsuspenditem": True,
            "allowdeleteitem": True,
            "level": 16,
        },
        "generation": generation,
        "clock": None,
        "tariffs": generation4.tariffs() if generation == 4 else _tariffs(),
        "licenses": generation4.licenses() if generation == 4 else _licenses(),
        "next_id": 123460,
        "page_limit": 50,
        "variants": {},
        "charges": [],
    }


def _tariffs() -> list[dict[str, Any]]:
    nodes = {
        "id": 55236,
        "intname": "nodes",
        "name": "Nodes",
        "minimum": 1,
        "prices": {"1": "5.00", "12": "50.00"},
    }
    cloud_nodes = {"id": 3889, "minimum": 5, "prices": {"1": "4.00", "12": "40.00"}}
    platform_prices = {"1": "10.00", "12": "100.00", "-100": "0.00"}
    hosts = {"id": 55165, "minimum": 1, "prices": {"1": "6.00", "12": "60.00"}}
    machines = {
        "id": 55164,
        "intname": "vms",
        "name": "Virtual machines",
        "minimum": 0,
        "prices": {"1": "0.50", "12": "5.00"},
    }
    return [
        _tariff(3541, "ISPmanager 5 Lite", {"1": "4.00", "12": "40.00", "0": "120.00"}, orderable=False),
        _tariff(55227, "ispmanager 6 lite", {"1": "4.00", "12": "40.00"}),
        _tariff(55228, "ispmanager 6 pro", {"1": "8.00", "12": "80.00"}),
        _tariff(55229, "ispmanager 6 host", {"1": "12.00", "12": "120.00"}),
        {**_tariff(55230, "ispmanager 6 business", {"1": "15.00", "12": "150.00"}), "node_addon": nodes},
        _tariff(55239, "ispmanager 6 trial", {"-100": "0.00"}),
        {**_tariff(3887, "VMmanager 5 Cloud", {"1": "20.00", "12": "200.00"}), "node_addon": cloud_nodes},
        {**_tariff(9203, "CloudLinux", {"1": "14.00"}), "itemtype": "softexternal"},
        {
            **_tariff(55163, "VMmanager 6", platform_prices),
            "itemtype": "platform",
            "node_addon": hosts,
            "counted": [machines],
        },
        {**_tariff(55371, "BitNinja", {"1": "10.00", "12": "100.00"}), "itemtype": "addition"},
        {**_tariff(55348, "DomainSSL", {"12": "45.00", "24": "85.00"}), "itemtype": "certificate"},
    ]


def _tariff(id: int, name: str, prices: dict[str, str], *, orderable: bool = True) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "intname": f"soft_{id}",
        "itemtype": "soft",
        "prices": prices,
        "orderable": orderable,
    }


def _licenses() -> list[dict[str, Any]]:
    return [
        _license(123456, 55227, "Item #17 addon vps17", "203.0.113.17", 20, remoteid="a17"),
        _license(123457, 55227, "free.lic", "0.0.0.0", 200, period=12, status=3),  # noqa: S104 - a free license's
        _license(123458, 55230, "business", "203.0.113.30", 9, addons={"55236": 2}),
        {**_license(123459, 3541, "old but for ever", "203.0.113.41", 0, period=0), "expiredate": None},
    ]


def _license(id: int, pricelist: int, name: str, ip: str, days_left: int, **more: Any) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "id": id,
        "licname": name,
        "ip": ip,
        "pricelist": pricelist,
        "period": 1,
        "status": 2,
        "createdate": str(today - timedelta(days=90)),
        "expiredate": str(today + timedelta(days=days_left)),
        "ip_change_date": str(today - timedelta(days=60)),
        "lickey_change_date": str(today - timedelta(days=60)),
        "autoprolong": "null",
        "remoteid": "",
        "remoteip": "",
        "lickey": f"{id}-3f9a1c07b2d84e65",
        **more,
    }
