"""Matching: which child has its license already, though no link says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.licenses import FREE_IP, License
from cpbillmgr.model.mark import Mark, service_of_name
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.months import has_ended

Key = tuple[str, str]  # a child: service and add-on
Place = tuple[str | None, int | None]  # an address or a service's number, and a tariff
_NOWHERE = ("", FREE_IP, None)


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a child, and why it is the one; without a license, why none could be chosen."""

    license: License | None
    because: str


def forms_to_read(children: Sequence[Child], facts: Facts) -> list[str]:
    """Return the ids of the licenses whose form must be read before these children are decided about.

    A row of the list tells no remote id, no nodes and maybe no dates of change. They matter for rows that
    nobody owns, and whose tariff a child wants, or an open operation has asked for, or that are named after
    the service of a child or of a link, here or at another remote: such a one may have been paid for what
    another license serves.
    """
    served = facts.links.keys() | facts.kept_elsewhere.keys()
    services = {child.service for child in children} | {service for service, _ in served}
    tariffs = {child.tariff for child in children} | {operation.tariff for operation in facts.operations}
    return [
        license.id
        for license in facts.licenses.values()
        if license.id not in facts.owners
        and license.remoteid is None
        and license.status is not Status.DELETED
        and (license.tariff in tariffs or service_of_name(license.name) in services)
    ]


def license_of(child: Child, facts: Facts) -> License | None:
    """Return the license that is linked to a child, unless it is gone from the account."""
    license = facts.licenses.get(facts.links.get(child.key, ""))
    return None if license is None or license.status is Status.DELETED else license


def standing_license(child: Child, facts: Facts) -> License | None:
    """Return the license that a child has: its own, else one on its address that is linked to another."""
    own = license_of(child, facts)
    if own is not None:
        return own if own.status is not Status.ORDERED else None
    for id in facts.links.values():
        license = facts.licenses.get(id)
        if (
            license is not None
            and child.ip
            and (license.ip, license.tariff) == (child.ip, child.tariff)
            and _is_paid(license)
        ):
            return license
    return None


def match(children: Sequence[Child], facts: Facts, installation: str) -> dict[Key, Match]:
    """Return what the account has for children without a license, by key; one that nothing matches is absent.

    A license serves one child only, and each pass goes over all children before the next one begins
    (semantics.md 4). Only licenses count that are not deleted, not in the pool, not unlinked by hand, not
    replaced, and that nobody owns: no child, no open operation, and by its mark no other installation.

    ====  ==========================================================  ==================================
    pass  a license of the child's tariff                             the child
    ====  ==========================================================  ==================================
    1     carries our mark for the child as its remote id             is linked to it
    2     is active or suspended on the child's address, or has       is linked to it
          its very name where the product has no address
          several are: the best of them, if one is better             is linked to that one
          several are, none better; or several children share it      is held: a person decides
    3     has the service's number in its name, on another address    is linked to it; held as in pass 2
    ====  ==========================================================  ==================================

    Better is: the service's number in the name, then active, then the latest expiry. A license that carries
    our mark for one child is never given to another. A mark on a license of another tariff holds the child.
    What stands on a child's address is left out of pass 3. A certificate's name is its domain: one that has
    failed, or has ended, serves nobody, and one that is still to be issued is as good as an active one.
    """
    marked, unmarked = _candidates(facts, installation)
    found = {child.key: _by_mark(child, marked[child.key]) for child in children if child.key in marked}
    found |= _on_address(rest(children, found), unmarked)
    places = {(child.ip, child.tariff) for child in children if child.ip}
    elsewhere = [license for license in unmarked if (license.ip, license.tariff) not in places]
    named = _grouped(elsewhere, lambda license: (service_of_name(license.name), license.tariff))
    return found | _shared(rest(children, found), named, lambda child: (child.service, child.tariff), _named)


def match_by_address(children: Sequence[Child], facts: Facts, installation: str) -> dict[Key, Match]:
    """Return what pass 2 of ``match`` alone finds: licenses without a mark on the children's addresses."""
    _, unmarked = _candidates(facts, installation)
    return _on_address(children, unmarked)


def _on_address(children: Iterable[Child], unmarked: Iterable[License]) -> dict[Key, Match]:
    there = _grouped(unmarked, lambda license: _home(license) if _is_paid(license) else None)
    return _shared(children, there, lambda child: (child.ip or child.license_name, child.tariff), _paid_for)


def _home(license: License) -> Place:
    return license.ip or license.name, license.tariff


def _candidates(facts: Facts, installation: str) -> tuple[dict[Key, list[License]], list[License]]:
    """Return the licenses that nobody owns: those with our mark by child, and those without any mark."""
    owned = (
        facts.owners.keys()
        | facts.busy_licenses.keys()
        | facts.unlinked
        | facts.replaced.keys()
        | _useless_certificates(facts)
    )
    marked: dict[Key, list[License]] = defaultdict(list)
    unmarked: list[License] = []
    for license in facts.licenses.values():
        if license.id in owned or license.is_free or license.status is Status.DELETED:
            continue
        mark = Mark.read(license.remoteid)
        if mark is None:
            unmarked.append(license)
        elif mark.installation == installation:
            marked[mark.service, mark.addon].append(license)
    return marked, unmarked


def _useless_certificates(facts: Facts) -> set[str]:
    return {
        license.id
        for license in facts.licenses.values()
        if license.issue is Issue.FAILED or (license.issue is not None and has_ended(license, facts.today))
    }


def rest(children: Iterable[Child], found: Collection[Key]) -> list[Child]:
    """Return the children for which nothing was found."""
    return [child for child in children if child.key not in found]


def _grouped(
    licenses: Iterable[License], place: Callable[[License], Place | None]
) -> dict[Place, list[License]]:
    groups: dict[Place, list[License]] = defaultdict(list)
    for license in licenses:
        where = place(license)
        if where is not None and where[0] not in _NOWHERE:
            groups[where].append(license)
    return groups


def _shared(
    children: Iterable[Child],
    licenses: Mapping[Place, Sequence[License]],
    place: Callable[[Child], Place],
    because: Callable[[License, Child], str],
) -> dict[Key, Match]:
    """Give each child the best license of its place, unless several children want it or none is best."""
    wanting: dict[Place, list[Child]] = defaultdict(list)
    for child in children:
        if place(child) in licenses:
            wanting[place(child)].append(child)
    return {
        child.key: _best_of(child, rivals, licenses[where], because)
        for where, rivals in wanting.items()
        for child in rivals
    }


def _best_of(
    child: Child,
    rivals: Sequence[Child],
    licenses: Sequence[License],
    because: Callable[[License, Child], str],
) -> Match:
    if len(rivals) > 1:
        services = ", ".join(f"{each.service} {each.addon}" for each in rivals)
        return Match(None, f"services {services} want the same license: they share an address or a name")
    ranked = sorted(licenses, key=lambda license: _rank(license, child), reverse=True)
    if len(ranked) > 1 and _rank(ranked[0], child) == _rank(ranked[1], child):
        ids = ", ".join(sorted(license.id for license in licenses))
        place = child.ip or f"service {child.service}"
        return Match(None, f"licenses {ids} would fit {place} alike, and none is better than the others")
    return Match(ranked[0], because(ranked[0], child))


def _paid_for(license: License, child: Child) -> str:
    return f"license {license.id} is already paid for {child.ip or child.license_name}"


def _named(license: License, child: Child) -> str:
    where = f", though its address is {license.ip}" if license.ip else ""
    return f"license {license.id} is named after service {child.service}{where}"


def _by_mark(child: Child, licenses: Sequence[License]) -> Match:
    fitting = [license for license in licenses if license.tariff == child.tariff]
    if not fitting:
        other = licenses[0]
        return Match(None, f"license {other.id} carries its mark but is {other.tariff_name or other.tariff}")
    best = max(fitting, key=lambda license: _rank(license, child))
    others = ", ".join(sorted(license.id for license in fitting if license is not best))
    return Match(best, f"license {best.id} carries its mark" + (f", and so does {others}" if others else ""))


def _is_paid(license: License) -> bool:
    is_coming = license.issue is not None and license.status is Status.PROCESSING
    return is_coming or license.status in (Status.ACTIVE, Status.SUSPENDED)


def _rank(license: License, child: Child) -> tuple[bool, bool, date]:
    return (
        service_of_name(license.name) == child.service,
        license.status is Status.ACTIVE,
        license.expires or date.max,
    )
