"""One service changed from the command line: ``service set ID key=value...``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.services import AddonKind, Service
from cpbillmgr.sources.records import Record, fields_of, services_of

_SERVICE_KEYS = ("type", "name", "ip", "status", "tariff", "period", "months", "expires")


def edited(service: Service, changes: Mapping[str, str]) -> Service:
    """Return a service with some of its values replaced, under the inventory's own rules.

    ====================================  ==========================================================
    key                                   what it sets
    ====================================  ==========================================================
    a service's key                       that value; an empty one is none
    ``ADDON``                             the add-on's value; an add-on not there is an enumeration
    ``ADDON.nodes``, ``.id``, ``.kind``   the add-on's number of nodes, local id, kind
    ====================================  ==========================================================

    Raises ``ConfigInvalid`` for what an inventory file could not hold.
    """
    fields = fields_of(service)
    for key, value in changes.items():
        if key in _SERVICE_KEYS:
            fields[key] = value
        else:
            name, _, detail = key.partition(".")
            _addon(fields["addons"], name)[detail or "value"] = value
    services, problems = services_of(f"service {service.id}", [Record(fields)])
    if problems:
        raise ConfigInvalid(problems)
    return services[0]


def _addon(addons: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for addon in addons:
        if addon["name"] == name:
            return addon
    addons.append({"name": name, "kind": AddonKind.ENUMERATION.value, "value": ""})
    return addons[-1]
