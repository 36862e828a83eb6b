"""``forecast``: what renewals will cost, against the balance. Nothing is changed, or written down."""

from __future__ import annotations

from cpbillmgr.planner.following import resting
from cpbillmgr.planner.forecast import Forecast
from cpbillmgr.planner.forecast import forecast as foretold
from cpbillmgr.planner.renewal import renewable
from cpbillmgr.planner.settling import settle, settled
from cpbillmgr.runs.gather import asked_for, balance_of, whole_look, with_forms
from cpbillmgr.runs.seeing import stand
from cpbillmgr.runs.site import Site, open_remote


def forecast(site: Site, days: int, *, accept_short_list: bool = False) -> Forecast:
    """Return what the renewals of so many days will cost; raises what a look raises.

    Orders and services that are yet to come are not foretold. A service whose wish nobody understands is
    renewed by the month, as ``checkevent`` does.
    """
    rules = site.wishes.rules
    services = site.state.inventory.services()
    with open_remote(site.wishes) as remote:
        children, _ = asked_for(site.wishes, remote, services)
        facts = whole_look(site, remote, accept_short_list=accept_short_list)
        facts = facts.with_tariffs(remote.tariffs())
        facts = settled(facts, settle(facts, rules))
        standing = stand(site, facts, tuple(services))
        counting = {tariff.id for tariff in facts.tariffs.values() if tariff.counted}
        ids = [
            each.license.id for each in renewable(resting(facts, standing)) if each.license.tariff in counting
        ]
        facts = with_forms(site, remote, facts, ids)
        return foretold(
            facts, standing, {child.key: child for child in children}, rules, balance_of(remote), days
        )
