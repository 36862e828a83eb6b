"""Resizing: a service asks for other amounts than its license has, such as more nodes (wire-api.md 5)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.prices import amounts_of, amounts_text, difference, other_amounts
from cpbillmgr.planner.changes.following import Linked, Standing


def counted(facts: Facts, standing: Standing) -> list[str]:
    """Return the linked licenses of which our services ask for amounts, which only their forms tell."""
    return [
        id
        for key, id in facts.links.items()
        if (demand := standing.demands.get(key)) is not None and demand.amounts
    ]


def has_other_amounts(linked: Linked) -> bool:
    """Return whether a license is told to have other amounts than its service, which is active, asks for.

    What is not told is no difference, nor is one of a license that has another tariff.
    """
    license, demand = linked.license, linked.demand
    if demand.wish is not Wish.ON or license.tariff != demand.tariff:
        return False
    has = dict(license.addons or ())
    return any(has.get(id_, amount) != amount for id_, amount in demand.amounts)


def resize(child: Child, license: License, facts: Facts) -> Decision | None:
    """Return the edit that gives a license the amounts that its child asks for, ``None`` when it has them.

    The license is of the child's tariff, or will be by then. What it may have at least was held against what
    the service asks for when that was resolved.

    ====================================================  ==========================================
    the license                                           decision
    ====================================================  ==========================================
    has all amounts that its child asks for               none
    has not, and its tariff is sold for its period        edit; more cost the difference
    has not, and it is not                                held: the price is not known
    ====================================================  ==========================================
    """
    tariff = facts.tariffs[child.tariff]
    wanted = other_amounts(child, license, tariff)
    if not wanted:
        return None
    has = dict(amounts_of(license, tariff))
    period = license.period if license.period is not None else child.period
    resized = replace(
        child_of(license, *child.key, child.local_ids),
        tariff=child.tariff,
        amounts=wanted,
    )
    before = amounts_text(tuple((id_, has.get(id_, 0)) for id_, _ in wanted), tariff)
    because = f"it has {before}, its service asks for {amounts_text(wanted, tariff)}"
    now = replace(license, tariff=child.tariff)
    cost = difference(now, tariff, period, tuple(sorted({**has, **dict(wanted)}.items())), facts.tariffs)
    if cost is None:
        why = f"{because}, and the remote tells no price of that for period {period}"
        return Decision(Action.EDIT, resized, why, license=license.id, held=True)
    return Decision(Action.EDIT, resized, because, license=license.id, cost=cost)


def being_resized(facts: Facts) -> list[str]:
    """Return the licenses whose amounts an open operation changes: only their forms tell whether it has."""
    return [each.license for each in facts.operations if each.amounts and each.license is not None]
