"""The nouns of a local BILLmanager: the services that it sells, with their tariffs, add-ons and choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Choice:
    """One element of an enumeration; its internal name is what a panel is called by."""

    id: int
    intname: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """What an add-on lets one choose from."""

    id: int
    intname: str
    name: str = ""
    items: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Resource:
    """An add-on of a local tariff: of an ``enumeration``, else a switch that is on or off."""

    id: int
    intname: str
    name: str = ""
    enumeration: int | None = None


@dataclass(frozen=True, slots=True)
class LocalTariff:
    """What the local billing sells, and which add-ons it may have."""

    id: int
    name: str
    itemtype: str = "vds"
    intname: str = ""
    addons: list[Resource] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that was sold; ``type`` is the function that lists it, ``addons`` the value of each add-on.

    The value of an enumeration is the id of the chosen element, that of a switch is on or off.
    """

    id: int
    pricelist: int
    type: str = "vds"
    domain: str = ""
    ips: list[str] = field(default_factory=list)
    status: int = 2
    period: int = 1
    createdate: date | None = None
    expiredate: date | None = None
    addons: dict[int, str] = field(default_factory=dict)
