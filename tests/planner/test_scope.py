"""``fixchilds``: which services and children it looks at."""

from __future__ import annotations

import pytest

from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.planner.scope import Scope, services_to_look_at
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
