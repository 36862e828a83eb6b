"""One license changed by a person's word: what may be done, what it costs, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Tariff
from cpbillmgr.model.licenses import FREE_IP, License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import Facts
from tests.planner.nouns import (
    BILLING,
    BUSINESS,
    ELSEWHERE,
    EUROS,
    IP,
    LITE,
    NODES,
    PRO,
    TARIFFS,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
)

Verb = Callable[[Facts], Decision]
VERBS: dict[str, Verb] = {
    "renew": lambda facts: one_license.renew("501", None, Rules(), facts),
    "release": lambda facts: one_license.release("501", facts),
    "move": lambda facts: one_license.move("501", ELSEWHERE, facts),
    "change-tariff": lambda facts: one_license.change_tariff("501", PRO, facts),
    "suspend": lambda facts: one_license.suspend("501", facts),
    "delete": lambda facts: one_license.delete("501", facts),
    "newkey": lambda facts: one_license.newkey("501", facts),
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
DEAR = {1: Money(Decimal("8.10"), "EUR")}
SOLD = TARIFFS | {PRO: Tariff(PRO, "ispmanager 6 pro", DEAR)}


def look(license: License | None = None, **fields: Any) -> Facts:
    """Return one look, at which service 12 has license 501 unless other links are told."""
    shown = license or a_license()
    return facts(shown, **{"links": linked((a_child(), "501")), "tariffs": SOLD, **fields})


def the_child(**fields: Any) -> Child:
    """Return the child as it is told by its license."""
    usual = {"service_name": "bought by hand", "ip": IP}
    return a_child(**{**usual, **fields})


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (
            "renew",
            Decision(
                Action.RENEW,
                the_child(),
                "it is paid until 2027-01-01",
                cost=EUROS[1],
                expires_before=date(2027, 1, 1),
            ),
        ),
        ("release", Decision(Action.RELEASE, the_child(), "it is given up; paid until 2027-01-01")),
        ("move", Decision(Action.MOVE, the_child(ip=ELSEWHERE), f"it is on {IP} now")),
        (
            "change-tariff",
            Decision(
                Action.CHANGE_TARIFF,
                the_child(tariff=PRO),
                "it is ispmanager 6 lite now",
                cost=Money(Decimal("4.10"), "EUR"),
            ),
        ),
        ("suspend", Decision(Action.SUSPEND, the_child(), "it is to stop")),
        (
            "delete",
            Decision(Action.DELETE, the_child(), "it is paid until 2027-01-01, and nothing is paid back"),
        ),
    ],
)
def test_what_is_asked_for_is_decided_with_its_cost_and_its_reason(verb: str, expected: Decision) -> None:
    assert VERBS[verb](look()) == replace(expected, license="501")


@every_verb
def test_a_license_that_is_not_on_the_account_is_wrong_usage(verb: Verb) -> None:
    for shown in (a_license("502"), a_license(status=Status.DELETED)):
        with pytest.raises(UsageWrong, match="there is no license 501 on the account"):
            verb(look(shown))


@every_verb
@pytest.mark.parametrize("license", [a_license(), a_spare("501")], ids=["a stranger's", "of the pool"])
def test_a_license_that_is_linked_to_nothing_is_not_ours_to_change(verb: Verb, license: License) -> None:
    for links in ({}, linked((a_child(), "502"))):
        with pytest.raises(UsageWrong, match="not ours to change"):
            verb(look(license, links=links))


@every_verb
@pytest.mark.parametrize("state", [state for state in State if state.is_open])
def test_a_license_with_an_open_operation_waits_for_it(verb: Verb, state: State) -> None:
    operation = an_operation(action=Action.RENEW, license="501", state=state)
    with pytest.raises(UsageWrong, match="operation 7 of license 501 is still open"):
        verb(look(operations=[operation]))


@every_verb
def test_another_licenses_operation_is_no_matter(verb: Verb) -> None:
    operation = an_operation(a_child("13"), action=Action.RENEW, license="502")
    assert verb(look(operations=[operation])) == verb(look())


@pytest.mark.parametrize(
    ("license", "period", "told"),
    [
        (a_license(period=TRIAL), None, "is a trial"),
        (a_license(period=TRIAL), 1, "is a trial"),
        (a_license(period=LIFETIME), None, "has no end"),
        (a_license(period=LIFETIME), 1, "has no end"),
        (a_license(expires=None), None, "has no end"),
        (a_license(), 3, "is not sold for period 3"),
        (a_license(period=3), None, "is not sold for period 3"),
        (a_license(tariff=9), None, "no price of tariff 9 for period 1"),
        (a_license(tariff=None), None, "no price of tariff None for period 1"),
    ],
)
def test_what_cannot_be_renewed_is_wrong_usage(license: License, period: int | None, told: str) -> None:
    with pytest.raises(UsageWrong, match=told):
        one_license.renew("501", period, Rules(), look(license))


def test_a_period_that_is_not_sold_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageWrong) as caught:
        one_license.renew("501", 3, Rules(), look())
    assert caught.value.hint == "It is for: -100, 0, 1, 12"


@pytest.mark.parametrize(
    ("own", "given", "months", "cost"),
    [(1, None, 1, "4.00"), (12, None, 12, "40.00"), (1, 12, 12, "40.00"), (None, None, 1, "4.00")],
)
def test_a_renewal_is_for_the_licenses_own_period_unless_another_is_given(
    own: int | None, given: int | None, months: int, cost: str
) -> None:
    decision = one_license.renew("501", given, Rules(), look(a_license(period=own)))
    assert (decision.child.period, decision.cost) == (months, Money(Decimal(cost), "EUR"))


@pytest.mark.parametrize(
    ("addons", "cost"),
    [(((NODES, 3),), "16.00"), (((NODES, 1),), "8.00"), ((), "8.00"), (None, "8.00"), (((9, 3),), "8.00")],
)
def test_a_renewal_costs_what_its_nodes_cost(addons: tuple[tuple[int, int], ...] | None, cost: str) -> None:
    decision = one_license.renew("501", None, Rules(), look(a_license(tariff=BUSINESS, addons=addons)))
    assert decision.cost == Money(Decimal(cost), "EUR")


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.SUSPENDED])
def test_a_renewal_remembers_the_end_that_it_moves(status: Status) -> None:
    ended = look(a_license(status=status, expires=date(2026, 11, 1)))
    decision = one_license.renew("501", None, Rules(), ended)
    assert decision.expires_before == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("own", "given", "cost", "told"),
    [
        (1, None, "5.50", None),
        (1, 1, "5.50", None),
        (1, 12, "5.50", "no price of tariff 9 for period 12"),
        (None, None, "5.50", "no price of tariff 9 for period 1"),
        (1, None, None, "no price of tariff 9 for period 1"),
    ],
)
def test_a_license_of_a_tariff_that_is_sold_no_more_costs_what_its_own_period_costs(
    own: int | None, given: int | None, cost: str | None, told: str | None
) -> None:
    price = None if cost is None else Money(Decimal(cost), "EUR")
    shown = look(a_license(tariff=9, period=own, cost=price))
    if told is None:
        assert one_license.renew("501", given, Rules(), shown).cost == price
    else:
        with pytest.raises(UsageWrong, match=told):
            one_license.renew("501", given, Rules(), shown)


def test_a_license_without_an_end_is_given_up_for_ever() -> None:
    decision = one_license.release("501", look(a_license(period=LIFETIME, expires=None)))
    assert decision.because == "it is given up; paid for ever"


def test_what_the_remote_does_not_tell_of_a_license_is_told_of_its_child_as_nothing() -> None:
    child = one_license.release("501", look(a_license(tariff=None, period=None))).child
    assert (child.tariff, child.period) == (0, 0)


def test_a_trial_is_never_released() -> None:
    with pytest.raises(UsageWrong, match="trials are not reused"):
        one_license.release("501", look(a_license(period=TRIAL)))


@pytest.mark.parametrize(
    "ip",
    [
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "127.0.0.1",
        "169.254.0.1",
        "100.64.0.1",
        FREE_IP,
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_no_license_is_moved_where_none_can_stand(ip: str) -> None:
    with pytest.raises(UsageWrong, match="is not a public address"):
        one_license.move("501", ip, look())


def test_a_license_is_not_moved_where_it_is() -> None:
    with pytest.raises(UsageWrong, match=f"is on {IP} already"):
        one_license.move("501", IP, look())


@pytest.mark.parametrize(
    ("license", "tariff", "told"),
    [
        (a_license(), LITE, "is of tariff 55227 already"),
        (a_license(), BILLING, "BILLmanager 5 is another product than ispmanager 6 lite"),
        (a_license(), 9, "does not sell tariff 9"),
        (a_license(tariff=9), PRO, "does not sell tariff 9"),
        (a_license(period=12), PRO, "tariff 55228 is not sold for period 12"),
        (a_license(period=TRIAL), PRO, "tariff 55228 is not sold for period -100"),
    ],
)
def test_a_tariff_that_it_cannot_be_changed_to_is_wrong_usage(
    license: License, tariff: int, told: str
) -> None:
    with pytest.raises(UsageWrong, match=told):
        one_license.change_tariff("501", tariff, look(license))


@pytest.mark.parametrize(
    ("license", "tariff", "cost"),
    [
        (a_license(), PRO, "4.10"),
        (a_license(tariff=PRO), LITE, "0.00"),
        (a_license(), BUSINESS, "4.00"),
        (a_license(tariff=BUSINESS, addons=((NODES, 2),)), PRO, "0.00"),
        (a_license(tariff=PRO, period=12), LITE, "40.00"),
        (a_license(period=None), PRO, "4.10"),
    ],
    ids=["dearer", "cheaper", "by nodes", "from nodes", "the old one has no price", "no period told"],
)
def test_a_change_of_tariff_costs_the_difference_and_nothing_is_paid_back(
    license: License, tariff: int, cost: str
) -> None:
    decision = one_license.change_tariff("501", tariff, look(license))
    assert decision.cost == Money(Decimal(cost), "EUR")
    assert decision.child.period == (license.period or 1)


@every_verb
def test_what_is_asked_for_again_is_what_was_asked_for_first(verb: Verb) -> None:
    first = verb(look())
    operation = an_operation(first.child, action=first.action, license="501")
    assert one_license.again(operation, Rules(), look()) == first


def test_a_renewal_that_is_asked_for_again_is_for_the_same_months() -> None:
    operation = an_operation(a_child(period=12), action=Action.RENEW, license="501")
    assert one_license.again(operation, Rules(), look()).cost == EUROS[12]


@pytest.mark.parametrize(
    ("verb", "wish", "ip", "tariff", "told"),
    [
        ("release", Wish.ON, IP, LITE, "the next fixchilds gives it another"),
        ("release", Wish.OFF, IP, LITE, ""),
        ("move", Wish.ON, IP, LITE, f"service 12 is on {IP}: the next fixchilds moves the license there"),
        ("move", Wish.ON, ELSEWHERE, LITE, ""),
        ("change-tariff", Wish.ON, IP, LITE, f"service 12 asks for tariff {LITE}: the next fixchilds gives"),
        ("change-tariff", Wish.ON, IP, PRO, ""),
        ("change-tariff", Wish.ON, IP, None, ""),
        ("suspend", Wish.ON, IP, LITE, ""),
    ],
)
def test_a_change_that_the_service_does_not_ask_for_is_undone(
    verb: str, wish: Wish, ip: str, tariff: int | None, told: str
) -> None:
    demand = Demand("12", "panel", wish, ip, tariff=tariff)
    warnings = one_license.undone(VERBS[verb](look()), demand)
    assert (told in " ".join(warnings), len(warnings)) == (True, bool(told))


def test_a_license_of_no_service_is_changed_without_a_warning() -> None:
    assert one_license.undone(VERBS["release"](look()), None) == ()
