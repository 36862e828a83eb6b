"""Matching: which child has its license already, though no link says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark, service_of_name
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.facts import Facts

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a child, and why it is the one; without a license, why none could be chosen."""

    license: License | None
    because: str


def forms_to_read(children: Sequence[Child], facts: Facts) -> list[str]:
    """Return the ids of the licenses whose form must be read before these children are decided about.

    A row of the list tells no remote id, no nodes and maybe no dates of change. They matter for rows that
    nobody owns and whose tariff a child wants, or an open operation has asked for.
    """
    tariffs = {child.tariff for child in children} | {operation.tariff for operation in facts.operations}
    owned = set(facts.links.values())
    return [
        license.id
        for license in facts.licenses.values()
        if license.tariff in tariffs
        and license.remoteid is None
        and license.status is not Status.DELETED
        and license.id not in owned
    ]


def standing_license(child: Child, facts: Facts) -> License | None:
    """Return the license that a child has: its own, else one on its address that is linked to another."""
    own = facts.licenses.get(facts.links.get(child.key, ""))
    if own is not None and own.status is not Status.DELETED:
        return own
    for id in facts.links.values():
        license = facts.licenses.get(id)
        if (
            license is not None
            and (license.ip, license.tariff) == (child.ip, child.tariff)
            and _is_paid(license)
        ):
            return license
    return None


def match(children: Sequence[Child], facts: Facts, installation: str) -> dict[Key, Match]:
    """Return what the account has for these children, by key; a child that nothing matches is absent.

    A license serves one child only, and each pass goes over all children before the next one begins
    (semantics.md 4). Only licenses count that are not deleted, not in the pool, and that nobody owns.

    ====  ==========================================================  ==================================
    pass  a license of the child's tariff                             the child
    ====  ==========================================================  ==================================
    1     carries our mark for the child as its remote id             is linked to it
    2     is active or suspended on the child's address               is linked to it
          several are: the best of them, if one is better             is linked to that one
          several are, none better; or several services share it      is held: a person decides
    3     has the service's number in its name, on another address    is linked to it
    ====  ==========================================================  ==================================

    Better is: the service's number in the name, then active, then the latest expiry. A license that carries
    our mark for one child is never given to another. A mark on a license of another tariff holds the child.
    """
    owned = set(facts.links.values()) | {operation.license for operation in facts.operations}
    marked: dict[Key, list[License]] = defaultdict(list)
    unmarked: list[License] = []
    for license in facts.licenses.values():
        if license.id in owned or license.is_free or license.status is Status.DELETED:
            continue
        mark = Mark.read(license.remoteid)
        if mark is not None and mark.installation == installation:
            marked[mark.service, mark.addon].append(license)
        else:
            unmarked.append(license)
    found = {child.key: _by_mark(child, marked[child.key]) for child in children if child.key in marked}
    for look in (_by_address, _by_name):
        taken = {each.license.id for each in found.values() if each.license is not None}
        waiting = [child for child in children if child.key not in found]
        found |= look(waiting, [license for license in unmarked if license.id not in taken])
    return found


def _by_mark(child: Child, licenses: Sequence[License]) -> Match:
    fitting = [license for license in licenses if license.tariff == child.tariff]
    if not fitting:
        other = licenses[0]
        return Match(None, f"license {other.id} carries its mark but is {other.tariff_name or other.tariff}")
    best = max(fitting, key=lambda license: _rank(license, child))
    others = ", ".join(sorted(license.id for license in fitting if license is not best))
    return Match(best, f"license {best.id} carries its mark" + (f", and so does {others}" if others else ""))


def _by_address(children: Sequence[Child], licenses: Sequence[License]) -> dict[Key, Match]:
    there: dict[tuple[str, int | None], list[License]] = defaultdict(list)
    for license in licenses:
        if _is_paid(license):
            there[license.ip, license.tariff].append(license)
    sharing: dict[tuple[str, int], list[Child]] = defaultdict(list)
    for child in children:
        if (child.ip, child.tariff) in there:
            sharing[child.ip, child.tariff].append(child)
    found = {}
    for place, wanting in sharing.items():
        for child in wanting:
            found[child.key] = _one_of(wanting, there[place], child)
    return found


def _one_of(wanting: Sequence[Child], licenses: Sequence[License], child: Child) -> Match:
    if len(wanting) > 1:
        services = ", ".join(each.service for each in wanting)
        return Match(None, f"services {services} share the address {child.ip} and one license")
    ranked = sorted(licenses, key=lambda license: _rank(license, child), reverse=True)
    if len(ranked) > 1 and _rank(ranked[0], child) == _rank(ranked[1], child):
        ids = ", ".join(sorted(license.id for license in licenses))
        return Match(None, f"licenses {ids} are all on {child.ip}, and none is better than the others")
    return Match(ranked[0], f"license {ranked[0].id} is already paid for {child.ip}")


def _by_name(children: Sequence[Child], licenses: Sequence[License]) -> dict[Key, Match]:
    named: dict[tuple[str | None, int | None], list[License]] = defaultdict(list)
    for license in licenses:
        named[service_of_name(license.name), license.tariff].append(license)
    found = {}
    for child in children:
        licenses_of_service = named.get((child.service, child.tariff))
        if licenses_of_service:
            best = max(licenses_of_service, key=lambda license: _rank(license, child))
            found[child.key] = Match(
                best,
                f"license {best.id} is named after service {child.service}, though its address is {best.ip}",
            )
    return found


def _is_paid(license: License) -> bool:
    return license.status in (Status.ACTIVE, Status.SUSPENDED)


def _rank(license: License, child: Child) -> tuple[bool, bool, date]:
    return (
        service_of_name(license.name) == child.service,
        license.status is Status.ACTIVE,
        license.expires or date.max,
    )
