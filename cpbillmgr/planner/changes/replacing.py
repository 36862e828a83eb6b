"""Replacing: a child gets another license in place of the one that it has, which is then given up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cpbillmgr.model.licenses import FREE_IP, License, child_of
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import GIVING, Action, Decision
from cpbillmgr.model.rules import NewAddress, Rules
from cpbillmgr.model.services import NOBODYS, Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.prices import product_of
from cpbillmgr.planner.changes.following import give_up
from cpbillmgr.planner.pool.handing_out import may_move, may_reuse


def is_another_product(child: Child, license: License, facts: Facts) -> bool:
    """Return whether the child asks for a license of another product than the one that it has."""
    return is_another_tariff(child, license) and (
        product_of(child, facts.tariffs) != product_of(license, facts.tariffs)
    )


def is_another_tariff(child: Child, license: License) -> bool:
    """Return whether the child asks for another tariff; one that is not told is taken for the right one."""
    return license.tariff is not None and license.tariff != child.tariff


def may_take(child: Child, license: License, facts: Facts, rules: Rules) -> bool:
    """Return whether a license of the pool may come in place of the one that a child has (semantics.md 8).

    =======================  ====================================================  ======
    the child asks for       and                                                   may
    =======================  ====================================================  ======
    what may not be reused   -                                                     no
    another product          -                                                     yes
    another tariff           ``UseExistingOnUpgrade``, and its own may leave       yes
                             the address: the remote keeps one of a product there
    another address          its own may not be moved yet, ``swap`` or ``order``   yes
    another address          its own stands on 0.0.0.0 and may not be moved yet    yes
    anything else            -                                                     no
    =======================  ====================================================  ======
    """
    if not may_reuse(child, rules):
        return False
    if is_another_product(child, license, facts):
        return True
    if license.ip == child.ip or may_move(license, facts):
        return is_another_tariff(child, license) and rules.use_existing and may_move(license, facts)
    return rules.new_address is not NewAddress.WAIT or license.ip == FREE_IP


def must_order(child: Child, license: License, facts: Facts, rules: Rules) -> bool:
    """Return whether one is bought in place of the one that a child has, where the pool has none that fits.

    =======================  ====================================================  ======
    the child asks for       and                                                   bought
    =======================  ====================================================  ======
    another product          -                                                     yes
    another address          its own may not be moved yet, ``order``               yes
    another address          its own stands on 0.0.0.0 and may not be moved yet:   yes
                             the panel has none
    anything else            -                                                     no
    =======================  ====================================================  ======
    """
    if is_another_product(child, license, facts):
        return True
    if license.ip == child.ip or may_move(license, facts):
        return False
    return rules.new_address is NewAddress.ORDER or license.ip == FREE_IP


def take_instead(
    child: Child, license: License, fitting: Sequence[str], because: str, facts: Facts, rules: Rules
) -> Decision:
    """Return the take of the first of these licenses of the pool, in place of the one that the child has."""
    own, *spares = fitting
    return Decision(
        Action.TAKE,
        child,
        f"{because}; license {own} of the pool takes the place of {license.id}",
        license=own,
        remoteid=_next_mark(child, license, facts, rules),
        spares=tuple(spares),
        replaces=license.id,
    )


def order_instead(child: Child, license: License, because: str, facts: Facts, rules: Rules) -> Decision:
    """Return the order of a license in place of the one that the child has; held without a price."""
    because = f"{because}; a new one takes the place of {license.id}"
    return replace(
        order(child, because, _next_mark(child, license, facts, rules), facts), replaces=license.id
    )


def order(child: Child, because: str, mark: str, facts: Facts) -> Decision:
    """Return the order of a license for a child, with this mark; held without a price."""
    cost = facts.tariffs[child.tariff].cost(child.period, child.amounts)
    if cost is None:
        because = f"{because}; the remote tells no price of tariff {child.tariff} for period {child.period}"
    return Decision(Action.ORDER, child, because, cost=cost, held=cost is None, remoteid=mark)


def _next_mark(child: Child, license: License, facts: Facts, rules: Rules) -> str:
    return str(Mark(rules.installation, *child.key, next_generation(child.key, license, facts)))


def next_generation(key: Key, license: License | None, facts: Facts) -> int:
    """Return the generation of a child's next mark: neither the journal nor its license has used it up."""
    own = Mark.read(license.remoteid) if license is not None else None
    return max(facts.generations.get(key, 0), own.generation if own is not None else 0) + 1


def replaced_by(decisions: Iterable[Decision], facts: Facts) -> Facts:
    """Return the facts with what these decisions replace, and only that, as replaced."""
    gone = {
        each.replaces: each.child.key
        for each in decisions
        if each.replaces is not None and each.action in GIVING and not each.held
    }
    return replace(facts, replaced=gone)


def outlived(facts: Facts, local_ids: Mapping[Key, tuple[int, ...]], rules: Rules) -> list[Decision]:
    """Return what becomes of the licenses whose child has another one in their place.

    ``local_ids`` are those of the children, by key: they tell what may be reused.

    ==========================================  ==========================
    the license                                 it is
    ==========================================  ==========================
    is gone, not ready, or in the pool already  left alone
    has an open operation                       left alone
    any other                                   given up (``give_up``)
    ==========================================  ==========================
    """
    found = (
        give_up(
            license,
            child_of(license, f"{NOBODYS}{id}", addon, local_ids.get((service, addon), ())),
            f"service {service} has another license in its place",
            facts.today,
            rules,
            too_early=id in facts.moved_too_early,
        )
        for id, (service, addon) in facts.replaced.items()
        if id not in facts.busy_licenses
        and (license := facts.licenses.get(id)) is not None
        and license.status in (Status.ACTIVE, Status.SUSPENDED)
        and not license.is_free
    )
    return [decision for decision in found if decision is not None]
