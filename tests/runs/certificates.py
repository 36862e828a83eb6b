"""An office that resells certificates, and what has become of them at the remote and on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, day

DOMAIN_SSL, ALPHA_SSL = 55348, 55346
DOMAIN = "shop.example"
_TARIFFS = [
    {"id": id, "name": name, "itemtype": "certificate", "prices": {"12": price, "24": "80.00"}}
    for id, name, price in ((DOMAIN_SSL, "DomainSSL", "45.00"), (ALPHA_SSL, "AlphaSSL", "20.00"))
]
SETTINGS = 'types = ["certificate", "vds"]'
APPROVED = """
[certificates]
approver = "admin"
organization = "Example Hosting"
country = "DE"
phone = "+49 89 0"
"""


def asking(id: str = "90", **more: Any) -> Fields:
    """Return a service that is a certificate for a year."""
    return {
        "id": id,
        "type": "certificate",
        "name": DOMAIN,
        "ip": "",
        "status": "active",
        "tariff": 8,
        "period": 3,
        "months": 12,
        "addons": [{"id": 61, "name": "ssl", "kind": "enumeration", "value": str(DOMAIN_SSL), "nodes": None}],
        **more,
    }


def an_office(open_office: OpenOffice, *services: Fields, more: str = APPROVED, **facts: Any) -> Office:
    """Open an office whose account sells certificates alone."""
    office = open_office(**facts)
    office.edit_world(lambda world: world["tariffs"].extend(_TARIFFS))
    office.set_settings(f"{SETTINGS}\n{more}", product_type="certificate")
    office.import_services(*(services or [asking()]))
    return office


def ordered(office: Office) -> list[Fields]:
    """Return what was sent with each order."""
    return [call["params"] for call in office.calls("certificate.order.param") if call["write"]]


def approve(office: Office, id: int | str, **how: str) -> None:
    """Let the approver answer the mail that he got."""
    office.control("approve", {"id": str(id), **how})


def bought(office: Office) -> list[Fields]:
    return office.licenses(pricelist=DOMAIN_SSL)


def folder(office: Office, generation: int | str = "current") -> Path:
    return office.folder / "certificates" / "90" / "ssl" / str(generation)


def served(open_office: OpenOffice, **facts: Any) -> Office:
    """Open an office whose service has its certificate, with the files."""
    office = an_office(open_office, **facts)
    assert office.run("fixchilds", "--yes").code == 0
    approve(office, bought(office)[0]["id"])
    assert office.run("checkevent").code == 0
    assert folder(office).is_dir()
    office.forget_calls()
    return office


def files(office: Office, generation: int | str = "current") -> list[str]:
    return sorted(path.name for path in folder(office, generation).iterdir())


def let_it_end(office: Office, days: int) -> None:
    """Have the certificate that was bought last end in so many days."""
    office.edit_world(lambda world: world["licenses"][-1].update(expiredate=day(days)))
