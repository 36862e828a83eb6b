"""The property of the house: a plan applied leaves nothing to plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.catalogue import LIFETIME
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.plan import GIVING, Action, Decision, Plan
from cpbillmgr.model.rules import NewAddress, Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.needs.adapting import keys_of
from tests.planner.nouns import (
    BILLING,
    BUSINESS,
    ELSEWHERE,
    LITE,
    NODES,
    PRO,
    TARIFFS,
    TODAY,
    a_child,
    a_license,
    a_spare,
    facts,
    linked,
    named_after,
    the_mark,
)

SERVICES = [str(number) for number in range(11, 19)]


def applied(plan: Plan, look: Facts) -> Facts:
    """Return the facts as they are when a healthy remote has carried the plan out."""
    licenses, links, replaced = dict(look.licenses), dict(look.links), dict(look.replaced)
    for number, decision in enumerate(plan.to_do):
        old = licenses.get(decision.replaces or "")
        if old is not None:
            replaced[old.id] = decision.child.key
            if decision.action is Action.TAKE and old.ip == decision.child.ip:
                licenses[old.id] = replace(old, ip=FREE_IP, ip_changed=TODAY)
        license = _license_after(decision, licenses, f"new-{number}")
        licenses[license.id] = license
        if decision.action in GIVING:
            links[decision.child.key] = license.id
        elif decision.action in (Action.RELEASE, Action.DELETE):
            replaced.pop(license.id, None)
    return replace(look, licenses=licenses, links=links, replaced=replaced)


def _license_after(decision: Decision, licenses: Mapping[str, License], new_id: str) -> License:
    child = decision.child
    if decision.action is Action.ORDER:
        return a_license(
            new_id,
            name=child.license_name,
            ip=child.ip,
            tariff=child.tariff,
            period=child.period,
            remoteid=decision.remoteid,
            addons=child.amounts,
        )
    assert decision.license is not None
    license = licenses[decision.license]
    match decision.action:
        case Action.LINK:
            return license
        case Action.RELEASE:
            freed = replace(license, name=FREE_NAME, ip=FREE_IP, remoteid="", status=Status.SUSPENDED)
            return replace(freed, ip_changed=TODAY)
        case Action.SUSPEND:
            return replace(license, status=Status.SUSPENDED)
        case Action.DELETE:
            return replace(license, status=Status.DELETED)
        case Action.MOVE:
            return replace(license, ip=child.ip, ip_changed=TODAY)
        case Action.EDIT:
            return replace(license, addons=child.amounts)
        case Action.CHANGE_TARIFF:
            changed = replace(license, tariff=child.tariff, tariff_name=TARIFFS[child.tariff].name)
            return replace(changed, period=child.period, length=child.length)
    return replace(
        license,
        name=child.license_name,
        ip=child.ip,
        remoteid=decision.remoteid,
        status=Status.ACTIVE,
        ip_changed=TODAY,
        key_changed=TODAY,
    )


def has_left(before: License, after: License) -> bool:
    """Return whether a license stood in somebody's way, and does not any more."""
    return before.ip != after.ip or after.status is Status.DELETED


def with_nodes(child: Child) -> Child:
    """Return a child that asks for two nodes, if its tariff is sold by nodes."""
    return replace(child, amounts=((NODES, 2),)) if child.tariff == BUSINESS else child


CHILDREN = st.lists(
    st.builds(
        a_child,
        st.sampled_from(SERVICES),
        st.sampled_from(["panel", "billmgr"]),
        tariff=st.sampled_from([LITE, PRO, BUSINESS, BILLING]),
        period=st.sampled_from([1, LIFETIME]),
        status=st.sampled_from(Status),
    ).map(with_nodes),
    unique_by=lambda child: child.key,
    max_size=10,
)
LICENSES = st.lists(
    st.one_of(
        st.builds(
            a_license,
            name=st.sampled_from(["bought by hand", FREE_NAME, *map(named_after, SERVICES)]),
            ip=st.sampled_from([ELSEWHERE, FREE_IP, *(f"203.0.113.{service}" for service in SERVICES)]),
            tariff=st.sampled_from([LITE, PRO, BUSINESS, BILLING]),
            addons=st.sampled_from([(), ((NODES, 1),), ((NODES, 2),)]),
            ip_changed=st.dates(date(2026, 9, 1), TODAY),
            status=st.sampled_from(Status),
            expires=st.dates(TODAY, date(2030, 1, 1)),
            remoteid=st.sampled_from(["", "a17", *(the_mark(a_child(service)) for service in SERVICES)]),
        ),
        st.builds(
            a_spare,
            tariff=st.sampled_from([LITE, PRO, BILLING]),
            ip_changed=st.dates(date(2026, 9, 1), TODAY),
        ),
    ),
    max_size=12,
)
LINKS = st.lists(
    st.tuples(st.sampled_from(SERVICES), st.integers(0, 11)), unique_by=(lambda x: x[0], lambda x: x[1])
)
SOME = st.sets(st.integers(0, 11), max_size=4)
RULES = st.builds(
    Rules,
    reuse=st.sampled_from(Reuse),
    no_fix_suspended=st.booleans(),
    use_existing=st.booleans(),
    new_address=st.sampled_from(NewAddress),
)
SCOPES = st.builds(Scope, link_only=st.booleans(), unready=st.booleans())


@st.composite
def looks(draw: st.DrawFn) -> Facts:
    """Draw what an account shows and what we remember of it, links to licenses that are gone included.

    Some licenses are protected, and some of those without a link were unlinked by hand.
    """
    licenses = [replace(row, id=str(number)) for number, row in enumerate(draw(LICENSES))]
    links = linked(*((a_child(service), str(number)) for service, number in draw(LINKS)))
    protected = frozenset(str(number) for number in draw(SOME))
    unlinked = frozenset(str(number) for number in draw(SOME)) - set(links.values())
    return facts(*licenses, links=links, protected=protected, unlinked=unlinked)


@given(CHILDREN, looks(), RULES, SCOPES)
def test_a_plan_applied_leaves_nothing_to_plan(
    children: list[Child], look: Facts, rules: Rules, scope: Scope
) -> None:
    plan = make_plan(children, look, rules, scope)
    after = applied(plan, look)
    again = make_plan(children, after, rules, scope)
    freed = {license.ip for id, license in look.licenses.items() if has_left(license, after.licenses[id])}
    given_up = set(look.links.values()) - set(after.links.values())  # may serve another child next time
    left = [each for each in again.to_do if each.child.ip not in freed and each.license not in given_up]
    assert left == []
    served = keys_of(plan.to_do) - keys_of(again.decisions)
    assert again.in_sync == plan.in_sync + len(served)


def test_what_a_surplus_license_was_in_the_way_of_is_given_by_the_second_run() -> None:
    """A license of 13, which has another one, stands on 12's address: first it has to go."""
    children = [a_child("12"), a_child("13")]
    surplus = a_license("501", remoteid=the_mark(a_child("13")))
    look = facts(surplus, a_license("502", ip="203.0.113.13"), links=linked((children[1], "502")))
    plan = make_plan(children, look, Rules(), Scope())
    assert [(each.action, each.license) for each in plan.to_do] == [(Action.RELEASE, "501")]
    again = make_plan(children, applied(plan, look), Rules(), Scope())
    assert [(each.action, each.child.service) for each in again.to_do] == [(Action.ORDER, "12")]


@pytest.mark.parametrize("names", [("bought by hand", named_after("14")), (named_after("14"),) * 2])
def test_what_is_left_to_a_person_is_not_decided_by_the_second_run(names: tuple[str, str]) -> None:
    """Two equal licenses stand on 12's address, and one of them at least is named after 14."""
    children = [a_child("12"), a_child("14")]
    look = facts(*(a_license(id, name=name) for id, name in zip(("501", "502"), names, strict=True)))
    plan = make_plan(children, look, Rules(), Scope())
    assert make_plan(children, applied(plan, look), Rules(), Scope()).to_do == ()


@given(CHILDREN, looks(), RULES, SCOPES)
def test_each_child_is_given_one_license_and_no_license_to_two(
    children: list[Child], look: Facts, rules: Rules, scope: Scope
) -> None:
    plan = make_plan(children, look, rules, scope)
    given = [each for each in plan.to_do if each.action in GIVING]
    given_out = [decision.license for decision in given if decision.license is not None]
    new = [each for each in given if each.action is not Action.LINK]
    assert len({each.child.key for each in new}) == len(new)
    assert len(set(given_out)) == len(given_out)
    assert not set(given_out) & set(look.links.values())
    told = [(decision.child.key, decision.action) for decision in plan.decisions]
    assert len(set(told)) == len(told)
    own = [each for each in plan.decisions if not each.child.is_nobodys]
    assert all(scope.covers(each.child) or each.action not in GIVING for each in own)
    assert all(each.replaces is None or scope.covers(each.child) for each in own)


@given(CHILDREN, looks(), RULES, SCOPES)
def test_what_a_person_has_said_of_a_license_holds(
    children: list[Child], look: Facts, rules: Rules, scope: Scope
) -> None:
    to_do = make_plan(children, look, rules, scope).to_do
    linked_now = {each.license for each in to_do if each.action is Action.LINK}
    changed = {
        id
        for each in to_do
        if each.action is not Action.LINK
        for id in (each.license, each.replaces, *each.spares)
    }
    assert not linked_now & look.unlinked
    assert not changed & look.protected


@given(CHILDREN, looks(), RULES)
def test_money_is_spent_only_for_a_known_price_and_an_address_without_such_a_license(
    children: list[Child], look: Facts, rules: Rules
) -> None:
    plan = make_plan(children, look, rules, Scope())
    for decision in plan.to_do:
        if decision.action is Action.ORDER:
            child = decision.child
            assert decision.cost == TARIFFS[child.tariff].cost(child.period, child.amounts)
            assert decision.cost is not None
            there = [license for license in look.licenses.values() if license.ip == child.ip]
            assert all(
                license.tariff != child.tariff or license.status is Status.DELETED for license in there
            )


@given(st.lists(st.sampled_from(SERVICES), unique=True), looks())
def test_when_nothing_is_in_the_way_everybody_has_a_license_afterwards(
    services: list[str], look: Facts
) -> None:
    children = [a_child(service) for service in services]
    pool = [license for license in look.licenses.values() if license.is_free]
    empty = facts(*pool)
    plan = make_plan(children, empty, Rules(), Scope())
    again = make_plan(children, applied(plan, empty), Rules(), Scope())
    assert again == Plan("isp", in_sync=len(children))
