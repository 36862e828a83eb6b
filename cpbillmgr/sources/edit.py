"""One service changed from the command line: ``service set ID key=value...``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cpbillmgr.errors import ConfigInvalid, UsageWrong
from cpbillmgr.model.services import AddonKind, Service
from cpbillmgr.sources.records import Record, fields_of, services_of

_ADDON_KEYS = ("", "nodes", "amounts", "id", "kind")
_SERVICE_KEYS = ("type", "name", "ip", "status", "tariff", "period", "months", "expires")


def edited(service: Service, changes: Mapping[str, str]) -> Service:
    """Return a service with some of its values replaced, under the inventory's own rules.

    ====================================  ==================================================
    key                                   what it sets
    ====================================  ==================================================
    a service's key, but not its id       that value; an empty one is none
    ``ADDON``                             the value of the add-on of this name
    ``ADDON.nodes``, ``.id``, ``.kind``   the add-on's number of nodes, local id, kind
    ``ADDON.amounts``                     its other amounts, as in ``55164=50;55165=3``
    ``+ADDON``                            the value of a new add-on, an enumeration
    ====================================  ==================================================

    Raises ``UsageWrong`` for any other key, ``ConfigInvalid`` for what an inventory file could not hold.
    """
    fields = fields_of(service)
    addons = {addon["name"]: addon for addon in fields["addons"]}
    for key, value in changes.items():
        name, _, detail = key.partition(".")
        if key in _SERVICE_KEYS:
            fields[key] = value
        elif key.startswith("+"):
            fields["addons"].append({"name": key[1:], "kind": AddonKind.ENUMERATION.value, "value": value})
        elif name in addons and detail in _ADDON_KEYS:
            addons[name][detail or "value"] = value
        else:
            raise _unknown(service, key, addons)
    services, problems = services_of("command line", [Record(fields)])
    if problems:
        raise ConfigInvalid(problems)
    return services[0]


def _unknown(service: Service, key: str, addons: Iterable[str]) -> UsageWrong:
    known = ", ".join((*_SERVICE_KEYS, *addons))
    return UsageWrong(
        f"service {service.id} has no {key!r} that can be set",
        hint=f"Set one of {known}; +NAME=VALUE adds an add-on",
    )
