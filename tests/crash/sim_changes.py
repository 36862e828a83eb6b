"""What a person's word changes between the runs: renewals, releases, moves, other tariffs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from cpbillmgr.model.mark import Mark, license_name
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.report import Report
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.scope import Scope
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.one_license import change_one
from cpbillmgr.runs.site import Site
from tests.crash.sim_account import LITE, PRO, TODAY, Account, Soft
from tests.crash.sim_remote import SimulatedRemote
from tests.crash.sim_scene import FIXCHILDS, Scene, a_service, a_spare, a_stranger

OURS = "500"  # the license of the first service; the next one's is 501
RENEW, PRICIER = f"renew {OURS}", f"change-tariff {OURS} {PRO}"
CHANGES = tuple(f"{action}" for action in (Action.RENEW, Action.RELEASE, Action.MOVE, Action.CHANGE_TARIFF))


def one_license_linked() -> Scene:
    """Return a scene with one service that has its license."""
    account = Account(one_move_a_month=True)
    account.put(_linked(0, marked=True, rested=True))
    return Scene((a_service(11, Status.ACTIVE),), account, (("11", OURS),))


def some_linked(random: Random) -> Scene:
    """Draw 1 to 3 services, most of which have a license, a stranger's license, and up to 2 of the pool."""
    number = random.randint(1, 3)
    services = tuple(a_service(11 + each, Status.ACTIVE) for each in range(number))
    account = Account(one_move_a_month=True)
    linked = range(random.randint(1, number))
    for each in linked:
        account.put(_linked(each, marked=random.random() < 0.5, rested=random.random() < 0.7))
    if random.random() < 0.5:
        account.put(a_stranger(100, "a17"))
    for each in range(random.randint(0, 2)):
        account.put(a_spare(300 + each, random.choice((Status.ACTIVE, Status.SUSPENDED))))
    return Scene(services, account, tuple((services[each].id, str(500 + each)) for each in linked))


def a_change(random: Random, scene: Scene) -> str:
    """Draw a command: often it is about the same few licenses, now and then about one that is not ours."""
    drawn = random.random()
    if drawn < 0.35:
        return FIXCHILDS
    if drawn < 0.4:
        return random.choice(scene.services).id
    ours = [license for _, license in scene.links]
    license = random.choice(sorted(scene.account.licenses) if drawn < 0.45 else ours)
    match random.choice((Action.RENEW, *CHANGES)):
        case Action.MOVE:
            return f"move {license} 203.0.113.{random.choice((77, 78))}"
        case Action.CHANGE_TARIFF:
            return f"change-tariff {license} {random.choice((PRO, PRO, LITE))}"
        case action:
            return f"{action} {license}"


def is_change(command: str) -> bool:
    """Whether a command is a person's word about one license."""
    return command.partition(" ")[0] in CHANGES


def carry_out(site: Site, remote: SimulatedRemote, command: str) -> Report:
    """Do what a person's word asks for, as the command line does."""
    verb, id, *rest = command.split()
    asked = Asked(Scope(services=()), by_name=True)
    return change_one(site, remote, id, Action(verb), _decide(verb, id, *rest), asked, f"license {verb}")


def _decide(verb: str, id: str, goal: str = "") -> Callable[[Facts], Decision]:
    match verb:
        case Action.RENEW:
            return partial(one_license.renew, id, None, Rules())
        case Action.RELEASE:
            return partial(one_license.release, id)
        case Action.MOVE:
            return partial(one_license.move, id, goal)
        case _:
            return partial(one_license.change_tariff, id, int(goal))


def _linked(number: int, *, marked: bool, rested: bool) -> Soft:
    service = str(11 + number)
    return Soft(
        str(500 + number),
        license_name(service, f"web{service}"),
        f"203.0.113.{service}",
        LITE,
        remoteid=str(Mark("main", service, "panel")) if marked else "",
        changed=TODAY - timedelta(days=90 if rested else 5),
    )
