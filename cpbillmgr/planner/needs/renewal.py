"""Renewal: which licenses are paid for once more, when, and for how long (semantics.md 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from cpbillmgr.model.catalogue import LIFETIME
from cpbillmgr.model.licenses import License
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.basis.prices import price_of
from cpbillmgr.planner.basis.retries import SLOWLY
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.needs import certificates
from cpbillmgr.planner.needs.modules import without_panel

KEPT = timedelta(days=30)  # how long the remote keeps a license that has ended (wire-api.md 12)


def renewable(licenses: Iterable[Linked]) -> Iterator[Linked]:
    """Yield the licenses that are to be renewed whenever they end.

    ==========================================  ==============================
    the license                                 is renewed
    ==========================================  ==============================
    belongs to a service that is not active     no: it ends with its period
    is a trial, or has no end                   no
    costs nothing (a discount of 100 %)         no: the remote does not do it
    any other                                   yes
    ==========================================  ==============================

    Licenses of the pool are linked to nothing, and so never renewed.
    """
    return (each for each in licenses if may_be_renewed(each) and not is_free_of_charge(each.license))


def due(licenses: Iterable[Linked], facts: Facts, standing: Standing, rules: Rules) -> list[Linked]:
    """Return those of our licenses that are renewed in this run.

    ==============================================  =================================================
    the license                                     is renewed
    ==============================================  =================================================
    ends in more than ``days_before`` days          not yet
    was renewed for this end, and does not show it  not again: a person looks
    has not ended                                   now, in every run until it is
    ended less than 30 days ago                     now, once a day
    ended 30 days ago, or longer                    not any more: the remote has deleted it
    is a certificate that is not issued, or whose   not: a person looks
    next one was refused
    ==============================================  =================================================
    """
    last = facts.today + timedelta(days=rules.days_before)
    ending = (each for each in licenses if each.license.expires and each.license.expires <= last)
    found = [each for each in renewable(ending) if _is_due(each.license, facts, standing)]
    if rules.product.is_certificate:
        return [each for each in found if certificates.may_follow(each.license, standing)]
    return found


def _is_due(license: License, facts: Facts, standing: Standing) -> bool:
    end = license.expires
    if end is None or (license.id, end) in standing.renewed:
        return False
    if not has_ended(license, facts.today):
        return True
    tries = standing.tries.get((license.id, Action.RENEW))
    return facts.today < end + KEPT and (tries is None or facts.requested_at - tries.last_at >= SLOWLY)


def renewals(due: list[Linked], children: Mapping[Key, Child], facts: Facts, rules: Rules) -> list[Decision]:
    """Return the renewal of each license that is due.

    It is held where its price is not known, and where a module would be renewed for nobody.

    ``children`` are what services ask for by the rules of now; a service that cannot be resolved is missing.

    ========================================================  ==================
    the rules of now                                          renewed for
    ========================================================  ==================
    give a period of months that the license is sold for      that
    give another one, or none                                 one month
    ========================================================  ==================

    A certificate is renewed by a new order (``certificates.renewal``).
    """
    if rules.product.is_certificate:
        return [certificates.renewal(each, children.get(each.demand.key), facts, rules) for each in due]
    return [_renewal(each, children.get(each.demand.key), facts) for each in due]


def _renewal(linked: Linked, wanted: Child | None, facts: Facts) -> Decision:
    license = linked.license
    period, length, cost = next(
        (
            (period, length, cost)
            for period, length in _periods(license, wanted, facts)
            if (cost := price_of(license, period, facts.tariffs)) is not None
        ),
        (license.period or 0, license.length, None),
    )
    for_nobody = without_panel(linked, facts)
    because = f"service {linked.demand.service} is active" if for_nobody is None else for_nobody
    if cost is None:
        because = "the remote tells no price to renew it for"
    return Decision(
        Action.RENEW,
        replace(linked.child, period=period, length=length),
        f"it is paid until {license.expires}, and {because}",
        license=license.id,
        cost=cost,
        held=cost is None or for_nobody is not None,
        expires_before=license.expires,
    )


def _periods(license: License, wanted: Child | None, facts: Facts) -> Iterator[tuple[int, int | None]]:
    """Yield the periods that a license may be renewed for, the best first, each with its length."""
    if wanted is not None and (wanted.length is None or wanted.length > 0):
        yield wanted.period, wanted.length
    tariff = facts.tariffs.get(license.tariff or 0)
    if tariff is not None and (month := tariff.period_of(1)) is not None:
        yield month, 1
    elif tariff is None and license.period is not None and license.length == 1:
        yield license.period, 1


def is_free_of_charge(license: License) -> bool:
    """Return whether a license costs nothing: such a one cannot be renewed automatically (semantics.md 6)."""
    return license.cost is not None and license.cost.amount == 0


def may_be_renewed(linked: Linked) -> bool:
    """Return whether a service goes on to want a license that has an end, which is no trial."""
    return (
        linked.demand.wish is Wish.ON
        and linked.license.expires is not None
        and linked.license.length != LIFETIME
        and not linked.license.is_trial
    )
