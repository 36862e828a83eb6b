"""Licenses as they are: live from the remote, or as last seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cpbillmgr.model.licenses import License
from cpbillmgr.planner.pool import usable_from
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Sighting:
    """A license with what we know of it: its child (service, add-on), and from when the pool can use it."""

    license: License
    child: tuple[str, str] | None
    usable_from: date | None


def list_licenses(site: Site, *, offline: bool = False) -> list[Sighting]:
    """Return every license of the account: from the remote, or ``offline`` as the last look saw it."""
    if offline:
        return _told(site, list(site.state.sightings.seen(site.wishes.remote.name)))
    with open_remote(site.wishes) as remote:
        return _told(site, remote.licenses(lambda done, total: site.watch("licenses", done, total)))


def show_license(site: Site, id: str) -> Sighting:
    """Return one license as its form shows it; raises ``NotFound`` when the account has none of this id."""
    with open_remote(site.wishes) as remote:
        return _told(site, [remote.license(id)])[0]


def _told(site: Site, licenses: list[License]) -> list[Sighting]:
    owners = {license: key for key, license in site.state.links.all(site.wishes.remote.name).items()}
    return [
        Sighting(
            license,
            owners.get(license.id),
            usable_from(license) if license.is_free else None,
        )
        for license in licenses
    ]
