"""Licenses as they are: live from the remote, or as last seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cpbillmgr.errors import NotFound, UsageWrong
from cpbillmgr.model.events import Event, EventKind
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import State
from cpbillmgr.planner.pool.handing_out import usable_from
from cpbillmgr.runs.looking.gather import with_own_dates
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Sighting:
    """A license with what we know of it.

    Its child (service, add-on), from when the pool can use it, and whether a person has protected it.
    """

    license: License
    child: tuple[str, str] | None
    usable_from: date | None
    protected: bool


def list_licenses(site: Site, *, offline: bool = False) -> list[Sighting]:
    """Return every license of the account: from the remote, or ``offline`` as the last look saw it."""
    if offline:
        return _told(site, list(site.state.sightings.seen(site.wishes.remote.name)))
    with open_remote(site.wishes) as remote:
        return _told(site, remote.licenses(lambda done, total: site.watch("licenses", done, total)))


def show_license(site: Site, id: str) -> Sighting:
    """Return one license as its form shows it; raises ``UsageWrong`` when the account has none of this id."""
    with open_remote(site.wishes) as remote:
        try:
            found = remote.license(id)
        except NotFound as error:
            hint = "See 'cpbillmgr license list'"
            raise UsageWrong(f"there is no license {id} on the account", hint=hint) from error
    return _told(site, [found])[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a license: what, in which run of ours, why, and what was paid. UTC."""

    at: datetime
    what: str
    run: str = ""
    why: str = ""
    cost: Money | None = None


def history_of(site: Site, id: str) -> list[Entry]:
    """Return what became of a license, oldest first; ``UsageWrong`` for one that was never heard of."""
    remote = site.wishes.remote.name
    events = [
        Entry(each.at, f"{each.kind}: {each.before or '-'} -> {each.after or '-'}", why=_by(each))
        for each in site.state.events.of_license(remote, id)
    ]
    moves = [
        Entry(
            move.at,
            f"{operation.action} {move.after} (operation {operation.id})",
            operation.run,
            move.why,
            operation.cost if move.after is State.DONE and operation.license == id else None,
        )
        for operation in site.state.operations.of_license(remote, id)
        for move in site.state.operations.moves(operation.id)
    ]
    links = [Entry(at, what, why=why) for at, what, why in site.state.links.history(remote, id)]
    since = site.state.protections.since(remote, id)
    protected = [Entry(since, "protected", why="by hand")] if since is not None else []
    found = sorted([*events, *moves, *links, *protected], key=lambda entry: entry.at)
    if not found and not site.state.sightings.has_seen(remote, id):
        raise UsageWrong(f"nothing is known of license {id}", hint="See 'cpbillmgr license list --offline'")
    return found


def _by(event: Event) -> str:
    """Return who made a change: the files of a certificate a ``checkevent`` of ours has fetched."""
    if event.kind is EventKind.FILES:
        return "fetched"
    return f"by operation {event.operation}" if event.operation else "by somebody else, or by time"


def _told(site: Site, licenses: list[License]) -> list[Sighting]:
    remote = site.wishes.remote.name
    owners = {license: key for key, license in site.state.links.all(remote).items()}
    protected = site.state.protections.all(remote)
    return [
        Sighting(
            license,
            owners.get(license.id),
            usable_from(license) if license.is_free else None,
            license.id in protected,
        )
        for license in with_own_dates(site, licenses)
    ]
