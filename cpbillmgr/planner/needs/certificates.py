"""Certificates: asked for by domain, fetched once issued, renewed by a new order (semantics.md 11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cpbillmgr.errors import NotEnoughMoney, UsageWrong
from cpbillmgr.model.certificates import LONGEST_NAME, Issue, ascii_domain
from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License, child_of
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.changes.replacing import order_instead
from cpbillmgr.planner.needs.open_orders import of_operations, once_more


def obstacles_of_certificates(waiting: Iterable[Child], facts: Facts, rules: Rules) -> dict[Key, str]:
    """Return, by child, why no certificate may be ordered for it; a child without obstacle is absent."""
    reasons = ((child.key, _obstacle(child, facts, rules)) for child in waiting)
    return {key: reason for key, reason in reasons if reason is not None}


def _obstacle(child: Child, facts: Facts, rules: Rules) -> str | None:
    """Return what is in the way of a certificate (wire-api.md 10.1).

    ====================================================  ==========================================
    the first of these that is so                         the obstacle
    ====================================================  ==========================================
    the service's name is no domain                       a certificate is for a domain
    the request prepared for it cannot be read            what is wrong with it
    the request prepared for it is for another domain     for which one
    that is too long for a name, and no request is there  how long a name may be
    nobody is named who approves: neither in the          who approves it is not known
    settings, nor in a request prepared for it, nor in
    an earlier one for this domain
    ====================================================  ==========================================
    """
    prepared = facts.files.prepared.get(child.key)
    if not _is_domain(child.domain):
        return f"a certificate is for a domain, and service {child.service} is named '{child.domain}'"
    if child.key in facts.files.damaged:
        return facts.files.damaged[child.key]
    if prepared not in (None, child.domain):
        return f"the request prepared for service {child.service} is for {prepared}, not for {child.domain}"
    if len(child.domain) > LONGEST_NAME and prepared is None:
        return f"'{child.domain}' is longer than the {LONGEST_NAME} characters of a certificate's name"
    known = child.domain in facts.files.approved.get(child.key, ())
    if not rules.approver and prepared is None and not known:
        name = f"'{command('certificate', 'request', child.service, '--approver', 'MAIL')}'"
        return f"who approves it is not known: set approver in [certificates], or use {name}"
    return None


def _is_domain(name: str) -> bool:
    try:
        return ascii_domain(name) == name
    except UsageWrong:
        return False


def may_follow(license: License, standing: Standing) -> bool:
    """Return whether the next certificate may be ordered in place of one that ends.

    ==============================================  ===============================================
    the certificate                                 the next one is ordered
    ==============================================  ===============================================
    has failed, or is not issued yet                not: a person looks
    is issued, or nothing tells whether it is, and
      - no order of the next one has failed         now
      - the last one had no money                   again
      - the last one was refused                    not again: a person looks (semantics.md 3.5)
    ==============================================  ===============================================
    """
    tries = standing.tries.get((license.id, Action.RENEW))
    return license.issue in (None, Issue.ISSUED) and (tries is None or tries.failure == NotEnoughMoney.kind)


def renewal(linked: Linked, wanted: Child | None, facts: Facts, rules: Rules) -> Decision:
    """Return the order of the certificate that follows one which ends.

    It is what the service asks for by now, else what the old one was; held where something is in its way. The
    old one is left alone: it ends by itself.
    """
    child = wanted or replace(linked.child, domain=linked.license.name)
    return _next(linked.license, child, _ends(linked.license), facts, rules)


def _next(license: License, child: Child, why: str, facts: Facts, rules: Rules) -> Decision:
    obstacle = _obstacle(child, facts, rules)
    if obstacle is not None:
        decision = Decision(Action.ORDER, child, f"{why}; {obstacle}", held=True)
    else:
        decision = order_instead(child, license, why, facts, rules)
    return replace(decision, replaces=license.id, expires_before=license.expires)


def _ends(license: License) -> str:
    return f"the certificate for {license.name} ends on {license.expires}, and is renewed by a new order"


def renew(license: License, child: Child, period: int | None, facts: Facts, rules: Rules) -> Decision:
    """Return the order by which a person renews a certificate, or what becomes of the one that is open.

    It is for the period that is given, else for the certificate's own. Raises ``UsageWrong`` for one that is
    not issued yet, unless its request is lost: it would be of no use.
    """
    if license.issue in (Issue.REQUESTED, Issue.WAITING) and license.id not in facts.files.keyless:
        raise UsageWrong(f"certificate {license.id} for {license.name} is not issued yet")
    child = replace(child, domain=license.name)
    begun = of_operations([child], facts)
    if child.key in begun:
        return begun[child.key]
    if child.key in facts.busy_children:
        return once_more(child, facts.busy_children[child.key])
    tariff, wanted = facts.tariffs.get(child.tariff), period or child.period
    if tariff is None or tariff.cost(wanted, ()) is None:
        raise UsageWrong(f"the remote does not sell tariff {child.tariff} for period {wanted}")
    wish = replace(child, period=wanted, length=tariff.length(wanted))
    is_lost = license.id in facts.files.keyless
    why = f"the request of the certificate for {license.name} is lost" if is_lost else _ends(license)
    return _next(license, wish, why, facts, rules)


def coming(facts: Facts, standing: Standing) -> list[str]:
    """Return the linked certificates of which nothing tells yet that they are issued, or will not be.

    One that is stopped or gone is not coming any more, though nothing tell of its issue; one that is wanted
    no more is not waited for.
    """
    return [
        id
        for key, id in facts.links.items()
        if not standing.gives_up(key)
        and (license := facts.licenses.get(id)) is not None
        and license.issue not in (Issue.ISSUED, Issue.FAILED)
        and license.status not in (Status.SUSPENDED, Status.DELETED)
    ]


def once_issued(facts: Facts, standing: Standing) -> Facts:
    """Return the facts as they are if today all is issued that was ordered and is on its way.

    A certificate of which no list has shown the end yet is good from today, for its period.
    """
    issued: dict[str, License] = {}
    for id in coming(facts, standing):
        license = facts.licenses[id]
        if license.issue is None and license.status is Status.ACTIVE:  # it may be issued for long
            continue
        end = license.expires
        if end is None and license.length is not None and license.length > 0:
            end = add_months(facts.today, license.length)
        issued[id] = replace(license, status=Status.ACTIVE, issue=Issue.ISSUED, expires=end)
    return replace(facts, licenses={**facts.licenses, **issued})


def to_fetch(facts: Facts, standing: Standing) -> list[Decision]:
    """Return the fetching of each certificate that is wanted and issued, and whose files are not here."""
    return [
        Decision(
            Action.FETCH,
            child_of(facts.licenses[id], *key),
            f"the certificate for {facts.licenses[id].name} is issued, and its files are not here yet",
            license=id,
            remoteid=facts.files.unfetched[id],
        )
        for key, id in facts.links.items()
        if id in facts.files.unfetched
        and id in facts.licenses
        and facts.licenses[id].issue is Issue.ISSUED
        and not standing.gives_up(key)
    ]
