"""Notices: what a person should know though the run does nothing about it, or has failed to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from cpbillmgr.errors import AccessDenied
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.notices import Hook, Level, Notice
from cpbillmgr.model.operations import Operation, State, Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status, Wish, is_on_its_own
from cpbillmgr.planner.changing import waits_for_its_day
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.following import Linked, Standing
from cpbillmgr.planner.matching import Key
from cpbillmgr.planner.months import has_ended
from cpbillmgr.planner.moving import can_be_moved
from cpbillmgr.planner.pool import may_move
from cpbillmgr.planner.renewal import KEPT, is_free_of_charge, may_be_renewed, renewable
from cpbillmgr.planner.tries import are_used_up

SOON = timedelta(days=7)  # what is due so soon has to be in the account by now
BALANCE = "balance"  # the topic of every notice about money begins so
NO_KEY = "key "  # and that of a license without a key, before the license's id


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
        *(notice for each in licenses for notice in _of_license(each, facts, standing)),
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
    for want of a right      a warning, once for all licenses
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
            yield no_right(decision.action)
        elif are_used_up(tries):
            again = f"'cpbillmgr operation restart {tries.operation}'"
            told = f"{what} failed {tries.failed} times and is not tried any more: {tries.error}; see {again}"
            yield Notice(topic, Level.ALARM, told, Hook.FAILED)
        else:
            yield Notice(
                topic, Level.WARNING, f"{what} failed, and is tried again: {tries.error}", Hook.FAILED
            )


def no_right(action: Action) -> Notice:
    """Return the one warning that this account lacks a right (semantics.md 7)."""
    told = f"this account may not {action} licenses at the remote: they do not follow their services"
    return Notice(f"right {action}", Level.WARNING, told)


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
            _urgency(license, facts.today),
            f"{told} {_end_in_words(license, facts.today)}: {why}",
            Hook.FAILED,
        )


# What mends a license whose state somebody changed, by wish, the state that it followed last, and its state.
_BY_HAND: dict[tuple[Wish, Status | None, Status], str] = {
    (Wish.ON, Status.ACTIVE, Status.SUSPENDED): "resume",
    (Wish.OFF, Status.SUSPENDED, Status.ACTIVE): "suspend",
}


def _of_license(linked: Linked, facts: Facts, standing: Standing) -> Iterator[Notice]:
    """Yield in what a license is not as its service wants it, by somebody else's doing.

    =====================================================  ======================================
    the license                                            notice
    =====================================================  ======================================
    is new and active, and its form shows no key           its panel cannot be licensed yet
    costs nothing, is wanted, and ends within 14 days      it has to be renewed by hand
    was stopped, or started, by hand                       drift, and the command that mends it
    is on another address than its service                 drift, and when it is mended, or by what command
    is of another tariff than its service asks for         drift, and the command that mends it
    is a module, and its panel has no license any more     it is renewed for nothing, and what gives it up
    =====================================================  ======================================
    """
    license, demand = linked.license, linked.demand
    if license.status is Status.ACTIVE and license.key == "" and license.id in standing.fresh:
        told = f"license {license.id} of service {demand.service} has no key yet; each run looks for it"
        yield Notice(f"{NO_KEY}{license.id}", Level.WARNING, told, Hook.FAILED)
    if may_be_renewed(linked) and is_free_of_charge(license) and _ends_within(license, facts.today, 2 * SOON):
        told = f"license {license.id} has a discount of 100 %, so it has to be renewed by hand at the remote"
        words = _end_in_words(license, facts.today)
        yield Notice(
            f"discount {license.id}", _urgency(license, facts.today), f"{told}; it {words}", Hook.FAILED
        )
    mend = _BY_HAND.get((demand.wish, linked.followed, license.status))
    if mend is not None and not has_ended(license, facts.today):
        told = f"license {license.id} of service {demand.service} was made {license.status} by hand"
        see = f"see 'cpbillmgr license {mend} {license.id}'"
        yield Notice(f"status {license.id}", Level.WARNING, f"{told}; {see}")
    if demand.wish in (Wish.ON, Wish.OFF) and demand.ip and license.ip != demand.ip:
        told = f"license {license.id} is on {license.ip}, its service {demand.service} on {demand.ip}"
        mend = f"see 'cpbillmgr license move {license.id} {demand.ip}'"
        then = mend if may_move(license, facts) else f"it {can_be_moved(license)}"
        yield Notice(f"ip {license.id}", Level.WARNING, f"{told}; {then}")
    if demand.wish is Wish.ON and demand.tariff and license.tariff not in (None, demand.tariff):
        told = (
            f"license {license.id} is {license.tariff_name or license.tariff}, its service {demand.service}"
        )
        mend = f"'cpbillmgr fixchilds --service {demand.service}' changes it"
        yield Notice(f"tariff {license.id}", Level.WARNING, f"{told} asks for tariff {demand.tariff}; {mend}")
    if demand.wish is Wish.ON and facts.panels is not None and not facts.panels_of(demand.service):
        told = f"module {license.id} is renewed, and the panel of its service {demand.service} has no license"
        see = f"'cpbillmgr license delete {license.id}' gives it up"
        yield Notice(f"panel {license.id}", Level.WARNING, f"{told}; {see}")


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
            and _ends_within(license, facts.today, SOON)
        ):
            words = _end_in_words(license, facts.today)
            told = f"license {id} belongs to no service, so nothing renews it: it {words}"
            yield Notice(f"end {id}", _urgency(license, facts.today), told, Hook.FAILED)
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
        if is_there and not license.renews_itself and _ends_within(license, facts.today, SOON):
            told = (
                f"license {id} is protected, so nothing renews it: it {_end_in_words(license, facts.today)}"
            )
            yield Notice(f"protected {id}", _urgency(license, facts.today), told, Hook.FAILED)


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
    found = []
    if minimal is not None and balance.amount < minimal:
        told = f"the account has {balance}, less than the minimal balance of {minimal:.2f}"
        found.append(Notice(f"{BALANCE} minimal", Level.WARNING, told, Hook.LOW_BALANCE))
    for cost in coming:
        if cost.currency == balance.currency and cost.amount > balance.amount:
            told = f"the account has {balance}, and the renewals of the next 7 days cost {cost}"
            found.append(Notice(f"{BALANCE} renewals", Level.ALARM, told, Hook.LOW_BALANCE))
    return found


def _ends_within(license: License, today: date, time: timedelta) -> bool:
    return license.expires is not None and license.expires <= today + time


def _urgency(license: License, today: date) -> Level:
    if license.expires is None or not has_ended(license, today):
        return Level.WARNING
    return Level.LAST if license.expires + KEPT - SOON <= today else Level.ALARM


def _end_in_words(license: License, today: date) -> str:
    if license.expires is None or not has_ended(license, today):
        return f"ends on {license.expires}"
    return f"has ended on {license.expires}; the remote deletes it on {license.expires + KEPT}"
