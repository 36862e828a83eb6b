"""Modules: whether one still stands on the panel's license of its service (semantics.md 11)."""

from __future__ import annotations

from collections.abc import Iterable

from cpbillmgr.model.services import Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.following import Linked


def without_panel(linked: Linked, facts: Facts) -> str | None:
    """Return why a module that is wanted is paid for nobody, ``None`` where it is not, or is no module.

    =================================  ========================  =======================================
    licenses of the service's panels   the module stands on      answer
    =================================  ========================  =======================================
    none                               any                       the panel has no license
    some                               one of these              none
    some                               nobody tells which        none: it is taken for the right one
    some                               another one               which
    =================================  ========================  =======================================
    """
    if facts.panels is None or linked.demand.wish is not Wish.ON:
        return None
    panels, stands_on = facts.panels_of(linked.demand.service), linked.license.panel
    if not panels:
        return f"the panel of service {linked.demand.service} has no license"
    if stands_on is None or stands_on in panels:
        return None
    return f"it is on license {stands_on}, which is not the panel's any more"


def of_unknown_panel(licenses: Iterable[str], facts: Facts) -> list[str]:
    """Return those of these licenses that are modules not ordered by us: their forms may tell the panel."""
    is_module = facts.panels is not None
    return [id for id in licenses if is_module and id in facts.licenses and facts.licenses[id].panel is None]
