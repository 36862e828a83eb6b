"""Safety: a plan that is too big or too dear, or made on a suspicious list, refuses itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from cpbillmgr.errors import LimitReached, ListIncomplete, NotFound, Refused, Unreachable, UsageWrong
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.plan import Action, Plan
from cpbillmgr.model.rules import Limits, Rules
from cpbillmgr.model.services import Status

LATE = timedelta(seconds=10)
CLOCK_MAY_DIFFER = timedelta(hours=1)
DATED = (
    Action.RENEW,
    Action.SUSPEND,
    Action.RELEASE,
    Action.DELETE,
)  # what a wrong clock does on a wrong day
SMALL_LOSS = 5  # licenses that may vanish between two looks without suspicion, however few there are


def check_plan(plan: Plan, limits: Limits) -> None:
    """Raise ``LimitReached`` when carrying the plan out would pass a limit; nothing has been written yet."""
    _check_count("orders", plan.count(Action.ORDER), limits.max_orders)
    for cost in plan.cost:
        if cost.amount > limits.max_spend:
            raise LimitReached(
                f"the plan costs {cost}, the limit is {limits.max_spend:.2f}",
                hint=f"If that is right, run it with --max-spend {cost.digits}",
            )


def check_possible(action: Action, rules: Rules) -> None:
    """Raise ``UsageWrong`` for a change that the remote does not know (wire-api.md 5; semantics.md 11).

    ==================================  ==================================
    change                              not known
    ==================================  ==================================
    of the tariff                       in generation 4
    move to an address, release to the  of a product without an address
    pool
    of a key                            of a product without keys
    suspend, resume, of the tariff      of a certificate
    ==================================  ==================================
    """
    product = rules.product
    if action is Action.CHANGE_TARIFF and not rules.generation.changes_tariffs:
        raise UsageWrong(
            f"a remote of generation {rules.generation} does not change the tariff of a license",
            hint="Release this license and order one of the other tariff",
        )
    if action in (Action.MOVE, Action.RELEASE) and not product.has_address:
        raise UsageWrong(
            f"a product of type {product} has no address, so there is no {action} of one",
            hint="'cpbillmgr license delete ID' gives it up",
        )
    if action is Action.NEWKEY and not product.has_keys:
        raise UsageWrong(f"a product of type {product} has no key")
    if action in (Action.SUSPEND, Action.RESUME, Action.CHANGE_TARIFF) and not product.can_change:
        raise UsageWrong(
            f"a certificate stays what it was issued as, so there is no {action} of one",
            hint="'cpbillmgr license delete ID' gives it up",
        )


def check_losses(plan: Plan, limits: Limits) -> None:
    """Raise ``LimitReached`` when so many services would lose their license that something may be wrong.

    A license whose address is changed by mistake cannot come back for a month, so moves are limited too, and
    what comes in the place of another. A license that was asked for by name is not counted: whoever names it
    has seen it.
    """
    _check_count("releases", plan.count(Action.RELEASE) + plan.count(Action.DELETE), limits.max_releases)
    _check_count("suspends", plan.count(Action.SUSPEND), limits.max_suspends)
    swaps = sum(each.action is Action.TAKE and each.replaces is not None for each in plan.to_do)
    _check_count("moves", plan.count(Action.MOVE) + swaps, limits.max_moves)


def _check_count(what: str, planned: int, most: int) -> None:
    if planned > most:
        raise LimitReached(
            f"the plan has {planned} {what}, the limit is {most}",
            hint=f"If that is right, run it with --max-{what} {planned}",
        )


def check_first_run(plan: Plan, *, agreed_before: bool, confirmed: bool) -> None:
    """Raise ``LimitReached`` when the first plan for a remote changes anything and nobody has agreed to it.

    The first run has nothing to compare the remote's list with, so a person looks at its plan.
    """
    if plan.to_do and not agreed_before and not confirmed:
        raise LimitReached(
            f"this is the first plan for {plan.remote}, and nobody has agreed to it",
            hint="Look at the plan above; if it is right, run it with --yes",
        )


def check_list(now: int, before: int, percent: int, remote: str) -> None:
    """Raise ``ListIncomplete`` when the remote's list has shrunk too much since the last look.

    It may shrink by ``percent`` or by five licenses, whichever is more (reliability.md, The list).
    """
    lost = before - now
    if lost > SMALL_LOSS and lost * 100 > before * percent:
        raise ListIncomplete(
            f"the remote lists {now} licenses, at the last look there were {before}",
            where=remote,
            hint="A filter at the remote may hide them; if they are gone, "
            "run 'cpbillmgr checkevent --accept-short-list'",
        )


def check_gone(id: str, answer: License | Refused | None, remote: str) -> None:
    """Raise ``ListIncomplete`` unless a linked license that the list lacks is surely gone.

    A filter at the remote may hide it; ``--accept-short-list`` is a person's word that it is gone.

    ============================================  ==========
    the remote's answer about it alone            it is gone
    ============================================  ==========
    that there is none                            yes
    that it is deleted                            yes
    that it is there                              no
    another refusal                               no
    none: it is too new to be surely listed       no
    ============================================  ==========
    """
    if isinstance(answer, NotFound) or (isinstance(answer, License) and answer.status is Status.DELETED):
        return
    raise ListIncomplete(
        f"license {id} is not in the account's list, and not surely gone",
        where=remote,
        hint="Remove the filter on the list at the remote; if it is gone, "
        f"run 'cpbillmgr license unlink {id}'",
    ) from (answer if isinstance(answer, Refused) else None)


def check_clock(plan: Plan, offset: timedelta | None) -> None:
    """Raise ``LimitReached`` when our clock is more than an hour off the remote's and the plan goes by days.

    When a license ends is a question of days: with a wrong clock one is renewed or suspended on the wrong one
    (reliability.md, Renewal). What was begun before was decided then, and goes on.
    """
    by_days = any(each.action in DATED and each.operation is None for each in plan.to_do)
    if by_days and offset is not None and abs(offset) > CLOCK_MAY_DIFFER:
        raise LimitReached(
            f"this machine's clock is {abs(offset).total_seconds() / 3600:.1f} hours off the remote's",
            hint="Set the clock; nothing was changed",
        )


def check_awake(operation: Operation, now: datetime) -> None:
    """Raise ``Unreachable`` when this machine slept between writing ``sent`` and sending what costs money.

    By now another run may have looked, and concluded that it was never sent (reliability.md, Settling).
    """
    slept = operation.sent_at is not None and now - operation.sent_at > LATE
    if slept and operation.cost is not None:
        raise Unreachable("this machine slept before the call could be sent", where=operation.remote)


def money_warning(plan: Plan, balance: Money | None, minimal: Decimal | None) -> tuple[str, ...]:
    """Return warnings when the account does not cover the plan, or is below the minimal balance already."""
    if balance is None:
        return ()
    short = (
        f"the plan costs {cost}, the account has {balance}"
        for cost in plan.cost
        if balance.covers(cost) is False
    )
    return (*short, *below_minimal(balance, minimal))


def below_minimal(balance: Money | None, minimal: Decimal | None) -> tuple[str, ...]:
    """Return a warning when an account has less than the minimal balance that is set for it."""
    if balance is None or minimal is None or balance.amount >= minimal:
        return ()
    return (f"the account has {balance}, less than the minimal balance of {minimal:.2f}",)
