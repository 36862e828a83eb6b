"""Nouns that the tests of the store begin with; ``dataclasses.replace`` makes others of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Addon, AddonKind, Child, Service, Status

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
FOUR_EUROS = Money(Decimal("4.00"), "EUR")

PANEL = Addon("panel", AddonKind.ENUMERATION, "Lite", id=31)
BACKUP = Addon("backup", AddonKind.LOGIC, "on", nodes=3, amounts=(("55164", 50), ("vms", 0)))

WEB1 = Service(
    id="12",
    type="vds",
    name="web1",
    ip="203.0.113.5",
    status=Status.ACTIVE,
    tariff=3,
    period=10,
    months=1,
    expires=date(2027, 1, 1),
    addons=(PANEL, BACKUP),
)
WEB2 = Service("13", "vds", "web2", "", Status.SUSPENDED)

LITE = License(
    remote="isp",
    id="501",
    name="Item #12 addon web1",
    ip="203.0.113.5",
    tariff=55227,
    tariff_name="ispmanager 6 lite",
    period=1,
    status=Status.ACTIVE,
    expires=date(2027, 1, 1),
    renews_itself=False,
    cost=FOUR_EUROS,
)

CHILD = Child(
    service="12",
    addon="panel",
    service_name="web1",
    ip="203.0.113.5",
    status=Status.ACTIVE,
    remote="isp",
    tariff=55227,
    period=1,
)
ORDER = Decision(Action.ORDER, CHILD, "none is free", cost=FOUR_EUROS, remoteid="cpb1-main-12-panel-1")


def child(service: str) -> Child:
    """Return the child of another service."""
    return Child(service, "panel", f"web{service}", "203.0.113.9", Status.ACTIVE, "isp", 55227, 1)


def order(service: str, *, cost: Money | None = FOUR_EUROS) -> Decision:
    """Return an order for another service."""
    return Decision(
        Action.ORDER, child(service), "none is free", cost=cost, remoteid=f"cpb1-main-{service}-panel-1"
    )


def take(service: str, license_id: str) -> Decision:
    """Return a take of this license for another service."""
    return Decision(Action.TAKE, child(service), "free in the pool", license=license_id)
