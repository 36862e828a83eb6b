"""What our services want of the licenses that they have."""

from __future__ import annotations

from collections.abc import Iterable

from cpbillmgr.config.asking import Askers, asked_name
from cpbillmgr.config.children import local_ids_of
from cpbillmgr.config.choice import Unresolved
from cpbillmgr.model.services import Addon, Demand, Service, Status, Wish

_WISHES = {Status.ACTIVE: Wish.ON, Status.SUSPENDED: Wish.OFF}


def demands_of(
    services: Iterable[Service],
    askers: Askers = Askers(),  # noqa: B008 - frozen
) -> dict[tuple[str, str], Demand]:
    """Return, by child, what services want of the licenses that they have (semantics.md 2.2 and 7).

    ``askers`` tells which of them have licenses of this remote.

    ======================  ===============================  =========
    the service is          its add-on                       wish
    ======================  ===============================  =========
    deleted                 any                              given up
    anything else           is off, empty or ``nopanel``     given up
    active                  asks for something, known or not on
    suspended               asks for something               off
    ordered, processing     asks for something               later
    ======================  ===============================  =========

    An add-on that a service does not have at all wants nothing, not even to be given up: it may be a mistake.
    """
    demands = (
        Demand(
            service.id,
            addon.name,
            _wish(service, addon),
            service.ip if askers.product.has_address else "",
            local_ids_of(service, addon),
        )
        for service in services
        for addon in askers.addons_of(service)
    )
    return {demand.key: demand for demand in demands}


def _wish(service: Service, addon: Addon) -> Wish:
    if service.status is Status.DELETED or not _asks(service, addon):
        return Wish.GIVEN_UP
    return _WISHES.get(service.status, Wish.LATER)


def _asks(service: Service, addon: Addon) -> bool:
    try:
        named = asked_name(service, addon)
    except Unresolved:  # it asks for something, only nobody knows what
        return True
    return named is not None
