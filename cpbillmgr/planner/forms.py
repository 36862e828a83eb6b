"""Forms: which licenses ``checkevent`` must look at one by one, for the list does not tell all of them."""

from __future__ import annotations

from collections.abc import Collection

from cpbillmgr.model.events import Differences
from cpbillmgr.model.rules import Rules
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import forms_to_read
from cpbillmgr.planner.changes.following import Standing, given_up, resting
from cpbillmgr.planner.changes.resizing import being_resized, has_other_amounts
from cpbillmgr.planner.checkevent import since_last_check, to_read_again
from cpbillmgr.planner.needs.addresses import misplaced
from cpbillmgr.planner.needs.certificates import coming
from cpbillmgr.planner.needs.modules import of_unknown_panel
from cpbillmgr.planner.needs.renewal import due


def forms_for_checkevent(
    facts: Facts, standing: Standing, found: Differences | None, rules: Rules, *, full: bool
) -> tuple[Collection[str], Collection[str]]:
    """Return the licenses whose forms are needed, remembered or read, and those whose forms are read anew.

    ===================================================  ==========================
    the license                                          its form
    ===================================================  ==========================
    is new on the account                                is read
    is linked, and its row has changed                   is read
    is linked, and its turn has come (once in 7 days)    is read
    was told to have no key yet                          is read
    is a certificate that is still to be issued          is read
    any, with ``full``                                   is read
    might be what an open operation has asked for        is read, or remembered
    has amounts that an open operation changes           is read
    is remembered to have other amounts than are wanted  is read
    is a module that is due, and we have not ordered     is read
    is about to be renewed, released or moved            is read, or remembered
    might take the place of one that may not be moved    is read, or remembered
    any other                                            is not asked for
    ===================================================  ==========================

    So an account on which nothing happens costs one call, for its list.
    """
    if full:
        return (), facts.licenses
    linked, licenses = set(facts.links.values()), resting(facts, standing)
    changed = [now.id for _, now in found.changed if now.id in linked] if found else []
    turned = to_read_again(linked & facts.licenses.keys(), *since_last_check(facts))
    moved = misplaced(licenses, facts, standing, rules)
    ending = [each.license.id for each in due(licenses, facts, standing, rules)]
    resized = [each.license.id for each in licenses if has_other_amounts(each)]
    issued = coming(facts, standing) if rules.product.is_certificate else ()
    needed = [
        *forms_to_read([each.child for each in moved], facts),
        *given_up(facts, standing),
        *facts.replaced,
        *ending,
        *(each.license.id for each in moved),
    ]
    unsure = [*being_resized(facts), *resized, *of_unknown_panel(ending, facts), *issued]
    return needed, {*standing.fresh, *changed, *turned, *unsure}
