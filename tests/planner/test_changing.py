"""Changing a license that is there: what is left to do, and what becomes of an operation that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cpbillmgr.model.changes import ChangeTariff, Edit, LicenseChange, NewKey, Renew, Suspend
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import OnDoubt, Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.changing import next_step, open_change, open_changes
from cpbillmgr.planner.changes.settling import Settlement, Verdict, settle, settled
from cpbillmgr.planner.fixchilds import make_plan
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    EUROS,
    NODES,
    NOW,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_take,
    an_operation,
    facts,
    linked,
    named_after,
)

END = date(2027, 1, 1)  # of the license before a renewal
CHILD = a_child()
LINKS = linked((CHILD, "501"))
RENEW = an_operation(action=Action.RENEW, license="501", expires_before=END)
RELEASE = an_operation(action=Action.RELEASE, license="501", cost=None)
MOVE = an_operation(a_child(ip=ELSEWHERE), action=Action.MOVE, license="501", cost=None)
CHANGE_TARIFF = an_operation(a_child(tariff=PRO), action=Action.CHANGE_TARIFF, license="501")
NEW_KEY = an_operation(action=Action.NEWKEY, license="501", cost=None)
RESIZE = an_operation(a_child(tariff=BUSINESS, nodes=3), action=Action.EDIT, license="501")
RESIZED = Edit("501", addons=((NODES, 3),))
STOP = an_operation(action=Action.SUSPEND, license="501", cost=None)
START = an_operation(action=Action.RESUME, license="501", cost=None)
DELETE = an_operation(action=Action.DELETE, license="501", cost=None)
EDIT = an_operation(action=Action.EDIT, license="501", cost=None)
FREE, PAID = [RELEASE, MOVE, STOP, START, DELETE, EDIT, NEW_KEY], [RENEW, CHANGE_TARIFF, RESIZE]
SUSPEND = ("suspended", Suspend("501"))
FREEING = ("freed", Edit("501", name=FREE_NAME, ip=FREE_IP, remoteid=""))
RENEWAL = ("renewed", Renew("501", 1))
FREED: dict[str, Any] = {"name": FREE_NAME, "ip": FREE_IP, "status": Status.SUSPENDED}
REACHED = {
    Action.RENEW: a_license(expires=date(2027, 2, 1)),
    Action.RELEASE: a_license(**FREED),
    Action.MOVE: a_license(ip=ELSEWHERE),
    Action.CHANGE_TARIFF: a_license(tariff=PRO),
    Action.NEWKEY: a_license(key_changed=TODAY),
    Action.SUSPEND: a_license(status=Status.SUSPENDED),
    Action.RESUME: a_license(),
    Action.DELETE: a_license(status=Status.DELETED),
    Action.EDIT: a_license(renews_itself=False),
}
NOT_YET = {
    Action.RESUME: a_license(status=Status.SUSPENDED),
    Action.EDIT: a_license(renews_itself=True),
}


def reached(operation: Operation) -> License:
    """Return a license that shows the goal of an operation."""
    resized = a_license(tariff=BUSINESS, addons=((NODES, 3),))
    return resized if operation.amounts else REACHED[operation.action]


WINDOW, APART = timedelta(minutes=15), timedelta(minutes=5)


def by_action(operation: Operation) -> str:
    return operation.action.value


@pytest.mark.parametrize(
    ("operation", "form", "step"),
    [
        (RENEW, a_license(expires=END), RENEWAL),
        (RENEW, a_license(expires=END - timedelta(days=1)), RENEWAL),
        (RENEW, a_license(expires=END + timedelta(days=1)), None),
        (RENEW, a_license(expires=None), None),
        (replace(RENEW, period=12), a_license(expires=END), ("renewed", Renew("501", 12))),
        (replace(RENEW, expires_before=None), a_license(), RENEWAL),
        (RELEASE, a_license(), SUSPEND),
        (RELEASE, a_license(**{**FREED, "status": Status.ACTIVE}), SUSPEND),
        (RELEASE, a_license(status=Status.SUSPENDED), FREEING),
        (RELEASE, a_license(**{**FREED, "ip": ELSEWHERE}), FREEING),
        (RELEASE, a_license(**{**FREED, "name": "kept"}), FREEING),
        (RELEASE, a_license(**FREED), None),
        (MOVE, a_license(), ("moved", Edit("501", ip=ELSEWHERE))),
        (MOVE, a_license(ip=ELSEWHERE), None),
        (NEW_KEY, a_license(), ("new key", NewKey("501"))),
        (NEW_KEY, a_license(key_changed=TODAY - timedelta(days=2)), ("new key", NewKey("501"))),
        (NEW_KEY, a_license(key_changed=TODAY - timedelta(days=1)), None),
        (replace(NEW_KEY, steps=(Step.NEW_KEY,)), a_license(), None),
        (RESIZE, a_license(tariff=BUSINESS, addons=((NODES, 1),)), ("resized", RESIZED)),
        (RESIZE, a_license(tariff=BUSINESS), ("resized", RESIZED)),
        (RESIZE, a_license(tariff=BUSINESS, addons=((NODES, 3),)), None),
        (
            replace(RESIZE, amounts=((9, 50), (NODES, 3))),
            a_license(tariff=BUSINESS, addons=((9, 20), (NODES, 3))),
            ("resized", Edit("501", addons=((9, 50),))),
        ),
        (CHANGE_TARIFF, a_license(), ("changed", ChangeTariff("501", PRO, 1))),
        (CHANGE_TARIFF, a_license(tariff=None), ("changed", ChangeTariff("501", PRO, 1))),
        (CHANGE_TARIFF, a_license(tariff=PRO), None),
        (a_take(), a_license("601", name=named_after("12")), ("new key", NewKey("601"))),
    ],
)
def test_the_form_tells_what_is_left_to_do(
    operation: Operation, form: License, step: tuple[str, LicenseChange] | None
) -> None:
    assert next_step(operation, form) == step


def the_change(operation: Operation, *licenses: License) -> Decision:
    (decision,) = open_changes(facts(*licenses, operations=[operation], links=LINKS))
    return decision


def goes_on(operation: Operation) -> bool:
    return operation.state is State.ABSENT if operation in PAID_OPEN else operation in GOING_ON


OPEN = [state for state in State if state.is_open]
PAID_OPEN = [replace(operation, state=state) for operation in PAID for state in OPEN]
GOING_ON = [replace(operation, state=state) for operation in FREE for state in (State.SENT, State.IN_DOUBT)]


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("operation", [*FREE, *PAID], ids=by_action)
def test_what_is_free_is_taken_on_and_what_is_paid_is_only_sent_again_when_absent(
    operation: Operation, state: State
) -> None:
    operation = replace(operation, state=state, error="cut")
    held = not goes_on(replace(operation, error=""))
    assert the_change(operation, a_license()) == Decision(
        operation.action,
        replace(operation.child, length=operation.period),
        f"operation 7 is {state}: cut",
        license="501",
        cost=operation.cost,
        held=held,
        in_doubt=held and state in (State.SENT, State.IN_DOUBT),
        operation=7,
        expires_before=operation.expires_before,
    )


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("operation", [*FREE, *PAID], ids=by_action)
def test_a_change_of_a_license_that_is_gone_is_held(operation: Operation, state: State) -> None:
    assert the_change(replace(operation, state=state)).held


def test_a_change_without_an_error_is_told_as_not_known_yet() -> None:
    assert the_change(RENEW).because == "operation 7 is in doubt: its end is not known yet"


def test_orders_and_takes_are_the_childs_own_matter() -> None:
    assert open_changes(facts(operations=[an_operation(), a_take(a_child("13"))])) == []


def test_an_open_change_is_found_by_its_license() -> None:
    look = facts(operations=[replace(MOVE, license="502"), an_operation(), RENEW])
    found = open_change(look, "501")
    assert found is not None
    assert (found.action, found.license) == (Action.RENEW, "501")
    assert open_change(look, "503") is None


@pytest.mark.parametrize(
    ("scope", "told"),
    [(Scope(), 1), (Scope(link_only=True), 0), (Scope(services=("12",)), 0), (Scope(services=()), 0)],
    ids=["whole", "link only", "one service", "no service"],
)
def test_a_whole_run_takes_care_of_open_changes_and_a_partial_one_does_not(scope: Scope, told: int) -> None:
    plan = make_plan([CHILD], facts(a_license(), operations=[RENEW], links=LINKS), Rules(), scope)
    assert [decision.action for decision in plan.decisions] == [Action.RENEW] * told


def test_a_child_that_has_lost_its_license_is_held_once_by_its_open_change() -> None:
    plan = make_plan([CHILD], facts(operations=[RENEW], links=LINKS), Rules(), Scope())
    assert [(decision.action, decision.held) for decision in plan.decisions] == [(Action.RENEW, True)]


def the_settlement(
    operation: Operation, *licenses: License, rules: Rules | None = None, **fields: Any
) -> Settlement:
    (settlement,) = settle(facts(*licenses, operations=[operation], links=LINKS, **fields), rules or Rules())
    return settlement


@pytest.mark.parametrize("state", [State.SENT, State.IN_DOUBT, State.ABSENT, State.MANUAL])
@pytest.mark.parametrize("operation", [*FREE, *PAID], ids=by_action)
def test_a_change_that_the_license_shows_has_happened_whenever_it_came(
    operation: Operation, state: State
) -> None:
    operation, license = replace(operation, state=state), reached(operation)
    assert the_settlement(operation, license) == Settlement(
        operation, Verdict.FOUND, "license 501 shows it", license
    )


@pytest.mark.parametrize("operation", [*FREE, *PAID], ids=by_action)
def test_a_change_that_was_only_planned_was_never_sent_whatever_the_license_shows(
    operation: Operation,
) -> None:
    planned = replace(operation, state=State.PLANNED)
    assert the_settlement(planned, reached(operation)).verdict is Verdict.NEVER_SENT


@pytest.mark.parametrize(
    ("state", "of_free", "of_paid"),
    [
        (State.SENT, Verdict.GO_ON, Verdict.ABANDONED),
        (State.IN_DOUBT, Verdict.GO_ON, Verdict.WAIT),
        (State.ABSENT, Verdict.WAIT, Verdict.WAIT),
        (State.MANUAL, Verdict.WAIT, Verdict.WAIT),
    ],
)
def test_a_change_that_the_license_does_not_show_goes_on_when_it_is_free(
    state: State, of_free: Verdict, of_paid: Verdict
) -> None:
    for verdict, operations in ((of_free, FREE), (of_paid, PAID)):
        for each in operations:
            shown = NOT_YET.get(each.action, a_license())
            assert the_settlement(replace(each, state=state), shown).verdict is verdict


@pytest.mark.parametrize("operation", [each for each in [*FREE, *PAID] if each is not DELETE], ids=by_action)
def test_a_change_of_a_license_that_is_gone_is_settled_by_two_looks(operation: Operation) -> None:
    missed = replace(operation, missed_at=NOW + WINDOW)
    assert the_settlement(replace(operation, state=State.SENT)).verdict is Verdict.ABANDONED
    assert the_settlement(operation).verdict is Verdict.WAIT
    assert the_settlement(operation, requested_at=NOW + WINDOW).verdict is Verdict.MISSED
    assert the_settlement(missed, requested_at=NOW + WINDOW + APART).verdict is Verdict.ABSENT


@pytest.mark.parametrize(
    ("waited", "fields", "rules", "verdict"),
    [
        (WINDOW - APART, {}, Rules(), Verdict.WAIT),
        (WINDOW, {}, Rules(), Verdict.MISSED),
        (WINDOW + APART / 2, {"missed_at": NOW + WINDOW}, Rules(), Verdict.WAIT),
        (WINDOW + APART, {"missed_at": NOW + WINDOW}, Rules(), Verdict.ABSENT),
        (WINDOW + APART, {"missed_at": NOW + WINDOW, "sends": 2}, Rules(), Verdict.MANUAL),
        (WINDOW + APART, {"missed_at": NOW + WINDOW, "steps": (Step.RENEWED,)}, Rules(), Verdict.MANUAL),
        (
            WINDOW + APART,
            {"missed_at": NOW + WINDOW},
            Rules(on_doubt=OnDoubt.MANUAL),
            Verdict.MANUAL,
        ),
    ],
)
@pytest.mark.parametrize("operation", PAID, ids=by_action)
def test_a_paid_change_is_absent_once_and_then_for_a_person(
    operation: Operation, waited: timedelta, fields: dict[str, Any], rules: Rules, verdict: Verdict
) -> None:
    doubt = replace(operation, **fields)
    assert the_settlement(doubt, a_license(), rules=rules, requested_at=NOW + waited).verdict is verdict


@pytest.mark.parametrize("operation", PAID, ids=by_action)
def test_a_paid_change_waits_while_its_license_is_being_processed(operation: Operation) -> None:
    missed = replace(operation, missed_at=NOW + WINDOW)
    license = a_license(status=Status.PROCESSING)
    assert the_settlement(missed, license, requested_at=NOW + WINDOW + APART).verdict is Verdict.WAIT


@pytest.mark.parametrize(
    ("operation", "verdict", "state", "is_linked"),
    [
        (RENEW, Verdict.FOUND, None, True),
        (CHANGE_TARIFF, Verdict.FOUND, None, True),
        (MOVE, Verdict.FOUND, None, True),
        (RELEASE, Verdict.FOUND, None, False),
        (RELEASE, Verdict.GO_ON, State.IN_DOUBT, True),
        (DELETE, Verdict.FOUND, None, False),
        (DELETE, Verdict.GO_ON, State.IN_DOUBT, True),
        (DELETE, Verdict.ABSENT, None, True),
        (STOP, Verdict.FOUND, None, True),
        (START, Verdict.FOUND, None, True),
        (EDIT, Verdict.FOUND, None, True),
        (RENEW, Verdict.ABSENT, State.ABSENT, True),
        (CHANGE_TARIFF, Verdict.ABSENT, State.ABSENT, True),
        (RELEASE, Verdict.ABSENT, None, True),
        (MOVE, Verdict.ABSENT, None, True),
    ],
)
def test_the_facts_are_as_a_settled_change_leaves_them(
    operation: Operation, verdict: Verdict, state: State | None, is_linked: bool
) -> None:
    look = facts(a_license(), operations=[operation], links=LINKS)
    after = settled(look, [Settlement(operation, verdict, "as seen", a_license())])
    assert [each.state for each in after.operations] == ([] if state is None else [state])
    assert after.links == (LINKS if is_linked else {})


def test_a_cost_stays_with_the_change_that_is_sent_again() -> None:
    decision = the_change(replace(RENEW, state=State.ABSENT), a_license())
    assert (decision.cost, decision.expires_before) == (EUROS[1], END)
