"""Seeing: one look at the account for ``checkevent``, with the forms of what is new or has changed."""

from __future__ import annotations

from cpbillmgr.model.services import Wish
from cpbillmgr.planner.checkevent import to_read_again
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.following import Standing
from cpbillmgr.planner.matching import forms_to_read
from cpbillmgr.planner.renewal import due
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.gather import with_forms
from cpbillmgr.runs.remember import Conclusion
from cpbillmgr.runs.site import Site


def see_forms(
    site: Site, remote: RemoteBilling, facts: Facts, concluded: Conclusion, standing: Standing, *, full: bool
) -> Facts:
    """Return the facts with the forms that this run needs.

    ===================================================  ==========================
    the license                                          its form
    ===================================================  ==========================
    is new on the account                                is read
    is linked, and its row has changed                   is read
    is linked, and its turn has come (once in 7 days)    is read
    any, with ``full``                                   is read
    might be what an open operation has asked for        is read, or remembered
    is about to be renewed, released or moved            is read, or remembered
    any other                                            is not asked for
    ===================================================  ==========================

    So an account on which nothing happens costs one call, for its list.
    """
    if full:
        return with_forms(site, remote, facts, (), anew=facts.licenses)
    linked = set(facts.links.values())
    found = concluded.found
    appeared = [each.id for each in found.appeared] if found else []
    changed = [now.id for _, now in found.changed if now.id in linked] if found else []
    turned = to_read_again(linked & facts.licenses.keys(), *since_last_time(site, facts))
    given_up = [
        license
        for key, license in facts.links.items()
        if (demand := standing.demands.get(key)) is not None and demand.wish is Wish.GIVEN_UP
    ]
    renewed = [each.license.id for each in due(facts, standing, site.wishes.rules)]
    needed = [*forms_to_read([], facts), *given_up, *renewed]
    return with_forms(site, remote, facts, needed, anew={*appeared, *changed, *turned})


def since_last_time(site: Site, facts: Facts) -> tuple[float, float]:
    """Return when the last checkevent looked, and when this one does, in seconds since 1970."""
    before = site.state.sightings.look(facts.remote)
    now = facts.requested_at.timestamp()
    last = before.checked_at if before is not None else None
    return (last.timestamp() if last is not None else now, now)
