"""``status``: how everything is, from what is remembered; no remote is asked unless that is wished for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cpbillmgr.model.money import Money, totals
from cpbillmgr.model.operations import State
from cpbillmgr.planner.changes.changing import waits_for_its_day
from cpbillmgr.planner.health import Condition, Health, in_doubt, judge
from cpbillmgr.planner.pool.handing_out import is_in_pool, usable_from
from cpbillmgr.planner.pool.money_left import money_left
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Status:
    """How everything is at a time (UTC); ``done`` is when each command last changed anything."""

    at: datetime
    conditions: tuple[Condition, ...]
    done: dict[str, datetime]

    @property
    def verdict(self) -> tuple[Health, tuple[str, ...]]:
        """The worst that is so, and a sentence for everything that is not well."""
        return judge(self.conditions, self.at)


def status(sites: Sequence[Site], *, ask: bool = False) -> Status:
    """Return how the sites of one state are; with ``ask`` each remote is asked for its balance."""
    conditions = []
    for site in sites:
        condition = _condition(site)
        if ask:
            with open_remote(site.wishes) as remote:
                condition = replace(condition, balance=remote.whoami().balance, balance_at=site.now())
        conditions.append(condition)
    return Status(sites[0].now(), tuple(conditions), sites[0].state.operations.last_done())


def _condition(site: Site) -> Condition:
    remote, state, today = site.wishes.remote.name, site.state, site.now().date()
    look = state.sightings.look(remote)
    balance, balance_at = _balance(site)
    waiting = [each for each in state.operations.open(remote) if not waits_for_its_day(each)]
    for_a_person = sum(each.state is State.MANUAL for each in waiting)
    linked = set(state.links.all(remote).values())  # some since the last look, which showed them free
    seen = state.sightings.seen(remote)
    pool = [each for each in seen if each.id not in linked and is_in_pool(each, today)]
    return Condition(
        remote=remote,
        looked_at=look.at if look else None,
        checked_at=look.checked_at if look else None,
        licenses=look.licenses if look else 0,
        balance=balance,
        balance_at=balance_at,
        minimal_balance=site.wishes.remote.minimal_balance,
        in_doubt=in_doubt(waiting, site.now()),
        for_a_person=for_a_person,
        notices=tuple(state.notices.in_force(remote)),
        pool=len(pool),
        usable=sum((usable_from(license) or today) <= today for license in pool),
        idle=totals(left for license in pool if (left := money_left(license, today, {})) is not None),
    )


def _balance(site: Site) -> tuple[Money | None, datetime | None]:
    """Return what the account had when it was last asked, less what we have paid since, and when that was."""
    remote = site.wishes.remote.name
    last = site.state.balances.last(remote)
    if last is None:
        return None, None
    paid = site.state.operations.paid_since(remote, last.at)
    spent = sum((each.amount for each in paid if each.currency == last.money.currency), last.money.amount * 0)
    return replace(last.money, amount=last.money.amount - spent), last.at
