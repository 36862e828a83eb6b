"""Evidence that the tests of audits begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cpbillmgr.model.licenses import License
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Wish
from cpbillmgr.planner.audit.auditing import audit
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.changes.following import Standing, resting
from cpbillmgr.planner.fixchilds import given
from tests.planner.nouns import a_child, facts, linked

RULES = Rules()
SERVED = a_child()  # service 12, which is active and has license 501
KEY = SERVED.key


def wants(wish: Wish = Wish.ON, ip: str = SERVED.ip, child: Child = SERVED) -> dict[Key, Demand]:
    """Return what one service wants of its license."""
    return {child.key: Demand(*child.key, wish, ip)}


def evidence(
    *licenses: License,
    children: tuple[Child, ...] = (SERVED,),
    standing: Standing | None = None,
    links: Mapping[Key, str] | None = None,
    unmet: Mapping[Key, str] | None = None,
    bought: frozenset[str] = frozenset(),
    option: tuple[str, ...] = (),
    rules: Rules = RULES,
    **look: Any,
) -> Evidence:
    """Return evidence: service 12 has license 501, unless something else is said."""
    links = linked((SERVED, "501")) if links is None else links
    seen = facts(*licenses, links=links, **look)
    standing = standing or Standing(demands=wants())
    decided = given(children, seen, rules, Scope())
    return Evidence(
        facts=seen,
        standing=standing,
        rules=rules,
        children={child.key: child for child in children},
        unmet=unmet or {},
        given={key: each for key, each in decided.items() if each is not None},
        linked=tuple(resting(seen, standing)),
        bought=bought,
        option=option,
    )


def told(*licenses: License, **more: Any) -> list[tuple[str, str, str]]:
    """Return class, amount and mend of each finding of an audit."""
    return [(each.kind.value, str(each.amount or ""), each.mend) for each in found(*licenses, **more)]


def found(*licenses: License, **more: Any) -> tuple[Finding, ...]:
    """Return the findings of an audit."""
    return audit([evidence(*licenses, **more)]).findings
