"""What our catalogue forbids: tariffs that we have imported, and do not sell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, is_on_its_own
from cpbillmgr.planner.basis.facts import Facts

_BUYING = (Action.ORDER, Action.TAKE, Action.CHANGE_TARIFF)
_MOST_TOLD = 3  # services that a problem names


def why_closed(child: Child, ours: Mapping[int, LocalTariff]) -> str | None:
    """Return why our catalogue does not let a license be given to a child, ``None`` when it does.

    ===================================================  ================================
    our catalogue                                        answer
    ===================================================  ================================
    does not have the tariff                             none: only what it has is closed
    has it disabled                                      it is disabled
    has a counted resource inactive, such as nodes,      the resource is not active
    and the child asks for an amount of it
    has it enabled                                       none
    ===================================================  ================================
    """
    tariff = ours.get(child.tariff)
    if tariff is None:
        return None
    what = f"tariff {tariff.id} ({tariff.name})"
    if not tariff.is_enabled:
        return f"{what} is disabled in our catalogue"
    asked = {id_ for id_, amount in child.amounts if amount}
    for own in tariff.resources:
        if own.resource.id in asked and not own.is_active:
            return f"resource {own.resource.name} of {what} is not active in our catalogue"
    return None


def is_closed(decision: Decision, facts: Facts) -> bool:
    """Return whether a decision would give a license that our catalogue forbids.

    ====================================================================  =================================
    the decision                                                          is closed
    ====================================================================  =================================
    is held, or gives nothing new: a link, a renewal                      no
    goes on with a take or a change that was begun                        no
    takes or orders in place of a license of the same tariff              no: that customer has it already
    orders, takes or changes to a tariff that is closed (``why_closed``)  yes; an order that never arrived
                                                                          would be paid anew, too
    ====================================================================  =================================
    """
    begun = decision.action is not Action.ORDER and decision.operation is not None
    if decision.action not in _BUYING or decision.held or begun:
        return False
    before = facts.licenses.get(decision.replaces or "")
    is_new = before is None or before.tariff != decision.child.tariff
    return is_new and why_closed(decision.child, facts.ours) is not None


def refuse_closed(decisions: Iterable[Decision], facts: Facts) -> None:
    """Raise ``ConfigInvalid``, with a problem for each reason, when any decision is closed.

    Nothing is bought then, as when a name means nothing: the inventory asks for what we do not sell.
    """
    services: dict[tuple[int, str], list[str]] = defaultdict(list)
    for each in decisions:
        if is_closed(each, facts):
            reason = why_closed(each.child, facts.ours) or ""
            services[each.child.tariff, reason].append(each.child.service)
    if services:
        raise ConfigInvalid(
            [
                Problem("catalogue", None, f"{reason}{_asking(asking)}", _hint(tariff, facts.remote))
                for (tariff, reason), asking in services.items()
            ]
        )


def _asking(children: list[str]) -> str:
    """Return who asks for it, a few of them; nobody but the person who types an order on its own."""
    services = [each for each in children if not is_on_its_own(each)]
    more = f" and {len(services) - _MOST_TOLD} more" if len(services) > _MOST_TOLD else ""
    return f"; service {', '.join(services[:_MOST_TOLD])}{more} asks for it" if services else ""


def _hint(tariff: int, remote: str) -> str:
    named = f"{tariff} --remote {remote}"
    return f"See 'cpbillmgr tariff show {named}'; 'cpbillmgr tariff enable {named}' lets it be ordered"
