"""The protocol broken on purpose, one rule at a time: what shows that the rule is needed and is watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from cpbillmgr.model.operations import MOST_SENDS, Operation
from cpbillmgr.model.services import Child
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.changes.settling import Settlement, Verdict, settle, settled
from cpbillmgr.planner.fixchilds import make_plan
from cpbillmgr.runs.looking.gather import gather
from cpbillmgr.runs.looking.look import Asked, Look
from cpbillmgr.runs.site import Site
from cpbillmgr.store.journal.journal import Journal
from cpbillmgr.store.journal.operations import Operations
from tests.crash.sim_changes import PRICIER, RENEW, one_license_linked
from tests.crash.sim_fates import DOUBTFUL, HOUR, MINUTE, OK, Done, Weather
from tests.crash.sim_process import Protocol
from tests.crash.sim_remote import SimulatedRemote
from tests.crash.sim_scene import FIXCHILDS, one_service
from tests.crash.sim_story import REAL, Profile

FactsRule = Callable[[Site, Facts], Facts]
SettlingRule = Callable[[Settlement], Settlement]


def looking(
    *, facts: FactsRule = lambda _, facts: facts, settling: SettlingRule = lambda settlement: settlement
) -> Callable[..., Look]:
    """Return a look around that is the real one, but for what was gathered or how it is settled."""

    def look_around(
        site: Site, remote: SimulatedRemote, asked: Asked, children: Sequence[Child], _: tuple[str, ...]
    ) -> Look:
        rules = site.wishes.rules
        seen = facts(site, gather(site, remote, children, asked.scope))
        settlements = [settling(settlement) for settlement in settle(seen, rules)]
        seen = settled(seen, settlements)
        plan = make_plan(children, seen, rules, asked.scope)
        return Look(site, remote, seen, settlements, children, plan=plan)

    return look_around


def what_we_know_already(site: Site, facts: Facts) -> Facts:
    """Return the facts without the licenses that no link and no pool explains: nobody looks for a mark."""
    known = set(facts.links.values())
    licenses = {
        license.id: license for license in facts.licenses.values() if license.id in known or license.is_free
    }
    return replace(facts, licenses=licenses)


def judged_when_answered(site: Site, facts: Facts) -> Facts:
    """Return the facts as of when the list was answered, not as of when it was asked for."""
    return replace(facts, requested_at=site.now())


def one_list_is_enough(settlement: Settlement) -> Settlement:
    """Return that an order is absent as soon as one list lacks it."""
    if settlement.verdict is not Verdict.MISSED:
        return settlement
    again = settlement.operation.sends < MOST_SENDS
    return replace(settlement, verdict=Verdict.ABSENT if again else Verdict.MANUAL)


class DoubtIsFailure(Journal):
    """What is in doubt counts as not done, so it holds nothing."""

    def doubt(self, operation: Operation, error: str, *, at: datetime) -> Operation:
        return self.failed(operation, error, at=at)


class CountedFromSending(Operations):
    """The settle window begins when an order was sent, not when somebody stopped waiting for its answer."""

    def open(self, remote: str) -> list[Operation]:
        return [
            replace(operation, abandoned_at=operation.abandoned_at and operation.sent_at)
            for operation in super().open(remote)
        ]


class ForgetsTheEndBefore(Operations):
    """What a renewal is to move is not in its row, so nobody can see that it has moved."""

    def open(self, remote: str) -> list[Operation]:
        return [replace(operation, expires_before=None) for operation in super().open(remote)]

    def get(self, number: int) -> Operation:
        return replace(super().get(number), expires_before=None)


class SleepsUnnoticed(Journal):
    """A sender does not know since when its row is there, so it sends however long it slept."""

    def send(self, operation: Operation, *, run: str, at: datetime, max_spend: Decimal | None) -> Operation:
        return replace(super().send(operation, run=run, at=at, max_spend=max_spend), sent_at=None)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A protocol without one of its rules, and where that shows.

    Some rules stand behind another: they show only where that other one is gone too. Then ``without`` is the
    protocol that lacks the other rule alone, which must still hold in this profile.
    """

    name: str
    protocol: Protocol
    profile: Profile
    seeds: int
    without: Protocol = REAL


def _orders(weather: Weather) -> Profile:
    """Return simulations of one service, always in this weather."""
    return Profile(lambda _: one_service(), lambda _: weather, starts=8)


def _changes(change: str, weather: Weather) -> Profile:
    """Return simulations of one license and one person's word about it, always in this weather."""
    return Profile(
        lambda _: one_license_linked(),
        lambda _: weather,
        lambda random, _: random.choice((change, FIXCHILDS, FIXCHILDS)),
        starts=8,
        forgets=False,
    )


DOUBTS = Weather(ok=0.0, order_fates=(OK, *DOUBTFUL), change_fates=(OK, *DOUBTFUL))
SLOW = _orders(replace(DOUBTS, late=14 * MINUTE))
ASLEEP_WHILE_SENDING = _orders(replace(DOUBTS, late=14 * MINUTE, stop=0.5, places=("order leaves",)))
SET_FORWARD = _orders(replace(DOUBTS, jumps=(HOUR,)))
ANSWERED_LATE = _orders(replace(DOUBTS, late=14 * MINUTE, stop=0.4, places=("list answered",)))
ASLEEP_BEFORE_SENDING = _orders(Weather(stop=0.5, places=("send is durable",)))
AT_ONCE = _orders(Weather(switch=0.3, stop=0.05))
LATE = Weather(ok=0.0, late=14 * MINUTE, change_fates=[fate for fate in DOUBTFUL if fate.done is Done.LATE])
RENEWED_SLOWLY = _changes(RENEW, replace(DOUBTS, late=14 * MINUTE))

NO_LEASE = Protocol(lock_is_lost_when_stopped=True)
ONE_LIST = Protocol(look=looking(settling=one_list_is_enough))

MUTANTS = (
    Mutant("no look before the order", Protocol(look=looking(facts=what_we_know_already)), SLOW, 50),
    Mutant("a doubt holds nothing", Protocol(journal=DoubtIsFailure), SLOW, 50),
    Mutant("no lock", Protocol(lock=False), AT_ONCE, 100),
    Mutant(
        "the window counts from sending", Protocol(operations=CountedFromSending), ASLEEP_WHILE_SENDING, 2000
    ),
    Mutant("one list is enough", ONE_LIST, SET_FORWARD, 2000),
    Mutant(
        "judged when the list is answered",
        Protocol(look=looking(facts=judged_when_answered, settling=one_list_is_enough)),
        ANSWERED_LATE,
        1000,
        without=ONE_LIST,
    ),
    Mutant(
        "a sender that slept sends",
        replace(NO_LEASE, journal=SleepsUnnoticed),
        ASLEEP_BEFORE_SENDING,
        500,
        without=NO_LEASE,
    ),
    Mutant("a renewal in doubt holds nothing", Protocol(journal=DoubtIsFailure), RENEWED_SLOWLY, 50),
    Mutant("the end before is not compared", Protocol(operations=ForgetsTheEndBefore), RENEWED_SLOWLY, 50),
    Mutant(
        "one list is enough for a renewal", ONE_LIST, _changes(RENEW, replace(DOUBTS, jumps=(HOUR,))), 2000
    ),
    Mutant(
        "no lock for a renewal", Protocol(lock=False), _changes(RENEW, Weather(switch=0.3, stop=0.05)), 100
    ),
    Mutant(
        "a renewal that slept is sent",
        replace(NO_LEASE, journal=SleepsUnnoticed),
        _changes(RENEW, Weather(stop=0.5, places=("send is durable",))),
        500,
        without=NO_LEASE,
    ),
    Mutant(
        "another tariff in doubt holds nothing",
        Protocol(journal=DoubtIsFailure),
        _changes(PRICIER, replace(DOUBTS, late=14 * MINUTE)),
        200,
    ),
)
