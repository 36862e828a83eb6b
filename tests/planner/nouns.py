"""Values that the tests of the planner begin with; each builder's keywords say what is different."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Resource, ResourceKind, Tariff
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.mark import Mark, license_name
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
LONG_AGO = date(2026, 1, 1)
IP = "203.0.113.12"  # where service 12 stands
ELSEWHERE = "198.51.100.7"

LITE, PRO, BUSINESS, NODES, BILLING = 55227, 55228, 55230, 55236, 5577
EUROS = {period: Money(Decimal(price), "EUR") for period, price in ((1, "4.00"), (12, "40.00"))}
BY_NODES = Resource(NODES, "Number of nodes", ResourceKind.AMOUNT, EUROS, minimum=1)
TARIFFS = {
    LITE: Tariff(LITE, "ispmanager 6 lite", {**EUROS, LIFETIME: Money(Decimal(99), "EUR"), TRIAL: EUROS[1]}),
    PRO: Tariff(PRO, "ispmanager 6 pro", EUROS),
    BUSINESS: Tariff(BUSINESS, "ispmanager 6 business", EUROS, BY_NODES),
    BILLING: Tariff(BILLING, "BILLmanager 5", {1: Money(Decimal("7.50"), "USD")}),
}


def a_child(service: str = "12", addon: str = "panel", *, nodes: int | None = None, **fields: Any) -> Child:
    """Return the child of an active service, which stands on an address of its own."""
    ip = f"203.0.113.{service}" if service.isdecimal() else IP
    length = fields.get("period", 1)
    usual = {
        "service_name": f"web{service}",
        "ip": ip,
        "status": Status.ACTIVE,
        "remote": "isp",
        "length": length,
        "amounts": () if nodes is None else ((NODES, nodes),),
    }
    return Child(**{"service": service, "addon": addon, "tariff": LITE, "period": 1, **usual, **fields})


def a_license(id: str = "501", /, **fields: Any) -> License:
    """Return a paid license on service 12's address that somebody bought by hand, as its form shows it."""
    tariff = fields.get("tariff", LITE)
    usual = {
        "remote": "isp",
        "name": "bought by hand",
        "ip": IP,
        "tariff": LITE,
        "tariff_name": TARIFFS[tariff].name if tariff in TARIFFS else "",
        "period": 1,
        "length": fields.get("period", 1),
        "status": Status.ACTIVE,
        "expires": date(2027, 1, 1),
        "remoteid": "",
    }
    return License(id=id, **{**usual, **fields})


def a_spare(id: str = "601", /, **fields: Any) -> License:
    """Return a license of the pool that can serve at once."""
    return a_license(id, **{"name": FREE_NAME, "ip": FREE_IP, "status": Status.SUSPENDED, **fields})


def the_mark(child: Child, installation: str = "main", generation: int = 1) -> str:
    """Return the remote id that our installation, or another one, puts on this child's license."""
    return str(Mark(installation, *child.key, generation))


def an_operation(child: Child | None = None, **fields: Any) -> Operation:
    """Return an order for a child that was sent and of which nothing is known since noon."""
    child = child or a_child()
    usual = {
        "id": 7,
        "run": "run-1",
        "action": Action.ORDER,
        "state": State.IN_DOUBT,
        "name": child.license_name,
        "remoteid": the_mark(child),
        "because": "none is free",
        "cost": EUROS[1],
        "sends": 1,
        "sent_at": NOW,
        "abandoned_at": NOW,
    }
    asked = {name: getattr(child, name) for name in ("remote", "service", "addon", "tariff", "period")}
    return Operation(**{**asked, "amounts": child.amounts, "ip": child.ip, **usual, **fields})


def a_take(child: Child | None = None, license: str = "601", **fields: Any) -> Operation:
    """Return a take of this license for a child, in doubt since noon."""
    return an_operation(child, **{"action": Action.TAKE, "license": license, "cost": None, **fields})


def facts(*licenses: License, **fields: Any) -> Facts:
    """Return one look at noon that shows these licenses."""
    usual = {"remote": "isp", "requested_at": NOW, "tariffs": TARIFFS}
    return Facts(licenses={license.id: license for license in licenses}, **{**usual, **fields})


def linked(*pairs: tuple[Child, str]) -> dict[tuple[str, str], str]:
    """Return the links of these children to licenses, by the children's keys."""
    return {child.key: license for child, license in pairs}


def named_after(service: str) -> str:
    """Return the name that our template gives to a license of this service."""
    return license_name(service, f"web{service}")
