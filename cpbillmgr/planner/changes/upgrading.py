"""Upgrading: a license is made one of another tariff of its product (semantics.md 8)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.prices import amounts_of, difference


def upgrade(child: Child, license: License, facts: Facts, rules: Rules) -> Decision:
    """Return how the license that a child has comes to the tariff that the child asks for.

    ==========  ===================================  ======================================
    generation  the tariff                           decision
    ==========  ===================================  ======================================
    5, 6        is sold for the license's period     change it, for that period
    5, 6        is not, but for the child's          change it, for the child's
    5, 6        is not                               held: the price is not known
    4           any: there is no such function       held: a person releases the license
    ==========  ===================================  ======================================
    """
    tariff = facts.tariffs[child.tariff]
    period = license.period if license.period in tariff.prices else child.period
    changed = replace(
        child_of(license, *child.key, child.local_ids),
        tariff=child.tariff,
        period=period,
        length=tariff.length(period),
    )
    wanted = f"it is {_name_of_tariff(license, facts)}, its service asks for {tariff.name or tariff.id}"
    cost = difference(license, tariff, period, amounts_of(license, tariff), facts.tariffs)
    if not rules.generation.changes_tariffs:
        hint = f"'cpbillmgr license release {license.id}', and 'fixchilds' gives it another"
        why = f"{wanted}, and a remote of generation {rules.generation} changes no tariffs: {hint}"
    elif cost is None:
        why = f"{wanted}, and the remote tells no price of that for period {period}"
    else:
        return Decision(Action.CHANGE_TARIFF, changed, wanted, license=license.id, cost=cost)
    return Decision(Action.CHANGE_TARIFF, changed, why, license=license.id, held=True)


def _name_of_tariff(license: License, facts: Facts) -> str:
    known = facts.tariffs.get(license.tariff or 0)
    return (known.name if known is not None else license.tariff_name) or f"tariff {license.tariff}"
