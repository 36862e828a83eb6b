"""Open orders: what becomes of a child whose take or order is open, or whose license waits for money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key, license_of
from cpbillmgr.planner.pool.handing_out import hand_out
from cpbillmgr.planner.pool.taking import bears_our_name


def of_unpaid(children: Iterable[Child], facts: Facts) -> dict[Key, Decision]:
    """Return, by child, that its license is ordered and waits for money."""
    return {
        child.key: Decision(
            Action.ORDER,
            child,
            f"license {license.id} is not paid yet: it waits in the cart of the account",
            license=license.id,
            held=True,
        )
        for child in children
        if (license := license_of(child, facts)) is not None and license.status is Status.ORDERED
    }


def of_operations(children: Iterable[Child], facts: Facts) -> dict[Key, Decision]:
    """Return what becomes of the children that have an open operation; an order to be sent again has none."""
    return {
        child.key: _of_operation(child, operation, facts)
        for child in children
        if (operation := facts.busy_children.get(child.key)) is not None
        and not _never_arrived(child, operation)
    }


def _never_arrived(child: Child, operation: Operation) -> bool:
    """Return whether the operation is an order that two whole lists lack, for just what the child wants."""
    return (operation.action, operation.state) == (Action.ORDER, State.ABSENT) and (
        operation.tariff,
        operation.period,
        operation.ip,
        operation.amounts,
        operation.name if child.domain else "",
    ) == (child.tariff, child.period, child.ip, child.amounts, child.domain)


def _of_operation(child: Child, operation: Operation, facts: Facts) -> Decision:
    """Return what becomes of a child with an open operation.

    ============================================  ========================================================
    the operation                                 the decision
    ============================================  ========================================================
    a take, and its license bears our name        taken on: the steps that are left cost nothing
    a take in place of another license            taken on: that one may be off its address already
    an absent order of something else than now    held: a person cancels the one or the other
    anything else                                 held until it is settled, or a person has decided
    ============================================  ========================================================
    """
    held = Decision(
        operation.action,
        child,
        operation.in_words,
        license=operation.license,
        cost=operation.cost,
        held=True,
        in_doubt=operation.state in (State.SENT, State.IN_DOUBT),
        remoteid=operation.remoteid,
        operation=operation.id,
        replaces=operation.replaces,
    )
    if operation.state is State.ABSENT:
        return replace(held, because=f"operation {operation.id} asked for something else and is still open")
    reserved = facts.licenses.get(operation.license or "")
    if operation.action is not Action.TAKE or operation.state is State.MANUAL or reserved is None:
        return held
    if bears_our_name(operation, reserved):
        because = f"license {reserved.id} bears its name already"
    elif operation.replaces is not None:
        because = f"license {reserved.id} takes the place of {operation.replaces}"
    else:
        return held
    return replace(held, held=False, in_doubt=False, because=because, spares=_spares(operation, facts))


def _spares(operation: Operation, facts: Facts) -> tuple[str, ...]:
    """Return what else of the pool a take may turn to that comes in place of another license."""
    if operation.replaces is None or operation.tariff not in facts.tariffs:
        return ()
    return hand_out([operation.child], facts).get(operation.key, ())


def once_more(child: Child, operation: Operation) -> Decision:
    """Return an order that never arrived, to be sent once more with the same mark."""
    return Decision(
        Action.ORDER,
        child,
        f"order {operation.id} never arrived: {operation.error}",
        cost=operation.cost,
        remoteid=operation.remoteid,
        operation=operation.id,
        replaces=operation.replaces,
    )
