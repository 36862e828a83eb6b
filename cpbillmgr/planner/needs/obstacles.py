"""Obstacles: why no license may be taken or ordered for a child, though it has none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network

from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.prices import product_of
from cpbillmgr.planner.needs.certificates import obstacles_of_certificates

Place = tuple[str, str]  # an address, and a product family on it

# Addresses that no license server ever sees: this host, private, shared by a carrier, link-local, multicast.
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/127",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
)


def is_public(ip: str) -> bool:
    """Return whether a license can stand on this address."""
    address = ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    return not any(address in network for network in _NOT_PUBLIC)


def obstacles_to(
    waiting: Iterable[Child], everyone: Sequence[Child], facts: Facts, rules: Rules
) -> dict[Key, str]:
    """Return, by child, why nothing of the product that is sold may be bought for it (semantics.md 11).

    ========================  ====================================
    the product               its obstacles
    ========================  ====================================
    has an address            on the address (``obstacles``)
    is a module of a panel    ``obstacles_of_modules``
    is a certificate          ``obstacles_of_certificates``
    is anything else          none
    ========================  ====================================
    """
    if rules.product.has_address:
        return obstacles(waiting, everyone, facts)
    if rules.product.is_certificate:
        return obstacles_of_certificates(waiting, facts, rules)
    return obstacles_of_modules(waiting, facts) if rules.product.is_module else {}


def obstacles(waiting: Iterable[Child], everyone: Sequence[Child], facts: Facts) -> dict[Key, str]:
    """Return, by child, why nothing may be bought for it; a child without obstacle is absent.

    The remote keeps one license of a product family on an address (semantics.md 3.8), and would refuse.

    =======================================================  ==========================================
    the first of these that is so                            the obstacle
    =======================================================  ==========================================
    the service has no address                               it has no address yet
    the address is not public                                no license can stand on it
    another service wants this family on the same address    the services share an address
    another child's open operation asks for it there         the operation
    a license of this family is on the address, not the
    child's own, and it is
      - ordered or being processed                           it is not ready yet
      - another service's                                    whose it is
      - unlinked by hand                                     how it is linked again
      - of another tariff, or of the same                    which license is in the way
    =======================================================  ==========================================
    """
    homes: dict[Place, list[Child]] = defaultdict(list)
    for child in everyone:
        homes[child.ip, product_of(child, facts.tariffs)].append(child)
    standing: dict[Place, list[License]] = defaultdict(list)
    for license in facts.licenses.values():
        if license.status is not Status.DELETED:
            standing[license.ip, product_of(license, facts.tariffs)].append(license)
    asked_for: dict[Place, list[Operation]] = defaultdict(list)
    for operation in facts.operations:
        asked_for[operation.ip, product_of(operation, facts.tariffs)].append(operation)
    found: dict[Key, str] = {}
    for child in waiting:
        place = (child.ip, product_of(child, facts.tariffs))
        reason = (
            _of_address(child)
            or _of_sharing(child, homes[place])
            or _of_operations(child, asked_for[place])
            or _of_standing(child, standing[place], facts)
        )
        if reason:
            found[child.key] = reason
    return found


def obstacles_of_modules(waiting: Iterable[Child], facts: Facts) -> dict[Key, str]:
    """Return, by child, why no module may be ordered for it (wire-api.md 10.2).

    ===================================  ==========================================
    licenses of the service's panels     the obstacle
    ===================================  ==========================================
    none                                 the panel has no license
    one                                  none: the module goes onto it
    one that has such a module already   which, and whose it is
    several                              it is not clear onto which one it goes
    ===================================  ==========================================
    """
    found: dict[Key, str] = {}
    there = {
        (each.panel, each.tariff): each
        for each in facts.licenses.values()
        if each.panel is not None and each.status is not Status.DELETED
    }
    owners = {license: key for key, license in facts.links.items()}
    for child in waiting:
        panels = facts.panels_of(child.service)
        if not panels:
            found[child.key] = f"the panel of service {child.service} has no license"
        elif len(panels) > 1:
            found[child.key] = (
                f"service {child.service} has licenses {', '.join(panels)}: onto which is not clear"
            )
        elif (twin := there.get((panels[0], child.tariff))) is not None:
            whose = f" of service {owners[twin.id][0]}" if twin.id in owners else ""
            found[child.key] = f"module {twin.id}{whose} is on license {panels[0]} already"
    return found


def _of_address(child: Child) -> str | None:
    if not child.ip:
        return f"service {child.service} has no address yet"
    return None if is_public(child.ip) else f"{child.ip} is not a public address"


def _of_sharing(child: Child, sharing: Sequence[Child]) -> str | None:
    others = ", ".join(other.service for other in sharing if other.key != child.key)
    return f"service {others} has the address {child.ip} too" if others else None


def _of_operations(child: Child, operations: Sequence[Operation]) -> str | None:
    for operation in operations:
        if operation.key != child.key:
            return f"operation {operation.id} for service {operation.service} on {operation.ip} is still open"
    return None


def _of_standing(child: Child, licenses: Sequence[License], facts: Facts) -> str | None:
    for license in licenses:
        owner = facts.owners.get(license.id)
        if owner == child.key:
            continue
        what = f"license {license.id} ({license.tariff_name or license.tariff}) on {license.ip}"
        if license.status in (Status.ORDERED, Status.PROCESSING):
            return f"{what} is still {license.status}"
        if owner is not None:
            return f"{what} belongs to service {owner[0]}"
        if license.id in facts.unlinked:
            again = f"'{command('license', 'link', license.id, *child.key)}'"
            return f"{what} was unlinked by hand, and is in the way; {again} links it again"
        return f"{what} is in the way: {_rule(license)}"
    return None


def address_taken(child: Child, facts: Facts) -> str:
    """Return what to tell when the remote refuses a license because its address has one (semantics.md 3.8).

    ==============================================  ====================================================
    licenses of the product on the address          told
    ==============================================  ====================================================
    one of our account, with an end                 which; no other license may be ordered while it is there
    one of our account, without an end              which; another may be ordered only in three months
    none of our account                             both halves of the rule
    ==============================================  ====================================================
    """
    product = product_of(child, facts.tariffs)
    for license in facts.licenses.values():
        is_there = license.ip == child.ip and license.status is not Status.DELETED
        if is_there and product_of(license, facts.tariffs) == product:
            return f"Our license {license.id} ({license.tariff_name}) is on {child.ip}: {_rule(license)}"
    return (
        f"None of our licenses of this product is on {child.ip}, so it is another account's: "
        f"if it is not lifetime, {_NO_OTHER}; if it is lifetime, {_ANOTHER_LATER}"
    )


_NO_OTHER = "no other license of the product can be ordered for its address"
_ANOTHER_LATER = "another license of the product can be ordered for its address only in three months"


def _rule(license: License) -> str:
    if license.expires is None:
        return f"it is lifetime, so {_ANOTHER_LATER}"
    return f"it is not lifetime, so {_NO_OTHER}"
