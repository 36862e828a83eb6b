"""What our services want of the licenses that they have."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.wanted.amounts import amounts_for
from cpbillmgr.config.wanted.asking import PANELS, Askers, asked_name
from cpbillmgr.config.wanted.children import local_ids_of
from cpbillmgr.model.catalogue import Amounts, Tariff
from cpbillmgr.model.services import Addon, Demand, Service, Status, Wish

_WISHES = {Status.ACTIVE: Wish.ON, Status.SUSPENDED: Wish.OFF}


def demands_of(
    services: Iterable[Service],
    askers: Askers = PANELS,
    tariff_of: Callable[[str], Tariff | None] = lambda _: None,
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
    ``tariff_of`` tells the tariff that a name means, where that is sure, with what it is known to count; what
    cannot change keeps its own.
    """
    demands = (
        _demand(service, addon, askers, tariff_of)
        for service in services
        for addon in askers.addons_of(service)
    )
    return {demand.key: demand for demand in demands}


def _demand(
    service: Service, addon: Addon, askers: Askers, tariff_of: Callable[[str], Tariff | None]
) -> Demand:
    tariff, asks = None, True
    try:
        name = asked_name(service, addon)
        asks = name is not None
        tariff = tariff_of(name) if name is not None and askers.product.can_change else None
    except Unresolved:  # it asks for something, only nobody knows what
        pass
    given_up = service.status is Status.DELETED or not asks
    wish = Wish.GIVEN_UP if given_up else _WISHES.get(service.status, Wish.LATER)
    ip = service.ip if askers.product.has_address else ""
    return Demand(
        service.id,
        addon.name,
        wish,
        ip,
        local_ids_of(service, addon),
        None if tariff is None else tariff.id,
        () if tariff is None else _amounts(tariff, addon),
    )


def _amounts(tariff: Tariff, addon: Addon) -> Amounts:
    """Return the amounts that an add-on asks for, of what its tariff is known to count."""
    names = {name for each in tariff.counted.values() for name in (str(each.id), each.intname)}
    nodes = None if tariff.node_addon is None else addon.nodes
    try:
        return amounts_for(tariff, nodes, [each for each in addon.amounts if each[0] in names])
    except Unresolved:  # too few, or the same twice: fixchilds tells
        return ()
