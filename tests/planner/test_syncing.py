"""Syncing: each row of its table, and that what is ours stays whatever the remote does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from cpbillmgr.model.catalogue import Resource, ResourceKind, ResourceValue, Tariff
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.money import Money
from cpbillmgr.planner.catalogue.importing import Terms, imported
from cpbillmgr.planner.catalogue.syncing import What, synced


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


SMALL, LARGE = ResourceValue(1, "10 GB", {1: eur("1.00")}), ResourceValue(2, "50 GB", {1: eur("3.00")})
BACKUP = Resource(9, "Backup", ResourceKind.ENUMERATION, values=(SMALL, LARGE))
NODES = Resource(8, "Nodes", ResourceKind.AMOUNT, {1: eur("5.00")})
THEIRS = Tariff(1, "lite", {1: eur("4.00"), 12: eur("40.00")}, resources=(BACKUP, NODES))
OURS = replace(imported(THEIRS, "main", "soft", Terms(), enabled=True), name="Panel", prices={1: eur("6.00")})


def changes(theirs: Tariff | None, ours: LocalTariff = OURS) -> list[tuple[str, str, str, str]]:
    return [(each.what, each.subject, each.before, each.after) for each in synced(ours, theirs)[1]]


def active(ours: LocalTariff) -> dict[int, bool]:
    return {own.resource.id: own.is_active for own in ours.resources}


def test_when_nothing_has_changed_nothing_changes() -> None:
    assert synced(OURS, THEIRS) == (OURS, [])
    assert changes(replace(THEIRS, resources=(NODES, BACKUP))) == []


def test_our_name_and_prices_survive_whatever_the_remote_changes() -> None:
    theirs = replace(THEIRS, name="LITE+", prices={1: eur("5.00"), 6: eur("25.00")}, resources=())
    now, _ = synced(OURS, theirs)
    assert (now.name, now.prices, now.is_enabled) == ("Panel", {1: eur("6.00")}, True)
    assert now.theirs == theirs


def test_every_change_of_a_tariff_is_told() -> None:
    theirs = replace(THEIRS, name="LITE+", prices={1: eur("5.00"), 6: eur("25.00")})
    assert changes(theirs) == [
        (What.RENAMED, "tariff", "lite", "LITE+"),
        (What.REPRICED, "period 1", "4.00 EUR", "5.00 EUR"),
        (What.ADDED, "period 6", "", "25.00 EUR"),
        (What.REMOVED, "period 12", "40.00 EUR", ""),
    ]


def test_another_price_is_another_margin() -> None:
    now, _ = synced(OURS, replace(THEIRS, prices={1: eur("5.00")}))
    assert [str(OURS.margin(1)), str(now.margin(1))] == ["33.3", "16.7"]


def test_a_vanished_tariff_is_disabled_and_told_once() -> None:
    gone, told = synced(OURS, None)
    assert (gone.is_enabled, gone.is_gone, gone.name) == (False, True, "Panel")
    assert [(each.what, each.subject) for each in told] == [(What.REMOVED, "tariff")]
    assert synced(gone, None) == (gone, [])


def test_one_that_is_back_stays_disabled() -> None:
    gone, _ = synced(OURS, None)
    back, told = synced(gone, THEIRS)
    assert (back.is_enabled, back.is_gone) == (False, False)
    assert [(each.what, each.subject) for each in told] == [(What.ADDED, "tariff")]


def test_a_new_resource_arrives_inactive() -> None:
    new = Resource(10, "Support", ResourceKind.LOGIC)
    now, _ = synced(OURS, replace(THEIRS, resources=(BACKUP, NODES, new)))
    assert active(now) == {9: True, 8: True, 10: False}
    assert changes(replace(THEIRS, resources=(BACKUP, NODES, new))) == [
        (What.ADDED, "resource Support", "", "")
    ]


def test_a_vanished_resource_is_disabled_and_comes_back_inactive() -> None:
    without = replace(THEIRS, resources=(NODES,))
    now, told = synced(OURS, without)
    assert [(each.what, each.subject) for each in told] == [(What.REMOVED, "resource Backup")]
    assert [(own.resource.id, own.is_active, own.is_gone) for own in now.resources] == [
        (8, True, False),
        (9, False, True),
    ]
    assert synced(now, without) == (now, [])
    back, told = synced(now, THEIRS)
    assert [(each.what, each.subject) for each in told] == [(What.ADDED, "resource Backup")]
    assert active(back) == {9: False, 8: True}


def test_one_that_we_deactivated_stays_inactive() -> None:
    own = replace(OURS.resources[0], is_active=False)
    ours = replace(OURS, resources=(own, OURS.resources[1]))
    assert active(synced(ours, replace(THEIRS, name="LITE+"))[0]) == {9: False, 8: True}


def test_a_value_with_another_name_is_told() -> None:
    theirs = replace(THEIRS, resources=(replace(BACKUP, values=(SMALL, replace(LARGE, name="60 GB"))), NODES))
    assert changes(theirs) == [(What.RENAMED, "value Backup: 60 GB", "50 GB", "60 GB")]


def test_values_of_an_enumeration_follow_the_remote() -> None:
    large = replace(LARGE, prices={1: eur("3.50")})
    huge = ResourceValue(3, "500 GB", {1: eur("9.00")})
    backup: dict[str, Any] = {"name": "Backups", "values": (large, huge)}
    nodes = replace(NODES, prices={1: eur("6.00")})
    theirs = replace(THEIRS, resources=(replace(BACKUP, **backup), nodes))
    assert changes(theirs) == [
        (What.RENAMED, "resource Backup", "Backup", "Backups"),
        (What.REPRICED, "value Backups: 50 GB, period 1", "3.00 EUR", "3.50 EUR"),
        (What.ADDED, "value Backups: 500 GB", "", ""),
        (What.REMOVED, "value Backup: 10 GB", "", ""),
        (What.REPRICED, "resource Nodes, period 1", "5.00 EUR", "6.00 EUR"),
    ]
    now, _ = synced(OURS, theirs)
    assert now.resources[0].resource.values == (large, huge)
