"""Following: a license does what its service does: it stops, starts, is given up (semantics.md 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cpbillmgr.model.licenses import FREE_IP, License, child_of
from cpbillmgr.model.operations import Tries
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Outcome, Row
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Demand, Status, Wish
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.basis.months import has_ended
from cpbillmgr.planner.pool.handing_out import may_reuse, usable_from

# What a license has in common with its service once such a change is done.
FOLLOWED = {Action.SUSPEND: Status.SUSPENDED, Action.RESUME: Status.ACTIVE, Action.RENEW: Status.ACTIVE}


@dataclass(frozen=True, slots=True)
class Standing:
    """How our side stands to the licenses that it has.

    ``demands`` are what services want, by child; ``followed`` is which state of its service each license was
    last made, or seen, to have, and ``shared`` the address that both were last seen to have. ``tries`` are,
    by license and action, what failed since anything succeeded. ``renewed`` are the licenses and the ends
    that renewals were done for, ``fresh`` the licenses that are new to us, or were told to have no key yet.
    """

    demands: Mapping[Key, Demand] = field(default_factory=dict)
    followed: Mapping[Key, Status] = field(default_factory=dict)
    shared: Mapping[Key, str] = field(default_factory=dict)
    tries: Mapping[tuple[str, Action], Tries] = field(default_factory=dict)
    renewed: frozenset[tuple[str, date]] = frozenset()
    fresh: frozenset[str] = frozenset()

    def gives_up(self, key: Key) -> bool:
        """Return whether a service of ours wants its license no more."""
        demand = self.demands.get(key)
        return demand is not None and demand.wish is Wish.GIVEN_UP


@dataclass(frozen=True, slots=True)
class Linked:
    """A license that is linked to a child, nothing of it under way, and what its service wants of it.

    ``followed`` is the state of the service that it last followed, ``None`` when it never did.
    """

    license: License
    demand: Demand
    followed: Status | None = None

    @property
    def child(self) -> Child:
        """The child, as the license shows it."""
        return child_of(self.license, *self.demand.key, self.demand.local_ids)


def resting(facts: Facts, standing: Standing) -> list[Linked]:
    """Return the linked licenses that can be decided about.

    Not those that are gone, not ready, protected, or have an open operation, nor those of services that we do
    not know.
    """
    busy = facts.busy_licenses.keys() | facts.protected
    return [
        Linked(license, demand, standing.followed.get(key))
        for key, id in facts.links.items()
        if (license := facts.licenses.get(id)) is not None
        and (demand := standing.demands.get(key)) is not None
        and license.status in (Status.ACTIVE, Status.SUSPENDED)
        and id not in busy
        and key not in facts.busy_children
    ]


def given_up(facts: Facts, standing: Standing) -> list[str]:
    """Return the linked licenses that no service wants any more."""
    return [license for key, license in facts.links.items() if standing.gives_up(key)]


def follow(licenses: Iterable[Linked], today: date, rules: Rules) -> list[Decision]:
    """Return what licenses have to do so that they do as their services do.

    Our intent decides whether a license is to be on; but what was done to it by hand since it was last so, at
    the remote or here, is not undone, only told (semantics.md 5): ``followed`` tells the two apart.

    =========  =========  =========================  ====================================================
    wish       license    last followed              decision
    =========  =========  =========================  ====================================================
    on         suspended  anything but active        resume; when it has ended, renewal starts it
    on         suspended  active                     nothing: it was stopped by hand
    off        active     anything but suspended     suspend
    off        active     suspended                  nothing: it was started by hand
    given up   any        any                        see ``give_up``
    later      any        any                        nothing
    in accord                                        nothing
    =========  =========  =========================  ====================================================

    A certificate is never stopped, and so does not follow.
    """
    if not rules.product.can_change:
        return []
    decided = (_follow(each, today, rules) for each in licenses)
    return [decision for decision in decided if decision is not None]


def _follow(linked: Linked, today: date, rules: Rules) -> Decision | None:
    license, service, followed = linked.license, linked.demand.service, linked.followed
    match linked.demand.wish, license.status:
        case Wish.GIVEN_UP, _:
            return give_up(
                license, linked.child, f"service {service} wants no license any more", today, rules
            )
        case Wish.ON, Status.SUSPENDED if followed is not Status.ACTIVE and not has_ended(license, today):
            return _decision(Action.RESUME, linked, f"service {service} is active")
        case Wish.OFF, Status.ACTIVE if followed is not Status.SUSPENDED:
            return _decision(Action.SUSPEND, linked, f"service {service} is suspended")
        case _:
            return None


def give_up(
    license: License, child: Child, gone: str, today: date, rules: Rules, *, too_early: bool = False
) -> Decision | None:
    """Return what becomes of a license that nobody wants any more; ``gone`` says why that is so.

    ``too_early`` says that the remote itself would not move it yet.

    ===============================================  =========  =====================================
    reuse                                            license    decision
    ===============================================  =========  =====================================
    a certificate                                    any        nothing: it ends by itself
    a trial, or its tariff may not be reused         any        delete
    its address may change, or it has none           any        release: suspend, then free it
    its address may not change yet                   active     suspend; it is *releasing*
    its address may not change yet                   suspended  nothing until its day has come
    ===============================================  =========  =====================================
    """
    if not rules.product.can_change:
        return None
    if license.is_trial or not may_reuse(child, rules):
        return Decision(Action.DELETE, child, f"{gone}, and it is not to be reused", license=license.id)
    day = usable_from(license)
    if license.ip == FREE_IP or (not too_early and (day is None or day <= today)):
        return Decision(Action.RELEASE, child, gone, license=license.id)
    if license.status is Status.ACTIVE:
        when = "it cannot be freed yet" if day is None or day <= today else f"it can be freed from {day}"
        return Decision(Action.SUSPEND, child, f"{gone}; {when}", license=license.id)
    return None


def self_renewing(licenses: Iterable[Linked]) -> list[Decision]:
    """Return an edit for each license that the remote renews by itself: both sides would pay.

    Also for one that is given up: until it may be freed, it would be paid for nobody.
    """
    return [
        _decision(Action.EDIT, each, "the remote would renew it by itself, and so both sides would pay")
        for each in licenses
        if each.license.renews_itself
    ]


def agreements(licenses: Iterable[Linked]) -> dict[str, Status]:
    """Return, by license, the state that it is seen to share with its service, where that is news to us."""
    wanted = {Wish.ON: Status.ACTIVE, Wish.OFF: Status.SUSPENDED}
    return {
        each.license.id: each.license.status
        for each in licenses
        if wanted.get(each.demand.wish) is each.license.status and each.followed is not each.license.status
    }


def followed_by(rows: Iterable[Row]) -> dict[str, Status]:
    """Return, by license, the state of its service that it has been made to have."""
    return {
        row.license: FOLLOWED[row.decision.action]
        for row in rows
        if row.outcome is Outcome.DONE and row.license is not None and row.decision.action in FOLLOWED
    }


def sharing(licenses: Iterable[Linked], standing: Standing) -> dict[str, str]:
    """Return, by license, the address that it is seen to share with its service, where that is news to us."""
    return {
        each.license.id: each.license.ip
        for each in licenses
        if each.license.ip == each.demand.ip != standing.shared.get(each.demand.key)
    }


def _decision(action: Action, linked: Linked, because: str) -> Decision:
    return Decision(action, linked.child, because, license=linked.license.id)
