"""A look: what is known of remotes and of our side, and the plan that follows; nothing is written yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cpbillmgr.config.wanted.children import UnmetWish
from cpbillmgr.errors import ConfigInvalid, RemoteError
from cpbillmgr.model.command import command
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Plan
from cpbillmgr.model.report import Report
from cpbillmgr.model.services import Child, Service
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.planner.catalogue.closed_tariffs import refuse_closed
from cpbillmgr.planner.changes.settling import Settlement, settle, settled, settled_notes
from cpbillmgr.planner.choosing import Seller, share_out
from cpbillmgr.planner.events import other_systems
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.planner.safety import money_warning
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.looking.gather import Wanted, balance_of, gather, wanted
from cpbillmgr.runs.site import Site, open_remote

Choose = Callable[[Report], Report]  # returns what would be done, with what a person declines as skipped
Agree = Callable[[Report], bool]  # shows what would be done; whether it is to be carried out
NO_PLAN = Plan("")  # of what was only looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run was asked for.

    ``choose`` has a person choose among the changes, ``agree`` asks one about the plan. ``confirmed`` says
    that one has agreed beforehand, ``by_name`` that one thing was asked for, of which there is no plan to
    agree to. ``save_to`` is where the plan goes to be applied later. With ``exactly`` nothing but the plan is
    done: what one remote refuses is not offered to another.
    """

    scope: Scope = field(default_factory=Scope)
    dry_run: bool = False
    confirmed: bool = False
    by_name: bool = False
    exactly: bool = False
    accept_short_list: bool = False
    choose: Choose | None = None
    agree: Agree | None = None
    save_to: Path | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a remote and at our side, and what follows from it.

    ``warnings`` are what was found before there was a ``plan``, which has its own.
    """

    site: Site
    remote: RemoteBilling
    facts: Facts
    settlements: Sequence[Settlement] = ()
    children: Sequence[Child] = ()
    warnings: tuple[str, ...] = ()
    plan: Plan = NO_PLAN
    balance: Money | None = None

    @property
    def seller(self) -> Seller:
        """The remote, as its part in what is bought where is decided."""
        return Seller(self.children, self.facts, self.site.wishes.rules)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one remote is dealt with, and what our services want there."""

    site: Site
    remote: RemoteBilling
    wanted: Wanted


@contextmanager
def open_desks(
    sites: Sequence[Site], services: Iterable[Service], only: Collection[str] | None = None
) -> Iterator[tuple[list[Desk], list[RemoteError]]]:
    """Yield a desk for each remote that tells what it sells, and the errors of the others.

    Raises ``ConfigInvalid`` with every wish that no remote can meet, unless one of them could not be asked,
    and with those that a license's own remote cannot meet, of the ``only`` services that are asked about.
    Raises the error of a remote that was never looked at: what it has for our services is not known.
    """
    listed = list(services)
    desks: list[Desk] = []
    errors: list[RemoteError] = []
    with ExitStack() as stack:
        for site in sites:
            remote = stack.enter_context(open_remote(site.wishes))
            with _unless_unknown(site, sites, errors):
                desks.append(Desk(site, remote, wanted(site.wishes, remote, listed, only)))
        unmet, unmet_at_home = _unmet(desks, is_whole=only is None)
        if wrong := [*(() if errors else unmet), *(() if only is None else unmet_at_home)]:
            raise ConfigInvalid(wrong)
        yield [*_warned(desks, map(str, (*unmet, *unmet_at_home)))], errors


def look_everywhere(desks: Sequence[Desk], asked: Asked, errors: list[RemoteError]) -> list[Look]:
    """Return a look at each remote, with its share of the plan; remotes that cannot be asked add ``errors``.

    Raises as ``decide``, and as ``open_desks`` for a remote that was never looked at.
    """
    looks: list[Look] = []
    for desk in desks:
        with _unless_unknown(desk.site, desks, errors):
            found = desk.wanted
            looks.append(look_at(desk.site, desk.remote, asked, found.children, found.warnings))
    if not looks:
        raise errors[0]
    return decide(looks, asked.scope)


def look_at(
    site: Site,
    remote: RemoteBilling,
    asked: Asked,
    children: Sequence[Child] = (),
    warnings: tuple[str, ...] = (),
) -> Look:
    """Return a look of which nothing is decided yet; raises what ``gather`` raises."""
    facts = gather(site, remote, children, asked.scope, accept_short_list=asked.accept_short_list)
    settlements = settle(facts, site.wishes.rules)
    warnings = (*warnings, *settled_notes(settlements))
    return Look(site, remote, settled(facts, settlements), settlements, children, warnings)


def shared_out(looks: Sequence[Look], scope: Scope) -> list[Look]:
    """Return the looks, each with the children that others serve ``elsewhere``; raises as ``share_out``."""
    shares = share_out([look.seller for look in looks], scope)
    return [replace(look, facts=facts) for look, facts in zip(looks, shares, strict=True)]


def decide(looks: Sequence[Look], scope: Scope) -> list[Look]:
    """Return the looks, each with the plan for the children that its remote serves.

    Raises ``ConfigInvalid`` when a plan would buy what our catalogue forbids, and as ``share_out``.
    """
    return [_with_plan(look, scope) for look in shared_out(looks, scope)]


def _with_plan(look: Look, scope: Scope) -> Look:
    rules = look.site.wishes.rules
    plan = make_plan(look.children, look.facts, rules, scope)
    refuse_closed(plan.decisions, look.facts)
    balance = balance_of(look.remote) if plan.cost else None
    minimal = look.site.wishes.remote.minimal_balance
    others = other_systems(look.facts.licenses.values(), rules.installation) if scope.is_whole else ()
    warnings = (*plan.warnings, *others, *money_warning(plan, balance, minimal))
    return replace(look, plan=replace(plan, warnings=warnings), balance=balance)


@contextmanager
def _unless_unknown(site: Site, others: Sequence[object], errors: list[RemoteError]) -> Iterator[None]:
    """Put a remote's error to the ``errors``; raise it where there is no other, or it was never looked at."""
    try:
        yield
    except RemoteError as error:
        if len(others) == 1 or site.state.sightings.look(site.wishes.remote.name) is None:
            raise
        errors.append(error)


def _warned(desks: Sequence[Desk], warnings: Iterable[str]) -> Iterator[Desk]:
    """Yield the desks, the first of them with these warnings too."""
    for number, desk in enumerate(desks):
        more = tuple(warnings) if number == 0 else ()
        yield replace(desk, wanted=replace(desk.wanted, warnings=(*desk.wanted.warnings, *more)))


def _unmet(desks: Sequence[Desk], *, is_whole: bool) -> tuple[list[UnmetWish], list[UnmetWish]]:
    """Return the wishes that no remote can meet, and those that only another one could, which never may.

    ===============================================  =====================================================
    the child                                        its wish is unmet
    ===============================================  =====================================================
    has a license, if gone, or an open operation at  when that one cannot meet it: a license stays where
    one of these remotes                             it was bought
    has one at a remote that is not asked            not, where all services are looked at
    has none                                         when no remote can meet it, as the first says why
    ===============================================  =====================================================
    """
    met = {child.key for desk in desks for child in desk.wanted.children}
    nowhere: dict[Key, UnmetWish] = {}
    at_home: list[UnmetWish] = []
    for desk in desks:
        state, name = desk.site.state, desk.remote.name
        licenses = state.links.all(name)
        here = licenses.keys() | {operation.key for operation in state.operations.open(name)}
        elsewhere = state.links.elsewhere(name) | state.operations.open_elsewhere(name) if is_whole else ()
        for wish in desk.wanted.unmet:
            if wish.key in here and wish.key in met:
                at_home.append(_staying(wish, desk, licenses.get(wish.key)))
            elif wish.key in here or (wish.key not in met and wish.key not in elsewhere):
                nowhere.setdefault(wish.key, wish)
    return list(nowhere.values()), at_home


def _staying(wish: UnmetWish, desk: Desk, license: str | None) -> UnmetWish:
    """Return a wish that another remote could meet, with what keeps its child at this one."""
    name = desk.remote.name
    if license is None:
        return replace(wish, message=f"{wish.message}; its operation at remote {name} is open")
    is_gone = license in desk.site.state.links.gone(name)
    has_no_pool = not desk.site.wishes.rules.product.has_address
    typed = command("license", "unlink" if is_gone or has_no_pool else "release", license, "--remote", name)
    way_out = f"'{typed}' lets another remote serve it"
    message = f"{wish.message}; it has license {license} at remote {name}, where it stays"
    return replace(wish, message=message, hint=f"{wish.hint}. {way_out}" if wish.hint else way_out)
