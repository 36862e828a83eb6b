"""Notices: what a person should know though the run does nothing about it, or has failed to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cpbillmgr.errors import AccessDenied
from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.model.operations import Operation, State, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status, Wish, is_on_its_own
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.retries import are_used_up
from cpbillmgr.planner.changes.changing import waits_for_its_day
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.needs.renewal import renewable
from cpbillmgr.planner.notices.amiss import SOON, end_in_words, ends_within
from cpbillmgr.planner.notices.licenses import ending, of_license, urgency
from cpbillmgr.planner.safety import below_minimal

BALANCE = "balance"  # the topic of every notice about money begins so


def notices_of(
    facts: Facts,
    standing: Standing,
    licenses: Collection[Linked],
    wanted: Iterable[Decision],
    unpaid: Mapping[Key, Tries],
    refused: Mapping[Key, Tries],
    held: Iterable[Decision] = (),
) -> list[Notice]:
    """Return what is to be told of one account, apart from its money and of what certificates alone have.

    ``licenses`` are those that can be decided about, ``wanted`` the changes that follow services, done or
    not, ``unpaid`` the orders that wait for money, ``refused`` those that failed otherwise, ``held`` what was
    not sent in this run.
    """
    kept_back = {each.renews: each.because for each in held if each.renews is not None}
    return [
        *_of_operations(facts.operations),
        *_of_unpaid(unpaid),
        *_of_refused(refused),
        *dict.fromkeys(_of_refusals(wanted, standing)),
        *(notice for each in renewable(licenses) for notice in _of_renewal(each, facts, standing, kept_back)),
        *(notice for each in licenses for notice in of_license(each, facts, standing)),
        *_of_links(facts, standing),
        *_of_protected(facts),
    ]


def _of_operations(operations: Sequence[Operation]) -> Iterator[Notice]:
    for operation in operations:
        what = f"operation {operation.id}, {operation.action} for service {operation.service}"
        if operation.state is State.MANUAL and not waits_for_its_day(operation):
            told = f"{what}, waits for a person: {operation.error}"
            yield Notice(f"operation {operation.id}", Level.ALARM, told, Hook.FAILED)
        elif operation.state in (State.SENT, State.IN_DOUBT):
            told = f"{what}: it is not known yet how it ended; the next runs find out"
            yield Notice(f"operation {operation.id}", Level.NOTE, told)


def _of_unpaid(unpaid: Mapping[Key, Tries]) -> Iterator[Notice]:
    for (service, addon), tries in unpaid.items():
        then = "is not sent any more" if are_used_up(tries) else "is sent when there is enough"
        told = f"the order for service {service} waits for money, and {then}: {tries.error}"
        yield Notice(f"order {service} {addon}", Level.ALARM, told, Hook.FAILED)


def _of_refused(refused: Mapping[Key, Tries]) -> Iterator[Notice]:
    """Yield the orders that nothing tries again: each is a task that names its service (semantics.md 3.5)."""
    for (service, addon), tries in refused.items():
        again = f"'cpbillmgr operation restart {tries.operation}'"
        told = f"the order for service {service} failed: {tries.error}; when that is mended, see {again}"
        yield Notice(f"order {service} {addon}", Level.ALARM, told, Hook.FAILED)


def _of_refusals(wanted: Iterable[Decision], standing: Standing) -> Iterator[Notice]:
    """Yield what the remote refuses though our services want it.

    =======================  ===================================================
    refused                  notice
    =======================  ===================================================
    for want of a right      a warning, once for all licenses (semantics.md 7)
    ten times                an alarm: it is not tried any more
    otherwise                a warning: it is tried again
    =======================  ===================================================
    """
    for decision in wanted:
        tries = standing.tries.get((decision.license or "", decision.action))
        if tries is None:
            continue
        what = f"the {decision.action} of license {decision.license} of service {decision.child.service}"
        topic = f"{decision.action} {decision.license}"
        if tries.failure == AccessDenied.kind:
            lacks = f"this account may not {decision.action} licenses at the remote"
            told = f"{lacks}: they do not follow their services"
            yield Notice(f"right {decision.action}", Level.WARNING, told)
        elif are_used_up(tries):
            again = f"'cpbillmgr operation restart {tries.operation}'"
            told = f"{what} failed {tries.failed} times and is not tried any more: {tries.error}; see {again}"
            yield Notice(topic, Level.ALARM, told, Hook.FAILED)
        else:
            yield Notice(
                topic, Level.WARNING, f"{what} failed, and is tried again: {tries.error}", Hook.FAILED
            )


def _of_renewal(
    linked: Linked, facts: Facts, standing: Standing, held: Mapping[str, str]
) -> Iterator[Notice]:
    """Yield what keeps a license from being renewed, louder as its end comes near.

    ======================================  =================================
    it has failed, or is held, and          level
    ======================================  =================================
    the license has not ended               warning
    it has ended: the panel is stopped      alarm
    it is deleted within 7 days             last
    ======================================  =================================
    """
    license, end = linked.license, linked.license.expires
    tries = standing.tries.get((license.id, Action.RENEW))
    if end is None:
        return
    if (license.id, end) in standing.renewed:
        told = f"license {license.id} was renewed, but the remote still shows its end as {end}"
        yield Notice(f"renew {license.id}", Level.ALARM, told, Hook.FAILED)
    elif license.id in held or tries is not None:
        why = held.get(license.id) or (tries and tries.error)
        told = f"license {license.id} of service {linked.demand.service} could not be renewed, and"
        yield Notice(
            f"renew {license.id}",
            urgency(license, facts.today),
            f"{told} {end_in_words(license, facts.today)}: {why}",
            Hook.FAILED,
        )


def _of_links(facts: Facts, standing: Standing) -> Iterator[Notice]:
    """Yield links of which one side is gone or not paid, and licenses of their own that nothing renews."""
    for (service, addon), id in facts.links.items():
        license, demand = facts.licenses.get(id), standing.demands.get((service, addon))
        is_there = license is not None and license.status is not Status.DELETED
        if demand is not None and demand.wish in (Wish.ON, Wish.OFF) and not is_there:
            told = f"license {id} of service {service} is gone from the account"
            yield Notice(
                f"gone {id}", Level.ALARM, f"{told}; 'cpbillmgr fixchilds' gives it another", Hook.FAILED
            )
        elif license is not None and license.status is Status.ORDERED:
            told = f"license {id} of service {service} is not paid: it waits in the cart of the account"
            yield Notice(f"cart {id}", Level.ALARM, told, Hook.FAILED)
        elif (
            is_on_its_own(service)
            and license is not None
            and is_there
            and id not in facts.protected
            and ends_within(license, facts.today, SOON)
        ):
            yield ending("end", license, "belongs to no service, so nothing renews it", facts.today)
        elif is_there and demand is None and not is_on_its_own(service):
            told = (
                f"license {id} is linked to service {service}, add-on {addon}, which is not in the inventory"
            )
            yield Notice(f"nobody {id}", Level.WARNING, told)


def _of_protected(facts: Facts) -> Iterator[Notice]:
    """Yield the protected licenses that end within 7 days: no run renews them, nor does the remote."""
    for id in sorted(facts.protected & facts.licenses.keys()):
        license = facts.licenses[id]
        is_there = license.status is not Status.DELETED and not license.is_free
        if is_there and not license.renews_itself and ends_within(license, facts.today, SOON):
            yield ending("protected", license, "is protected, so nothing renews it", facts.today)


def of_balance(
    balance: Money, minimal: Decimal | None, licenses: Iterable[Linked], today: date, days_before: int
) -> list[Notice]:
    """Return warnings that money is short: for now, or for the renewals of the next 7 days.

    A renewal is counted with what the license's own period costs.
    """
    last = today + SOON + timedelta(days=days_before)
    coming = totals(
        each.license.cost
        for each in renewable(licenses)
        if each.license.cost is not None and each.license.expires is not None and each.license.expires <= last
    )
    found = [
        Notice(f"{BALANCE} minimal", Level.WARNING, told, Hook.LOW_BALANCE)
        for told in below_minimal(balance, minimal)
    ]
    for cost in coming:
        if balance.covers(cost) is False:
            told = f"the account has {balance}, and the renewals of the next 7 days cost {cost}"
            found.append(Notice(f"{BALANCE} renewals", Level.ALARM, told, Hook.LOW_BALANCE))
    return found
