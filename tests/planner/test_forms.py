"""Which licenses ``checkevent`` looks at one by one, row by row of its table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cpbillmgr.model.events import Differences
from cpbillmgr.model.plan import Action
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Demand, Wish
from cpbillmgr.planner.changes.following import Standing
from cpbillmgr.planner.forms import forms_for_checkevent
from tests.planner.nouns import (
    ELSEWHERE,
    IP,
    NODES,
    NOW,
    TODAY,
    a_child,
    a_license,
    an_operation,
    facts,
    linked,
)

CHILD = a_child()
OURS, OTHER = a_license(), a_license("502", ip=ELSEWHERE)
LATER = TODAY + timedelta(days=1)


def needed(
    *, wish: Wish = Wish.ON, ip: str = IP, fresh: frozenset[str] = frozenset(), **more: Any
) -> tuple[set[str], set[str]]:
    """Return what is needed and what is read anew where service 12 has license 501, and nobody 502."""
    found, full, ours = more.pop("found", None), more.pop("full", False), more.pop("ours", OURS)
    shared = more.pop("shared", {})
    look = facts(ours, OTHER, links=linked((CHILD, "501")), **more)
    standing = Standing({CHILD.key: Demand(*CHILD.key, wish, ip)}, {}, shared, fresh=fresh)
    forms, anew = forms_for_checkevent(look, standing, found, Rules(), full=full)
    return set(forms), set(anew)


def test_where_nothing_happens_no_form_is_asked_for() -> None:
    assert needed(checked_at=NOW - timedelta(minutes=5)) == (set(), set())


@pytest.mark.parametrize(
    "more",
    [
        {"fresh": frozenset({"501"})},
        {"found": Differences(changed=((OURS, OURS), (OTHER, OTHER)))},
        {"checked_at": NOW - timedelta(days=8)},
        {"operations": [an_operation(CHILD, action=Action.EDIT, license="501", amounts=((NODES, 2),))]},
    ],
    ids=["new, or without a key", "changed and linked", "its turn", "being resized"],
)
def test_what_has_changed_is_read_anew(more: dict[str, Any]) -> None:
    assert needed(**more)[1] == {"501"}


@pytest.mark.parametrize(
    "more",
    [
        {"ours": a_license(expires=LATER)},
        {"wish": Wish.GIVEN_UP},
        {"replaced": {"501": CHILD.key}},
        {"ip": ELSEWHERE, "shared": {CHILD.key: IP}},
    ],
    ids=["renewed", "released", "replaced", "moved"],
)
def test_what_is_about_to_change_is_read_or_remembered(more: dict[str, Any]) -> None:
    assert needed(**more) == ({"501"}, set())


def test_everything_is_read_when_that_is_asked_for() -> None:
    assert needed(full=True) == (set(), {"501", "502"})


def test_a_certificate_that_is_still_to_be_issued_is_read_anew() -> None:
    look, rules = facts(OURS, links=linked((CHILD, "501"))), Rules(product=ProductType.CERTIFICATE)
    assert forms_for_checkevent(look, Standing(), None, rules, full=False) == ([], {"501"})
