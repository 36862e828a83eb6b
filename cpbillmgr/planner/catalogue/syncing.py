"""Syncing: our catalogue follows the remote's price list, and what is ours stays (semantics.md 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cpbillmgr.model.catalogue import Resource, Tariff
from cpbillmgr.model.local import LocalResource, LocalTariff
from cpbillmgr.model.money import Money


class What(StrEnum):
    """What has become of something at the remote."""

    ADDED = "added"
    REMOVED = "removed"
    REPRICED = "repriced"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different at the remote since the last sync: of which tariff, what, and how.

    ``subject`` names it: ``tariff``, ``period 12``, ``resource Nodes``, ``value Backup: 10 GB``, and so on.
    """

    tariff: int
    what: What
    subject: str
    before: str = ""
    after: str = ""


def synced(ours: LocalTariff, theirs: Tariff | None) -> tuple[LocalTariff, list[Difference]]:
    """Return our tariff after a look at the remote's, ``None`` where it is sold no more, and what differs.

    ==================================  ==============================================  ==========
    at the remote                       our tariff                                      told
    ==================================  ==============================================  ==========
    the tariff is gone                  is disabled                                     removed
    it is back                          stays disabled                                  added
    its name has changed                keeps our name                                  renamed
    a resource or a value has another   has that, for only the tariff's name is ours    renamed
    name
    a period is new                     has no price of ours for it yet                 added
    a period is gone                    keeps our price; nobody can order it            removed
    a price has changed                 keeps our price, with another margin            repriced
    a resource is new                   has it, inactive                                added
    a resource is gone                  has it disabled                                 removed
    a resource is back                  has it, inactive                                added
    a value is new, or gone             has it, or has it no more                       added, removed
    ==================================  ==============================================  ==========
    """
    if theirs is None:
        gone = replace(ours, is_enabled=False, is_gone=True)
        return gone, [] if ours.is_gone else [Difference(ours.id, What.REMOVED, "tariff", ours.theirs.name)]
    found = list(_differences(ours, theirs))
    return replace(ours, theirs=theirs, is_gone=False, resources=_resources(ours, theirs)), found


def _resources(ours: LocalTariff, theirs: Tariff) -> tuple[LocalResource, ...]:
    known = {own.resource.id: own for own in ours.resources}
    there = {resource.id for resource in theirs.resources}
    return (
        *(_following(known.get(each.id), each) for each in theirs.resources),
        *(
            replace(own, is_active=False, is_gone=True)
            for own in ours.resources
            if own.resource.id not in there
        ),
    )


def _following(own: LocalResource | None, resource: Resource) -> LocalResource:
    return LocalResource(resource, is_active=own is not None and own.is_active)


def _differences(ours: LocalTariff, theirs: Tariff) -> Iterator[Difference]:
    if ours.is_gone:
        yield Difference(ours.id, What.ADDED, "tariff", after=theirs.name)
    if theirs.name != ours.theirs.name:
        yield Difference(ours.id, What.RENAMED, "tariff", ours.theirs.name, theirs.name)
    yield from _priced(ours.id, "", ours.theirs.prices, theirs.prices)
    before = {own.resource.id: own.resource for own in ours.resources if not own.is_gone}
    now = {resource.id: resource for resource in theirs.resources}
    for id_, resource in now.items():
        if id_ not in before:
            yield Difference(ours.id, What.ADDED, f"resource {resource.name}")
        else:
            yield from _of_resource(ours.id, before[id_], resource)
    for id_, resource in before.items():
        if id_ not in now:
            yield Difference(ours.id, What.REMOVED, f"resource {resource.name}")


def _of_resource(tariff: int, then: Resource, now: Resource) -> Iterator[Difference]:
    subject = f"resource {then.name}"
    if now.name != then.name:
        yield Difference(tariff, What.RENAMED, subject, then.name, now.name)
    yield from _priced(tariff, f"{subject}, ", then.prices, now.prices)
    before, values = ({value.id: value for value in each.values} for each in (then, now))
    for id_, value in values.items():
        subject = f"value {now.name}: {value.name}"
        if id_ not in before:
            yield Difference(tariff, What.ADDED, subject)
            continue
        if value.name != before[id_].name:
            yield Difference(tariff, What.RENAMED, subject, before[id_].name, value.name)
        yield from _priced(tariff, f"{subject}, ", before[id_].prices, value.prices)
    for id_, value in before.items():
        if id_ not in values:
            yield Difference(tariff, What.REMOVED, f"value {then.name}: {value.name}")


def _priced(
    tariff: int, subject: str, then: Mapping[int, Money], now: Mapping[int, Money]
) -> Iterator[Difference]:
    """Yield which periods are sold anew, no more, or at another price."""
    for period in sorted(then.keys() | now.keys()):
        before, after = then.get(period), now.get(period)
        if before == after:
            continue
        what = What.ADDED if before is None else What.REMOVED if after is None else What.REPRICED
        yield Difference(
            tariff,
            what,
            f"{subject}period {period}",
            "" if before is None else str(before),
            "" if after is None else str(after),
        )
