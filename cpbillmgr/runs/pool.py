"""``pool``: the paid licenses that nobody uses, and who would take them. Nothing is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.planner.basis.scope import Scope, services_to_look_at
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.pool.report import Idle, idle_licenses
from cpbillmgr.runs.looking.each_remote import ask_each
from cpbillmgr.runs.looking.forms import with_forms
from cpbillmgr.runs.looking.gather import asked_for
from cpbillmgr.runs.looking.look import Asked, Look, look_at, shared_out
from cpbillmgr.runs.site import Site, open_remote

EVERYTHING = Scope()


def pool(
    sites: Sequence[Site], *, accept_short_list: bool = False
) -> tuple[list[Idle], list[CpbillmgrError]]:
    """Return the pool of each remote in turn, what can be used first, and the errors of the others.

    Raises what ``ask_each`` and ``share_out`` raise.
    """
    looks, errors = ask_each(sites, partial(_look, accept_short_list=accept_short_list))
    found = [
        idle
        for look in shared_out(looks, EVERYTHING)
        for idle in idle_licenses(
            look.facts, make_plan(look.children, look.facts, look.site.wishes.rules, EVERYTHING)
        )
    ]
    return found, errors


def _look(site: Site, *, accept_short_list: bool) -> Look:
    """Return one look at a remote; services whose wish nobody understands wait for nothing there."""
    services, _ = services_to_look_at(site.state.inventory.services(), site.wishes.rules)
    with open_remote(site.wishes) as remote:
        children, _ = asked_for(site.wishes, remote, services)
        look = look_at(site, remote, Asked(accept_short_list=accept_short_list), children)
        free = [license.id for license in look.facts.licenses.values() if license.is_free]
        return replace(look, facts=with_forms(site, remote, look.facts, free))
