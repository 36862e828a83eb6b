"""Who asks for what a remote sells: add-ons of services, and services that are sold on their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpbillmgr.config.defaults import ADDON_TYPES
from cpbillmgr.config.wanted.names import NO_LICENSE, wanted_name
from cpbillmgr.model.products import SEPARATE_TYPES, ProductType
from cpbillmgr.model.services import Addon, Service


@dataclass(frozen=True, slots=True)
class Askers:
    """Who asks at one remote: for its type of ``product``, by ``addons`` of these names.

    ==========================================  ==========================
    service                                     asks by
    ==========================================  ==========================
    of the type of product, sold on its own     its first add-on
    of another type that is sold on its own     none
    any other                                   each add-on of these names
    ==========================================  ==========================
    """

    product: ProductType = ProductType.SOFT
    addons: frozenset[str] = frozenset(ADDON_TYPES)

    def addons_of(self, service: Service) -> Sequence[Addon]:
        """Return the add-ons by which a service asks, whether they are on or off."""
        if service.type in SEPARATE_TYPES:
            return service.addons[:1] if service.type == self.product else ()
        return [addon for addon in service.addons if addon.name in self.addons]


PANELS = Askers()  # who asks for licenses of panels


def asked_name(service: Service, addon: Addon) -> str | None:
    """Return the name by which a service asks for a tariff, ``None`` when it asks for none.

    A service sold on its own has its tariff's internal name as value, such as ``5-ISPmanager Lite``; what
    another asks for is ``wanted_name``. Raises ``Unresolved`` as that does.
    """
    if service.type not in SEPARATE_TYPES:
        return wanted_name(addon)
    name = addon.value.strip()
    return None if name.casefold() in NO_LICENSE else name
