"""The pool: which license may serve whom, and who gets which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Amounts, Resource, ResourceKind, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.licenses import FREE_IP, License
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.pool.handing_out import hand_out, is_in_pool, may_reuse, usable_from, why_not
from tests.planner.nouns import (
    BUSINESS,
    LITE,
    LONG_AGO,
    NODES,
    PRO,
    TARIFFS,
    TODAY,
    a_child,
    a_license,
    a_spare,
    a_take,
    facts,
    linked,
)

DAY = timedelta(days=1)
LOCAL_TARIFF, LOCAL_ADDON, ANOTHER = 3, 31, 4


@pytest.mark.parametrize(
    ("generation", "reuse", "reuse_licenses", "reuse_prices", "answer"),
    [
        (4, Reuse.NEVER, True, {LOCAL_ADDON}, False),
        (5, Reuse.NEVER, True, {LOCAL_ADDON}, False),
        (6, Reuse.NEVER, False, set(), False),
        (4, Reuse.AUTO, False, {LOCAL_ADDON}, False),
        (4, Reuse.AUTO, False, set(), False),
        (4, Reuse.AUTO, True, {LOCAL_TARIFF}, True),
        (4, Reuse.AUTO, True, {ANOTHER, LOCAL_ADDON}, True),
        (4, Reuse.AUTO, True, {ANOTHER}, False),
        (4, Reuse.AUTO, True, set(), False),
        (5, Reuse.AUTO, False, set(), True),
        (6, Reuse.AUTO, True, set(), True),
        (5, Reuse.AUTO, False, {LOCAL_TARIFF}, True),
        (6, Reuse.AUTO, True, {ANOTHER, LOCAL_ADDON}, True),
        (6, Reuse.AUTO, True, {ANOTHER}, False),
    ],
)
def test_the_operators_wish_says_who_may_be_served_from_the_pool(
    generation: int, reuse: Reuse, reuse_licenses: bool, reuse_prices: set[int], answer: bool
) -> None:
    rules = Rules(
        generation=Generation(generation),
        reuse=reuse,
        reuse_licenses=reuse_licenses,
        reuse_prices=frozenset(reuse_prices),
    )
    assert may_reuse(a_child(local_ids=(LOCAL_TARIFF, LOCAL_ADDON)), rules) is answer


@pytest.mark.parametrize("generation", [4, 5, 6])
def test_a_trial_is_never_served_from_the_pool(generation: int) -> None:
    rules = Rules(
        generation=Generation(generation), reuse_licenses=True, reuse_prices=frozenset({LOCAL_ADDON})
    )
    assert not may_reuse(a_child(period=TRIAL, local_ids=(LOCAL_ADDON,)), rules)


@pytest.mark.parametrize(
    ("ip_changed", "key_changed", "expected"),
    [
        (None, None, None),
        # a month of 30 days: the 31 days end later
        (date(2026, 4, 10), None, date(2026, 5, 12)),
        # a month of 31 days: both end on one day
        (date(2026, 1, 10), None, date(2026, 2, 11)),
        (date(2026, 1, 31), None, date(2026, 3, 4)),
        (date(2028, 1, 31), None, date(2028, 3, 3)),
        (date(2026, 2, 28), None, date(2026, 4, 1)),
        (date(2026, 12, 31), None, date(2027, 2, 1)),
        (None, date(2026, 1, 10), date(2026, 2, 11)),
        (date(2026, 1, 10), date(2026, 4, 10), date(2026, 5, 12)),
        (date(2026, 4, 10), date(2026, 1, 10), date(2026, 5, 12)),
    ],
)
def test_a_license_rests_for_more_than_a_month_however_a_month_is_read(
    ip_changed: date | None, key_changed: date | None, expected: date | None
) -> None:
    assert usable_from(a_spare(ip_changed=ip_changed, key_changed=key_changed)) == expected


@pytest.mark.parametrize(("what", "field"), [("address", "ip_changed"), ("key", "key_changed")])
@pytest.mark.parametrize("changed", [date(2026, 4, 10), date(2026, 1, 31), date(2026, 2, 28)])
def test_a_license_serves_from_the_day_on_which_it_has_rested(what: str, field: str, changed: date) -> None:
    spare = a_spare(expires=None, period=LIFETIME, **{field: changed})
    first = usable_from(spare)
    assert first is not None
    answer = f"its {what} changed on {changed}, it can be used from {first}"
    assert why_not(spare, TARIFFS[LITE], (), first - DAY) == answer
    assert why_not(spare, TARIFFS[LITE], (), first) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "Item #9 addon web9", "ip": "203.0.113.9"}, "it is in use"),
        ({"name": "Item #9 addon web9"}, "it is in use"),
        ({"name": "FREE.LIC"}, "it is in use"),
        ({"ip": "203.0.113.9"}, "it is in use"),
        ({"ip": ""}, "it is in use"),
        ({"tariff": PRO}, "it is of another tariff"),
        ({"tariff": None}, "it is of another tariff"),
        ({"status": Status.ORDERED}, "it is ordered"),
        ({"status": Status.PROCESSING}, "it is processing"),
        ({"status": Status.DELETED}, "it is deleted"),
        ({"period": TRIAL}, "trials are not reused"),
        ({"period": TRIAL, "expires": None}, "trials are not reused"),
        ({"expires": TODAY}, "it has expired"),
        ({"expires": TODAY - DAY}, "it has expired"),
        ({"expires": None, "period": 1}, "it has expired"),
        ({"expires": None, "period": None}, "it has expired"),
        ({"expires": TODAY, "period": LIFETIME}, "it has expired"),
        (
            {"ip_changed": TODAY - 10 * DAY},
            "its address changed on 2026-11-11, it can be used from 2026-12-13",
        ),
        ({"key_changed": TODAY - 10 * DAY}, "its key changed on 2026-11-11, it can be used from 2026-12-13"),
        (
            {"ip_changed": LONG_AGO, "key_changed": TODAY},
            "its key changed on 2026-11-21, it can be used from 2026-12-23",
        ),
    ],
)
def test_a_license_that_cannot_serve_says_why(fields: dict[str, Any], reason: str) -> None:
    assert why_not(a_spare(**fields), TARIFFS[LITE], (), TODAY) == reason


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.ACTIVE},
        {"status": Status.SUSPENDED},
        {"expires": TODAY + DAY},
        {"expires": None, "period": LIFETIME},
        {"period": 12},
        {"ip_changed": LONG_AGO, "key_changed": LONG_AGO},
        {"ip_changed": None, "key_changed": None},
    ],
)
def test_a_paid_rested_license_that_nobody_uses_can_serve(fields: dict[str, Any]) -> None:
    assert why_not(a_spare(**fields), TARIFFS[LITE], (), TODAY) is None


@pytest.mark.parametrize(
    ("addons", "reason"),
    [
        (((NODES, 2),), "it has 2 nodes"),
        (((NODES, 4),), "it has 4 nodes"),
        (((NODES + 1, 3),), "it has an unknown number of nodes"),
        ((), "it has an unknown number of nodes"),
        (None, "it has an unknown number of nodes"),
        (((NODES + 1, 9), (NODES, 3)), None),
    ],
)
def test_a_tariff_sold_by_nodes_needs_exactly_the_wanted_number(
    addons: tuple[tuple[int, int], ...] | None, reason: str | None
) -> None:
    assert why_not(a_spare(tariff=BUSINESS, addons=addons), TARIFFS[BUSINESS], ((NODES, 3),), TODAY) == reason


@pytest.mark.parametrize(
    ("addons", "amounts", "reason"),
    [
        (((4, 50), (NODES, 3)), ((4, 50), (NODES, 3)), None),
        (((4, 20), (NODES, 3)), ((4, 50), (NODES, 3)), "it has 20 machines"),
        (((4, 20), (NODES, 3)), ((NODES, 3),), "it has 20 machines"),
        (((NODES, 3),), ((4, 50), (NODES, 3)), "it has an unknown number of machines"),
        (((4, 0), (NODES, 3)), ((NODES, 3),), None),
        (((NODES, 3),), ((4, 0), (NODES, 3)), None),
    ],
)
def test_a_license_of_the_pool_has_just_the_amounts_that_are_wanted(
    addons: Amounts, amounts: Amounts, reason: str | None
) -> None:
    machines = Resource(4, "machines", ResourceKind.AMOUNT)
    tariff = replace(TARIFFS[BUSINESS], resources=(*TARIFFS[BUSINESS].resources, machines))
    assert why_not(a_spare(tariff=BUSINESS, addons=addons), tariff, amounts, TODAY) == reason


def test_nodes_are_no_matter_where_a_tariff_is_not_sold_by_them() -> None:
    assert why_not(a_spare(addons=((NODES, 2),)), TARIFFS[LITE], ((NODES, 3),), TODAY) is None


@pytest.mark.parametrize(
    ("period", "expires", "reason"),
    [
        (8, TODAY + DAY, None),
        (8, None, "it has expired"),
        (9, None, None),
        (7, TODAY + DAY, "trials are not reused"),
        (10, TODAY + DAY, None),
        (10, None, "it has expired"),
    ],
)
def test_in_generation_4_the_tariff_tells_what_a_period_means(
    period: int, expires: date | None, reason: str | None
) -> None:
    old = Tariff(7, "Lite", {}, lengths={7: TRIAL, 8: 1, 9: LIFETIME})
    spare = a_spare(tariff=7, period=period, length=None, expires=expires, remoteid="")
    assert why_not(spare, old, (), TODAY) == reason


def test_the_longest_paid_goes_first_then_the_longest_rested_then_the_lowest_id() -> None:
    pool = (
        a_spare("3", expires=date(2027, 1, 1), ip_changed=date(2026, 2, 1)),
        a_spare("4", expires=date(2027, 1, 1), ip_changed=date(2026, 1, 1)),
        a_spare("7", expires=date(2027, 1, 1)),
        a_spare("6", expires=date(2027, 1, 1)),
        a_spare("2", expires=date(2028, 1, 1), ip_changed=date(2026, 3, 1)),
        a_spare("1", expires=None, period=LIFETIME, ip_changed=date(2026, 4, 1)),
    )
    child = a_child()
    assert hand_out([child], facts(*pool)) == {child.key: ("1", "2", "6", "7", "4", "3")}


def test_children_are_served_in_their_order_and_the_last_ones_go_empty() -> None:
    first, second, third = children = [a_child("12"), a_child("11"), a_child("10")]
    served = hand_out(children, facts(a_spare("601"), a_spare("602"), a_license()))
    assert served == {first.key: ("601",), second.key: ("602",)}
    assert third.key not in served


def test_spares_are_what_is_left_when_everybody_has_one() -> None:
    first, second = children = [a_child("12"), a_child("11")]
    pool = [a_spare(str(number)) for number in range(601, 605)]
    assert hand_out(children, facts(*pool)) == {
        first.key: ("601", "603", "604"),
        second.key: ("602", "603", "604"),
    }


def test_needs_of_another_tariff_or_other_nodes_do_not_compete() -> None:
    lite, three, five = a_child("10"), *(a_child(str(n), tariff=BUSINESS, nodes=n) for n in (3, 5))
    pool = (
        a_spare("601", tariff=BUSINESS, addons=((NODES, 5),)),
        a_spare("602", tariff=BUSINESS, addons=((NODES, 3),)),
        a_spare("603"),
    )
    assert hand_out([three, five, lite], facts(*pool)) == {
        three.key: ("602",),
        five.key: ("601",),
        lite.key: ("603",),
    }


@pytest.mark.parametrize(
    "kept",
    [
        {"refused": frozenset({"601"})},
        {"links": linked((a_child("9"), "601"))},
        {"operations": [a_take(a_child("9"), "601")]},
    ],
    ids=["refused lately", "linked", "being taken for another"],
)
def test_a_license_that_is_spoken_for_is_not_handed_out(kept: dict[str, Any]) -> None:
    child = a_child()
    assert hand_out([child], facts(a_spare("601"), **kept)) == {}
    assert hand_out([child], facts(a_spare("601"), a_spare("602"), **kept)) == {child.key: ("602",)}


SPARES = st.builds(
    a_spare,
    tariff=st.sampled_from([LITE, PRO, BUSINESS]),
    ip=st.sampled_from([FREE_IP, FREE_IP, "203.0.113.9"]),
    status=st.sampled_from(Status),
    period=st.sampled_from([1, 12, LIFETIME, TRIAL, None]),
    expires=st.none() | st.dates(TODAY - 2 * DAY, TODAY + 5 * DAY),
    ip_changed=st.none() | st.dates(TODAY - 40 * DAY, TODAY),
    key_changed=st.none() | st.dates(TODAY - 40 * DAY, TODAY),
    addons=st.none() | st.builds(lambda nodes: ((NODES, nodes),), st.integers(1, 2)),
)
NEEDS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, tariff=st.sampled_from([LITE, PRO])),
    st.builds(dict, tariff=st.just(BUSINESS), nodes=st.integers(1, 2)),
)


@pytest.mark.parametrize(
    ("license", "answer"),
    [
        (a_spare(), True),
        (a_spare(status=Status.ACTIVE), True),
        (a_spare(expires=None), True),
        (a_license(), False),
        (a_spare(name="somebody's"), False),
        (a_spare(status=Status.DELETED), False),
        (a_spare(period=TRIAL, length=TRIAL), False),
        (a_spare(expires=TODAY), False),
    ],
)
def test_a_paid_license_of_nobody_is_in_the_pool(license: License, answer: bool) -> None:
    assert is_in_pool(license, TODAY) is answer


@given(st.lists(SPARES, max_size=12), st.lists(NEEDS, max_size=6), st.sets(st.integers(0, 11)))
def test_no_license_is_given_twice_and_none_that_cannot_serve(
    spares: list[License], needs: list[dict[str, Any]], refused: set[int]
) -> None:
    pool = [replace(spare, id=str(number)) for number, spare in enumerate(spares)]
    children: list[Child] = [a_child(str(number), **need) for number, need in enumerate(needs)]
    look = facts(*pool, refused=frozenset(map(str, refused)))
    served = hand_out(children, look)
    own = [licenses[0] for licenses in served.values()]
    for child in children:
        for id in served.get(child.key, ()):
            assert why_not(look.licenses[id], TARIFFS[child.tariff], child.amounts, TODAY) is None
            assert id not in look.refused
        assert not set(served.get(child.key, ())[1:]) & set(own)
    assert len(own) == len(set(own))
