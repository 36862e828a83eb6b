"""What our catalogue closes: its table, and which decisions it stops."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.catalogue import Resource, ResourceKind, Tariff
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.catalogue.closed_tariffs import is_closed, refuse_closed, why_closed
from cpbillmgr.planner.catalogue.importing import Terms, imported
from tests.planner.nouns import NOW, a_license

PRICES = {1: Money(Decimal(4), "EUR")}
NODES = Resource(55236, "Nodes", ResourceKind.AMOUNT)
BUSINESS = Tariff(55230, "business", PRICES, NODES, resources=(NODES,))
CHILD = Child("12", "panel", "web12", "203.0.113.12", Status.ACTIVE, "main", 55230, 1)
ORDER = Decision(Action.ORDER, CHILD, "it has none")
OWN, OTHER = a_license("1", tariff=55230), a_license("2", tariff=55228)


def ours(*, enabled: bool = True, active: bool = True) -> dict[int, LocalTariff]:
    tariff = imported(BUSINESS, "main", "soft", Terms(), enabled=enabled)
    resources = tuple(replace(own, is_active=active) for own in tariff.resources)
    return {55230: replace(tariff, name="Cluster", resources=resources)}


def facts(catalogue: dict[int, LocalTariff]) -> Facts:
    return Facts("main", NOW, {license.id: license for license in (OWN, OTHER)}, ours=catalogue)


@pytest.mark.parametrize(
    ("catalogue", "nodes", "reason"),
    [
        ({}, None, None),
        ({}, 3, None),
        (ours(), 3, None),
        (ours(active=False), None, None),
        (ours(active=False), 3, "resource Nodes of tariff 55230 (Cluster) is not active in our catalogue"),
        (ours(enabled=False), None, "tariff 55230 (Cluster) is disabled in our catalogue"),
    ],
)
def test_what_is_imported_and_not_sold_is_closed(
    catalogue: dict[int, LocalTariff], nodes: int | None, reason: str | None
) -> None:
    assert why_closed(replace(CHILD, amounts=((55236, nodes),) if nodes else ()), catalogue) == reason


@pytest.mark.parametrize(
    ("decision", "closed"),
    [
        (ORDER, True),
        (replace(ORDER, operation=7), True),
        (replace(ORDER, action=Action.TAKE), True),
        (replace(ORDER, action=Action.CHANGE_TARIFF), True),
        (replace(ORDER, action=Action.TAKE, operation=7), False),
        (replace(ORDER, action=Action.CHANGE_TARIFF, operation=7), False),
        (replace(ORDER, held=True), False),
        (replace(ORDER, replaces="1"), False),
        (replace(ORDER, action=Action.TAKE, replaces="1"), False),
        (replace(ORDER, action=Action.TAKE, replaces="2"), True),
        (replace(ORDER, action=Action.LINK), False),
        (replace(ORDER, action=Action.RENEW), False),
    ],
)
def test_nothing_new_is_given_of_it_but_what_is_there_stays(decision: Decision, closed: bool) -> None:
    assert is_closed(decision, facts(ours(enabled=False))) is closed
    assert is_closed(decision, facts(ours())) is False


def test_one_line_tells_who_asks_for_it() -> None:
    decisions = [replace(ORDER, child=replace(CHILD, service=str(n))) for n in range(5)]
    with pytest.raises(ConfigInvalid) as caught:
        refuse_closed(decisions, facts(ours(enabled=False)))
    [problem] = caught.value.problems
    assert problem.message == (
        "tariff 55230 (Cluster) is disabled in our catalogue; service 0, 1, 2 and 2 more asks for it"
    )
    assert "'cpbillmgr tariff enable 55230 --remote main'" in problem.hint


def test_a_license_on_its_own_is_refused_without_a_service() -> None:
    alone = replace(ORDER, child=replace(CHILD, service="ip:203.0.113.12"))
    with pytest.raises(ConfigInvalid) as caught:
        refuse_closed([alone], facts(ours(enabled=False)))
    assert caught.value.problems[0].message == "tariff 55230 (Cluster) is disabled in our catalogue"


def test_without_anything_closed_nothing_is_refused() -> None:
    refuse_closed([ORDER], facts(ours()))
    refuse_closed([ORDER], facts({}))
