"""Surplus: a license that was paid for a need which another license serves already goes into the pool."""

from __future__ import annotations

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import NOBODYS, Status
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.matching import Key


def surplus(facts: Facts, rules: Rules) -> list[Decision]:
    """Return the release of each license that carries our mark for a child which has another one.

    So ends an order that arrived after all, long after it was given up (reliability.md, Settling).

    ==================================================  ==========
    the license                                         it is
    ==================================================  ==========
    is linked, or has an open operation                 in use
    was unlinked by hand                                left alone: so a person has said
    was replaced                                        see ``outlived``
    is in the pool, deleted, or not ready               left alone
    is a trial                                          left alone: trials are not reused
    carries no mark, or another installation's          not ours
    carries the mark of a child without a license       linked to it (matching)
    of one whose license waits unpaid in the cart       left alone: this one is paid
    carries the mark of a child that has another one    released
    ==================================================  ==========
    """
    in_use = set(facts.links.values()) | {operation.license for operation in facts.operations}
    kept = in_use | facts.unlinked | facts.replaced.keys()
    return [
        _release(license, key, facts)
        for license in facts.licenses.values()
        if license.id not in kept
        and license.status in (Status.ACTIVE, Status.SUSPENDED)
        and not license.is_free
        and not license.is_trial
        and (key := _served_child(license, facts, rules)) is not None
    ]


def _served_child(license: License, facts: Facts, rules: Rules) -> Key | None:
    mark = Mark.read(license.remoteid)
    if mark is None or mark.installation != rules.installation:
        return None
    key = (mark.service, mark.addon)
    other = facts.licenses.get(facts.links.get(key, ""))
    has_one = other is not None and other.status not in (Status.DELETED, Status.ORDERED)
    return key if has_one else None


def _release(license: License, key: Key, facts: Facts) -> Decision:
    child = child_of(license, f"{NOBODYS}{license.id}", key[1])
    because = f"it carries the mark of service {key[0]}, which has license {facts.links[key]} already"
    return Decision(Action.RELEASE, child, because, license=license.id)
