"""Settling: how an operation ended that nobody has waited for (reliability.md, Settling)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cpbillmgr.errors import MaybeDone, Refused, UsageWrong
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import is_same_name
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import MOST_SENDS, Operation, State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import OnDoubt, Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.changing import gone, is_free, is_paid, next_step

APART = timedelta(minutes=5)  # two lists that both lack an order are requested at least this far apart


class Verdict(StrEnum):
    """What is known about an operation after one more look."""

    FOUND = "found"  # a license shows that it happened
    GO_ON = "go on"  # what is left of it costs nothing: it is taken on
    NEVER_SENT = "never sent"
    ABANDONED = "abandoned"  # its process died while it waited for the answer
    WAIT = "wait"
    MISSED = "missed"  # the first of the two lists lacks it
    ABSENT = "absent"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one operation, and why; ``license`` is the one that was found."""

    operation: Operation
    verdict: Verdict
    because: str
    license: License | None = None


def settle(facts: Facts, rules: Rules) -> list[Settlement]:
    """Return what this look tells about each open operation.

    A license that was unlinked by hand, or replaced, was there before any operation that is open now, so it
    shows nothing.
    """
    nobody: Key = ("", "")
    owners = {**dict.fromkeys(facts.unlinked | facts.replaced.keys(), nobody), **facts.owners}
    return [_settle(operation, facts, rules, owners) for operation in facts.operations]


def settled(facts: Facts, settlements: Sequence[Settlement]) -> Facts:
    """Return the facts as they are once the settlements are written down."""
    links = dict(facts.links)
    still_open: list[Operation] = []
    for settlement in settlements:
        operation = settlement.operation
        match settlement.verdict:
            case Verdict.FOUND if operation.action in (Action.RELEASE, Action.DELETE):
                links.pop(operation.key, None)
            case Verdict.FOUND if operation.action is Action.ORDER and settlement.license is not None:
                links[operation.key] = settlement.license.id
            case Verdict.FOUND:
                pass
            case Verdict.ABSENT if is_paid(operation):
                still_open.append(replace(operation, state=State.ABSENT, error=settlement.because))
            case Verdict.NEVER_SENT | Verdict.ABSENT:
                pass
            case _:
                still_open.append(replace(operation, error=settlement.because))
    return replace(facts, links=links, operations=still_open)


def paid_for(operation: Operation, license: License) -> Money | None:
    """Return what was paid for a license that was found: nothing yet where it waits in the cart."""
    if operation.cost is not None and license.status is Status.ORDERED:
        return operation.cost * 0
    return operation.cost


def ended_change(settlements: Iterable[Settlement], license: str, action: Action) -> Decision | None:
    """Return the change of a license that this look shows to have happened, or ``None``."""
    for each in settlements:
        operation = each.operation
        changed = operation.renews if action is Action.RENEW else operation.license
        is_it = changed == license and action in (operation.action, Action.RENEW)
        if each.verdict is Verdict.FOUND and is_it:
            because = f"operation {operation.id} has done it: {each.because}"
            return Decision(action, operation.child, because, license=license)
    return None


def settled_notes(settlements: Iterable[Settlement]) -> tuple[str, ...]:
    """Return a sentence for each operation of which the end is known now, or that a person must decide."""
    told = (Verdict.FOUND, Verdict.ABSENT, Verdict.MANUAL)
    return tuple(
        f"operation {each.operation.id} of service {each.operation.service} was settled as {each.verdict}: "
        f"{each.because}"
        for each in settlements
        if each.verdict in told
    )


def _settle(operation: Operation, facts: Facts, rules: Rules, owners: dict[str, Key]) -> Settlement:
    """Return what this look tells about one operation.

    ============  =======================  ==================================  =========================
    state         the account has it       when                                verdict
    ============  =======================  ==================================  =========================
    planned       -                        -                                   never sent
    any other     yes                      -                                   found (take: go on)
    sent, doubt   no, but what is left is  free: a release, a move             go on
    sent          no                       its process has ended               abandoned: in doubt
    in doubt      no                       the license is being processed      wait
    in doubt      no                       within the settle window            wait
    in doubt      no                       first list requested after it       missed
    in doubt      no                       within 5 minutes of that list       wait
    in doubt      no                       later, it cost nothing              absent: it may fail
    in doubt      no                       later, first time, ``settle``       absent: may be sent again
    in doubt      no                       later, second time or ``manual``,   manual
                                           or the remote had accepted it
    absent        no                       -                                   wait: the planner sends it
    manual        no                       -                                   wait: for a person
    ============  =======================  ==================================  =========================
    """
    if operation.state is State.PLANNED:
        return Settlement(operation, Verdict.NEVER_SENT, "the run ended before anything was sent")
    license, why = _evidence(operation, facts, owners)
    if license is not None:
        verdict = Verdict.GO_ON if operation.action is Action.TAKE else Verdict.FOUND
        return Settlement(operation, verdict, why, license)
    target = facts.licenses.get(operation.license or "")
    if is_free(operation) and target is not None and operation.state in (State.SENT, State.IN_DOUBT):
        return Settlement(operation, Verdict.GO_ON, "what is left of it costs nothing", target)
    if operation.state is State.SENT:
        return Settlement(operation, Verdict.ABANDONED, "its answer is not here yet")
    if operation.state is not State.IN_DOUBT:
        return Settlement(operation, Verdict.WAIT, operation.error)
    if target is not None and target.status is Status.PROCESSING:
        return Settlement(operation, Verdict.WAIT, f"license {target.id} is still being processed")
    return _settle_missing(operation, facts, rules)


def _settle_missing(operation: Operation, facts: Facts, rules: Rules) -> Settlement:
    window_ends = _time(operation.abandoned_at) + timedelta(minutes=rules.settle_minutes)
    if facts.requested_at < window_ends:
        return Settlement(operation, Verdict.WAIT, f"it may still happen until {window_ends:%H:%M} UTC")
    if operation.missed_at is None or operation.missed_at < window_ends:
        return Settlement(
            operation, Verdict.MISSED, "one list lacks it; a second look decides after 5 minutes"
        )
    if facts.requested_at < operation.missed_at + APART:
        return Settlement(operation, Verdict.WAIT, "one list lacks it; a second look decides after 5 minutes")
    reason = "two whole lists after the settle window lack it"
    if not is_paid(operation):
        return Settlement(operation, Verdict.ABSENT, reason)
    if operation.steps or operation.sends >= MOST_SENDS or rules.on_doubt is OnDoubt.MANUAL:
        return Settlement(operation, Verdict.MANUAL, f"{reason}; a person decides")
    return Settlement(operation, Verdict.ABSENT, reason)


def _evidence(operation: Operation, facts: Facts, owners: Mapping[str, Key]) -> tuple[License | None, str]:
    """Return the license that shows that an operation happened, and what shows it."""
    if operation.action in (Action.ORDER, Action.TAKE):
        shown = carrying(operation, facts.licenses.values(), owners)
        return (shown[0], f"license {shown[0].id} carries its mark") if shown else (None, "")
    license = facts.licenses.get(operation.license or "")
    if license is None and operation.action is Action.DELETE:
        return gone(operation), f"license {operation.license} is gone from the account"
    if license is None or _is_under_way(operation, license):
        return None, ""
    return license, f"license {license.id} shows it"


def _is_under_way(operation: Operation, license: License) -> bool:
    """Return whether a license does not show an operation's goal, or is not ready to show it."""
    try:
        return next_step(operation, license) is not None
    except (MaybeDone, Refused):
        return True


def carrying(operation: Operation, licenses: Iterable[License], owners: Mapping[str, Key]) -> list[License]:
    """Return the licenses that show that the operation happened, the surest first.

    ``owners`` are the children that licenses are linked to: a license of another child shows nothing, nor
    does one of another tariff or, for a take, any but the one reserved.

    ======================================================  ========
    the license                                             shows it
    ======================================================  ========
    is the one that it replaces                             not
    has the operation's remote id                           surely
    has another one                                         not
    tells none, and name and address are the operation's    yes
    ======================================================  ========
    """
    candidates = [
        license
        for license in licenses
        if owners.get(license.id, operation.key) == operation.key
        and license.status is not Status.DELETED
        and license.tariff == operation.tariff
        and license.id != operation.replaces
        and (operation.action is not Action.TAKE or license.id == operation.license)
    ]
    sure = [license for license in candidates if license.remoteid == operation.remoteid]
    named = [
        license
        for license in candidates
        if not license.remoteid and license.ip == operation.ip and is_same_name(license.name, operation.name)
    ]
    return sure + named


def _time(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("an operation in doubt has no time from which it is in doubt")
    return moment


def check_may_close(operation: Operation) -> None:
    """Raise ``UsageWrong`` unless a person may close the operation by a word.

    ================  ====================================================
    it is             may be closed
    ================  ====================================================
    planned           yes: nothing was sent
    absent            yes: the remote's lists show that it never was
    manual            yes: that is what it waits for
    sent, in doubt    no: it may have been paid; looking settles it
    done, failed      no: it is closed
    ================  ====================================================
    """
    if operation.state in (State.SENT, State.IN_DOUBT):
        raise UsageWrong(
            f"operation {operation.id} may have been paid, so nobody can close it by a word",
            hint="Run 'cpbillmgr fixchilds' again after the settle window: it looks how the operation ended",
        )
    if not operation.state.is_open:
        raise UsageWrong(f"operation {operation.id} is {operation.state} already")
