"""Findings about linked licenses that are not, or will not stay, as their child wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status, Wish, is_on_its_own
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.basis.prices import amounts_of
from cpbillmgr.planner.changes.following import Linked
from cpbillmgr.planner.changes.replacing import is_another_product, is_another_tariff
from cpbillmgr.planner.changes.resizing import resize
from cpbillmgr.planner.needs.renewal import due, is_free_of_charge, may_be_renewed, renewals
from cpbillmgr.planner.notices.amiss import (
    MENDS,
    SOON,
    end_in_words,
    ends_within,
    is_elsewhere,
    missed_status,
    why_unmoved,
)
from cpbillmgr.planner.pool.handing_out import usable_from
from cpbillmgr.planner.pool.money_left import cost_of_period


def wrong_tariff(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses of another tariff than their child asks for.

    ==================================================  ===========================================
    the tariff that is asked for                        mend
    ==================================================  ===========================================
    is of the same product, in generation 4, which      release this one, and have another given
    changes no tariff
    the same, and the address may not change yet        none until that day
    any other                                           ``fixchilds`` for this service
    ==================================================  ===========================================

    While its service is not active, a license stays what it is. A certificate is of the tariff that it was
    issued as, until it is renewed.
    """
    for each in evidence.linked:
        license, child = each.license, evidence.children.get(each.demand.key)
        if each.demand.wish is not Wish.ON or child is None or child.domain:
            continue
        if not is_another_tariff(child, license):
            continue
        wanted, day = evidence.facts.tariffs[child.tariff], usable_from(license)
        why = f"it is {license.tariff_name or license.tariff}, and {wanted.name} is asked for"
        mend = command("fixchilds", "--service", child.service)
        is_same_product = not is_another_product(child, license, evidence.facts)
        if is_same_product and not evidence.rules.generation.changes_tariffs:
            mend = f"{evidence.on_license('release', license.id)} && {mend}"
            if day is not None and day > evidence.facts.today:
                why, mend = f"{why}; it can be given up from {day}", ""
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


def other_amounts(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses of active services with other amounts than their child asks for, such as nodes.

    ===========================================  ==========================
    what that costs                              mend
    ===========================================  ==========================
    is known                                     ``fixchilds`` for this service
    is not                                       none: a person changes them there
    ===========================================  ==========================

    Only its form tells how many a license has: one whose form is not read is compared with nothing.
    """
    for each in evidence.linked:
        license, child = each.license, evidence.children.get(each.demand.key)
        if child is None or each.demand.wish is not Wish.ON or license.addons is None:
            continue
        edit = resize(child, license, evidence.facts)
        if edit is not None:
            mend = "" if edit.held else command("fixchilds", "--service", child.service)
            yield evidence.found(Kind.OTHER_AMOUNTS, license, edit.because, amount=edit.cost, mend=mend)


def wrong_ip(evidence: Evidence) -> Iterator[Finding]:
    """Yield licenses on another address than their service has.

    ==========================================  =========================
    the license                                 mend
    ==========================================  =========================
    can be moved there today                    move
    cannot, or not yet (``amiss.why_unmoved``)  none, or none until that day
    ==========================================  =========================
    """
    for each in filter(is_elsewhere, evidence.linked):
        license, ip = each.license, each.demand.ip
        why, mend = f"service {each.demand.service} is on {ip}", evidence.on_license("move", license.id, ip)
        if reason := why_unmoved(each, evidence.facts):
            why, mend = f"{why}; {reason}", ""
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
        wanted = missed_status(each, evidence.facts.today)
        if wanted is None:
            continue
        why = f"service {demand.service} is {wanted}, and it is {license.status}"
        mend = command("checkevent")
        if each.followed is wanted:
            why, mend = f"{why}, by hand", evidence.on_license(MENDS[wanted], license.id)
        yield evidence.found(Kind.STATUS_DRIFT, license, why, amount=evidence.left(license), mend=mend)
    for _, license in evidence.facts.linked:
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
            why = f"it {end_in_words(each.license, evidence.facts.today)}"
            yield _renewable(each.license, why, evidence, None)
    for key, license in evidence.facts.linked:
        if reason := _left_to_a_person(key, license, evidence):
            why = f"it {end_in_words(license, evidence.facts.today)}; {reason}, so nothing renews it"
            yield _renewable(license, why, evidence, cost_of_period(license, evidence.facts.tariffs))


def _left_to_a_person(key: Key, license: License, evidence: Evidence) -> str:
    """Return why no run renews a license that is wanted and ends within 7 days, empty where one does."""
    demand = evidence.standing.demands.get(key)
    if not ends_within(license, evidence.facts.today, SOON):
        return ""
    if is_on_its_own(key[0]):
        return "it belongs to no service"
    is_wanted = demand is not None and demand.wish is Wish.ON and not license.renews_itself
    return "it is protected" if is_wanted and license.id in evidence.facts.protected else ""


def _not_renewed(linked: Linked, evidence: Evidence) -> Iterator[Finding]:
    license = linked.license
    tries = evidence.standing.tries.get((license.id, Action.RENEW))
    words = f"it {end_in_words(license, evidence.facts.today)}"
    if license.is_trial or is_free_of_charge(license):
        if ends_within(license, evidence.facts.today, 2 * SOON):
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
            why = f"it {end_in_words(each.license, evidence.facts.today)}; the next checkevent renews it"
            mend = command("checkevent")
            yield evidence.found(Kind.EXPIRING, each.license, why, amount=decision.cost, mend=mend)


def _due(evidence: Evidence) -> list[tuple[Linked, Decision]]:
    """Return the licenses that are due, each with its renewal, which is held where its price is not known."""
    licenses = due(evidence.linked, evidence.facts, evidence.standing, evidence.rules)
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
