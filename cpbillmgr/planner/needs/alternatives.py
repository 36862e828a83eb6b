"""Alternatives: which other licenses might have served a child, and why they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cpbillmgr.model.catalogue import Amounts
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark, service_of_name
from cpbillmgr.model.plan import GIVING, Action, Considered, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.prices import product_of
from cpbillmgr.planner.pool.handing_out import best_first, claim_on, may_reuse, why_not

NEAREST = 10  # of each child's: an account may have a pool of thousands, and thousands of children
Kind = tuple[int, Amounts, bool]  # tariff and amounts of a child, and whether it takes a license


def with_alternatives(decisions: Sequence[Decision], facts: Facts, rules: Rules) -> tuple[Decision, ...]:
    """Return the decisions with the licenses that were considered and not taken, the nearest first.

    ===============================================  ===================================================
    a decision that                                  is told of licenses of its product that
    ===============================================  ===================================================
    orders                                           are on its address or named after its service; then
                                                     those of the pool, if it may be used
    takes                                            the same, but of the pool not those that others get
    would give a license, and is held or goes on     are on its address or named after its service
    anything else                                    none
    ===============================================  ===================================================

    Of the pool those of its own tariff come first, then those that would be given away first.
    """
    told = [each for each in decisions if _is_told(each)]
    if not told:
        return tuple(decisions)
    reasons = _Reasons(decisions, facts, rules.installation)
    near = _near(told, facts)
    pool = [license for license in facts.licenses.values() if license.is_free]
    spares: dict[Kind, tuple[Considered, ...]] = {}
    complete: list[Decision] = []
    for each in decisions:
        found: tuple[Considered, ...] = ()
        if _is_told(each):
            found = tuple(reasons.of(license, each.child) for license in near[each.child.key])
            if pool and not each.held and each.operation is None and may_reuse(each.child, rules):
                kind = (each.child.tariff, each.child.amounts, each.action is Action.TAKE)
                if kind not in spares:
                    spares[kind] = reasons.of_pool(pool, each)
                found += spares[kind]
        complete.append(replace(each, considered=found[:NEAREST]) if found else each)
    return tuple(complete)


def _is_told(decision: Decision) -> bool:
    return decision.action in GIVING and (decision.held or decision.action is not Action.LINK)


def _near(told: Iterable[Decision], facts: Facts) -> dict[Key, list[License]]:
    """Return, by child, the licenses of its product on its address or named after its service."""
    by_address: dict[str, list[Decision]] = defaultdict(list)
    by_service: dict[str, list[Decision]] = defaultdict(list)
    for each in told:
        if each.child.ip:
            by_address[each.child.ip].append(each)
        by_service[each.child.service].append(each)
    near: dict[Key, list[License]] = defaultdict(list)
    for license in facts.licenses.values():
        if license.is_free or license.status is Status.DELETED:
            continue
        close = [*by_address.get(license.ip, ()), *by_service.get(service_of_name(license.name) or "", ())]
        for each in {each.child.key: each for each in close}.values():
            if license.id not in (each.license, each.replaces) and _is_of_product(license, each.child, facts):
                near[each.child.key].append(license)
    return near


def _is_of_product(license: License, child: Child, facts: Facts) -> bool:
    return product_of(license, facts.tariffs) == product_of(child, facts.tariffs)


class _Reasons:
    """Why licenses are not taken, as one plan decides about them."""

    def __init__(self, decisions: Iterable[Decision], facts: Facts, installation: str) -> None:
        self._facts, self._installation = facts, installation
        self._gets = {each.license: each.child.key for each in decisions if each.license and not each.held}

    def of_pool(self, pool: Iterable[License], decision: Decision) -> tuple[Considered, ...]:
        """Return the nearest of the pool for all children that are alike; none for a take that others get."""
        child, takes = decision.child, decision.action is Action.TAKE
        fitting = [
            license
            for license in pool
            if _is_of_product(license, child, self._facts) and not (takes and license.id in self._gets)
        ]
        fitting.sort(key=lambda license: (license.tariff != child.tariff, best_first(license)))
        return tuple(self.of(license, child) for license in fitting[:NEAREST])

    def of(self, license: License, child: Child) -> Considered:
        """Return why a license is not this child's; the first row that fits tells it.

        =========================================  ===================================================
        the license                                it is told
        =========================================  ===================================================
        is of the pool, and of another tariff      of which
        is claimed already (``pool.claim_on``)     by what
        is given away by this plan                 who gets it
        was unlinked by hand                       that it was
        is not of the pool, bears another's mark   whose
        is of another tariff                       of which
        is of the pool, and may not be reused      why not (pool)
        is of the pool                             that another goes first
        is neither active nor suspended            its status
        is on another address                      its address
        otherwise                                  that it fits, and that a person decides
        =========================================  ===================================================
        """
        return Considered(license.id, self._of_owner(license, child) or self._of_itself(license, child))

    def _of_owner(self, license: License, child: Child) -> str | None:
        if license.is_free and license.tariff != child.tariff:
            return None
        if (claim := claim_on(license, self._facts)) is not None:
            return claim
        if license.id in self._gets:
            return f"service {' '.join(self._gets[license.id])} gets it"
        if license.id in self._facts.unlinked:
            return "it was unlinked by hand"
        mark = None if license.is_free else Mark.read(license.remoteid)
        if mark is not None and mark.installation != self._installation:
            return f"it bears the mark of installation {mark.installation}"
        if mark is not None and (mark.service, mark.addon) != child.key:
            return f"it bears the mark of service {mark.service} {mark.addon}"
        return None

    def _of_itself(self, license: License, child: Child) -> str:
        if license.tariff != child.tariff:
            return f"it is {license.tariff_name or 'of another tariff'}"
        if license.is_free:
            tariff, today = self._facts.tariffs[child.tariff], self._facts.today
            return why_not(license, tariff, child.amounts, today) or "another one goes first"
        if license.status not in (Status.ACTIVE, Status.SUSPENDED):
            return f"it is {license.status}"
        return "it fits, and a person decides" if license.ip == child.ip else f"it is on {license.ip}"
