"""The pool: paid licenses that nobody uses, and which child may have which."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Amounts, Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.months import add_months, has_ended


def may_reuse(child: Child, rules: Rules) -> bool:
    """Return whether this child may be served from the pool (semantics.md 3.1; cpbillmgr.conf).

    ===========  ==================  =====================  ======================  =======
    generation   ``reuse``           ``ReUseLicense``       ``ReusePrice`` lines    answer
    ===========  ==================  =====================  ======================  =======
    any          never               any                    any                     no
    4            auto                not set                any                     no
    4            auto                set                    name tariff or add-on   yes
    4            auto                set                    do not                  no
    5 and 6      auto                any                    none                    yes
    5 and 6      auto                any                    name tariff or add-on   yes
    5 and 6      auto                any                    do not                  no
    ===========  ==================  =====================  ======================  =======

    A trial is never served from the pool, nor is a product without an address.
    """
    if rules.reuse is Reuse.NEVER or child.length == TRIAL or not rules.product.has_address:
        return False
    listed = not rules.reuse_prices.isdisjoint(child.local_ids)
    if rules.generation.reuses_unasked:
        return listed or not rules.reuse_prices
    return rules.reuse_licenses and listed


def is_in_pool(license: License, today: date) -> bool:
    """Return whether a license that is linked to nothing is paid, and may serve somebody at some time.

    ====================================  ======
    the license                           answer
    ====================================  ======
    has a name or an address of its own   no
    is neither active nor suspended       no
    is a trial                            no
    has ended                             no
    otherwise                             yes
    ====================================  ======
    """
    is_there = license.status in (Status.ACTIVE, Status.SUSPENDED) and not has_ended(license, today)
    return is_there and license.is_free and not license.is_trial


def usable_from(license: License) -> date | None:
    """Return the first day on which address and key may change again, or ``None`` when nothing is known."""
    changes = [day for day in (license.ip_changed, license.key_changed) if day is not None]
    return max(map(rested_from, changes), default=None)


def rested_from(changed: date) -> date:
    """Return the first day that is more than a month after a change.

    Both a calendar month and 31 days must have passed, so that every reading of "more than a month ago"
    is met (semantics.md 3.1).
    """
    return max(add_months(changed, 1), changed + timedelta(days=31)) + timedelta(days=1)


def movable_from(license: License) -> date | None:
    """Return the first day on which the address may change again, or ``None`` when nothing is known."""
    return None if license.ip_changed is None else rested_from(license.ip_changed)


def may_move(license: License, facts: Facts) -> bool:
    """Return whether the address may change today: the last change is a month ago, or is not told.

    What the remote itself has found too early stays so for a month.
    """
    day = movable_from(license)
    return license.id not in facts.moved_too_early and (day is None or day <= facts.today)


def why_not(license: License, tariff: Tariff, amounts: Amounts, today: date) -> str | None:
    """Return why a license of the pool cannot serve this need, or ``None`` when it can (semantics.md 3.1).

    =========================================================  =====================================
    the license                                                answer
    =========================================================  =====================================
    is not named ``free.lic`` with address ``0.0.0.0``         it is in use
    is of another tariff                                       another tariff
    is neither active nor suspended                            its status
    is a trial                                                 trials are not reused
    has an end, and that is today or before, or is not told    expired
    changed address or key within the last month               what changed, when it can be used
    has other amounts than are wanted, such as nodes           how many it has
    otherwise                                                  none: it can serve
    =========================================================  =====================================

    A date of change that is not known is no obstacle: the remote refuses by itself. A generation 4 remote
    tells none at all. There only changes of address can be checked that our own records know: those that we
    made, and those that two of our looks showed. What was changed before our first look, changed and changed
    back between two looks, or changed without an address, only the remote knows, and its refusal is final.
    """
    if not license.is_free:
        return "it is in use"
    if license.tariff != tariff.id:
        return "it is of another tariff"
    if license.status not in (Status.ACTIVE, Status.SUSPENDED):
        return f"it is {license.status}"
    length = None if license.period is None else tariff.length(license.period)
    if license.is_trial or length == TRIAL:
        return "trials are not reused"
    if not (length == LIFETIME if license.expires is None else license.expires > today):
        return "it has expired"
    rested = usable_from(license)
    if rested is not None and rested > today:
        return f"{_last_change(license)}, it can be used from {rested}"
    return _other_amount(license, tariff, dict(amounts))


def claim_on(license: License, facts: Facts) -> str | None:
    """Return what keeps a license from being given to a child, however it fits, or ``None``.

    =========================================  ===================================================
    the first of these that is so              answer
    =========================================  ===================================================
    it is linked                               whose it is
    an operation on it is open                 which
    it is of the pool, and protected           that it is
    it is of the pool, and was refused lately  for how long it is left alone
    otherwise                                  none
    =========================================  ===================================================
    """
    if license.id in facts.owners:
        return f"it belongs to service {' '.join(facts.owners[license.id])}"
    if license.id in facts.busy_licenses:
        return f"operation {facts.busy_licenses[license.id].id} is about it"
    if license.is_free and license.id in facts.protected:
        return "it is protected"
    if license.is_free and license.id in facts.refused:
        return "the remote refused to hand it out; it is tried again after a day"
    return None


def _last_change(license: License) -> str:
    changes = [("address", license.ip_changed), ("key", license.key_changed)]
    what, when = max(changes, key=lambda change: change[1] or date.min)
    return f"its {what} changed on {when}"


def hand_out(children: Sequence[Child], facts: Facts) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return, by child, the ids of the licenses it may take: its own first, then those left for everybody.

    Children are served in their order; the longest paid license goes first, then the longest rested.
    A child that nothing fits is absent.
    """
    queues: dict[tuple[int, Amounts], deque[str]] = {}
    own: dict[tuple[str, str], str] = {}
    for child in children:
        kind = (child.tariff, child.amounts)
        if kind not in queues:
            queues[kind] = deque(_usable(facts, child))
        if queues[kind]:
            own[child.key] = queues[kind].popleft()
    return {
        child.key: (own[child.key], *queues[child.tariff, child.amounts])
        for child in children
        if child.key in own
    }


def _usable(facts: Facts, child: Child) -> list[str]:
    tariff = facts.tariffs[child.tariff]
    free = [
        license
        for license in facts.licenses.values()
        if why_not(license, tariff, child.amounts, facts.today) is None and claim_on(license, facts) is None
    ]
    return [license.id for license in sorted(free, key=best_first)]


def best_first(license: License) -> tuple[int, date, str]:
    """Return what to sort by: the longest paid license goes first, then the longest rested."""
    end = license.expires or date.max
    return (-end.toordinal(), license.ip_changed or date.min, license.id)


def _other_amount(license: License, tariff: Tariff, wanted: Mapping[int, int]) -> str | None:
    """Return of what a license has another amount than is wanted: what nobody asks for, it must not have."""
    has = dict(license.addons or ())
    for id_ in tariff.counted:
        amount = has.get(id_)
        if amount != wanted.get(id_) and (amount or wanted.get(id_)):
            return f"it has {amount or 'an unknown number of'} {tariff.unit(id_, amount)}"
    return None
