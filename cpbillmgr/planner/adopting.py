"""Adopting: licenses that we did not order become those of children, by a person's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License, Link
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.plan import Action, Decision, Plan
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key, match_by_address
from cpbillmgr.planner.basis.scope import Scope, only_child
from cpbillmgr.planner.changes.settling import carrying
from cpbillmgr.planner.fixchilds import waiting

Wrong = tuple[int, UsageWrong]  # a line, and what is wrong with it


def link_one(id: str, child: Child, facts: Facts, installation: str, *, force: bool = False) -> Plan:
    """Return the plan that links one license to one child; nothing is to do when it is linked to it already.

    Raises what ``_link`` raises.
    """
    if facts.owners.get(id) == child.key:
        return Plan(facts.remote, in_sync=1)
    return Plan(facts.remote, (_link(id, child, facts, installation, force=force),))


def adopt_named(
    claims: Mapping[int, Link],
    children: Sequence[Child],
    services: Collection[str],
    facts: Facts,
    installation: str,
) -> tuple[Plan, list[Wrong]]:
    """Return the plan that links what claims say, and each claim that cannot be met.

    ``claims`` are by the line that they stand on; one without add-on means the only child of its service.
    ``services`` are the ids of all that there are. Two claims of one child are one too many.
    """
    by_service: dict[str, list[Child]] = defaultdict(list)
    for child in children:
        by_service[child.service].append(child)
    lines: dict[Key, int] = {}
    decisions: list[Decision] = []
    wrong: list[Wrong] = []
    for line, claim in claims.items():
        try:
            child = _child_of(claim, by_service[claim.service], services)
            if facts.owners.get(claim.license) != child.key:
                link = _link(claim.license, child, facts, installation)
                _refuse_second(child, lines.setdefault(child.key, line), line)
                decisions.append(link)
        except UsageWrong as error:
            wrong.append((line, error))
    in_sync = len(claims) - len(decisions) - len(wrong)
    return Plan(facts.remote, tuple(decisions), in_sync), wrong


def adopt_by_address(children: Sequence[Child], facts: Facts, installation: str) -> Plan:
    """Return the plan that links strangers to the children on whose address they stand.

    As pass 2 of ``matching.match``, and no other: what carries a mark, or only bears a name, does not count.
    A child that has an open operation, or a link to a license that is gone, is left out.
    """
    needy = waiting(children, facts, Scope(unready=True))
    found = match_by_address(needy, facts, installation)
    busy = facts.busy_children.keys() | facts.links.keys()
    return Plan(
        facts.remote,
        tuple(
            Decision(
                Action.LINK,
                child,
                match.because,
                license=match.license.id if match.license else None,
                held=match.license is None,
            )
            for child in needy
            if child.key not in busy and (match := found.get(child.key)) is not None
        ),
        in_sync=len(facts.links),
    )


def _child_of(claim: Link, children: Sequence[Child], services: Collection[str]) -> Child:
    if claim.service not in services:
        raise UsageWrong(f"there is no service {claim.service!r}", hint="See 'cpbillmgr service list'")
    return only_child(children, claim.service, claim.addon or None)


def _refuse_second(child: Child, first: int, line: int) -> None:
    if first != line:
        raise UsageWrong(f"{_named(child)}, gets a license on line {first} already")


def _link(id: str, child: Child, facts: Facts, installation: str, *, force: bool = False) -> Decision:
    """Return the link of a license to a child, by a person's word.

    =======================================================  ====================================
    the first of these that is so                            answer
    =======================================================  ====================================
    the license is not on the account, or deleted            ``UsageWrong``
    it is linked to another child                            ``UsageWrong``
    the child has another license, here or elsewhere         ``UsageWrong``
    an operation on either is open, or may have bought it    ``UsageWrong``
    it lies in the pool, or waits unpaid in the cart         ``UsageWrong``
    it is of another tariff, on another address, or carries  ``UsageWrong``; with ``force`` link,
    the mark of another child                                and told
    otherwise                                                link
    =======================================================  ====================================
    """
    license = facts.licenses.get(id)
    if license is None or license.status is Status.DELETED:
        raise UsageWrong(f"there is no license {id} on the account", hint="See 'cpbillmgr license list'")
    _check_free(license, child, facts)
    misfits = ", and ".join(_misfits(license, child, installation))
    if misfits and not force:
        anyway = f"'{command('license', 'link', id, *child.key, '--force')}'"
        raise UsageWrong(f"license {id} {misfits}", hint=f"{anyway} links it all the same")
    because = f"by a person's word, though it {misfits}" if misfits else "by a person's word"
    return Decision(Action.LINK, child, because, license=id)


def _check_free(license: License, child: Child, facts: Facts) -> None:
    id, other = license.id, facts.links.get(child.key)
    if id in facts.owners:
        service, addon = facts.owners[id]
        raise UsageWrong(
            f"license {id} is linked to service {service}, add-on {addon}",
            hint=f"'cpbillmgr license unlink {id}' frees it",
        )
    if other is not None:
        gone = "" if other in facts.licenses else ", which is gone from the account"
        raise UsageWrong(
            f"{_named(child)}, has license {other}{gone}",
            hint=f"'cpbillmgr license unlink {other}' makes room",
        )
    if child.key in facts.elsewhere:
        raise UsageWrong(f"{_named(child)}, has a license at another remote")
    for operation in facts.operations:
        if operation.license == id or operation.key == child.key or carrying(operation, [license], {}):
            raise UsageWrong(
                f"operation {operation.id} of service {operation.service} is still open",
                hint=f"See 'cpbillmgr operation show {operation.id}'",
            )
    if license.is_free:
        take = f"'{command('order', '--service', child.service)}'"
        raise UsageWrong(f"license {id} lies in the pool", hint=f"{take} takes one that fits from there")
    if license.status is Status.ORDERED:
        raise UsageWrong(f"license {id} is not paid yet: it waits in the cart of the account")


def _misfits(license: License, child: Child, installation: str) -> Iterator[str]:
    """Yield in what a license is not as the child wants it, as the end of a sentence about the license."""
    if license.tariff != child.tariff:
        what = f"{license.tariff or 'unknown'} {license.tariff_name}".rstrip()
        yield f"is of tariff {what}, and service {child.service} wants {child.tariff}"
    if license.ip != child.ip:
        yield f"is on {license.ip}, and service {child.service} on {child.ip or 'no address yet'}"
    mark = Mark.read(license.remoteid)
    if mark is not None and mark.installation != installation:
        yield f"carries the mark of the installation '{mark.installation}'"
    elif mark is not None and (mark.service, mark.addon) != child.key:
        yield f"carries the mark of service {mark.service}, add-on {mark.addon}"


def _named(child: Child) -> str:
    return f"service {child.service}, add-on {child.addon}"
