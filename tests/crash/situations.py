"""The scenes: every way in which a license changes hands, alone and in the middle of trouble."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from cpbillmgr.model.plan import Action
from cpbillmgr.planner.basis.months import add_months
from tests.crash.scenes import BOUGHT, CHECKEVENT, ORDER, ORDER_ALONE, Scene, again
from tests.runs.office import Office
from tests.runs.worlds import (
    ACTIVE,
    BUSINESS,
    DNS,
    FREE_IP,
    FREE_NAME,
    LITE,
    NODES,
    PRO,
    SUSPENDED,
    Fields,
    day,
    license,
    service,
    spare,
)

RESTED = day(-40)  # by our calendar; not by that of a remote that lives 25 days ago
LONG_RESTED = {"ip_change_date": day(-200), "lickey_change_date": day(-200)}
LINKED = {"12": "1"}
FREED: Fields = {"licname": FREE_NAME, "ip": FREE_IP, "remoteid": "", "status": SUSPENDED}
USE_EXISTING = {"conf": "Option UseExistingOnUpgrade\n"}
THERE = [license(1, "203.0.113.12")]


def lost_answer(kind: str, *minutes: float) -> Callable[[Office], None]:
    """Let an order's answer be lost, in the first of runs at these minutes."""

    def happen(office: Office) -> None:
        office.fault(f"{kind}:soft.order.param!")
        for each in minutes:
            again(office, minutes=each)

    return happen


def remote_lives_in_the_past(office: Office) -> None:
    """Set the remote's clock back: what has rested by our calendar has not by its own, and it refuses."""
    office.control("clock", {"days": "-25"})


def named_but_no_key(office: Office) -> None:
    """Let a take's first step be done with its answer lost; later the new key is refused, but not a move."""
    office.control("clock", {"days": "-60"})
    office.fault("cut-after:soft.edit!")
    again(office)
    office.control("clock", {"days": "35"})


def gone(office: Office) -> None:
    """Let a license be bought, linked and seen in a list, and then be gone from the account."""
    again(office)
    again(office)
    office.edit_world(lambda world: world["licenses"].pop())


def linked(office: Office) -> None:
    """Let license 1 be linked to service 12."""
    again(office)


def no_longer_wanted(office: Office) -> None:
    """Let license 1 be linked to service 12, which then asks for no panel any more."""
    again(office)
    office.import_services(service("12", "nopanel"))


def about_to_end(office: Office) -> None:
    """Let license 1 be linked to service 12, known, and on its last day but one."""
    again(office)
    again(office, CHECKEVENT)
    office.edit_world(lambda world: world["licenses"][0].update(expiredate=day(1)))


def with_status(status: str) -> Callable[[Office], None]:
    """Let license 1 be linked to service 12 and known, and then its service have another status."""

    def happen(office: Office) -> None:
        again(office)
        again(office, CHECKEVENT)
        office.import_services(service("12", status=status))

    return happen


def asking_for(panel: str, **more: Any) -> Callable[[Office], None]:
    """Let license 1 be linked to service 12, which then asks for something else."""

    def happen(office: Office) -> None:
        again(office)
        again(office, CHECKEVENT)
        office.import_services(service("12", panel, **more))

    return happen


def refusing_what_it_has(office: Office) -> None:
    """Let service 12 ask for another tariff, and the remote refuse the license of the pool that fits."""
    asking_for(str(PRO))(office)
    office.control("clock", {"days": "-25"})


def taken(**fields: str | int) -> Fields:
    """Return what a license of the pool shows once service 12 has it."""
    return {"licname": "Item #12 addon web12", "ip": "203.0.113.12", "status": ACTIVE, **fields}


SITUATIONS = {
    "a license is linked": Scene(licenses=THERE, links=LINKED),
    "a license is ordered": Scene(paid=1),
    "a license is ordered for a service": Scene(ORDER, paid=1),
    "a license is ordered on its own": Scene(ORDER_ALONE, {"ip:203.0.113.77": BOUGHT}, paid=1),
    "an order tells no id": Scene(paid=1, facts={"order_answer": "billorder"}),
    "an order waits in the cart": Scene(facts={"balance": "1.00", "no_money": "cart"}),
    "the answer to an order is lost": Scene(paid=1, before=lost_answer("cut-after")),
    "a lost order is found": Scene(paid=1, before=lost_answer("cut-after", 0)),
    "a lost order is sent once more": Scene(
        paid=1, before=lost_answer("503", 0, 16), minutes=22, for_a_person=True
    ),
    "a license is ordered in place of one that is gone": Scene(paid=2, before=gone, minutes=20),
    "a suspended license is taken": Scene(links=LINKED, licenses=[spare(1)], shows=taken()),
    "an active license is taken": Scene(
        links=LINKED, licenses=[license(1, FREE_IP, FREE_NAME)], shows=taken()
    ),
    "a license is refused and a spare one taken": Scene(
        links={"12": "2"},
        licenses=[spare(1, expiredate=day(30), ip_change_date=RESTED), spare(2, **LONG_RESTED)],
        shows={"licname": FREE_NAME, "ip": FREE_IP, "status": SUSPENDED, "lickey": "1-key"},
        before=remote_lives_in_the_past,
    ),
    "a license is put back": Scene(
        paid=1,
        licenses=[spare(1, **LONG_RESTED | {"lickey_change_date": RESTED})],
        shows={"licname": FREE_NAME, "ip": FREE_IP, "remoteid": "", "lickey": "1-key"},
        before=named_but_no_key,
    ),
    "a license cannot be put back": Scene(
        links=LINKED,
        licenses=[spare(1, **LONG_RESTED | {"lickey_change_date": RESTED})],
        shows=taken(status=SUSPENDED),
        before=remote_lives_in_the_past,
        for_a_person=True,
    ),
    "many services are served side by side": Scene(
        links={"21": "1", "22": "2", "23": BOUGHT, "24": BOUGHT},
        paid=2,
        services=[service(str(n)) for n in range(21, 25)],
        licenses=[license(1, "203.0.113.21"), spare(2)],
        parallel=4,
    ),
    "a license is bought where there is money": Scene(
        paid=1, facts={"balance": "1.00"}, second={}, by_word=True
    ),
    "a lost order is not bought elsewhere": Scene(paid=1, second={}, before=lost_answer("cut-after")),
    "a license is renewed": Scene(
        ("license", "renew", "1"),
        LINKED,
        paid=1,
        shows={"expiredate": str(add_months(date.fromisoformat(day(20)), 1))},
        licenses=THERE,
        before=linked,
        asked=Action.RENEW,
    ),
    "a license is released": Scene(
        ("license", "release", "1"),
        {},
        shows=FREED,
        licenses=THERE,
        before=no_longer_wanted,
        asked=Action.RELEASE,
    ),
    "a license is moved": Scene(
        ("license", "move", "1", "203.0.113.99"),
        LINKED,
        shows={"ip": "203.0.113.99"},
        licenses=THERE,
        before=linked,
        asked=Action.MOVE,
    ),
    "a license changes its tariff": Scene(
        ("license", "change-tariff", "1", str(PRO)),
        LINKED,
        paid=1,
        shows={"pricelist": PRO},
        licenses=THERE,
        before=linked,
        asked=Action.CHANGE_TARIFF,
    ),
    "a tariff follows its service": Scene(
        links=LINKED,
        paid=1,
        shows={"pricelist": PRO},
        licenses=THERE,
        before=asking_for(str(PRO)),
    ),
    "one of the pool takes the place of another tariff": Scene(
        links={"12": "2"},
        shows=FREED,
        licenses=[license(1, "203.0.113.12", **LONG_RESTED), spare(2, pricelist=PRO, **LONG_RESTED)],
        facts=USE_EXISTING,
        before=asking_for(str(PRO)),
    ),
    "one of the pool is refused the place, and the next one takes it": Scene(
        links={"12": "3"},
        shows={"ip": FREE_IP},
        licenses=[
            license(1, "203.0.113.12", **LONG_RESTED),
            spare(2, pricelist=PRO, expiredate=day(90), **LONG_RESTED | {"ip_change_date": RESTED}),
            spare(3, pricelist=PRO, **LONG_RESTED),
        ],
        facts=USE_EXISTING,
        before=refusing_what_it_has,
    ),
    "another product takes the place": Scene(
        links={"12": BOUGHT},
        paid=1,
        shows=FREED,
        licenses=THERE,
        before=asking_for(str(DNS)),
    ),
    "a license follows its service to another address": Scene(
        links=LINKED,
        shows={"ip": "203.0.113.99"},
        licenses=THERE,
        before=asking_for(str(LITE), ip="203.0.113.99"),
    ),
    "one of the pool takes the place of one that may not be moved": Scene(
        CHECKEVENT,
        links={"12": "2"},
        shows={"ip": "203.0.113.12", "status": SUSPENDED},
        licenses=[license(1, "203.0.113.12", ip_change_date=day(-3)), spare(2, **LONG_RESTED)],
        before=asking_for(str(LITE), ip="203.0.113.99"),
    ),
    "nodes follow their service": Scene(
        links=LINKED,
        paid=1,
        shows={"addons": {str(NODES): 3}},
        services=[service("12", str(BUSINESS), nodes=1)],
        licenses=[license(1, "203.0.113.12", pricelist=BUSINESS, addons={str(NODES): 1})],
        before=asking_for(str(BUSINESS), nodes=3),
    ),
    "checkevent renews a license": Scene(
        CHECKEVENT,
        LINKED,
        paid=1,
        shows={"expiredate": str(add_months(date.fromisoformat(day(1)), 1))},
        licenses=THERE,
        before=about_to_end,
    ),
    "checkevent suspends a license": Scene(
        CHECKEVENT,
        LINKED,
        shows={"status": SUSPENDED},
        licenses=THERE,
        before=with_status("suspended"),
    ),
    "checkevent gives a license up": Scene(
        CHECKEVENT,
        {},
        shows=FREED,
        licenses=THERE,
        before=with_status("deleted"),
    ),
}
