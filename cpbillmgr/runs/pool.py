"""``pool``: the paid licenses that nobody uses, and who would take them. Nothing is written down."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.planner.choosing import Seller, share_out
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.idle import Idle, idle_licenses
from cpbillmgr.planner.scope import Scope, services_to_look_at
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.runs.each_remote import ask_each
from cpbillmgr.runs.forms import with_forms
from cpbillmgr.runs.gather import asked_for, gather
from cpbillmgr.runs.site import Site, open_remote

EVERYTHING = Scope()


def pool(
    sites: Sequence[Site], *, accept_short_list: bool = False
) -> tuple[list[Idle], list[CpbillmgrError]]:
    """Return the pool of each remote in turn, what can be used first, and the errors of the others.

    Raises what ``ask_each`` and ``share_out`` raise.
    """
    sellers, errors = ask_each(sites, partial(_look, accept_short_list=accept_short_list))
    shares = zip(sellers, share_out(sellers, EVERYTHING), strict=True)
    found = [
        idle
        for seller, facts in shares
        for idle in idle_licenses(facts, make_plan(seller.children, facts, seller.rules, EVERYTHING))
    ]
    return found, errors


def _look(site: Site, *, accept_short_list: bool) -> Seller:
    """Return one look at a remote; services whose wish nobody understands wait for nothing there."""
    rules = site.wishes.rules
    services, _ = services_to_look_at(site.state.inventory.services(), rules)
    with open_remote(site.wishes) as remote:
        children, _ = asked_for(site.wishes, remote, services)
        facts = gather(site, remote, children, EVERYTHING, accept_short_list=accept_short_list)
        free = [license.id for license in facts.licenses.values() if license.is_free]
        facts = with_forms(site, remote, facts, free)
    return Seller(children, settled(facts, settle(facts, rules)), rules)
