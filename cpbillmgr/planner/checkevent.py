"""``checkevent``: what one look makes necessary, put together into a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cpbillmgr.errors import AccessDenied
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.plan import GIVING, Action, Decision, Plan
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status, Wish
from cpbillmgr.planner import fixchilds
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.planner.basis.protection import unprotected
from cpbillmgr.planner.basis.retries import are_used_up, may_try
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.catalogue.closed_tariffs import is_closed
from cpbillmgr.planner.changes.changing import open_changes
from cpbillmgr.planner.changes.following import Linked, Standing, follow, self_renewing
from cpbillmgr.planner.changes.replacing import outlived
from cpbillmgr.planner.changes.surplus import surplus
from cpbillmgr.planner.needs.addresses import follow_addresses, misplaced
from cpbillmgr.planner.needs.alternatives import with_alternatives
from cpbillmgr.planner.needs.certificates import to_fetch
from cpbillmgr.planner.needs.renewal import due, renewals

TURN = timedelta(days=7)  # how slowly the forms of unchanged licenses are read again
MONEY_TURN = timedelta(hours=6)  # and how slowly the balance is asked for


def begun(facts: Facts, unpaid: Mapping[Key, Tries]) -> frozenset[Key]:
    """Return the children whose order or take is to be finished, or had no money and may be tried again."""
    waiting = {operation.key for operation in facts.operations if operation.action in GIVING}
    again = {key for key, tries in unpaid.items() if not are_used_up(tries)}
    return frozenset(waiting | (again - facts.links.keys()))


def still_wanted(failed: Mapping[Key, Tries], facts: Facts, standing: Standing) -> dict[Key, Tries]:
    """Return those of the failed orders of which a service of ours goes on to want the license."""
    return {
        key: tries
        for key, tries in failed.items()
        if key not in facts.links
        and key not in facts.elsewhere
        and (demand := standing.demands.get(key)) is not None
        and demand.wish is not Wish.GIVEN_UP
    }


def wanted_changes(licenses: Collection[Linked], today: date, rules: Rules) -> list[Decision]:
    """Return every change that costs nothing and that our services want of their licenses."""
    return [*follow(licenses, today, rules), *self_renewing(licenses)]


def needs_wishes(
    facts: Facts, standing: Standing, licenses: Collection[Linked], unpaid: Mapping[Key, Tries], rules: Rules
) -> bool:
    """Return whether a plan needs what services ask for by the rules of now, and so the price list.

    Where nothing was begun, nothing is due and nothing may be moved, no price is asked for.
    """
    return bool(
        begun(facts, unpaid)
        or due(licenses, facts, standing, rules)
        or misplaced(licenses, facts, standing, rules)
    )


def make_plan(
    facts: Facts,
    standing: Standing,
    licenses: Collection[Linked],
    children: Sequence[Child],
    unpaid: Mapping[Key, Tries],
    balance: Money | None,
    rules: Rules,
) -> Plan:
    """Return what this run does, what costs nothing first.

    ====  =====================================  =====================================================
    what                                         why
    ====  =====================================  =====================================================
    1     changes that were begun                go on, or wait for a look or a person
    2     surplus licenses                       go into the pool
    3     licenses whose service has changed,    follow it, or are given up, unless that was refused too often
          or whose child has another by now
    4     orders and takes that were begun       go on; one that had no money is planned again when
                                                 there is enough
    5     licenses on another address than       move there, or make room for one of the pool (``addresses``)
          their service
    6     licenses that are due                  are renewed
    7     certificates that are issued           have their files fetched
    ====  =====================================  =====================================================

    ``licenses`` are our ``resting`` ones, ``children`` what services ask for now (``needs_wishes``). A
    license gets one change in a run: what else it needs waits for the next one, which sees the first's end.
    A protected one gets none.
    """
    by_key = {child.key: child for child in children}
    given = _given(facts, children, unpaid, balance, rules)
    taken = {each.license for each in given if each.license is not None}
    lost = misplaced(licenses, facts, standing, rules)
    decisions = [
        *open_changes(facts),
        *surplus(facts, rules),
        *_tried(licenses, facts, standing, rules),
        *given,
        *follow_addresses(lost, children, taken, facts, rules),
        *renewals(due(licenses, facts, standing, rules), by_key, facts, rules),
        *to_fetch(facts, standing),
    ]
    return Plan(facts.remote, _one_each(unprotected(decisions, facts)), in_sync=len(licenses))


def _tried(
    licenses: Collection[Linked], facts: Facts, standing: Standing, rules: Rules
) -> Iterator[Decision]:
    """Yield the wanted changes, but for those that were refused too often or too lately."""
    local_ids = {key: each.local_ids for key, each in standing.demands.items()}
    for each in (*wanted_changes(licenses, facts.today, rules), *outlived(facts, local_ids, rules)):
        if may_try(standing.tries.get((each.license or "", each.action)), facts.requested_at):
            yield each


def may_release_a_trial(facts: Facts, standing: Standing, licenses: Collection[Linked], rules: Rules) -> bool:
    """Return whether a license is to be released that may be a trial, for all that the list tells.

    In generation 4 only the price list knows, and it is not asked for in every run.
    """
    if not rules.generation.periods_are_ids:
        return False
    wanted = [*surplus(facts, rules), *_tried(licenses, facts, standing, rules)]
    return any(
        each.action is Action.RELEASE and facts.licenses[each.license or ""].length is None
        for each in unprotected(wanted, facts)
    )


def once_done(facts: Facts, decisions: Iterable[Decision]) -> Facts:
    """Return the facts as they are when changes are done, as far as they are told afterwards."""
    licenses = dict(facts.licenses)
    for decision in decisions:
        license = licenses.get(decision.renews or decision.license or "")
        if license is not None:
            licenses[license.id] = _changed(license, decision, facts.today)
    return replace(facts, licenses=licenses)


def _changed(license: License, decision: Decision, today: date) -> License:
    """Return a license as a change leaves it (semantics.md 6 and 11).

    It is renewed from its end on, or from today when it has ended. A new order, which is how a certificate is
    renewed, counts from today.
    """
    months = decision.child.length
    if decision.renews is not None and license.expires is not None and months is not None:
        start = today if decision.action is Action.ORDER else max(license.expires, today)
        until = add_months(start, months)
        return replace(license, status=Status.ACTIVE, expires=until)
    match decision.action:
        case Action.RESUME:
            return replace(license, status=Status.ACTIVE)
        case Action.SUSPEND:
            return replace(license, status=Status.SUSPENDED)
        case Action.MOVE:
            return replace(license, ip=decision.child.ip)
        case Action.TAKE:
            child = decision.child
            return replace(license, name=child.license_name, ip=child.ip, status=Status.ACTIVE)
        case _:
            return license


def told_in_every_run(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows that a run tells of; a notice tells the others, once.

    ==========================================================  ===============
    the row                                                     is
    ==========================================================  ===============
    a certificate without files yet, or that we may not read    left out
    another change that our account may not make, but no order  told as skipped
    any other                                                   told as it is
    ==========================================================  ===============
    """
    told = (replace(row, outcome=Outcome.SKIPPED) if _lacks_right(row) else row for row in rows)
    return tuple(row for row in told if (row.decision.action, row.outcome) != (Action.FETCH, Outcome.SKIPPED))


def _lacks_right(row: Row) -> bool:
    return isinstance(row.error, AccessDenied) and row.decision.action is not Action.ORDER


def _one_each(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the first decision about each license, and all that are about none yet."""
    first: dict[str | int, Decision] = {}
    for number, each in enumerate(decisions):
        first.setdefault(each.license or number, each)
    return tuple(first.values())


def _given(
    facts: Facts, children: Sequence[Child], unpaid: Mapping[Key, Tries], balance: Money | None, rules: Rules
) -> tuple[Decision, ...]:
    """Return what the children get whose order or take was begun: what ``fixchilds`` would give them now.

    What our catalogue forbids by now is left out; ``fixchilds`` tells it.
    """
    keys = begun(facts, unpaid)
    if not keys:
        return ()
    own = [
        replace(each.child, domain=each.name if rules.product.is_certificate else "")
        for each in facts.operations
        if each.key in keys - {child.key for child in children}
    ]
    decided = fixchilds.given([*children, *own], facts, rules, Scope.of(keys, unready=True))
    finished = [
        each
        for key, each in decided.items()
        if each is not None
        and key in keys
        and not is_closed(each, facts)
        and not (key in unpaid and _lacks_money(each, balance))
    ]
    return with_alternatives(finished, facts, rules)


def _lacks_money(decision: Decision, balance: Money | None) -> bool:
    if decision.action is not Action.ORDER or decision.cost is None:
        return False
    return balance is None or not balance.covers(decision.cost)


def since_last_check(facts: Facts) -> tuple[float, float]:
    """Return when the last checkevent looked, and when this one does, in seconds since 1970."""
    now = facts.requested_at.timestamp()
    return (facts.checked_at.timestamp() if facts.checked_at is not None else now, now)


def to_read_again(licenses: Collection[str], last: float, now: float) -> list[str]:
    """Return the ids of licenses whose turn to be read again has come between two times (epoch seconds).

    Each has its own moment in the turn, so that the calls are spread over it; nothing is to be remembered.
    """
    turn = TURN.total_seconds()
    moments = ((id, _moment(id, turn)) for id in licenses)
    return [id for id, moment in moments if _turns(last, moment, turn) < _turns(now, moment, turn)]


def is_money_asked(last: float, now: float) -> bool:
    """Return whether the balance's turn has come between two times (epoch seconds): four times a day."""
    turn = MONEY_TURN.total_seconds()
    return _turns(last, 0, turn) < _turns(now, 0, turn)


def _moment(id: str, turn: float) -> float:
    return int(id) * 7919 % turn if id.isdecimal() else 0.0  # a prime spreads ids that follow each other


def _turns(time: float, moment: float, turn: float) -> int:
    return int((time - moment) // turn)
