"""Resizing: a service asks for more nodes, or fewer, than its license has (wire-api.md 5)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.prices import difference, nodes_of


def resize(child: Child, license: License, facts: Facts) -> Decision | None:
    """Return the edit that gives a license as many nodes as its child asks for, ``None`` when it has them.

    The license is of the child's tariff, or will be by then. What it may have at least was held against what
    the service asks for when that was resolved.

    ====================================================  ==========================================
    the license                                           decision
    ====================================================  ==========================================
    is of a tariff without nodes, or has as many          none
    has not, and its tariff is sold for its period        edit; more nodes cost the difference
    has not, and it is not                                held: the price is not known
    ====================================================  ==========================================
    """
    tariff = facts.tariffs[child.tariff]
    has = nodes_of(license, tariff)
    if child.nodes is None or has == child.nodes:
        return None
    period = license.period if license.period is not None else child.period
    resized = replace(
        child_of(license, *child.key, child.local_ids),
        tariff=child.tariff,
        nodes=child.nodes,
    )
    because = f"it has {has} nodes, its service asks for {child.nodes}"
    now = replace(license, tariff=child.tariff)
    cost = difference(now, tariff, period, child.nodes, facts.tariffs)
    if cost is None:
        why = f"{because}, and the remote tells no price of that for period {period}"
        return Decision(Action.EDIT, resized, why, license=license.id, held=True)
    return Decision(Action.EDIT, resized, because, license=license.id, cost=cost)
