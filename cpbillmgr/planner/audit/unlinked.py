"""Findings about licenses that are linked to nothing, and that ``fixchilds`` would not link either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.command import command
from cpbillmgr.model.known import family
from cpbillmgr.model.licenses import FREE_IP
from cpbillmgr.model.mark import service_of_name
from cpbillmgr.model.services import Status
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.changes.surplus import surplus
from cpbillmgr.planner.pool.handing_out import usable_from
from cpbillmgr.planner.pool.money_left import cost_of_period

_PAID = (Status.ACTIVE, Status.SUSPENDED)


def doubles(evidence: Evidence) -> Iterator[Finding]:
    """Yield second licenses of what a linked license serves already.

    ===================================================  ==========================================
    the second license                                   mend
    ===================================================  ==========================================
    carries our mark for a child that has another one    ``checkevent`` puts it into the pool
    is named after a child that has another one, of the  protect it, if it is meant to be there
    same tariff
    is on the address of a linked one, of its family     protect it, if it is meant to be there
    ===================================================  ==========================================
    """
    ours = {each.license: each.because for each in surplus(evidence.facts, evidence.rules)}
    served, placed = _served(evidence), _placed(evidence)
    for license in evidence.unlinked:
        if license.is_free or license.status not in _PAID:
            continue
        first = served.get((service_of_name(license.name), license.tariff))
        neighbor = placed.get((license.ip, family(license.tariff_name)))
        if license.id in ours:
            why, mend = ours[license.id], command("checkevent")
        elif first is not None:
            why = f"it is named after service {evidence.facts.owners[first][0]}, which has license {first}"
            mend = evidence.on_license("protect", license.id)
        elif neighbor is not None:
            why = f"license {neighbor} of this product is on {license.ip} too"
            mend = evidence.on_license("protect", license.id)
        else:
            continue
        yield evidence.found(Kind.DOUBLE, license, why, amount=evidence.left(license), mend=mend)


def _served(evidence: Evidence) -> dict[tuple[str | None, int | None], str]:
    """Return the linked licenses by their service and tariff."""
    licenses = evidence.facts.licenses
    return {
        (service, licenses[id].tariff): id
        for (service, _), id in evidence.facts.links.items()
        if id in licenses and licenses[id].status in _PAID
    }


def _placed(evidence: Evidence) -> dict[tuple[str, str], str]:
    """Return the linked licenses by their address and product family."""
    linked = (evidence.facts.licenses.get(id) for id in evidence.facts.links.values())
    return {
        (license.ip, family(license.tariff_name)): license.id
        for license in linked
        if license is not None and license.status in _PAID and license.ip not in ("", FREE_IP)
    }


def renewing_for_nobody(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses of the pool, or with our mark, that the remote renews by itself.

    No run of ours may change a license that is linked to nothing, so that is for a person at the remote.
    """
    for license in evidence.unlinked:
        if license.renews_itself and (license.is_free or evidence.our_mark(license) is not None):
            cost = cost_of_period(license, evidence.facts.tariffs)
            why = f"no service has it, and the remote renews it on {license.expires}; turn that off there"
            yield evidence.found(Kind.RENEWING, license, why, amount=cost)


def without_service(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that carry our mark.

    ==========================================  ====================================================
    the child that is named                     mend
    ==========================================  ====================================================
    is not there, or wants none                 link it to a service that a person names
    wants one, but this does not fit            a person puts right what the child's finding tells
    ==========================================  ====================================================

    A certificate is left to end (``left_to_end``).
    """
    for license in evidence.unlinked if evidence.rules.product.can_change else ():
        key = evidence.our_mark(license)
        if license.is_free or license.status not in _PAID or key is None:
            continue
        why = f"it carries the mark of service {key[0]}, add-on {key[1]}, and is linked to nothing"
        mend = "" if key in evidence.given else evidence.on_license("link", license.id, "SERVICE")
        yield evidence.found(Kind.WITHOUT_SERVICE, license, why, amount=evidence.left(license), mend=mend)


def idle(evidence: Evidence) -> Iterator[Finding]:
    """Yield the licenses of the pool that are paid beyond today."""
    today = evidence.facts.today
    for license in evidence.unlinked:
        if not license.is_free or license.status not in _PAID or has_ended(license, today):
            continue
        end, day = license.expires, usable_from(license)
        until = f"paid for {_days(end - today)} more, until {end}" if end else "without an end"
        since = f", to be used from {day}" if day is not None and day > today else ""
        why = f"in the pool, {until}{since}"
        yield evidence.found(Kind.IDLE, license, why, amount=evidence.left(license))


def left_to_end(evidence: Evidence) -> Iterator[Finding]:
    """Yield certificates that we have bought and a person has unlinked, but for those that have failed."""
    for license in evidence.unlinked if not evidence.rules.product.can_change else ():
        if evidence.is_bought(license) and license.issue is not Issue.FAILED:
            why = f"bought by us for {license.name}, linked to nothing any more, and left to end"
            yield evidence.found(Kind.IDLE, license, why, amount=evidence.left(license))


def _days(left: timedelta) -> str:
    return "1 day" if left.days == 1 else f"{left.days} days"


def strangers(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that nobody here has bought, linked or adopted: no run touches them."""
    for license in evidence.unlinked:
        is_left_to_end = not evidence.rules.product.can_change and evidence.is_bought(license)
        if not license.is_free and evidence.our_mark(license) is None and not is_left_to_end:
            why = f"'{license.name}', {license.tariff_name}, {license.status}: not ours, and never touched"
            yield evidence.found(Kind.STRANGER, license, why, amount=evidence.left(license))
