"""``fixchilds``: which services and children it looks at."""

from __future__ import annotations

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Addon, AddonKind, Child, Service, Status
from cpbillmgr.planner.basis.scope import Scope, only_child, services_to_look_at
from tests.planner.nouns import IP, a_child

CHILD = a_child("12")
RULES = Rules()


@pytest.mark.parametrize(
    ("status", "looked_at", "looked_at_unready"),
    [
        (Status.ACTIVE, True, True),
        (Status.SUSPENDED, True, True),
        (Status.ORDERED, False, True),
        (Status.PROCESSING, False, True),
        (Status.DELETED, False, False),
    ],
)
def test_the_services_state_says_whether_a_child_is_looked_at(
    status: Status, looked_at: bool, looked_at_unready: bool
) -> None:
    child = a_child(status=status)
    assert Scope().covers(child) is looked_at
    assert Scope(unready=True).covers(child) is looked_at_unready


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (Scope(services=("12",)), True),
        (Scope(services=("11", "12")), True),
        (Scope(services=("11",)), False),
        (Scope(services=()), False),
        (Scope(addon="panel"), True),
        (Scope(addon="backup"), False),
        (Scope(services=("12",), addon="backup"), False),
    ],
)
def test_a_scope_names_services_and_an_addon(scope: Scope, covered: bool) -> None:
    assert scope.covers(CHILD) is covered


def test_services_of_other_types_are_counted_not_looked_at() -> None:
    addon = Addon("panel", AddonKind.ENUMERATION, "Lite")
    services = {
        kind: Service(kind, kind, "web", IP, Status.ACTIVE, addons=(addon,))
        for kind in ("vds", "vds.vps", "dedic", "soft", "vdsmanager", "colo", "colo.rack")
    }
    without = Service("1", "domain", "example.org", "", Status.ACTIVE)
    chosen, warnings = services_to_look_at([*services.values(), services["colo"], without], RULES)
    assert chosen == [services["vds"], services["vds.vps"], services["dedic"]]
    assert warnings == (
        "1 services of type vdsmanager are not looked at (settings: types)",
        "2 services of type colo are not looked at (settings: types)",
        "1 services of type colo.rack are not looked at (settings: types)",
    )


@pytest.mark.parametrize(
    ("service", "addon", "child"),
    [("12", None, CHILD), ("12", "panel", CHILD), ("13", "dnsmgr", a_child("13", "dnsmgr"))],
)
def test_a_child_is_named_by_its_service_and_where_there_are_several_by_its_add_on(
    service: str, addon: str | None, child: Child
) -> None:
    children = [CHILD, a_child("13"), a_child("13", "dnsmgr")]
    assert only_child(children, service, addon) == child


@pytest.mark.parametrize(
    ("service", "addon", "told"),
    [
        ("13", None, "service 13 asks for several licenses. Name one of its add-ons: panel, dnsmgr"),
        ("12", "dnsmgr", "add-on dnsmgr of service 12 asks for no license"),
        ("14", None, "service 14 asks for no license. See 'cpbillmgr service show 14'"),
    ],
)
def test_a_child_that_is_not_there_or_not_the_only_one_is_told(
    service: str, addon: str | None, told: str
) -> None:
    with pytest.raises(UsageWrong) as caught:
        only_child([CHILD, a_child("13"), a_child("13", "dnsmgr")], service, addon)
    assert told in str(caught.value)
