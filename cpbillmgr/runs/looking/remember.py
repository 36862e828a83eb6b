"""Remembering a look: what it showed and what that means, in one transaction, before anything acts on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from cpbillmgr.model.events import Differences, Event
from cpbillmgr.model.notices import Hook
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.events import events_of
from cpbillmgr.runs.hooks import calls_for
from cpbillmgr.runs.looking.look import Look
from cpbillmgr.runs.looking.settle import write_down
from cpbillmgr.runs.site import Site

LATE = timedelta(hours=1)  # how much later than we made it a change may show in the remote's list


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a look shows otherwise than the last one, and the events that this means.

    ``found`` is ``None`` when there was no look before: then everything is new, and nothing has happened.
    """

    found: Differences | None
    events: tuple[Event, ...] = ()

    @property
    def has_new(self) -> bool:
        """Whether the account has licenses that no look at it has seen before."""
        return self.found is None or bool(self.found.appeared)


def conclude(site: Site, facts: Facts) -> Conclusion:
    """Return what a look means, without writing anything."""
    if facts.looked_at is None:
        return Conclusion(None)
    return _meaning(site, facts, site.state.sightings.differences(facts.remote, facts.licenses.values()))


def conclude_anew(site: Site, facts: Facts, concluded: Conclusion, read: Collection[str]) -> Conclusion:
    """Return what a look means now that the forms of the licenses ``read`` have told more of them."""
    if concluded.found is None:
        return concluded
    more = site.state.sightings.differences_of_some(facts.remote, [facts.licenses[id] for id in read])
    return _meaning(site, facts, concluded.found.but_for(read, more))


def _meaning(site: Site, facts: Facts, found: Differences) -> Conclusion:
    if facts.looked_at is None or found == Differences():
        return Conclusion(found)
    operations = site.state.operations.explaining(facts.remote, facts.looked_at - LATE)
    return Conclusion(found, tuple(events_of(found, facts.requested_at, operations)))


def remember(look: Look, concluded: Conclusion | None = None, *, checked: bool = False) -> None:
    """Write down what a look showed, with the events that it means, and how operations have ended by it.

    ``checked`` says that all of it is acted on.
    """
    site, facts = look.site, look.facts
    concluded = concluded or conclude(site, facts)
    site.state.sightings.record(
        facts.remote,
        facts.licenses.values(),
        facts.requested_at,
        found=concluded.found,
        events=concluded.events,
        calls=calls_for(site, Hook.CHANGED, facts.remote, concluded.events),
        checked=checked,
    )
    if look.balance is not None:
        site.state.balances.remember(facts.remote, look.balance, facts.requested_at)
    write_down(site, facts, look.settlements)
    site.state.rescue().tidy()
