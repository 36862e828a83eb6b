"""Our side: the services that we sell, their add-ons, and the license that an add-on asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cpbillmgr.model.catalogue import Amounts
from cpbillmgr.model.mark import license_name

ON_ITS_OWN = "ip:"  # how the service of a license begins that no service asks for
NOBODYS = "license:"  # and that of a license that is linked to nothing


def is_on_its_own(service: str) -> bool:
    """Return whether this stands for a license that was ordered on its own: no service asks for it."""
    return service.startswith(ON_ITS_OWN)


class Status(StrEnum):
    """The state of a service or a license; the number beside it is BILLmanager's (wire-api.md 3.2)."""

    ORDERED = "ordered"  # 1
    ACTIVE = "active"  # 2
    SUSPENDED = "suspended"  # 3
    DELETED = "deleted"  # 4
    PROCESSING = "processing"  # 5


class AddonKind(StrEnum):
    """What an add-on's value is (semantics.md 2.2)."""

    ENUMERATION = "enumeration"  # the value is the element's internal name, and that is the key
    LOGIC = "logic"  # the value is on or off, and the add-on's own name is the key


@dataclass(frozen=True, slots=True)
class Addon:
    """An add-on of a service. ``id`` is the local add-on id, ``nodes`` how many nodes it asks for.

    ``amounts`` is how many of other counted resources, by the resource's id or internal name, sorted.
    """

    name: str
    kind: AddonKind
    value: str
    id: int | None = None
    nodes: int | None = None
    amounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A main service that we sell.

    ``tariff`` and ``period`` are local ids, ``months`` is the length of that period, ``expires`` a day.
    ``ip`` is the primary address, empty while there is none.
    """

    id: str
    type: str
    name: str
    ip: str
    status: Status
    tariff: int | None = None
    period: int | None = None
    months: int | None = None
    expires: date | None = None
    addons: tuple[Addon, ...] = ()


class Wish(StrEnum):
    """What a service wants of the license that it has."""

    ON = "on"
    OFF = "off"  # the service is suspended, and so is its license
    GIVEN_UP = "given up"
    LATER = "later"  # the service is not up yet: its license stays as it is


@dataclass(frozen=True, slots=True)
class Demand:
    """What an add-on of a service wants of its license, in our own terms: no price list is needed to know.

    ``ip`` is the service's address, empty for a product without one; ``local_ids`` are as a child's.
    ``tariff`` is the remote tariff that it asks for, ``None`` when nothing but the price list could tell.
    """

    service: str
    addon: str
    wish: Wish
    ip: str
    local_ids: tuple[int, ...] = ()
    tariff: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The child: service and add-on."""
        return (self.service, self.addon)


@dataclass(frozen=True, slots=True)
class Child:
    """The license that an add-on of a service asks for, in the remote's terms.

    ``ip`` is the service's, empty while it has none, and for a product without an address.
    ``tariff`` and ``period`` are the remote's; ``length`` is how long the period is (months; 0 lifetime, -50
    day, -100 trial), ``None`` when that is not told. ``amounts`` are of what its tariff counts, such as
    nodes; what is not there is of no matter. ``status`` is the main service's, ``local_ids`` are the local
    tariff's and add-on's ids that a ``ReusePrice`` line may name. A license ordered on its own has a service
    ``ip:ADDRESS``, its tariff as add-on and its name as service name, so that it is recognised as any other.
    ``domain`` is what a certificate is for.
    """

    service: str
    addon: str
    service_name: str
    ip: str
    status: Status
    remote: str
    tariff: int
    period: int
    amounts: Amounts = ()
    local_ids: tuple[int, ...] = ()
    length: int | None = None
    domain: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells this child from every other: service and add-on."""
        return (self.service, self.addon)

    @property
    def is_nobodys(self) -> bool:
        """Whether this stands for a license that is linked to nothing."""
        return self.service.startswith(NOBODYS)

    @property
    def license_name(self) -> str:
        """The name that its license bears at the remote; a certificate bears its domain."""
        if self.domain:
            return self.domain
        if is_on_its_own(self.service) or self.is_nobodys:
            return self.service_name
        return license_name(self.service, self.service_name)
