"""Addresses: what ``checkevent`` does for services that have another address than their license."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import NewAddress, Rules
from cpbillmgr.model.services import Child, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.retries import may_try
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.changes.replacing import is_another_tariff
from cpbillmgr.planner.needs.adapting import adapt
from cpbillmgr.planner.pool.handing_out import may_move


def misplaced(licenses: Iterable[Linked], facts: Facts, standing: Standing, rules: Rules) -> list[Linked]:
    """Return the licenses on another address than their service for which something may be done today.

    ===========================================================  ==============================
    the license                                                  is
    ===========================================================  ==============================
    belongs to a service that is not active, or has no address   left out
    is not where it last was with its service: moved by hand     left out: it is told
    may be moved                                                 in, unless refused too often
    may not be moved yet, and the pool has one of its tariff     in, unless to ``wait`` is asked
    may not be moved yet                                         left out
    ===========================================================  ==============================
    """
    pool = {license.tariff for license in facts.licenses.values() if license.is_free}
    swaps = rules.new_address is not NewAddress.WAIT
    return [
        each
        for each in licenses
        if each.demand.wish is Wish.ON
        and each.demand.ip not in ("", each.license.ip)
        and standing.shared.get(each.demand.key) == each.license.ip
        and (
            may_try(standing.tries.get((each.license.id, Action.MOVE)), facts.requested_at)
            if may_move(each.license, facts)
            else swaps and each.license.tariff in pool
        )
    ]


def follow_addresses(
    licenses: Collection[Linked],
    children: Sequence[Child],
    taken: Collection[str],
    facts: Facts,
    rules: Rules,
) -> list[Decision]:
    """Return the moves of these misplaced licenses, and what of the pool takes their place: it costs nothing.

    A license of another tariff than its service asks for is left to a person, who sees what that costs; and
    so is one that would have to be bought.
    """
    own = {each.demand.key: each.license for each in licenses}
    asked = {
        child.key for child in children if child.key in own and not is_another_tariff(child, own[child.key])
    }
    found = adapt(children, taken, facts, rules, Scope.of(asked))
    free = [
        each
        for each in found
        if each.child.key in asked and each.action in (Action.MOVE, Action.TAKE) and not each.held
    ]
    replaced = {each.replaces for each in free if each.replaces is not None}
    return [*free, *(each for each in found if each.license in replaced)]
