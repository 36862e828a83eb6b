"""Our own services: taken over from a file, changed, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cpbillmgr.model.services import Service
from cpbillmgr.sources.edit import edited
from cpbillmgr.store.state import State


def import_services(state: State, services: Sequence[Service], *, dry_run: bool = False) -> dict[str, int]:
    """Add or replace services, all or nothing; return how many were added, changed and unchanged."""
    count = state.inventory.compare if dry_run else state.inventory.put
    added, changed, unchanged = count(services)
    return {"added": added, "changed": changed, "unchanged": unchanged}


def change_service(state: State, id: str, changes: Mapping[str, str], *, dry_run: bool = False) -> Service:
    """Give some values of a service new ones and return it; ``UsageWrong``, ``ConfigInvalid`` when wrong."""
    changed = edited(state.inventory.service(id), changes)
    if not dry_run:
        state.inventory.put([changed])
    return changed


def remove_service(state: State, id: str, *, dry_run: bool = False) -> list[str]:
    """Forget a service and return the ids of the licenses that stay linked to it."""
    state.inventory.service(id)
    if not dry_run:
        state.inventory.remove(id)
    return [link.license for link in state.links.of_service(id)]
