"""What a run is asked to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.command import command
from cpbillmgr.model.products import SEPARATE_TYPES
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Service, Status

Asking = TypeVar("Asking", Child, Demand)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is asked to look at: all services or some; link only; also services that are not up yet."""

    services: tuple[str, ...] | None = None
    addon: str | None = None
    link_only: bool = False
    unready: bool = False

    @classmethod
    def of(cls, children: Iterable[tuple[str, str]], *, unready: bool = False) -> Scope:
        """Return the scope of the services of these children, by key."""
        return cls(tuple(sorted({service for service, _ in children})), unready=unready)

    @property
    def is_whole(self) -> bool:
        """Whether everything may be done for everybody: then open changes of licenses go on too."""
        return self.services is None and not self.link_only

    def covers(self, child: Child) -> bool:
        """Return whether this child is to be decided about.

        ====================  =============================================
        the main service is   looked at
        ====================  =============================================
        active, suspended     yes
        ordered, processing   only with ``unready``: the panel's installation
                              on a new server needs its license (3.4)
        deleted               no
        ====================  =============================================
        """
        if self.services is not None and child.service not in self.services:
            return False
        if self.addon is not None and child.addon != self.addon:
            return False
        if child.status in (Status.ORDERED, Status.PROCESSING):
            return self.unready
        return child.status is not Status.DELETED


def only_child(children: Iterable[Asking], service: str, addon: str | None) -> Asking:
    """Return the child of a service that a person has named, with its add-on or without; or its demand.

    Raises ``UsageWrong`` when the service asks for no license, or for several and the add-on is not named.
    """
    own = [child for child in children if child.service == service and addon in (None, child.addon)]
    if len(own) == 1:
        return own[0]
    if own:
        names = ", ".join(child.addon for child in own)
        raise UsageWrong(
            f"service {service} asks for several licenses", hint=f"Name one of its add-ons: {names}"
        )
    what = f"add-on {addon} of service {service}" if addon else f"service {service}"
    raise UsageWrong(f"{what} asks for no license", hint=f"See '{command('service', 'show', service)}'")


def services_to_look_at(services: Iterable[Service], rules: Rules) -> tuple[list[Service], tuple[str, ...]]:
    """Return the services of the types that ``fixchilds`` serves, and a warning that counts the others.

    A sub-type such as ``vds.vps`` counts as its type. A license sold as a separate service has no main one.
    """
    chosen: list[Service] = []
    others: Counter[str] = Counter()
    for service in services:
        if service.type.partition(".")[0] in rules.types:
            chosen.append(service)
        elif service.addons and service.type not in SEPARATE_TYPES:
            others[service.type] += 1
    warnings = tuple(
        f"{n} services of type {kind} are not looked at (settings: types)" for kind, n in others.items()
    )
    return chosen, warnings
