"""Strands: which decisions of a plan have to follow each other."""

from __future__ import annotations

from collections.abc import Sequence

from cpbillmgr.model.plan import Decision
from cpbillmgr.planner.basis.matching import Key

Strand = list[tuple[int, Decision]]  # each decision with its place in the plan


def strands(decisions: Sequence[Decision]) -> list[Strand]:
    """Return the decisions that have to follow each other: each is done only when those before it are.

    Those about one child, and those that give up what one of them replaces.
    """
    replacing = {each.replaces: each.child.key for each in decisions if each.replaces is not None}
    found: dict[Key, Strand] = {}
    for number, each in enumerate(decisions):
        found.setdefault(replacing.get(each.license or "", each.child.key), []).append((number, each))
    return list(found.values())
