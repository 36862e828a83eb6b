"""The price list of generation 4 (wire-api.md 9.1) and a few licenses. The amounts are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cpbillmgr.sandbox.world.nouns import FREE_IP, LIFETIME, TRIAL

LENGTHS = (TRIAL, 1, 12, LIFETIME)
MONTHS_PAID = {TRIAL: 0, 1: 1, 12: 10, LIFETIME: 30}  # how many months a length costs
PRICES: tuple[tuple[int, str, str, tuple[int, int, int, int]], ...] = (
    # price, product, a month's cost, ids of its periods by LENGTHS; 0 where there is none or it is unknown
    (5, "ISPmanager 4 Lite (with support)", "5.00", (2, 0, 0, 0)),
    (7, "ISPmanager 4 Lite (without support)", "4.00", (7, 8, 0, 9)),
    (9, "ISPmanager 4 Pro (with support)", "10.00", (10, 0, 0, 0)),
    (11, "ISPmanager 4 Pro (without support)", "8.00", (15, 16, 0, 17)),
    (112, "ISPmanager 4 Cluster", "20.00", (68, 0, 0, 0)),
    (15, "VDSmanager-Linux", "6.00", (24, 25, 0, 26)),
    (884, "VDSmanager-FreeBSD", "6.00", (534, 535, 0, 536)),
    (16, "DSmanager", "7.00", (27, 28, 29, 661)),
    (17, "DNSmanager 4", "2.00", (30, 0, 0, 31)),
    (18, "IPmanager 4", "2.00", (32, 0, 0, 33)),
    (432, "BILLmanager Standard", "9.00", (246, 380, 381, 0)),
    (434, "BILLmanager Advanced", "15.00", (247, 382, 383, 0)),
    (435, "BILLmanager Corporate", "30.00", (248, 384, 385, 0)),
    (2891, "IPmanager 5", "3.00", (1814, 1815, 1816, 1817)),
    (3045, "VMmanager 5 KVM", "12.00", (1898, 1899, 1900, 1901)),
    (3136, "DNSmanager 5", "3.00", (1926, 0, 0, 0)),
    (3193, "IFXmanager", "5.00", (1951, 0, 0, 0)),
    (3541, "ISPmanager 5 Lite", "4.50", (2307, 2308, 2309, 2310)),
)


def tariffs() -> list[dict[str, Any]]:
    """Return the price list as JSON has it."""
    return [_tariff(*each) for each in PRICES]


def licenses() -> list[dict[str, Any]]:
    """Return some licenses as JSON has them, two of which wait in the pool."""
    return [
        _license(50101, 7, 8, "Item #17 addon vps17", "203.0.113.17", 20),
        _license(50102, 7, 9, "free.lic", FREE_IP, None, status=3),
        _license(50103, 11, 16, "free.lic", FREE_IP, 25, status=3),
        _license(50104, 11, 17, "pro for ever", "203.0.113.30", None),
        _license(50105, 2891, 1815, "addresses", "203.0.113.41", 9),
        _license(50106, 7, 7, "trial", "203.0.113.52", 10),
    ]


def _tariff(id: int, name: str, month: str, periods: tuple[int, ...]) -> dict[str, Any]:
    lengths = {str(period): length for period, length in zip(periods, LENGTHS, strict=True) if period}
    prices = {period: str(Decimal(month) * MONTHS_PAID[length]) for period, length in lengths.items()}
    return {"id": id, "name": name, "prices": prices, "lengths": lengths}


def _license(
    id: int, price: int, period: int, name: str, ip: str, days_left: int | None, *, status: int = 2
) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "id": id,
        "pricelist": price,
        "period": period,
        "licname": name,
        "ip": ip,
        "status": status,
        "createdate": str(today - timedelta(days=90)),
        "expiredate": None if days_left is None else str(today + timedelta(days=days_left)),
        "ip_change_date": str(today - timedelta(days=60)),
    }
