"""``order``: one license, for a service's add-on or on its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.wanted.amounts import amounts_for
from cpbillmgr.errors import Held, MaybeDone, UsageWrong
from cpbillmgr.model.catalogue import Amounts, Tariff
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Report, Row
from cpbillmgr.model.services import ON_ITS_OWN, Child, Status
from cpbillmgr.planner.basis.matching import Key, standing_license
from cpbillmgr.planner.basis.scope import Scope, only_child
from cpbillmgr.runs.acting.act import act
from cpbillmgr.runs.looking.each_remote import with_left_out
from cpbillmgr.runs.looking.gather import wanted_children
from cpbillmgr.runs.looking.look import NO_PLAN, Asked, Look, decide, look_at, look_everywhere, open_desks
from cpbillmgr.runs.site import Site, open_remote


@dataclass(frozen=True, slots=True)
class Alone:
    """A license that no service asks for: the remote's tariff and period, and where it shall stand."""

    ip: str
    tariff: int
    period: int
    name: str = ""
    nodes: int | None = None
    amounts: Amounts = ()


def order_for_service(sites: Sequence[Site], service: str, addon: str | None, *, dry_run: bool) -> Report:
    """Give one service's add-on its license: the one that is there, one of the pool, or a new one.

    The sites are those of the remotes that may be used, in the order of their use. The service may still be
    in processing, for a panel's installation needs its license (semantics.md 3.4). Raises ``UsageWrong`` when
    there is no such service, or it asks for no license, or for several, or has one at another remote.
    """
    state = sites[0].state
    state.inventory.service(service)
    with open_desks(sites, state.inventory.services(), only=(service,)) as (desks, errors):
        asked_for = {child.key: child for desk in desks for child in desk.wanted.children}
        child = only_child(asked_for.values(), service, addon)
        asked = _asked(child, dry_run=dry_run)
        report = _give(look_everywhere(desks, asked, errors), child.key, asked)
    return with_left_out(report, errors)


def order_alone(site: Site, wish: Alone, *, dry_run: bool) -> Report:
    """Buy one license that no service asks for; asked again, answer with the license that is there."""
    if not site.wishes.rules.product.has_address:
        raise UsageWrong(
            f"what remote {site.wishes.remote.name} sells is for no address",
            hint="Order it for the add-on of a service, with --service",
        )
    with open_remote(site.wishes) as remote:
        tariff = remote.tariffs().get(wish.tariff)
        if tariff is None:
            raise UsageWrong(f"the remote does not sell tariff {wish.tariff}", where=remote.name)
        child = _child_of(wish, remote.name, tariff)
        children, warnings = wanted_children(site.wishes, remote, site.state.inventory.services(), ())
        asked = _asked(child, dry_run=dry_run)
        look = look_at(site, remote, asked, [*children, child], warnings)
        return _give(decide([look], asked.scope), child.key, asked)


def _child_of(wish: Alone, remote: str, tariff: Tariff) -> Child:
    if not tariff.prices:
        raise UsageWrong(f"the remote tells no price of tariff {tariff.id}", where=remote)
    if wish.period not in tariff.prices:
        sold = ", ".join(str(period) for period in sorted(tariff.prices))
        raise UsageWrong(
            f"tariff {tariff.id} is not sold for period {wish.period}",
            where=remote,
            hint=f"It is for: {sold}",
        )
    try:
        amounts = amounts_for(tariff, wish.nodes, [(str(id_), amount) for id_, amount in wish.amounts])
    except Unresolved as wrong:
        raise UsageWrong(wrong.message, where=remote, hint=wrong.hint) from None
    return Child(
        service=f"{ON_ITS_OWN}{wish.ip}",
        addon=str(wish.tariff),
        service_name=wish.name or wish.ip,
        ip=wish.ip,
        status=Status.ACTIVE,
        remote=remote,
        tariff=wish.tariff,
        period=wish.period,
        length=tariff.length(wish.period),
        amounts=amounts,
    )


def _asked(child: Child, *, dry_run: bool) -> Asked:
    scope = Scope(services=(child.service,), addon=child.addon, unready=True)
    return Asked(scope, dry_run=dry_run, by_name=True)


def _give(looks: Sequence[Look], key: Key, asked: Asked) -> Report:
    """Give a child the license that it has at one of these remotes, or one that it has not."""
    for look in looks:
        child = next((each for each in look.children if each.key == key), None)
        there = standing_license(child, look.facts) if child is not None else None
        if child is not None and there is not None:
            nothing = [replace(each, warnings=(), plan=NO_PLAN) for each in looks]
            report = act(nothing, asked, command="order")
            return replace(report, rows=(_there(child, there.id),), in_sync=1)
    _refuse_elsewhere(looks[0].site, key, [look.remote.name for look in looks])
    report = with_error(act(looks, asked, command="order"))
    if not report.rows and report.stopped is None:
        raise Held(f"service {key[0]}, add-on {key[1]}, is given no license", hint="; ".join(report.warnings))
    return report


def _refuse_elsewhere(site: Site, key: Key, remotes: Collection[str]) -> None:
    """Raise when a child is served at none of these remotes, but at another.

    It is ``UsageWrong`` when it has its license there, ``MaybeDone`` while it is not known whether it has,
    and ``Held`` while its operation is open there otherwise.
    """
    for link in site.state.links.of_service(key[0]):
        if link.addon == key[1] and link.remote not in remotes:
            raise UsageWrong(
                f"service {link.service} has license {link.license} at remote {link.remote}, where it stays",
                hint=f"See 'cpbillmgr license show {link.license} --remote {link.remote}'",
            )
    for operation in site.state.operations.open_of(*key):
        if operation.remote not in remotes:
            is_in_doubt = operation.state in (State.SENT, State.IN_DOUBT)
            raise (MaybeDone if is_in_doubt else Held)(
                f"operation {operation.id} of service {operation.service} is {operation.state}",
                where=operation.remote,
                hint=f"Run it with --remote {operation.remote}, which looks how that has ended",
            )


def with_error(report: Report) -> Report:
    """Return the report of one license with the error of its row as the command's own."""
    errors = (
        row.error or (MaybeDone if row.in_doubt else Held)(row.decision.because)
        for row in report.rows
        if row.outcome in (Outcome.FAILED, Outcome.IN_DOUBT, Outcome.HELD)
    )
    return replace(report, stopped=report.stopped or next(errors, None))


def _there(child: Child, license: str) -> Row:
    found = Decision(Action.ORDER, child, f"license {license} is there already", license=license)
    return Row(found, Outcome.SKIPPED, license)
