"""Adapting: the license that a child has is brought to what its service asks for now (semantics.md 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key, license_of
from cpbillmgr.planner.basis.prices import other_amounts
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.moving import can_be_moved, move
from cpbillmgr.planner.changes.replacing import (
    is_another_product,
    is_another_tariff,
    may_take,
    must_order,
    order_instead,
    outlived,
    replaced_by,
    take_instead,
)
from cpbillmgr.planner.changes.resizing import resize
from cpbillmgr.planner.changes.upgrading import upgrade
from cpbillmgr.planner.needs.obstacles import obstacles_to
from cpbillmgr.planner.pool.handing_out import hand_out

Pair = tuple[Child, License]  # a child and the license that it has


def differing(children: Sequence[Child], facts: Facts, scope: Scope) -> list[Pair]:
    """Return the children whose license may not be as their service asks for, with it.

    ================================================  ========================================
    the child                                         is
    ================================================  ========================================
    is not in scope, or ``--link-only`` is asked for  left out
    is of a service that is not active                left out: it follows when it is again
    has no license that is active or suspended        left out
    has an open operation, or its license has one     left out
    has a protected license                           left out
    has a certificate                                 left out: it stays what it was issued as
    has one of another tariff or address              in
    has other amounts, or its form is not read yet    in: only that tells how many it has
    ================================================  ========================================
    """
    if scope.link_only:
        return []
    busy = facts.busy_licenses.keys() | facts.protected
    kept = facts.busy_children.keys() | facts.elsewhere
    return [
        (child, license)
        for child in children
        if child.status is Status.ACTIVE
        and not child.domain
        and (license := license_of(child, facts)) is not None
        and _differs(child, license, facts)
        and license.status in (Status.ACTIVE, Status.SUSPENDED)
        and license.id not in busy
        and child.key not in kept
        and scope.covers(child)
    ]


def _differs(child: Child, license: License, facts: Facts) -> bool:
    return (
        is_another_tariff(child, license)
        or license.ip != child.ip
        or (bool(child.amounts) and _has_other_amounts(child, license, facts))
    )


def _has_other_amounts(child: Child, license: License, facts: Facts) -> bool:
    return license.addons is None or bool(other_amounts(child, license, facts.tariffs[child.tariff]))


def adapt(
    children: Sequence[Child], taken: Collection[str], facts: Facts, rules: Rules, scope: Scope
) -> list[Decision]:
    """Return what brings licenses to what their services ask for now; ``taken`` are given away already.

    ====  ================================================  =========================================
    row   the license                                       gets
    ====  ================================================  =========================================
    1     has to come to an address with an obstacle        nothing: held
    2     may be replaced (``may_take``), and one fits      take, in place of it
    3     has to be replaced (``must_order``)               order, in place of it
    4     is of another tariff                              see ``upgrade``
    5     is on another address                             see ``move``
    6     has other amounts                                 see ``resize``
    ====  ================================================  =========================================

    Rows 4 to 6 change the license itself, and follow each other. What rows 2 and 3 replace is given up, and
    comes after that which replaces it.
    """
    pairs = differing(children, facts, scope)
    if not pairs:
        return []
    coming = [
        child
        for child, license in pairs
        if license.ip != child.ip or is_another_product(child, license, facts)
    ]
    in_the_way = obstacles_to(coming, children, facts, rules)
    takers = [
        child
        for child, license in pairs
        if child.key not in in_the_way and may_take(child, license, facts, rules)
    ]
    pool = hand_out(takers, replace(facts, refused=facts.refused | frozenset(taken)))
    decisions: list[Decision] = []
    for child, license in pairs:
        if child.key in in_the_way:
            decisions.append(_held(child, license, in_the_way[child.key]))
        else:
            decisions += _changes(child, license, pool.get(child.key, ()), facts, rules)
    local_ids = {child.key: child.local_ids for child, _ in pairs}
    return [*decisions, *outlived(replaced_by(decisions, facts), local_ids, rules)]


def _changes(
    child: Child, license: License, fitting: Sequence[str], facts: Facts, rules: Rules
) -> Iterator[Decision]:
    if fitting:
        yield take_instead(child, license, fitting, _why(child, license, facts), facts, rules)
        return
    if must_order(child, license, facts, rules):
        yield order_instead(child, license, _why(child, license, facts), facts, rules)
        return
    if is_another_tariff(child, license):
        upgraded = upgrade(child, license, facts, rules)
        yield upgraded
        if not upgraded.held:
            license = replace(license, tariff=child.tariff, period=upgraded.child.period)
    if license.ip != child.ip:
        yield move(child, license, facts)
    if not is_another_tariff(child, license) and (resized := resize(child, license, facts)) is not None:
        yield resized


def _why(child: Child, license: License, facts: Facts) -> str:
    """Return why another license comes in place of one."""
    what = f"license {license.id}"
    if is_another_tariff(child, license):
        wanted = facts.tariffs[child.tariff]
        return f"{what} is {license.tariff_name or license.tariff}, its service asks for {wanted.name}"
    return f"{what} is on {license.ip}, its service on {child.ip}, and it {can_be_moved(license)}"


def _held(child: Child, license: License, reason: str) -> Decision:
    own = child_of(license, *child.key, child.local_ids)
    return Decision(Action.MOVE, replace(own, ip=child.ip), reason, license=license.id, held=True)


def price_warning(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return a warning where a change has no price of its own: what the remote charges is told nowhere."""
    changed = (Action.CHANGE_TARIFF, Action.EDIT)
    if not any(each.action in changed and each.cost is not None and not each.held for each in decisions):
        return ()
    return (
        (
            "changes of tariffs and amounts are shown at the difference in the price list for one period;"
            " what the remote charges is not told beforehand"
        ),
    )


def keys_of(decisions: Sequence[Decision]) -> frozenset[Key]:
    """Return the children that decisions are about, without licenses that their children have no more."""
    return frozenset(each.child.key for each in decisions if not each.child.is_nobodys)
