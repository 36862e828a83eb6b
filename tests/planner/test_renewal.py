"""Renewal: which licenses are paid for once more, on which day, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.config.wanted.demands import demands_of
from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Addon, AddonKind, Demand, Service, Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.needs.renewal import due, renewable, renewals
from tests.planner.nouns import (
    BUSINESS,
    EUROS,
    IP,
    LITE,
    NODES,
    NOW,
    TODAY,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
)

CHILD = a_child()
DAY = timedelta(days=1)
OWN = Money(Decimal("3.30"), "EUR")
FREE_OF_CHARGE = Money(Decimal(0), "EUR")


def look(license: License, **fields: Any) -> Facts:
    return facts(license, **{"links": linked((CHILD, "501")), **fields})


def standing(wish: Wish = Wish.ON, **fields: Any) -> Standing:
    return Standing(demands={CHILD.key: Demand("12", "panel", wish, IP)}, **fields)


def failed(hours: float, action: Action = Action.RENEW, failure: str = "money", times: int = 1) -> Standing:
    """Return a standing in which something failed so many hours before noon."""
    tries = Tries(times, NOW - timedelta(hours=hours), failure, "refused", 7)
    return standing(tries={("501", action): tries})


def is_due(license: License, stands: Standing | None = None, rules: Rules | None = None, **more: Any) -> bool:
    shown, stands = look(license, **more), stands or standing()
    return len(due(resting(shown, stands), shown, stands, rules or Rules())) == 1


def ends_in(days: int, **fields: Any) -> License:
    return a_license(expires=TODAY + days * DAY, **fields)


@pytest.mark.parametrize(
    ("today", "status", "renewed"),
    [
        (date(2013, 1, 30), Status.ACTIVE, False),
        (date(2013, 1, 31), Status.ACTIVE, True),
        (date(2013, 1, 31), Status.SUSPENDED, False),
        (date(2013, 1, 31), Status.DELETED, False),
        (date(2013, 1, 31), Status.ORDERED, False),
    ],
)
def test_the_license_of_an_active_service_is_renewed_for_a_month_on_the_day_before_it_ends(
    today: date, status: Status, *, renewed: bool
) -> None:
    """The main service is paid to 2014-01-01, the license to 2013-02-01, whatever the service has paid."""
    panel = Addon("panel", AddonKind.ENUMERATION, "Lite")
    service = Service("12", "vds", "web12", IP, status, expires=date(2014, 1, 1), addons=(panel,))
    license = a_license(period=1, expires=date(2013, 2, 1))
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    shown = look(license, requested_at=noon)
    stands = Standing(demands_of([service]))
    licenses = due(resting(shown, stands), shown, stands, Rules())
    found = renewals(licenses, {CHILD.key: CHILD}, shown, Rules())
    assert [(each.action, each.license, each.child.period) for each in found] == (
        [(Action.RENEW, "501", 1)] if renewed else []
    )


@pytest.mark.parametrize(
    ("license", "wish", "is_renewable"),
    [
        (a_license(), Wish.ON, True),
        (a_license(cost=OWN), Wish.ON, True),
        (a_license(status=Status.SUSPENDED), Wish.ON, True),
        (a_license(period=None), Wish.ON, True),
        (a_license(), Wish.OFF, False),
        (a_license(), Wish.GIVEN_UP, False),
        (a_license(), Wish.LATER, False),
        (a_license(period=TRIAL), Wish.ON, False),
        (a_license(tariff_name="ispmanager 6 trial"), Wish.ON, False),
        (a_license(expires=None), Wish.ON, False),
        (a_license(period=LIFETIME), Wish.ON, False),
        (a_license(cost=FREE_OF_CHARGE), Wish.ON, False),
        (a_license(status=Status.DELETED), Wish.ON, False),
        (a_license(status=Status.PROCESSING), Wish.ON, False),
    ],
)
def test_what_a_service_goes_on_to_want_and_can_be_paid_for_is_renewable(
    license: License, wish: Wish, *, is_renewable: bool
) -> None:
    assert len(list(renewable(resting(look(license), standing(wish))))) == is_renewable


def test_the_pool_is_never_renewed() -> None:
    assert list(renewable(resting(facts(a_spare("501")), standing()))) == []


def test_a_license_with_an_open_operation_is_not_renewed() -> None:
    operation = an_operation(action=Action.RENEW, license="501", expires_before=TODAY)
    assert not is_due(ends_in(0), operations=[operation])


@pytest.mark.parametrize(
    ("days_before", "days", "renewed"),
    [
        (1, 2, False),
        (1, 1, True),
        (1, 0, True),
        (0, 1, False),
        (0, 0, True),
        (5, 6, False),
        (5, 5, True),
        (5, 1, True),
    ],
)
def test_a_license_is_due_so_many_days_before_its_end(days_before: int, days: int, *, renewed: bool) -> None:
    assert is_due(ends_in(days), rules=Rules(days_before=days_before)) is renewed


@pytest.mark.parametrize(
    ("days", "renewed"), [(-1, True), (-28, True), (-29, True), (-30, False), (-31, False)]
)
def test_what_has_ended_is_renewed_while_the_remote_keeps_it(days: int, *, renewed: bool) -> None:
    for status in (Status.ACTIVE, Status.SUSPENDED):
        assert is_due(ends_in(days, status=status)) is renewed


@pytest.mark.parametrize("failure", ["money", "access", "remote-limit", "refused"])
@pytest.mark.parametrize("times", [1, 9, 10, 99])
def test_before_its_end_a_renewal_is_tried_in_every_run_however_often_it_failed(
    failure: str, times: int
) -> None:
    assert is_due(ends_in(1), failed(0, failure=failure, times=times))


@pytest.mark.parametrize("times", [1, 10, 99])
@pytest.mark.parametrize("days", [0, -1, -29])
@pytest.mark.parametrize(("hours", "renewed"), [(0, False), (23.99, False), (24, True), (25, True)])
def test_after_its_end_a_renewal_is_tried_once_a_day(
    hours: float, days: int, times: int, *, renewed: bool
) -> None:
    assert is_due(ends_in(days), failed(hours, times=times)) is renewed


def test_other_things_that_failed_do_not_hold_a_renewal_up() -> None:
    assert is_due(ends_in(-1), failed(0, Action.RESUME))


@pytest.mark.parametrize("days", [1, 0, -1])
def test_what_was_renewed_for_an_end_that_it_still_shows_is_not_renewed_again(days: int) -> None:
    end = TODAY + days * DAY
    assert not is_due(ends_in(days), standing(renewed=frozenset({("501", end)})))
    assert is_due(ends_in(days), standing(renewed=frozenset({("501", end - 31 * DAY), ("502", end)})))


def the_renewal(license: License, wanted: int | None) -> Decision:
    """Return the renewal of a license whose service asks for so many months, or cannot be resolved."""
    shown = look(license)
    children = {} if wanted is None else {CHILD.key: a_child(period=wanted)}
    licenses = due(resting(shown, standing()), shown, standing(), Rules())
    (decision,) = renewals(licenses, children, shown, Rules())
    return decision


@pytest.mark.parametrize(
    ("license", "wanted", "months", "cost"),
    [
        (ends_in(1), 1, 1, EUROS[1]),
        (ends_in(1), 12, 12, EUROS[12]),
        (ends_in(1, period=12), 1, 1, EUROS[1]),
        (ends_in(1), 3, 1, EUROS[1]),
        (ends_in(1), LIFETIME, 1, EUROS[1]),
        (ends_in(1), TRIAL, 1, EUROS[1]),
        (ends_in(1, period=12), None, 1, EUROS[1]),
        (ends_in(1, tariff=9, period=12, cost=OWN), 12, 12, OWN),
        (ends_in(1, tariff=9, period=1, cost=OWN), 12, 1, OWN),
        (ends_in(1, tariff=BUSINESS, addons=((NODES, 3),)), 1, 1, Money(Decimal("16.00"), "EUR")),
    ],
)
def test_a_renewal_is_for_the_months_of_the_rules_of_now_where_they_are_sold_else_for_one(
    license: License, wanted: int | None, months: int, cost: Money
) -> None:
    decision = the_renewal(license, wanted)
    assert (decision.child.period, decision.cost, decision.held) == (months, cost, False)


def test_a_renewal_is_of_the_license_as_it_is_now() -> None:
    decision = the_renewal(ends_in(1), 1)
    assert (decision.license, decision.child.key, decision.child.tariff) == ("501", CHILD.key, LITE)
    assert decision.expires_before == TODAY + DAY
    assert decision.because == "it is paid until 2026-11-22, and service 12 is active"


@pytest.mark.parametrize(
    ("license", "wanted"),
    [
        (ends_in(1, tariff=9), 1),
        (ends_in(1, tariff=9, period=12, cost=OWN), 1),
        (ends_in(1, tariff=9, period=12, cost=OWN), None),
        (ends_in(1, tariff=None, period=None, cost=OWN), 1),
    ],
)
def test_what_has_no_price_is_held(license: License, wanted: int | None) -> None:
    decision = the_renewal(license, wanted)
    assert (decision.cost, decision.held) == (None, True)
    assert "the remote tells no price" in decision.because


# A generation 4 tariff: its periods are ids, and only the price list tells their lengths.
OLD = 7
PRICED = Tariff(
    OLD,
    "ISPmanager 4 Lite",
    {7: EUROS[1] * 0, 8: EUROS[1], 9: EUROS[12], 10: EUROS[12]},
    lengths={7: TRIAL, 8: 1, 9: LIFETIME, 10: 12},
)
UNPRICED = replace(PRICED, prices={})


@pytest.mark.parametrize(
    ("own", "wanted", "tariff", "period", "cost"),
    [
        (8, (8, 1), PRICED, 8, EUROS[1]),
        (8, (10, 12), PRICED, 10, EUROS[12]),
        (10, None, PRICED, 8, EUROS[1]),
        (8, (9, LIFETIME), PRICED, 8, EUROS[1]),
        (8, (7, TRIAL), PRICED, 8, EUROS[1]),
        (8, (8, 1), UNPRICED, 8, OWN),
        (8, None, UNPRICED, 8, OWN),
        (10, None, UNPRICED, 10, None),
        (10, (8, 1), UNPRICED, 10, None),
    ],
)
def test_in_generation_4_a_renewal_is_for_the_period_of_the_right_length(
    own: int, wanted: tuple[int, int] | None, tariff: Tariff, period: int, cost: Money | None
) -> None:
    license = ends_in(1, tariff=OLD, period=own, length=None, cost=OWN)
    shown = look(license, tariffs={}).with_tariffs({OLD: tariff})
    child = None if wanted is None else a_child(tariff=OLD, period=wanted[0], length=wanted[1])
    children = {} if child is None else {CHILD.key: child}
    licenses = due(resting(shown, standing()), shown, standing(), Rules())
    (decision,) = renewals(licenses, children, shown, Rules())
    assert (decision.child.period, decision.cost, decision.held) == (period, cost, cost is None)


@pytest.mark.parametrize("period", [7, 9])
def test_in_generation_4_a_trial_and_a_license_for_life_are_told_by_the_price_list(period: int) -> None:
    shown = look(ends_in(1, tariff=OLD, period=period, length=None), tariffs={})
    told = shown.with_tariffs({OLD: PRICED})
    assert due(resting(told, standing()), told, standing(), Rules()) == []
