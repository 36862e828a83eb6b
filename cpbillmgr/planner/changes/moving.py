"""Moving: a license comes to the address of its service (semantics.md 8)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.pool.handing_out import may_move, movable_from


def move(child: Child, license: License, facts: Facts) -> Decision:
    """Return how the license that a child has comes to the child's address.

    ==========================================================  ==================================
    its last change of address                                  decision
    ==========================================================  ==================================
    is a month ago, or is not told                              move
    is not, or the remote has found it too early in this month  held: it moves when its day has come
    ==========================================================  ==================================
    """
    moved = replace(child_of(license, *child.key, child.local_ids), ip=child.ip)
    because = f"it is on {license.ip}, its service on {child.ip}"
    if may_move(license, facts):
        return Decision(Action.MOVE, moved, because, license=license.id)
    return Decision(
        Action.MOVE, moved, f"{because}; it {can_be_moved(license)}", license=license.id, held=True
    )


def can_be_moved(license: License) -> str:
    """Return in words when a license can be moved that cannot be today."""
    day = movable_from(license)
    return f"can be moved from {day}" if day is not None else "cannot be moved yet"
