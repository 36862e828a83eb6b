"""Notices of one license: in what it is not as its service wants it, by somebody else's doing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.model.services import Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.changes.resizing import has_other_amounts
from cpbillmgr.planner.needs.modules import without_panel
from cpbillmgr.planner.needs.renewal import KEPT, is_free_of_charge, may_be_renewed
from cpbillmgr.planner.notices.amiss import (
    MENDS,
    SOON,
    end_in_words,
    ends_within,
    is_elsewhere,
    missed_status,
    why_unmoved,
)

NO_KEY = "key "  # how the topic begins of the notice about a license without a key, before its id


def of_license(linked: Linked, facts: Facts, standing: Standing) -> Iterator[Notice]:
    """Yield what is to be told of one linked license.

    =====================================================  ======================================
    the license                                            notice
    =====================================================  ======================================
    is new and active, and its form shows no key           its panel cannot be licensed yet
    costs nothing, is wanted, and ends within 14 days      it has to be renewed by hand
    was stopped, or started, by hand                       drift, and the command that mends it
    is on another address than its service                 drift, and the command that mends it, or why none
    is of another tariff than its service asks for         drift, and the command that mends it
    has other amounts than its service asks for            drift, and the command that mends it
    is a module that its service's panel is not on         it is not renewed, and what gives it up
    =====================================================  ======================================
    """
    found = (
        _without_key(linked, standing),
        _free_of_charge(linked, facts.today),
        _changed_by_hand(linked, facts.today),
        _elsewhere(linked, facts),
        _of_another_tariff(linked),
        _of_other_amounts(linked),
        _without_panel(linked, facts),
    )
    return (notice for notice in found if notice is not None)


def _without_key(linked: Linked, standing: Standing) -> Notice | None:
    license = linked.license
    if license.status is not Status.ACTIVE or license.key != "" or license.id not in standing.fresh:
        return None
    told = f"license {license.id} of service {linked.demand.service} has no key yet; each run looks for it"
    return Notice(f"{NO_KEY}{license.id}", Level.WARNING, told, Hook.FAILED)


def _free_of_charge(linked: Linked, today: date) -> Notice | None:
    license = linked.license
    is_left = may_be_renewed(linked) and is_free_of_charge(license) and ends_within(license, today, 2 * SOON)
    by_hand = "has a discount of 100 %, so it has to be renewed by hand at the remote"
    return ending("discount", license, by_hand, today) if is_left else None


def _changed_by_hand(linked: Linked, today: date) -> Notice | None:
    license, wanted = linked.license, missed_status(linked, today)
    is_certificate = license.issue is not None  # of which a run changes no status
    if wanted is None or linked.followed is not wanted or is_certificate:
        return None
    told = f"license {license.id} of service {linked.demand.service} is {license.status} by hand"
    return _drift("status", license, f"{told}; see '{command('license', MENDS[wanted], license.id)}'")


def _elsewhere(linked: Linked, facts: Facts) -> Notice | None:
    license, demand = linked.license, linked.demand
    if not is_elsewhere(linked):
        return None
    told = f"license {license.id} is on {license.ip}, its service {demand.service} on {demand.ip}"
    see = f"see '{command('license', 'move', license.id, demand.ip)}'"
    return _drift("ip", license, f"{told}; {why_unmoved(linked, facts) or see}")


def _of_another_tariff(linked: Linked) -> Notice | None:
    license, demand = linked.license, linked.demand
    if demand.wish is not Wish.ON or demand.tariff is None or license.tariff in (None, demand.tariff):
        return None
    told = f"license {license.id} is {license.tariff_name or license.tariff}, its service {demand.service}"
    mend = f"'{command('fixchilds', '--service', demand.service)}' changes it"
    return _drift("tariff", license, f"{told} asks for tariff {demand.tariff}; {mend}")


def _of_other_amounts(linked: Linked) -> Notice | None:
    license, service = linked.license, linked.demand.service
    if not has_other_amounts(linked):
        return None
    told = f"license {license.id} has other amounts than its service {service} asks for"
    return _drift("amounts", license, f"{told}; '{command('fixchilds', '--service', service)}' changes them")


def _without_panel(linked: Linked, facts: Facts) -> Notice | None:
    why, id = without_panel(linked, facts), linked.license.id
    if why is None:
        return None
    told = f"module {id} of service {linked.demand.service} is not renewed: {why}"
    return _drift("panel", linked.license, f"{told}; 'cpbillmgr license delete {id}' gives it up")


def _drift(topic: str, license: License, told: str) -> Notice:
    return Notice(f"{topic} {license.id}", Level.WARNING, told)


def ending(topic: str, license: License, why: str, today: date) -> Notice:
    """Return the notice that nothing renews a license, louder as it is lost; ``why`` ends a sentence."""
    told = f"license {license.id} {why}: it {end_in_words(license, today)}"
    return Notice(f"{topic} {license.id}", urgency(license, today), told, Hook.FAILED)


def urgency(license: License, today: date) -> Level:
    """Return how urgent the end of a license is: the panel stops with it, and 30 days later it is deleted."""
    if license.expires is None or not has_ended(license, today):
        return Level.WARNING
    return Level.LAST if license.expires + KEPT - SOON <= today else Level.ALARM
