"""Surplus: a license that was paid for a need which another license serves already goes into the pool."""

from __future__ import annotations

from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import NOBODYS, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.settling import carrying


def surplus(facts: Facts, rules: Rules) -> list[Decision]:
    """Return the release of each license that was bought for a child which has another one.

    So ends an order that arrived after all, long after it was given up (reliability.md, Settling).

    ==================================================  ==========
    the license                                         it is
    ==================================================  ==========
    is linked, or has an open operation                 in use
    was unlinked by hand                                left alone: so a person has said
    was replaced                                        see ``outlived``
    is in the pool, deleted, or not ready               left alone
    is a trial                                          left alone: trials are not reused
    is a product without an address                     left alone: it ends with its period
    carries no mark, or another installation's          not ours
    carries the mark of a child without a license       linked to it (matching)
    of one whose license waits unpaid in the cart       left alone: this one is paid
    carries the mark of a child that has another one,   released
    here or at another remote
    ==================================================  ==========

    In generation 4 a license carries no mark but its name, which anybody may give to one. There it is ours
    when name, tariff and address are those of an order which we sent, and gave up before it was seen.
    """
    if not rules.product.has_address:
        return []
    late = _arrived_late(facts)
    kept = facts.owners.keys() | facts.busy_licenses.keys() | facts.unlinked | facts.replaced.keys()
    return [
        _release(license, key, served)
        for license in facts.licenses.values()
        if license.id not in kept
        and license.status in (Status.ACTIVE, Status.SUSPENDED)
        and not license.is_free
        and not license.is_trial
        and (key := _marked_for(license, rules) or late.get(license.id)) is not None
        and (served := _served_by(key, license, facts)) is not None
    ]


def _marked_for(license: License, rules: Rules) -> Key | None:
    mark = Mark.read(license.remoteid)
    is_ours = mark is not None and mark.installation == rules.installation
    return (mark.service, mark.addon) if mark is not None and is_ours else None


def _arrived_late(facts: Facts) -> dict[str, Key]:
    """Return, by license, the child for which a given up order has bought it after all."""
    return {
        license.id: operation.key
        for operation in facts.given_up
        for license in carrying(operation, facts.licenses.values(), {})
    }


def _served_by(key: Key, license: License, facts: Facts) -> str | None:
    """Return which other license serves a child, here or at another remote; ``None`` where none does.

    One that another remote has by the same id is no other: two remotes may be one account.
    """
    other = facts.licenses.get(facts.links.get(key, ""))
    if other is not None and other.status not in (Status.DELETED, Status.ORDERED):
        return f"license {other.id}"
    link = facts.kept_elsewhere.get(key)
    if link is None or link.license == license.id:
        return None
    return f"license {link.license} at remote {link.remote}"


def _release(license: License, key: Key, served: str) -> Decision:
    child = child_of(license, f"{NOBODYS}{license.id}", key[1])
    because = f"it was bought for service {key[0]}, which has {served} already"
    return Decision(Action.RELEASE, child, because, license=license.id)
