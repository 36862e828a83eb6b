"""Findings about linked licenses that are not, or will not stay, as their child wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from cpbillmgr.model.known import family
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import ON_ITS_OWN, Child, Status, Wish
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind, command
from cpbillmgr.planner.following import Linked
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.months import has_ended
from cpbillmgr.planner.notices import SOON
from cpbillmgr.planner.obstacles import is_public
from cpbillmgr.planner.pool import usable_from
from cpbillmgr.planner.prices import amounts_of
from cpbillmgr.planner.renewal import KEPT, due, is_free_of_charge, may_be_renewed, renewals
from cpbillmgr.planner.worth import cost_of_period

_WANTED = {Wish.ON: (Status.ACTIVE, "resume"), Wish.OFF: (Status.SUSPENDED, "suspend")}


def wrong_tariff(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses of another tariff than their child asks for.

    ==========================================  ===========================================
    the tariff that is asked for                mend
    ==========================================  ===========================================
    is of the same product                      change the tariff
    of another one, the address may change      release this one, and have another given
    of another one, it may not yet              none until that day
    ==========================================  ===========================================

    A remote of generation 4 changes no tariff: there it is as with another product. A certificate is of the
    tariff that it was issued as, until it is renewed.
    """
    for each in evidence.linked:
        license, child = each.license, evidence.children.get(each.demand.key)
        if child is None or child.domain or license.tariff == child.tariff:
            continue
        wanted = evidence.facts.tariffs[child.tariff]
        why = f"it is {license.tariff_name or license.tariff}, and {wanted.name} is asked for"
        is_changed = evidence.rules.generation != 4 and family(license.tariff_name) == family(wanted.name)
        if is_changed:
            mend = evidence.on_license("change-tariff", license.id, str(child.tariff))
        elif day := _waits_until(license, evidence.facts.today):
            why, mend = f"{why}; it can be given up from {day}", ""
        else:
            release = evidence.on_license("release", license.id)
            mend = f"{release} && {command('fixchilds', '--service', child.service)}"
        amount = _difference(license, child, evidence)
        yield evidence.found(Kind.WRONG_TARIFF, license, why, amount=amount, mend=mend)


def _difference(license: License, child: Child, evidence: Evidence) -> Money | None:
    """Return how much the wanted tariff's price differs, for a period as long as the license's own."""
    tariff = evidence.facts.tariffs[child.tariff]
    now = cost_of_period(license, evidence.facts.tariffs)
    period = None if license.length is None else tariff.period_of(license.length)
    wanted = None if period is None else tariff.cost(period, amounts_of(license, tariff))
    if now is None or wanted is None or now.currency != wanted.currency:
        return None
    return replace(now, amount=abs(now.amount - wanted.amount))


def _waits_until(license: License, today: date) -> date | None:
    day = usable_from(license)
    return day if day is not None and day > today else None


def wrong_ip(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses on another address than their service has.

    =====================================  =========================
    the service's address                  mend
    =====================================  =========================
    is not public                          none: no license can stand there
    is public, and it may move             move
    is public, and it may not move yet     none until that day
    =====================================  =========================
    """
    for each in evidence.linked:
        license, ip = each.license, each.demand.ip
        if each.demand.wish not in (Wish.ON, Wish.OFF) or not ip or license.ip == ip:
            continue
        why, mend = f"service {each.demand.service} is on {ip}", evidence.on_license("move", license.id, ip)
        if not is_public(ip):
            why, mend = f"{why}, which is not a public address", ""
        elif day := _waits_until(replace(license, key_changed=None), evidence.facts.today):
            why, mend = f"{why}; it can be moved from {day}", ""
        yield evidence.found(Kind.WRONG_IP, license, why, amount=evidence.left(license), mend=mend)


def status_drift(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that are paid, and on though their service is off, or off though it is on.

    ==========  ===================  ===================  =======================
    service     license              it followed before   mend
    ==========  ===================  ===================  =======================
    active      suspended            yes: it is by hand   resume
    suspended   active               yes: it is by hand   suspend
    either      the other            no                   ``checkevent``
    any         unpaid, in the cart  -                    none: it is paid there
    ==========  ===================  ===================  =======================

    A certificate is never stopped.
    """
    for each in evidence.linked if evidence.rules.product.can_change else ():
        license, demand = each.license, each.demand
        wanted, verb = _WANTED.get(demand.wish, (license.status, ""))
        if license.status is wanted or has_ended(license, evidence.facts.today):
            continue
        why = f"service {demand.service} is {wanted}, and it is {license.status}"
        mend = command("checkevent")
        if evidence.standing.followed.get(demand.key) is wanted:
            why, mend = f"{why}, by hand", evidence.on_license(verb, license.id)
        yield evidence.found(Kind.STATUS_DRIFT, license, why, amount=evidence.left(license), mend=mend)
    for _, license in evidence.linked_licenses:
        if license.status is Status.ORDERED:
            why = "it is not paid: it waits in the cart of the account; pay for it, or empty the cart, there"
            cost = cost_of_period(license, evidence.facts.tariffs)
            yield evidence.found(Kind.STATUS_DRIFT, license, why, amount=cost)


def not_renewed(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that are wanted, and that have ended or are going to.

    ===============================================  ==============================
    the license                                      mend
    ===============================================  ==============================
    has ended                                        renew
    could not be renewed                             renew
    belongs to no service, and ends within 7 days    renew
    is protected, and ends within 7 days             unprotect, renew
    is a trial, and ends within 14 days              none: another is given when it is gone
    costs nothing, and ends within 14 days           none: it is renewed at the remote
    is due, and its price is not known               none: it is renewed at the remote
    ===============================================  ==============================
    """
    for each in evidence.linked:
        if each.demand.wish is Wish.ON:
            yield from _not_renewed(each, evidence)
    for each, decision in _due(evidence):
        if decision.held and evidence.rules.product.is_certificate:
            yield evidence.found(Kind.NOT_RENEWED, each.license, decision.because)
        elif decision.held:
            yield _renewable(each.license, _end_in_words(each.license, evidence), evidence, None)
    for key, license in evidence.linked_licenses:
        if reason := _left_to_a_person(key, license, evidence):
            why = f"{_end_in_words(license, evidence)}; {reason}, so nothing renews it"
            yield _renewable(license, why, evidence, cost_of_period(license, evidence.facts.tariffs))


def _left_to_a_person(key: Key, license: License, evidence: Evidence) -> str:
    """Return why no run renews a license that is wanted and ends within 7 days, empty where one does."""
    demand = evidence.standing.demands.get(key)
    if not _ends_within(license, evidence, SOON):
        return ""
    if key[0].startswith(ON_ITS_OWN):
        return "it belongs to no service"
    is_wanted = demand is not None and demand.wish is Wish.ON and not license.renews_itself
    return "it is protected" if is_wanted and license.id in evidence.facts.protected else ""


def _not_renewed(linked: Linked, evidence: Evidence) -> Iterator[Finding]:
    license = linked.license
    tries = evidence.standing.tries.get((license.id, Action.RENEW))
    words = _end_in_words(license, evidence)
    if license.is_trial or is_free_of_charge(license):
        if _ends_within(license, evidence, 2 * SOON):
            what = "a trial is" if license.is_trial else "what has a discount of 100 % is"
            yield evidence.found(Kind.NOT_RENEWED, license, f"{words}; {what} not renewed automatically")
        return
    if not has_ended(license, evidence.facts.today) and tries is None:
        return
    why = words if tries is None else f"{words}; its renewal failed: {tries.error}"
    yield _renewable(license, why, evidence, _renewal(linked, evidence).cost)


def _renewable(license: License, why: str, evidence: Evidence, cost: Money | None) -> Finding:
    if cost is None:
        why = f"{why}; the remote tells no price to renew it for, so renew it there"
        return evidence.found(Kind.NOT_RENEWED, license, why)
    mend = evidence.on_license("renew", license.id)
    return evidence.found(Kind.NOT_RENEWED, license, why, amount=cost, mend=mend)


def expiring(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that the next ``checkevent`` renews."""
    for each, decision in _due(evidence):
        if not decision.held:
            why = f"{_end_in_words(each.license, evidence)}; the next checkevent renews it"
            mend = command("checkevent")
            yield evidence.found(Kind.EXPIRING, each.license, why, amount=decision.cost, mend=mend)


def _due(evidence: Evidence) -> list[tuple[Linked, Decision]]:
    """Return the licenses that are due, each with its renewal, which is held where its price is not known."""
    licenses = due(evidence.facts, evidence.standing, evidence.rules)
    decisions = renewals(licenses, evidence.children, evidence.facts, evidence.rules)
    return list(zip(licenses, decisions, strict=True))


def wrong_period(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses that are renewed for another period than they have; nothing is wrong until then.

    No command mends that: to renew it now would pay for what is paid already. A period of unknown length is
    compared with nothing.
    """
    for each in evidence.linked:
        license, child = each.license, evidence.children.get(each.demand.key)
        if child is None or license.length in (None, child.length) or not may_be_renewed(each):
            continue
        decision = _renewal(each, evidence)
        length = decision.child.length
        if decision.held or length in (None, license.length):
            continue
        why = f"it is for {license.length} months, the next renewal is for {length}"
        yield evidence.found(Kind.WRONG_PERIOD, license, why, amount=decision.cost)


def _renewal(linked: Linked, evidence: Evidence) -> Decision:
    (decision,) = renewals([linked], evidence.children, evidence.facts, evidence.rules)
    return decision


def _ends_within(license: License, evidence: Evidence, time: timedelta) -> bool:
    return license.expires is not None and license.expires <= evidence.facts.today + time


def _end_in_words(license: License, evidence: Evidence) -> str:
    if license.expires is None or not has_ended(license, evidence.facts.today):
        return f"it ends on {license.expires}"
    return f"it ended on {license.expires}; the remote deletes it on {license.expires + KEPT}"
