"""One license changed by a person's word: what may be done with it, and what that costs."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.catalogue import LIFETIME, Amounts, Tariff
from cpbillmgr.model.known import family
from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.basis.prices import amounts_of, amounts_text, difference
from cpbillmgr.planner.changes.changing import A_DAY
from cpbillmgr.planner.changes.resizing import resize
from cpbillmgr.planner.needs import certificates
from cpbillmgr.planner.needs.obstacles import is_public


def renew(id: str, period: int | None, rules: Rules, facts: Facts) -> Decision:
    """Return the renewal of a license for one more period, its own unless another is given.

    ======================================  =================================
    the license                             answer
    ======================================  =================================
    is a trial                              ``UsageWrong``: order a paid one
    has no end                              ``UsageWrong``: nothing to renew
    is not sold for the period              ``UsageWrong``: the periods
    is sold, but not by months, for it      ``UsageWrong``: order such a one
    is a certificate                        order another one in its place
    otherwise                               renew
    ======================================  =================================
    """
    license, child = _ours(id, facts)
    if rules.product.is_certificate:
        return certificates.renew(license, child, period, facts, rules)
    if license.is_trial:
        raise UsageWrong(f"license {id} is a trial, and cannot be renewed", hint="Order a paid one")
    if license.length == LIFETIME or license.expires is None:
        raise UsageWrong(f"license {id} has no end, so there is nothing to renew")
    wanted = period or license.period or 1
    tariff = facts.tariffs.get(license.tariff or 0)
    own = license.length if wanted == license.period else None
    length = own if tariff is None else tariff.length(wanted)
    if length is not None and length <= 0:
        raise UsageWrong(f"period {wanted} is not one of months", hint="Only months renew a license")
    cost = _price(tariff, wanted, license) if tariff and tariff.prices else _last_price(license, wanted)
    return Decision(
        Action.RENEW,
        replace(child, period=wanted, length=length),
        f"it is paid until {license.expires}",
        license=id,
        cost=cost,
        expires_before=license.expires,
    )


def suspend(id: str, facts: Facts) -> Decision:
    """Return the suspension of an active license; it stays paid and linked."""
    license, child = _ours(id, facts)
    if license.status is not Status.ACTIVE:
        raise UsageWrong(f"license {id} is {license.status} already")
    return Decision(Action.SUSPEND, child, "it is to stop", license=id)


def resume(id: str, facts: Facts) -> Decision:
    """Return the resumption of a suspended license that is still paid."""
    license, child = _ours(id, facts)
    if license.status is not Status.SUSPENDED:
        raise UsageWrong(f"license {id} is {license.status}, not suspended")
    if has_ended(license, facts.today):
        hint = f"'cpbillmgr license renew {id}' pays for it and starts it"
        raise UsageWrong(f"license {id} has ended on {license.expires}", hint=hint)
    return Decision(Action.RESUME, child, "it is to start again", license=id)


def delete(id: str, facts: Facts) -> Decision:
    """Return the deletion of a license, with what is lost by it."""
    license, child = _ours(id, facts)
    lost = (
        f"it is paid until {license.expires}, and nothing is paid back"
        if license.expires
        else "it has no end"
    )
    return Decision(Action.DELETE, child, lost, license=id)


def release(id: str, facts: Facts) -> Decision:
    """Return the release of a license into the pool; a trial is never reused (semantics.md 7)."""
    license, child = _ours(id, facts)
    if license.is_trial:
        raise UsageWrong(f"license {id} is a trial, and trials are not reused")
    until = f"until {license.expires}" if license.expires else "for ever"
    return Decision(Action.RELEASE, child, f"it is given up; paid {until}", license=id)


def move(id: str, ip: str, facts: Facts) -> Decision:
    """Return the move of a license to another address; ``UsageWrong`` where none can stand."""
    license, child = _ours(id, facts)
    if not is_public(ip):
        raise UsageWrong(f"{ip} is not a public address")
    if license.ip == ip:
        raise UsageWrong(f"license {id} is on {ip} already")
    return Decision(Action.MOVE, replace(child, ip=ip), f"it is on {license.ip} now", license=id)


def newkey(id: str, facts: Facts) -> Decision:
    """Return the making of a new key; the panel has to be given it, and who else has the old one loses it.

    Whether the remote makes one is up to it (wire-api.md 12); one that is new already is not replaced.
    """
    license, child = _ours(id, facts)
    if license.key_changed is not None and license.key_changed >= facts.today - A_DAY:
        raise UsageWrong(f"license {id} has a new key since {license.key_changed}")
    return Decision(Action.NEWKEY, child, "another key is to be made", license=id)


def change_tariff(id: str, tariff: int, facts: Facts) -> Decision:
    """Return the change of a license to another tariff of its product; the difference in price is the cost.

    Another product is another license: release this one and order that one (semantics.md 8).
    """
    license, child = _ours(id, facts)
    if license.tariff == tariff:
        raise UsageWrong(f"license {id} is of tariff {tariff} already")
    now, wanted = _tariff(license.tariff, facts), _tariff(tariff, facts)
    if family(now.name) != family(wanted.name):
        raise UsageWrong(
            f"{wanted.name} is another product than {now.name}",
            hint="Release this license and order that one",
        )
    period = 1 if license.period is None else license.period
    _price(wanted, period, license)
    cost = difference(license, wanted, period, amounts_of(license, wanted), facts.tariffs)
    return Decision(
        Action.CHANGE_TARIFF,
        replace(child, tariff=tariff, period=period, length=wanted.length(period)),
        f"it is {now.name} now",
        license=id,
        cost=cost,
    )


def again(operation: Operation, rules: Rules, facts: Facts) -> Decision:
    """Return the decision that an operation on a license was, made anew."""
    if operation.renews is not None:
        return renew(operation.renews, operation.period, rules, facts)
    id = operation.license or ""
    match operation.action:
        case Action.RELEASE:
            return release(id, facts)
        case Action.NEWKEY:
            return newkey(id, facts)
        case Action.MOVE:
            return move(id, operation.ip, facts)
        case Action.SUSPEND:
            return suspend(id, facts)
        case Action.RESUME:
            return resume(id, facts)
        case Action.DELETE:
            return delete(id, facts)
        case Action.EDIT if operation.amounts:
            return _resize(id, operation.amounts, facts)
        case Action.EDIT:
            return _renews_itself(id, facts)
        case _:
            return change_tariff(id, operation.tariff, facts)


def undone(decision: Decision, demand: Demand | None) -> tuple[str, ...]:
    """Return a warning when the next ``fixchilds`` undoes a change: a service's word lasts (semantics.md 5).

    ======================================================  ===========================
    a license whose service is on                           the next ``fixchilds``
    ======================================================  ===========================
    is released                                             gives its service another
    moves to another address than its service has           moves it back
    comes to another tariff than its service asks for       brings it back
    is changed in another way                               leaves it
    ======================================================  ===========================

    No service says anything of any other license.
    """
    if demand is None or demand.wish is not Wish.ON:
        return ()
    service, child = f"service {demand.service}", decision.child
    match decision.action:
        case Action.RELEASE:
            return (f"{service} is active: while it asks for a license, the next fixchilds gives it another",)
        case Action.MOVE if child.ip != demand.ip:
            return (f"{service} is on {demand.ip}: the next fixchilds moves the license there",)
        case Action.CHANGE_TARIFF if demand.tariff not in (None, child.tariff):
            return (f"{service} asks for tariff {demand.tariff}: the next fixchilds gives it that again",)
        case _:
            return ()


def _resize(id: str, amounts: Amounts, facts: Facts) -> Decision:
    license, child = _ours(id, facts)
    tariff = _tariff(license.tariff, facts)
    decision = resize(replace(child, amounts=amounts), license, facts)
    if decision is None:
        raise UsageWrong(f"license {id} has {amounts_text(amounts, tariff)} already")
    return decision


def _renews_itself(id: str, facts: Facts) -> Decision:
    _, child = _ours(id, facts)
    return Decision(Action.EDIT, child, "the remote renews it by itself", license=id)


def _ours(id: str, facts: Facts) -> tuple[License, Child]:
    """Return a license that is linked to a child of ours, and that child; nobody else's is touched.

    Nor is a protected one.
    """
    license = facts.licenses.get(id)
    if license is None or license.status is Status.DELETED:
        raise UsageWrong(f"there is no license {id} on the account", hint="See 'cpbillmgr license list'")
    successor = facts.links.get(facts.replaced.get(id, ("", "")))
    if id not in facts.owners and successor is not None and not license.is_free:
        raise UsageWrong(f"license {successor} has taken the place of {id}", hint="Name that one")
    if id not in facts.owners:
        raise UsageWrong(
            f"license {id} is linked to no service, and so is not ours to change",
            hint=f"'cpbillmgr license link {id} SERVICE' links it to the service that it is for",
        )
    if id in facts.protected:
        raise UsageWrong(f"license {id} is protected", hint=f"'cpbillmgr license unprotect {id}' frees it")
    if id in facts.busy_licenses:
        number = facts.busy_licenses[id].id
        raise UsageWrong(
            f"operation {number} of license {id} is still open",
            hint=f"See 'cpbillmgr operation show {number}'",
        )
    return license, child_of(license, *facts.owners[id])


def _tariff(tariff: int | None, facts: Facts) -> Tariff:
    known = facts.tariffs.get(tariff or 0)
    if known is None:
        raise UsageWrong(f"the remote does not sell tariff {tariff}", where=facts.remote)
    return known


def _price(tariff: Tariff, period: int, license: License) -> Money:
    cost = tariff.cost(period, amounts_of(license, tariff))
    if cost is None:
        sold = ", ".join(str(months) for months in sorted(tariff.prices))
        raise UsageWrong(f"tariff {tariff.id} is not sold for period {period}", hint=f"It is for: {sold}")
    return cost


def _last_price(license: License, period: int) -> Money:
    """Return the price of a license whose tariff has none in the price list: what its own period costs."""
    if license.cost is None or license.period != period:
        raise UsageWrong(f"the remote tells no price of tariff {license.tariff} for period {period}")
    return license.cost
