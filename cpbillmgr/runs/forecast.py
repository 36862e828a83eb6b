"""``forecast``: what renewals will cost, against the balance. Nothing is changed, or written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from cpbillmgr.errors import CpbillmgrError
from cpbillmgr.planner.changes.following import resting
from cpbillmgr.planner.changes.settling import settle, settled
from cpbillmgr.planner.forecast import Forecast, Outlook, outlook
from cpbillmgr.planner.forecast import forecast as foretold
from cpbillmgr.planner.needs.renewal import renewable
from cpbillmgr.runs.looking.checkevent_look import stand
from cpbillmgr.runs.looking.each_remote import ask_each
from cpbillmgr.runs.looking.forms import with_forms, with_memory
from cpbillmgr.runs.looking.gather import asked_for, balance_of, whole_look
from cpbillmgr.runs.site import Site, open_remote

Account = tuple[str, str]


def forecast(
    sites: Sequence[Site], days: int, *, accept_short_list: bool = False
) -> tuple[Forecast, list[CpbillmgrError]]:
    """Return what the renewals of so many days will cost, and the errors of remotes that cannot be asked.

    Orders and services that are yet to come are not foretold. A service whose wish nobody understands is
    renewed by the month, as ``checkevent`` does. Raises what ``ask_each`` raises.
    """
    found, errors = ask_each(sites, partial(_look, days=days, accept_short_list=accept_short_list))
    accounts: defaultdict[Account, list[Outlook]] = defaultdict(list)
    for account, seen in found:
        accounts[account].append(seen)
    return foretold(accounts.values(), days), errors


def _look(site: Site, *, days: int, accept_short_list: bool) -> tuple[Account, Outlook]:
    """Return what is renewed at one remote, and the account that pays."""
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
        if rules.product.is_certificate:
            from cpbillmgr.runs.certificates.issuing import with_files

            facts = with_files(site, with_memory(site, facts, facts.links.values()))
        balance = balance_of(remote)
    wanted = {child.key: child for child in children}
    return site.wishes.remote.account, outlook(facts, standing, wanted, rules, balance, days)
