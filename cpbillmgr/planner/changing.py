"""Changing a license that is there: each change is a goal, and the license's form tells what is left."""

from __future__ import annotations

from cpbillmgr.model.changes import ChangeTariff, Edit, LicenseChange, Renew, Suspend
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.planner import taking
from cpbillmgr.planner.facts import Facts

FREE = (Action.RELEASE, Action.MOVE)  # may be repeated: each step is judged by what the license shows
PAID = (
    Action.ORDER,
    Action.RENEW,
    Action.CHANGE_TARIFF,
)  # sent at most once more, and only when surely absent


def next_step(operation: Operation, form: License) -> tuple[str, LicenseChange] | None:
    """Return the next step towards an operation's goal and its change, or ``None`` when it is reached.

    ===============  ==========================================  ======================================
    action           the form shows                              next step
    ===============  ==========================================  ======================================
    take             see ``taking``                              see ``taking``
    renew            an end that has not moved forward           renew
    release          an active license                           suspend
    release          a suspended one, not free                   free name, address and remote id
    move             another address                             the address
    change tariff    another tariff                              the tariff
    any              its goal                                    none
    ===============  ==========================================  ======================================
    """
    match operation.action:
        case Action.TAKE:
            return taking.next_step(operation, form)
        case Action.RENEW if not _has_moved(operation, form):
            return "renewed", Renew(form.id, operation.period)
        case Action.RELEASE if form.status is Status.ACTIVE:
            return "suspended", Suspend(form.id)
        case Action.RELEASE if not form.is_free:
            return "freed", Edit(form.id, name=FREE_NAME, ip=FREE_IP, remoteid="")
        case Action.MOVE if form.ip != operation.ip:
            return "moved", Edit(form.id, ip=operation.ip)
        case Action.CHANGE_TARIFF if form.tariff != operation.tariff:
            return "changed", ChangeTariff(form.id, operation.tariff, operation.period)
        case _:
            return None


def _has_moved(operation: Operation, form: License) -> bool:
    """Return whether a renewal shows: the end is later than it was before (reliability.md, Renewal)."""
    before = operation.expires_before
    return before is not None and (form.expires is None or form.expires > before)


def open_changes(facts: Facts) -> list[Decision]:
    """Return what becomes of the open operations that change a license.

    ====================================  =============================================
    the operation                         the decision
    ====================================  =============================================
    a release or a move, sent             taken on: what is left costs nothing
    a paid one that is surely absent      sent once more
    anything else                         held until it is settled, or for a person
    ====================================  =============================================
    """
    return [
        _of_open(operation, facts)
        for operation in facts.operations
        if operation.action in (*FREE, Action.RENEW, Action.CHANGE_TARIFF)
    ]


def open_change(facts: Facts, license: str) -> Decision | None:
    """Return what becomes of the open operation on a license, or ``None`` when there is none."""
    return next((each for each in open_changes(facts) if each.license == license), None)


def _of_open(operation: Operation, facts: Facts) -> Decision:
    in_doubt = operation.state in (State.SENT, State.IN_DOUBT)
    goes_on = operation.license in facts.licenses and (
        in_doubt if operation.action in FREE else operation.state is State.ABSENT
    )
    return Decision(
        operation.action,
        operation.child,
        f"operation {operation.id} is {operation.state}: {operation.error or 'its end is not known yet'}",
        license=operation.license,
        cost=operation.cost,
        held=not goes_on,
        in_doubt=in_doubt and not goes_on,
        operation=operation.id,
        expires_before=operation.expires_before,
    )
