"""Protection: what a person has said that no run may touch stays as it is at the remote."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cpbillmgr.errors import LimitReached
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.planner.basis.facts import Facts


def unprotected(decisions: Iterable[Decision], facts: Facts) -> tuple[Decision, ...]:
    """Return the decisions without those that would change a protected license.

    =================================  ================================================
    a decision about such a license    is
    =================================  ================================================
    link                               kept: it is written down here alone
    held                               kept: nothing is done
    anything else                      left out
    =================================  ================================================
    """
    return tuple(each for each in decisions if each.held or not _touched(each, facts.protected))


def check_protected(decisions: Iterable[Decision], protected: Collection[str]) -> None:
    """Raise ``LimitReached`` when a protected license would be changed all the same.

    No plan is made so (``unprotected``): this is the last look before anything is done.
    """
    for each in decisions:
        if not each.held and (touched := _touched(each, protected)):
            raise LimitReached(
                f"license {touched[0]} is protected, and this run would {each.action} it",
                where=each.child.remote,
                hint=f"Nothing was changed; 'cpbillmgr license unprotect {touched[0]}' allows it",
            )


def left_alone(facts: Facts, services: Collection[str]) -> tuple[str, ...]:
    """Return a warning for each protected license of these services: it does not follow them."""
    return tuple(
        f"license {id} of service {service} is protected, and stays as it is;"
        f" 'cpbillmgr license unprotect {id}' lets it follow"
        for (service, _), id in facts.links.items()
        if service in services and id in facts.protected
    )


def _touched(decision: Decision, protected: Collection[str]) -> list[str]:
    """Return the protected licenses that carrying a decision out would change at the remote."""
    if decision.action is Action.LINK:
        return []
    own = (decision.license, decision.replaces, *decision.spares)
    return [id for id in own if id is not None and id in protected]
