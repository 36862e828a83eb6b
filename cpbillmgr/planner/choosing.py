"""Choosing: which of several remotes a license is bought from (semantics.md 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from cpbillmgr.errors import (
    AlreadyExists,
    ConfigInvalid,
    Interrupted,
    LimitReached,
    LoginRefused,
    NotEnoughMoney,
    Problem,
    StateUnusable,
    Unreachable,
)
from cpbillmgr.model.plan import GIVING, Action, Decision, Plan
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.catalogue.closed_tariffs import is_closed
from cpbillmgr.planner.fixchilds import given
from cpbillmgr.planner.needs.alternatives import with_alternatives

# A person, a limit or our records: after that nothing is begun at any remote.
OURS = (Interrupted, LimitReached, StateUnusable)
THE_ACCOUNTS = (LoginRefused, NotEnoughMoney, Unreachable)  # after that nothing is begun at this remote


@dataclass(frozen=True, slots=True)
class Seller:
    """One remote as it was seen: what services ask for in its terms, as far as it can sell that."""

    children: Sequence[Child]
    facts: Facts
    rules: Rules


class _Claim(IntEnum):
    """How strongly a remote claims a child; the least of them is the strongest."""

    IS_THERE = 0
    IN_THE_WAY = 1
    CAN_SELL = 2
    CANNOT_SELL = 3


def share_out(sellers: Sequence[Seller], scope: Scope) -> list[Facts]:
    """Return each remote's facts, with the children that it leaves to others among those ``elsewhere``.

    The remotes come in the order of their use: lowest ``sort``, then name. The first row that fits decides.

    ===================================================  ============================================
    the child                                            is served by
    ===================================================  ============================================
    has a license, or an open operation, at a remote     that one: a license stays with its remote
    matches licenses of an account (matching)            the first such remote: linked, or held there
    has something in its way at a remote (obstacles)     the first such remote, which holds it
    otherwise                                            the first remote that can sell it
    no remote can: none tells a price of it, or our      the first one, which holds or refuses it
    catalogue has it closed at all of them
    ===================================================  ============================================

    What is in the way at one remote is so at all of them: an address has one license of a product. Raises
    ``ConfigInvalid`` when two of them are one account.
    """
    if len(sellers) == 1:
        return [sellers[0].facts]
    check_accounts(seller.facts for seller in sellers)
    chosen: dict[Key, tuple[_Claim, int]] = {}
    for number, seller in enumerate(sellers):
        for key, claim in _claims(seller, scope).items():
            chosen[key] = min(chosen.get(key, (claim, number)), (claim, number))
    return [
        replace(
            seller.facts,
            elsewhere=seller.facts.elsewhere | {key for key, (_, taker) in chosen.items() if taker != number},
        )
        for number, seller in enumerate(sellers)
    ]


def _claims(seller: Seller, scope: Scope) -> dict[Key, _Claim]:
    found = given(seller.children, seller.facts, seller.rules, scope)
    return {key: _claim(decision, seller.facts) for key, decision in found.items()}


def _claim(decision: Decision | None, facts: Facts) -> _Claim:
    """Return the claim that a remote's own plan makes; only what would be bought now has a new mark."""
    if decision is None:
        return _Claim.CAN_SELL
    if decision.action is Action.LINK:
        return _Claim.IS_THERE
    has_new_mark = bool(decision.remoteid) and decision.operation is None
    if decision.held:
        return _Claim.CANNOT_SELL if has_new_mark else _Claim.IN_THE_WAY
    return _Claim.CANNOT_SELL if is_closed(decision, facts) else _Claim.CAN_SELL


def together(plans: Sequence[Plan]) -> Plan:
    """Return the plans of several remotes as one; its warnings tell of which remote they are."""
    if len(plans) == 1:
        return plans[0]
    return Plan(
        remote="",
        decisions=tuple(decision for plan in plans for decision in plan.decisions),
        in_sync=sum(plan.in_sync for plan in plans),
        warnings=tuple(f"{plan.remote}: {warning}" for plan in plans for warning in plan.warnings),
    )


def may_go_on(row: Row) -> bool:
    """Return whether the next remote may be asked for what this one has not given.

    ================================================  =====================================
    the order, or the take                            may go on
    ================================================  =====================================
    was refused, or there was no money for it         yes: it certainly did not happen
    could not be sent: no connection, no login        yes
    was not begun, for the account had failed         yes
    was refused, for the address has a license        no: that is so at every remote
    would have passed a limit, or not been noted      no: that is ours, not the remote's
    is done, held or in doubt                         no
    is something else than an order or a take         no
    is in place of a license that the child has       no: a license stays with its remote
    ================================================  =====================================

    What the journal says comes before this: a child with a license, or with an open operation, stays, and so
    does one whose order was in doubt before it was refused, for the first one may arrive yet.
    """
    if row.decision.action not in (Action.ORDER, Action.TAKE) or row.decision.replaces is not None:
        return False
    if row.outcome is Outcome.SKIPPED:
        return True
    return row.outcome is Outcome.FAILED and not isinstance(row.error, (AlreadyExists, *OURS))


def take_over(seller: Seller, plan: Plan, refused: Mapping[Key, str]) -> tuple[Decision, ...]:
    """Return what a remote gives, beside its own plan, to children that earlier ones have refused.

    ``refused`` are their keys, each with why. A child that it cannot serve is absent.
    """
    own = {each.child.key for each in plan.decisions}
    served = {
        each.child.key: each.license
        for each in plan.decisions
        if each.action in GIVING and each.license is not None
    }
    facts = replace(
        seller.facts,
        links={**seller.facts.links, **served},
        elsewhere=(seller.facts.elsewhere | own) - refused.keys(),
    )
    decided = given(seller.children, facts, seller.rules, Scope.of(refused, unready=True))
    taken = [
        replace(each, because=f"{refused[key]}; {each.because}")
        for key, each in decided.items()
        if key in refused and each is not None and not each.held and not is_closed(each, facts)
    ]
    return with_alternatives(taken, facts, seller.rules)


def check_accounts(looks: Iterable[Facts]) -> None:
    """Raise ``ConfigInvalid`` when two remotes list the very same license: they are one account.

    Then each would take the other's licenses for its own (semantics.md 5).
    """
    owners: dict[object, Facts] = {}
    for facts in looks:
        for license in facts.licenses.values():
            if license.is_free:
                continue
            same = (license.id, license.name, license.ip, license.tariff, license.expires)
            other = owners.setdefault(same, facts)
            if other is not facts:
                message = f"remotes {other.remote} and {facts.remote} both list license {license.id}"
                hint = "They are one account: keep one [[remote]] for it"
                raise ConfigInvalid([Problem("settings", None, message, hint)])
