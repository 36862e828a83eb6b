"""Changing a license that is there: each change is a goal, and the license's form tells what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from cpbillmgr.errors import LimitRefused, MaybeDone
from cpbillmgr.model.changes import ChangeTariff, Delete, Edit, LicenseChange, NewKey, Renew, Resume, Suspend
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import GIVING, Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.protection import unprotected
from cpbillmgr.planner.pool import taking
from cpbillmgr.planner.pool.handing_out import rested_from, usable_from

A_DAY = timedelta(days=1)
_PAID = (Action.ORDER, Action.RENEW, Action.CHANGE_TARIFF)


def is_paid(operation: Operation) -> bool:
    """Return whether it may cost money: such a one is sent at most once more, and only when surely absent."""
    return operation.action in _PAID or (operation.action is Action.EDIT and bool(operation.amounts))


def is_free(operation: Operation) -> bool:
    """Return whether it may be repeated at any time: each step is judged by what the license shows.

    A take may be, too, where it comes in place of a license that may be off its address already.
    """
    return not is_paid(operation) and (operation.action is not Action.TAKE or operation.replaces is not None)


def next_step(
    operation: Operation, form: License, *, has_keys: bool = True
) -> tuple[Step, LicenseChange] | None:
    """Return the next step towards an operation's goal and its change, or ``None`` when it is reached.

    ===============  ==========================================  ======================================
    action           the form shows                              next step
    ===============  ==========================================  ======================================
    take             see ``taking``                              see ``taking``
    renew            an end that has not moved forward           renew
    suspend          an active license                           suspend
    resume           a suspended one                             resume
    either           one in processing, nothing done yet         raises ``MaybeDone``: look again later
    release          an active license                           suspend
    release          a suspended one, not free                   free name, address and remote id; the
                                                                 remote's own renewal off, if it was on
    delete           any but a deleted one                       delete
    edit of amounts  other amounts                               those that are other
    edit, otherwise  the remote's own renewal turned on          turn it off
    newkey           a key that is older than the operation      new key
    move             another address                             the address
    change tariff    another tariff                              the tariff
    any              its goal                                    none
    ===============  ==========================================  ======================================
    """
    match operation.action:
        case Action.TAKE:
            return taking.next_step(operation, form, has_keys=has_keys)
        case Action.SUSPEND | Action.RESUME:
            return _switch(operation, form)
        case Action.RELEASE:
            return _release(form)
        case Action.RENEW if not _has_moved(operation, form):
            return Step.RENEWED, Renew(form.id, operation.period)
        case Action.DELETE if form.status is not Status.DELETED:
            return Step.DELETED, Delete(form.id)
        case Action.EDIT:
            return _edit(operation, form)
        case Action.NEWKEY if not _has_new_key(operation, form):
            return Step.NEW_KEY, NewKey(form.id)
        case Action.MOVE if form.ip != operation.ip:
            return Step.MOVED, Edit(form.id, ip=operation.ip)
        case Action.CHANGE_TARIFF if form.tariff != operation.tariff:
            return Step.CHANGED, ChangeTariff(form.id, operation.tariff, operation.period)
        case _:
            return None


def _switch(operation: Operation, form: License) -> tuple[Step, LicenseChange] | None:
    if form.status is Status.PROCESSING and not operation.steps:
        raise MaybeDone(f"license {form.id} is still being processed", where=operation.remote)
    if operation.action is Action.SUSPEND:
        return (Step.SUSPENDED, Suspend(form.id)) if form.status is Status.ACTIVE else None
    return (Step.RESUMED, Resume(form.id)) if form.status is Status.SUSPENDED else None


def _edit(operation: Operation, form: License) -> tuple[Step, LicenseChange] | None:
    if not operation.amounts:
        return (Step.EDITED, Edit(form.id, autoprolong_off=True)) if form.renews_itself else None
    has = dict(form.addons or ())
    other = tuple((addon, amount) for addon, amount in operation.amounts if has.get(addon) != amount)
    return (Step.RESIZED, Edit(form.id, addons=other)) if other else None


def _release(form: License) -> tuple[Step, LicenseChange] | None:
    if form.status is Status.ACTIVE:
        return Step.SUSPENDED, Suspend(form.id)
    if form.is_free:
        return None
    off = bool(form.renews_itself)
    return Step.FREED, Edit(form.id, name=FREE_NAME, ip=FREE_IP, remoteid="", autoprolong_off=off)


def _has_new_key(operation: Operation, form: License) -> bool:
    """Return whether the key was made since: to the day, for the remote's clock may be a little off ours."""
    if Step.NEW_KEY in operation.steps:
        return True
    sent, changed = operation.sent_at, form.key_changed
    return sent is not None and changed is not None and changed >= sent.date() - A_DAY


def _has_moved(operation: Operation, form: License) -> bool:
    """Return whether a renewal shows: the end is later than it was before (reliability.md, Renewal)."""
    before = operation.expires_before
    return before is not None and (form.expires is None or form.expires > before)


def gone(operation: Operation) -> License:
    """Return a license that is not on the account any more, as far as its operation tells of it."""
    return License(
        remote=operation.remote,
        id=operation.license or "",
        name=operation.name,
        ip=operation.ip,
        tariff=operation.tariff,
        tariff_name="",
        period=operation.period,
        status=Status.DELETED,
        expires=None,
    )


def open_changes(facts: Facts) -> list[Decision]:
    """Return what becomes of the open operations that change a license.

    ====================================  =============================================
    the operation                         the decision
    ====================================  =============================================
    one that costs nothing, sent          taken on: each step is judged by the license
    a release that waits for its day      taken on, when the day has come; none before
    a paid one that is surely absent      sent once more
    anything else                         held until it is settled, or for a person
    ====================================  =============================================
    """
    found = ((operation, _of_open(operation, facts)) for operation in _changes(facts))
    return [each for operation, each in found if not (each.held and waits_for_its_day(operation))]


def _changes(facts: Facts) -> Iterator[Operation]:
    return (operation for operation in facts.operations if operation.action not in GIVING)


def _its_day_has_come(operation: Operation, license: License, today: date) -> bool:
    """Return whether a release waits for a day that is here: at the latest a month after it was refused."""
    refused = operation.sent_at
    day = usable_from(license) or (rested_from(refused.date()) if refused is not None else None)
    return waits_for_its_day(operation) and day is not None and day <= today


def waits_for_its_day(operation: Operation) -> bool:
    """Return whether a release is open only because the license's address may not change yet."""
    return (operation.action, operation.state, operation.failure) == (
        Action.RELEASE,
        State.MANUAL,
        LimitRefused.kind,
    )


def open_change(facts: Facts, license: str) -> Decision | None:
    """Return what becomes of the open operation on a license, or ``None`` when there is none."""
    found = (_of_open(each, facts) for each in _changes(facts) if each.license == license)
    return next(iter(unprotected(found, facts)), None)


def _length(operation: Operation, license: License | None, facts: Facts) -> int | None:
    """Return how long the period of an operation is, as far as its tariff or its license tells."""
    tariff = facts.tariffs.get(operation.tariff)
    if tariff is not None:
        return tariff.length(operation.period)
    return license.length if license is not None and license.period == operation.period else None


def _of_open(operation: Operation, facts: Facts) -> Decision:
    in_doubt = operation.state in (State.SENT, State.IN_DOUBT)
    license = facts.licenses.get(operation.license or "")
    goes_on = license is not None and (
        in_doubt or _its_day_has_come(operation, license, facts.today)
        if is_free(operation)
        else operation.state is State.ABSENT
    )
    return Decision(
        operation.action,
        replace(operation.child, length=_length(operation, license, facts)),
        operation.in_words,
        license=operation.license,
        cost=operation.cost,
        held=not goes_on,
        in_doubt=in_doubt and not goes_on,
        operation=operation.id,
        expires_before=operation.expires_before,
        replaces=operation.replaces,
    )
