"""Findings about what our services ask for."""

from __future__ import annotations

from collections.abc import Container, Iterator

from cpbillmgr.model.command import command
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.planner.audit.evidence import Evidence
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key


def is_told_here(key: Key, facts: Facts, served: Container[str], known: Container[Key]) -> bool:
    """Return whether a wish that a remote cannot meet is told there.

    ====================================================  ======
    the child                                             answer
    ====================================================  ======
    has its license at this remote                        yes
    has it at another one                                 no
    is of none that is ``served``: seen to by fixchilds   no
    is ``known``: met or told at another remote           no
    otherwise                                             yes
    ====================================================  ======
    """
    if key in facts.links:
        return True
    return key[0] in served and key not in facts.elsewhere and key not in known


def unknown_names(evidence: Evidence) -> Iterator[Finding]:
    """Yield the wishes that nobody understands; a license that is linked shows what was once meant.

    ==================================  ==============================================
    the child                           mend
    ==================================  ==============================================
    has a license of a known tariff     have it ask for this tariff by its number
    has none                            a person adds the line that ``why`` tells
    ==================================  ==============================================
    """
    for key, why in evidence.unmet.items():
        service, addon = key
        license = evidence.facts.licenses.get(evidence.facts.links.get(key, ""))
        if license is None or license.tariff not in evidence.facts.tariffs:
            yield Finding(evidence.facts.remote, Kind.UNKNOWN_NAME, why, service, addon)
            continue
        mend = command("service", "set", service, f"{addon}={license.tariff}")
        yield evidence.found(
            Kind.UNKNOWN_NAME, license, why, key=key, amount=evidence.left(license), mend=mend
        )


def without_license(evidence: Evidence) -> Iterator[Finding]:
    """Yield the children without a license that ``fixchilds`` would see to.

    ==========================================  ====================================
    ``fixchilds`` would                         mend
    ==========================================  ====================================
    link one that is there                      link this one
    take one from the pool, or order one        ``fixchilds`` for this service
    hold it                                     a person puts right what is in the way
    give it nothing, as ``NoFixSuspended`` has  no finding
    ==========================================  ====================================
    """
    for decision in evidence.given.values():
        child = decision.child
        yield Finding(
            evidence.facts.remote,
            Kind.WITHOUT_LICENSE,
            decision.because,
            child.service,
            child.addon,
            decision.license if decision.action is Action.LINK else None,
            child.ip,
            decision.cost,
            _mend(decision, evidence),
        )


def _mend(decision: Decision, evidence: Evidence) -> str:
    child = decision.child
    if decision.held:
        return ""
    if decision.action is Action.LINK and decision.license is not None:
        return evidence.on_license("link", decision.license, child.service, child.addon)
    return command("fixchilds", "--service", child.service, *evidence.option)
