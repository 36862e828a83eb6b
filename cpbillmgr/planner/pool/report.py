"""The pool, license by license: from when each can be used, what of it is left, and who would take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Plan
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.prices import amounts_of
from cpbillmgr.planner.pool.handing_out import claim_on, usable_from, why_not
from cpbillmgr.planner.pool.money_left import money_left


@dataclass(frozen=True, slots=True)
class Idle:
    """A license of the pool.

    ``usable_from`` is ``None`` when its address and key were never changed. ``left`` is what of its price is
    left. ``why_not`` tells why no child may take it today, and is empty where one may. ``taker`` is the
    waiting child that the next ``fixchilds`` gives it to.
    """

    license: License
    usable_from: date | None
    left: Money | None
    why_not: str
    taker: Child | None

    @property
    def is_lost(self) -> bool:
        """Whether it ends before it can be used."""
        day, end = self.usable_from, self.license.expires
        return day is not None and end is not None and day >= end


def idle_licenses(facts: Facts, plan: Plan) -> list[Idle]:
    """Return the pool: what can be used first, then what ends last; ``plan`` is that of ``fixchilds``."""
    takers = {each.license: each.child for each in plan.decisions if each.action is Action.TAKE}
    found = [
        Idle(
            license,
            usable_from(license),
            money_left(license, facts.today, facts.tariffs),
            _why_not(license, facts),
            takers.get(license.id),
        )
        for license in facts.licenses.values()
        if license.is_free and license.status is not Status.DELETED
    ]
    return sorted(found, key=_order)


def _why_not(license: License, facts: Facts) -> str:
    """Return why no child may take a license today, empty where one may."""
    tariff, claim = facts.tariffs.get(license.tariff or 0), claim_on(license, facts)
    if claim is not None:
        return claim
    if tariff is None:
        return "its tariff is not sold any more"
    return why_not(license, tariff, amounts_of(license, tariff), facts.today) or ""


def _order(each: Idle) -> tuple[bool, date, int, str]:
    end = each.license.expires or date.max
    return (bool(each.why_not), each.usable_from or date.min, -end.toordinal(), each.license.id)
