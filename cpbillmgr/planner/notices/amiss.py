"""Amiss: in what a linked license is not as it should be, for notices and for the audit to tell."""

from __future__ import annotations

from datetime import date, timedelta

from cpbillmgr.model.licenses import License
from cpbillmgr.model.services import Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.changes.following import Linked
from cpbillmgr.planner.changes.moving import can_be_moved
from cpbillmgr.planner.needs.obstacles import is_public
from cpbillmgr.planner.needs.renewal import KEPT
from cpbillmgr.planner.pool.handing_out import may_move

SOON = timedelta(days=7)  # what is due so soon has to be in the account by now
_WANTED = {Wish.ON: Status.ACTIVE, Wish.OFF: Status.SUSPENDED}
MENDS = {Status.ACTIVE: "resume", Status.SUSPENDED: "suspend"}  # what brings a license to a status


def missed_status(linked: Linked, today: date) -> Status | None:
    """Return the status that a paid license should have by its service and has not, ``None`` if it has."""
    wanted = _WANTED.get(linked.demand.wish)
    return None if linked.license.status is wanted or has_ended(linked.license, today) else wanted


def is_elsewhere(linked: Linked) -> bool:
    """Return whether a license is on another address than its service, which is up or suspended."""
    return linked.demand.wish in _WANTED and linked.demand.ip not in ("", linked.license.ip)


def why_unmoved(linked: Linked, facts: Facts) -> str:
    """Return why a license cannot be moved to its service's address today, empty where it can be."""
    if not is_public(linked.demand.ip):
        return f"{linked.demand.ip} is not a public address"
    return "" if may_move(linked.license, facts) else f"it {can_be_moved(linked.license)}"


def ends_within(license: License, today: date, time: timedelta) -> bool:
    """Return whether a license ends in this time, or has ended."""
    return license.expires is not None and license.expires <= today + time


def end_in_words(license: License, today: date) -> str:
    """Return when a license ends, and once it has, when it is deleted."""
    if license.expires is None or not has_ended(license, today):
        return f"ends on {license.expires}"
    return f"has ended on {license.expires}; the remote deletes it on {license.expires + KEPT}"
