"""An account years old: one of each kind of drift, and more than twenty things that only look like it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from cpbillmgr.model.mark import Mark
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status
from cpbillmgr.store.state import State
from tests.conftest import OpenOffice
from tests.runs.days import Days, linked, on, paid
from tests.runs.worlds import (
    BUSINESS,
    DNS,
    FREE_IP,
    FREE_NAME,
    LITE,
    NODES,
    PRO,
    SUSPENDED,
    Fields,
    service,
    strangers,
)

DELETED, PROCESSING = 4, 5
ELSEWHERE = "198.51.100.200"
EIGHT_TEN = Decimal("8.10")


class Told(NamedTuple):
    """What an audit tells of a license, or of a service that has none."""

    kind: str
    amount: str | None
    mend: str | None


# 20 of 31 days are left of most: 2.58 of 4.00, and 5.22 of 8.10.
DRIFT = {
    "service 50": Told("in doubt", "8.10", "cpbillmgr checkevent"),
    "service 51": Told("waits for a person", "8.10", "cpbillmgr operation restart 2"),
    "license 152": Told("releasing", "2.58", None),
    "license 153": Told("linked to vanished", "8.10", "cpbillmgr fixchilds --service 53"),
    "license 154": Told("unknown name", "2.58", "cpbillmgr service set 54 panel=55227"),
    "license 155": Told(
        "contradicted link",
        "2.58",
        "cpbillmgr license unlink 155 && cpbillmgr license link 155 56 panel"
        " && cpbillmgr fixchilds --service 55",
    ),
    "license 300": Told("double", "5.22", "cpbillmgr license protect 300"),
    "license 301": Told("double", "2.58", "cpbillmgr checkevent"),
    "license 159": Told("renewing for nobody", "4.00", "cpbillmgr checkevent"),
    "license 160": Told("license without service", "2.58", "cpbillmgr license release 160"),
    "license 161": Told("license without service", "2.58", "cpbillmgr checkevent"),
    "license 162": Told("adopted without service", "2.58", "cpbillmgr license unlink 162"),
    "license 163": Told("wrong tariff", "4.10", "cpbillmgr fixchilds --service 63"),
    "license 164": Told("wrong IP", "2.58", "cpbillmgr license move 164 203.0.113.64"),
    "license 165": Told("status drift", "2.58", "cpbillmgr license resume 165"),
    "license 166": Told("status drift", "2.58", "cpbillmgr checkevent"),
    "license 167": Told("not renewed", "4.00", "cpbillmgr license renew 167"),
    "license 168": Told("expiring", "4.00", "cpbillmgr checkevent"),
    "license 169": Told("wrong period", "4.00", None),
    "service 70": Told("service without license", "8.10", "cpbillmgr fixchilds --service 70"),
    "license 171": Told("service without license", None, "cpbillmgr license link 171 71 panel"),
    "license 310": Told("paid but idle", "2.58", None),
    "license 6000": Told("stranger", "2.58", None),
    "license 6001": Told("stranger", "5.22", None),
}

_FREE: Fields = {"licname": FREE_NAME, "status": SUSPENDED}
_DNS_ADDON: Fields = {"id": 32, "name": "dnsmgr", "kind": "logic", "value": "on", "nodes": None}
_NO_DNS: Fields = {**_DNS_ADDON, "value": "off"}


def of(number: int, until: int = 20, **more: Any) -> Fields:
    """Return the license of a service, on its address."""
    return paid(100 + number, f"203.0.113.{number}", until, **more)


def _in_order() -> tuple[list[Fields], list[Fields]]:
    """Return licenses and services that are as they should be, however they look."""
    licenses = [
        of(10),
        of(11, status=SUSPENDED),
        of(16, pricelist=BUSINESS, addons={str(NODES): 3}),
        of(17, 100, period=12),
        of(18, ip_change_date=on(-3), lickey_change_date=on(-3)),
        of(19, licname="Item #19 addon of another time"),
        of(20, licname='Item #"20" addon "web20"'),
        of(21, 3),
        of(22),
        paid(222, "203.0.113.22", pricelist=DNS),
        of(24, period=0, expiredate=None),
        of(25, period=-100),
        of(26),
        of(27, -3),
        of(28, 200),
        of(29),
        of(32),
        paid(190, "203.0.113.10", status=DELETED),
        paid(191, FREE_IP, -4, **_FREE),
    ]
    services = [
        *(service(str(number)) for number in (10, 18, 19, 20, 21, 24, 25, 26, 28, 29, 32)),
        service("11", status="suspended"),
        service("12", "nopanel"),
        service("13", addons=[_NO_DNS]),
        service("14", status="ordered"),
        service("15", status="deleted"),
        service("16", str(BUSINESS), nodes=3),
        service("17", months=12),
        service("22", addons=[*service("22")["addons"], _DNS_ADDON]),
        service("23", "mystery", type="domain"),
        service("27", status="suspended"),
    ]
    return licenses, services


def open_drift(open_office: OpenOffice) -> Days:
    """Open an office where all was well, and then this and that has happened."""
    licenses, services = _in_order()
    was: dict[int, Fields] = {
        53: {"pricelist": PRO},
        60: {"remoteid": str(Mark("main", "60", "panel"))},
        69: {"period": 12},
    }
    drifting = [*range(52, 56), *range(57, 70)]
    days = linked(
        open_office,
        [*licenses, *(of(number, **was.get(number, {})) for number in drifting)],
        [*services, *(service(str(number), str(PRO) if number == 53 else "55227") for number in drifting)],
        conf=f"Price dnsmgr {DNS}\n",
    )
    days.office.import_services(service("50", str(PRO)), service("51", str(PRO)))
    days.office.fault("cut-before:soft.order.param!")
    assert days.run("fixchilds", "--yes", "--service", "50").code == 7
    with State.open(days.office.state_file, now=days.now) as state:
        _give_to_a_person(state, days)
        state.protections.protect("main", ["129"], days.now)
    _happen_here(days)
    days.office.edit_world(_happen_there)
    days.office.forget_calls()
    return days


def _give_to_a_person(state: State, days: Days) -> None:
    """Have an order for service 51 wait for a person."""
    child = Child("51", "panel", "web51", "203.0.113.51", Status.ACTIVE, "main", PRO, 1)
    cost, remoteid = Money(EIGHT_TEN, "EUR"), str(Mark("main", "51", "panel"))
    decision = Decision(Action.ORDER, child, "none is free", cost=cost, remoteid=remoteid)
    planned = state.journal.plan(decision, run="fixchilds", name=child.license_name, at=days.now)
    sent = state.journal.send(planned, run="fixchilds", at=days.now, max_spend=None)
    doubt = state.journal.doubt(sent, "no answer", at=days.now)
    state.journal.manual(doubt, "a person decides", at=days.now)


def _happen_here(days: Days) -> None:
    """Change our own services."""
    closed: Fields = {"status": "deleted"}
    days.office.import_services(
        service("26", status="processing"),
        service("52", **closed),
        service("54", "mystery"),
        service("56"),
        service("61", **closed),
        service("63", str(PRO)),
        service("66", status="suspended"),
        service("70", str(PRO)),
        service("71"),
    )
    for gone in ("60", "62"):
        assert days.run("service", "remove", gone).code == 0


def _happen_there(world: Fields) -> None:
    """Let others change the remote's world."""
    changes: dict[int, Fields] = {
        129: {"ip": ELSEWHERE},
        132: {"status": PROCESSING},
        152: {"status": SUSPENDED, "ip_change_date": on(-5)},
        155: {"licname": "Item #56 addon web56", "ip": "203.0.113.56"},
        159: {"autoprolong": "1"},
        164: {"ip": ELSEWHERE.replace("200", "201")},
        165: {"status": SUSPENDED},
        167: {"expiredate": on(-2)},
        168: {"expiredate": on(1)},
    }
    for license in world["licenses"]:
        license.update(changes.get(license["id"], {}))
    world["licenses"] = [each for each in world["licenses"] if each["id"] != 153]
    marked: Fields = {"licname": "Item #58 addon web58", "remoteid": str(Mark("main", "58", "panel", 2))}
    world["licenses"] += [
        paid(300, "203.0.113.57", pricelist=PRO),
        paid(301, ELSEWHERE.replace("200", "202"), **marked),
        of(71),
        paid(310, FREE_IP, pricelist=LITE, **_FREE),
        *({**each, "expiredate": on(20)} for each in strangers(2)),
    ]
