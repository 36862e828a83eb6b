"""Ordering one license: the protocol that pays once (reliability.md, One change, one call, one row)."""

from __future__ import annotations

from dataclasses import replace

from cpbillmgr.errors import (
    AcceptedWithoutId,
    AlreadyExists,
    LimitReached,
    MaybeDone,
    NotDone,
    NotEnoughMoney,
    Refused,
    RemoteError,
    RuleRefused,
    StateUnusable,
    UsageWrong,
)
from cpbillmgr.model.certificates import Request
from cpbillmgr.model.changes import Order
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.settling import carrying
from cpbillmgr.planner.safety import check_awake
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.certificates.issuing import request_of
from cpbillmgr.runs.site import Site
from cpbillmgr.store.rescue import Rescue


def order(site: Site, remote: RemoteBilling, facts: Facts, decision: Decision, rescue: Rescue) -> str:
    """Buy the license that a decision asks for, and return its id.

    Raises ``NotDone`` when certainly nothing was bought, ``MaybeDone`` when that is not known: the journal's
    row then stays in doubt until the remote's lists show how it ended.
    """
    child = decision.child
    remote.check_ip(child.tariff, child.period, child.ip)
    request = request_of(site, decision) if site.wishes.rules.product.is_certificate else None
    panel = next(iter(facts.panels_of(child.service)), None)
    operation = replace(begin(site, decision), panel=panel)
    try:
        operation = site.state.journal.send(
            operation, run=site.run, at=site.now(), max_spend=site.wishes.rules.limits.max_spend
        )
    except LimitReached as error:
        if operation.state is State.PLANNED:
            site.state.journal.failed(operation, str(error), at=site.now(), failure=error.kind)
        raise
    license = _buy(site, remote, facts, operation, request)
    unpaid = _waits_in_cart(site, remote, operation, license)
    cost = operation.cost * 0 if unpaid and operation.cost else operation.cost
    _record(site, operation, license, cost, rescue)
    if unpaid:
        raise NotEnoughMoney(
            f"license {license} was created but is not paid: it waits in the cart of the account",
            where=remote.name,
            hint="Top up the account and pay the cart at the remote; nothing is ordered twice",
        )
    return license


def begin(site: Site, decision: Decision) -> Operation:
    """Return the journal's row of a decision: the one that is open already, or a new one.

    The row's name is the one that an ordered or taken license gets; any other license keeps its own.
    """
    if decision.operation is not None:
        return site.state.operations.get(decision.operation)
    named = decision.action in (Action.ORDER, Action.TAKE)
    name = decision.child.license_name if named else decision.child.service_name
    return site.state.journal.plan(decision, run=site.run, name=name, at=site.now())


def _buy(
    site: Site, remote: RemoteBilling, facts: Facts, operation: Operation, request: Request | None
) -> str:
    """Send the order, once, and return the new license's id; whatever happens is in the journal."""
    journal = site.state.journal
    try:
        check_awake(operation, site.now())
        return _send(remote, operation, facts, request)
    except (AlreadyExists, RuleRefused) as error:
        short = _for_want_of_money(remote, operation, error)
        if operation.sends == 1 or short is not None:
            refusal = short or error
            journal.failed(operation, str(refusal), at=site.now(), failure=refusal.kind)
            raise refusal from None
        journal.doubt(operation, str(error), at=site.now())
        raise MaybeDone("the first order seems to have arrived after all", where=remote.name) from error
    except NotDone as error:
        journal.failed(operation, str(error), at=site.now(), failure=error.kind)
        raise
    except MaybeDone as error:
        journal.doubt(operation, str(error), at=site.now())
        raise


def _for_want_of_money(
    remote: RemoteBilling, operation: Operation, refusal: Refused
) -> NotEnoughMoney | None:
    """Return what a refusal in words alone means when the account does not cover the order."""
    if not isinstance(refusal, RuleRefused) or operation.cost is None:
        return None
    try:
        balance = remote.whoami().balance
    except RemoteError:
        return None
    if balance is None or balance.covers(operation.cost) is not False:
        return None
    text = f"it costs {operation.cost}, the account has {balance}: {refusal.message}"
    return NotEnoughMoney(text, where=remote.name)


def _send(remote: RemoteBilling, operation: Operation, facts: Facts, request: Request | None) -> str:
    """Send the order and return the license's id; where the answer does not tell it, the list does."""
    try:
        return remote.order(_order(operation, request))
    except AcceptedWithoutId as error:
        try:
            found = [
                row for row in carrying(operation, remote.licenses(), {}) if row.id not in facts.licenses
            ]
        except RemoteError:
            raise error from None
        if len(found) != 1:
            raise
        return found[0].id


def _order(operation: Operation, request: Request | None) -> Order:
    return Order(
        tariff=operation.tariff,
        period=operation.period,
        ip=operation.ip,
        name=operation.name,
        remoteid=operation.remoteid,
        addons=operation.amounts,
        panel=operation.panel,
        request=request,
    )


def _record(site: Site, operation: Operation, license: str, cost: Money | None, rescue: Rescue) -> None:
    """Close the journal's row; where the state cannot be written, the rescue file takes the note."""
    try:
        site.state.journal.done(operation, license=license, cost=cost, at=site.now())
    except UsageWrong as error:
        journal = site.state.journal
        journal.doubt(
            operation, f"the remote answered with license {license}: {error.message}", at=site.now()
        )
        raise MaybeDone(f"the order was answered with a license that is not new: {error.message}") from error
    except StateUnusable as error:
        rescue.note(operation, license)
        raise StateUnusable(
            f"license {license} was bought for service {operation.service}, but {error.message}",
            where=error.where,
            hint=f"It is noted in {rescue.path}; the next run that can write finds it by its mark",
        ) from error


def _waits_in_cart(site: Site, remote: RemoteBilling, operation: Operation, license: str) -> bool:
    """Return whether the new license is ordered but not paid (wire-api.md 2.2, Note)."""
    try:
        return remote.license(license).status is Status.ORDERED
    except RemoteError as error:
        why = f"license {license} was ordered, but it is not known whether it is paid: {error.message}"
        site.state.journal.doubt(operation, why, at=site.now())
        raise MaybeDone(why, where=remote.name) from error
