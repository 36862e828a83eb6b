"""Taking a license from the pool: several free changes, each judged by what the license's form shows."""

from __future__ import annotations

from collections.abc import Mapping

from cpbillmgr.errors import MaybeDone, Refused
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.changes import Edit, NewKey, Resume
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.mark import is_same_name
from cpbillmgr.model.operations import Operation, Step
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.prices import product_of
from cpbillmgr.planner.pool.handing_out import usable_from


def next_step(
    operation: Operation, form: License, *, has_keys: bool = True
) -> tuple[Step, Edit | NewKey | Resume] | None:
    """Return the next step of a take and its change, or ``None`` when nothing is left (semantics.md 3.1).

    The first step puts our name on the license, so whoever finds it after a crash knows whose it is; from
    there it only goes forward (reliability.md, Taking from the pool). Without ``has_keys``, as at a remote of
    generation 4, there is no key to be made.

    ======================================  =====================  ========================================
    the form shows                          not done yet           next step
    ======================================  =====================  ========================================
    anything, and putting back has begun    -                      raises ``Refused``: it is put back
    free name or address, the other ours    -                      name, address and remote id in one edit
    our name and address                    new key                new key: the last user loses the license
    our name and address, suspended         resume                 resume
    our name and address, in processing     -                      raises ``MaybeDone``: look again later
    our name and address, active            -                      none: it is taken
    another name or address                 -                      raises ``Refused``: it is somebody's
    ======================================  =====================  ========================================
    """
    if Step.PUT_BACK in operation.steps:
        raise Refused(f"license {form.id} is on its way back to the pool", where=operation.remote)
    if not is_free_or_ours(operation, form):
        raise Refused(f"license {form.id} has been taken by somebody else", where=operation.remote)
    if not bears_our_name(operation, form):
        return Step.NAMED, Edit(
            form.id,
            name=operation.name,
            ip=operation.ip,
            remoteid=operation.remoteid,
            autoprolong_off=bool(form.renews_itself),
        )
    if has_keys and Step.NEW_KEY not in operation.steps and not _has_new_key(operation, form):
        return Step.NEW_KEY, NewKey(form.id)
    if form.status is Status.SUSPENDED:
        return Step.RESUMED, Resume(form.id)
    if form.status is Status.PROCESSING:
        raise MaybeDone(f"license {form.id} is still being processed", where=operation.remote)
    return None


def _has_new_key(operation: Operation, form: License) -> bool:
    """Return whether this take has changed the key: not before the address, and both have not rested since.

    Before it they had, for a month. To the day the remote's own dates are compared: our clock may be off.
    """
    moved, changed, rested = form.ip_changed, form.key_changed, usable_from(form)
    if operation.sent_at is None or moved is None or changed is None or rested is None:
        return False
    return changed >= moved and rested > operation.sent_at.date()


def is_free_or_ours(operation: Operation, form: License) -> bool:
    """Return whether nobody but this operation has put a name or an address on the license."""
    named = form.name == FREE_NAME or is_same_name(form.name, operation.name)
    return named and form.ip in (FREE_IP, operation.ip)


def bears_our_name(operation: Operation, form: License) -> bool:
    """Return whether the first step of this take is done, whoever saw it done."""
    return is_same_name(form.name, operation.name) and form.ip == operation.ip


def put_back(license: str) -> Edit:
    """Return the change that puts a license back into the pool."""
    return Edit(license, name=FREE_NAME, ip=FREE_IP, remoteid="")


def clearing(operation: Operation, replaced: License, tariffs: Mapping[int, Tariff]) -> Edit | None:
    """Return the change that makes the address free for a take, ``None`` where nothing is in its way.

    The remote keeps one license of a product on an address (semantics.md 3.8), so the one that is replaced
    leaves it first. It keeps its name until the other one stands there, for it may have to come back.
    """
    if replaced.ip != operation.ip or product_of(replaced, tariffs) != product_of(operation, tariffs):
        return None
    return Edit(replaced.id, ip=FREE_IP)


def coming_back(operation: Operation, replaced: License) -> Edit | None:
    """Return the change that undoes ``clearing``, ``None`` where the license is not off its address."""
    return Edit(replaced.id, ip=operation.ip) if replaced.ip == FREE_IP else None
