"""Findings about links: of which one side is gone, or that the license itself contradicts."""

from __future__ import annotations

from collections.abc import Iterator

from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark, service_of_name
from cpbillmgr.model.services import Child, Status, is_on_its_own
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.needs import modules
from cpbillmgr.planner.pool.money_left import cost_of_period


def vanished(evidence: Evidence) -> Iterator[Finding]:
    """Yield links to licenses that are deleted, or not on the account any more.

    =============================  ===================================
    the child                      mend
    =============================  ===================================
    is to get another license      ``fixchilds`` for this service
    is held                        as the decision about it says
    gets none                      forget the link
    =============================  ===================================
    """
    for key, id in evidence.facts.links.items():
        license = evidence.facts.licenses.get(id)
        if license is not None and license.status is not Status.DELETED:
            continue
        decision = evidence.given.get(key)
        why, cost = f"license {id} is gone from the account", None
        mend = evidence.on_license("unlink", id)
        if decision is not None:
            cost = decision.cost
            mend = "" if decision.held else command("fixchilds", "--service", key[0])
            why = f"{why}: {decision.because}" if decision.held else why
        ip = license.ip if license else ""
        yield Finding(evidence.facts.remote, Kind.VANISHED, why, *key, id, ip, cost, mend)


def contradicted(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked licenses whose remote id, or else name, says that they are another child's.

    ===========================================================  ===========================
    the child that the license names                             mend
    ===========================================================  ===========================
    has none, and would have this one by its tariff and address  link it, and serve the other
    otherwise                                                    none: a person does, there
    ===========================================================  ===========================
    """
    for key, license in evidence.facts.linked:
        named = None if is_on_its_own(key[0]) else _label(license, evidence)
        if named is None or named in ((key[0], ""), key):
            continue
        why = f"it is linked to service {key[0]}, and {_in_words(named)}"
        child = _child_named(named, evidence)
        if child is None or (child.ip, child.tariff) != (license.ip, license.tariff):
            why = f"{why}; put that right at the remote"
            yield evidence.found(Kind.CONTRADICTED, license, why, amount=evidence.left(license))
            continue
        steps = [
            evidence.on_license("unlink", license.id),
            evidence.on_license("link", license.id, *child.key),
        ]
        if key in evidence.children:
            steps.append(command("fixchilds", "--service", key[0]))
        yield evidence.found(
            Kind.CONTRADICTED,
            license,
            f"{why}, on whose address it is",
            key=child.key,
            amount=evidence.left(license),
            mend=" && ".join(steps),
        )


def _label(license: License, evidence: Evidence) -> Key | None:
    """Return the child that a license names: by our mark, else by its name (service alone)."""
    mark = Mark.read(license.remoteid)
    if mark is not None:
        ours = mark.installation == evidence.rules.installation
        return (mark.service, mark.addon) if ours else (f"{mark.service} of {mark.installation}", mark.addon)
    service = service_of_name(license.name)
    return None if service is None else (service, "")


def _in_words(named: Key) -> str:
    what = "remote id" if named[1] else "name"
    return f"its {what} is that of service {named[0]}"


def _child_named(named: Key, evidence: Evidence) -> Child | None:
    """Return the child without a license that is meant by a label, if exactly one is."""
    service, addon = named
    meant = [
        each.child
        for key, each in evidence.given.items()
        if key[0] == service and addon in ("", key[1]) and key not in evidence.facts.links
    ]
    return meant[0] if len(meant) == 1 else None


def renewing_for_nobody(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked licenses that the remote renews by itself.

    ===================================  ==================================
    its service                          mend
    ===================================  ==================================
    is in the inventory                  ``checkevent`` turns it off
    is not                               as a license without service
    ===================================  ==================================
    """
    for key, license in evidence.facts.linked:
        if not license.renews_itself:
            continue
        cost = cost_of_period(license, evidence.facts.tariffs)
        if key in evidence.standing.demands:
            why, mend = "the remote renews it by itself, and so both sides would pay", command("checkevent")
        else:
            why = f"its service is not in the inventory, and the remote renews it on {license.expires}"
            mend = _give_up(license, evidence)
        yield evidence.found(Kind.RENEWING, license, why, amount=cost, mend=mend)


def without_service(evidence: Evidence) -> Iterator[Finding]:
    """Yield linked licenses whose service is not in the inventory, or wants none any more.

    =========================  ================  ==========================================
    its service                bought by us      class and mend
    =========================  ================  ==========================================
    wants none any more        -                 without service; ``checkevent`` gives it up
    is not in the inventory    yes               without service; release or delete
    is not in the inventory    no                adopted without service; unlink
    =========================  ================  ==========================================

    A certificate that is wanted no more is in order: it ends by itself.
    """
    for key, license in evidence.facts.linked:
        demand = evidence.standing.demands.get(key)
        if evidence.wants(key) or (demand is not None and not evidence.rules.product.can_change):
            continue
        why, mend = f"service {key[0]} wants it no more", command("checkevent")
        if demand is None:
            why = f"service {key[0]}, add-on {key[1]}, is not in the inventory"
            mend = _give_up(license, evidence)
        is_ours = demand is not None or evidence.is_bought(license)
        kind = Kind.WITHOUT_SERVICE if is_ours else Kind.ADOPTED_WITHOUT_SERVICE
        yield evidence.found(kind, license, why, amount=evidence.left(license), mend=mend)


def without_panel(evidence: Evidence) -> Iterator[Finding]:
    """Yield modules that services want, and that do not stand on the license of their panel.

    =========================  ===========================================
    its panel                  mend
    =========================  ===========================================
    has no license             delete
    has another license        delete, and have one ordered for that one
    =========================  ===========================================

    A module cannot go onto another license (wire-api.md 10.2).
    """
    for linked in evidence.linked:
        if why := modules.without_panel(linked, evidence.facts):
            service, license = linked.demand.service, linked.license
            mend = evidence.on_license("delete", license.id)
            if evidence.facts.panels_of(service):
                mend = f"{mend} && {command('fixchilds', '--service', service)}"
            amount = evidence.left(license)
            yield evidence.found(
                Kind.WITHOUT_PANEL, license, f"{why}; nothing renews it", amount=amount, mend=mend
            )


def _give_up(license: License, evidence: Evidence) -> str:
    """Return how to give up a license that no service of the inventory has."""
    if not evidence.is_bought(license):
        return evidence.on_license("unlink", license.id)
    may_rest = evidence.rules.product.has_address and not license.is_trial
    return evidence.on_license("release" if may_rest else "delete", license.id)
