"""``fixchilds``: every service gets the license it should have (semantics.md 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key, Match, license_of, match, rest
from cpbillmgr.planner.basis.protection import unprotected
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.changing import open_changes
from cpbillmgr.planner.changes.replacing import order, outlived
from cpbillmgr.planner.changes.surplus import surplus
from cpbillmgr.planner.needs.adapting import adapt, keys_of, price_warning
from cpbillmgr.planner.needs.alternatives import with_alternatives
from cpbillmgr.planner.needs.obstacles import obstacles_to
from cpbillmgr.planner.needs.open_orders import of_operations, of_unpaid, once_more
from cpbillmgr.planner.pool.handing_out import hand_out, may_reuse


def waiting(children: Iterable[Child], facts: Facts, scope: Scope) -> list[Child]:
    """Return the children in scope that have no paid license: no link, or to one that is gone or unpaid.

    So are those of which a take or an order is open: it is to come in place of the license that they have.
    """
    replacing = {operation.key for operation in facts.operations if operation.replaces is not None}
    return [
        child
        for child in children
        if scope.covers(child)
        and child.key not in facts.elsewhere
        and (
            (license := license_of(child, facts)) is None
            or license.status is Status.ORDERED
            or child.key in replacing
        )
    ]


def given(children: Sequence[Child], facts: Facts, rules: Rules, scope: Scope) -> dict[Key, Decision | None]:
    """Return, by child ``waiting`` in scope, what gives it a license; the first row that fits decides.

    ===  ==================================================  ==========================================
    row  the child                                           gets
    ===  ==================================================  ==========================================
    1    has a license that is not paid                      held
    2    has an open operation that is not surely absent     held, or its take goes on
    3    matches a license of the account (matching)         link; held when that is not clear
    4    has something in its way (obstacles)                held
    5    waits while ``--link-only`` is asked for            nothing
    6    is of a suspended service, ``NoFixSuspended`` set   nothing
    7    has ordered it before, and the order never arrived  order, once more with the same mark
    8    may be served from the pool, and something fits     take
    9    otherwise                                           order; held when its price is not known
    ===  ==================================================  ==========================================
    """
    needy = waiting(children, facts, scope)
    everyone = waiting(children, facts, Scope(unready=True)) if needy else []
    decided = of_unpaid(needy, facts)
    decided |= of_operations(rest(needy, decided), facts)
    decided |= _of_matches(rest(needy, decided), everyone, facts, rules)
    decided |= _of_obstacles(rest(needy, decided), children, facts, rules)
    if not scope.link_only:
        buyers = [child for child in rest(needy, decided) if _may_buy(child, rules)]
        decided |= _of_purchases(buyers, facts, rules)
    return {child.key: decided.get(child.key) for child in needy}


def make_plan(children: Sequence[Child], facts: Facts, rules: Rules, scope: Scope) -> Plan:
    """Return what every child in scope gets.

    Those that wait are ``given`` a license; what the others ask for otherwise than their licenses are is
    brought about (``adapt``). Where all is in scope, what was begun goes on, and nothing paid is lost.
    """
    needy = given(children, facts, rules, scope)
    decided = {key: each for key, each in needy.items() if each is not None}
    taken = frozenset(each.license for each in decided.values() if each.license is not None and not each.held)
    linked = _once_linked(facts, decided)
    changes = adapt(children, taken, linked, rules, scope)
    covered = [child for child in children if scope.covers(child)]
    served_here = sum(child.key not in facts.elsewhere for child in covered)
    decisions = [
        *decided.values(),
        *changes,
        *(each for each in open_changes(facts) if scope.is_whole and each.child.key not in decided),
        *(surplus(linked, rules) if scope.is_whole else ()),
        *(_of_replaced(children, facts, rules) if scope.is_whole else ()),
    ]
    return Plan(
        remote=facts.remote,
        decisions=with_alternatives(unprotected(decisions, facts), facts, rules),
        in_sync=served_here - len(needy.keys() | keys_of(changes)),
        warnings=(*_warnings(covered, needy, keys_of(changes), facts), *price_warning(changes)),
    )


def _of_replaced(children: Iterable[Child], facts: Facts, rules: Rules) -> list[Decision]:
    if not facts.replaced:
        return []
    return outlived(facts, {child.key: child.local_ids for child in children}, rules)


def _once_linked(facts: Facts, decided: dict[Key, Decision]) -> Facts:
    """Return the facts as they are once the links of a plan are made."""
    found = {
        key: each.license
        for key, each in decided.items()
        if each.action is Action.LINK and each.license is not None and not each.held
    }
    return replace(facts, links={**facts.links, **found})


def _may_buy(child: Child, rules: Rules) -> bool:
    return not (rules.no_fix_suspended and child.status is Status.SUSPENDED)


def _of_matches(
    children: Sequence[Child], everyone: Sequence[Child], facts: Facts, rules: Rules
) -> dict[Key, Decision]:
    matches = match(everyone, facts, rules.installation) if children else {}
    return {
        child.key: _of_match(child, matches[child.key], facts) for child in children if child.key in matches
    }


def _of_match(child: Child, found: Match, facts: Facts) -> Decision:
    """Return a link; of a child whose order never arrived, that order is named, so that it can be closed."""
    absent = next((operation.id for operation in facts.operations if operation.key == child.key), None)
    if found.license is None:
        return Decision(Action.LINK, child, found.because, held=True, operation=absent)
    return Decision(Action.LINK, child, found.because, license=found.license.id, operation=absent)


def _of_obstacles(
    children: Sequence[Child], everyone: Sequence[Child], facts: Facts, rules: Rules
) -> dict[Key, Decision]:
    reasons = obstacles_to(children, everyone, facts, rules) if children else {}
    return {
        child.key: Decision(Action.ORDER, child, reasons[child.key], held=True)
        for child in children
        if child.key in reasons
    }


def _of_purchases(children: Sequence[Child], facts: Facts, rules: Rules) -> dict[Key, Decision]:
    absent = facts.busy_children
    reusers = [child for child in children if child.key not in absent and may_reuse(child, rules)]
    fitting = hand_out(reusers, facts)
    decided: dict[Key, Decision] = {}
    for child in children:
        mark = Mark(rules.installation, *child.key, facts.generations.get(child.key, 0) + 1)
        if child.key in absent:
            decided[child.key] = once_more(child, absent[child.key])
        elif child.key in fitting:
            own, *spares = fitting[child.key]
            reason = _why_bought(child, facts, f"license {own} of the pool is free and fits")
            decided[child.key] = Decision(
                Action.TAKE, child, reason, license=own, remoteid=str(mark), spares=tuple(spares)
            )
        else:
            reason = _why_bought(child, facts, _why_ordered(child, reuses=may_reuse(child, rules)))
            decided[child.key] = order(child, reason, str(mark), facts)
    return decided


def _why_ordered(child: Child, *, reuses: bool) -> str:
    if child.domain:
        return f"there is no certificate for {child.domain}"
    if not child.ip:
        return f"service {child.service} has none for its add-on {child.addon}"
    pool = "none free in the pool" if reuses else "the pool is not used for it"
    return f"no license for {child.ip} and {pool}"


def _why_bought(child: Child, facts: Facts, reason: str) -> str:
    gone = facts.links.get(child.key)
    return reason if gone is None else f"license {gone} is gone from the account; {reason}"


def _warnings(
    covered: Iterable[Child],
    needy: Mapping[Key, Decision | None],
    adapted: Collection[Key],
    facts: Facts,
) -> tuple[str, ...]:
    """Return what the operator should know though nothing is done about it."""
    drifted = sum(
        1
        for child in covered
        if child.key not in adapted
        and not child.domain
        and (license := license_of(child, facts)) is not None
        and (license.ip, license.tariff) != (child.ip, child.tariff)
    )
    suspended = sum(
        each is not None
        and each.child.status is Status.SUSPENDED
        and each.action is not Action.LINK
        and not each.held
        for each in needy.values()
    )
    without = sum(each is None for each in needy.values())
    counted = (
        ("linked licenses that have another address or tariff than their service wants", drifted),
        ("suspended services that get a license too (Option NoFixSuspended prevents it)", suspended),
        ("services that stay without a license, as asked for", without),
    )
    return tuple(f"{what}: {number}" for what, number in counted if number)
