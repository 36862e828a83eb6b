"""What a simulation begins with: services, the account's licenses, and an empty journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.settings.loading import rules_of
from cpbillmgr.config.settings.schema import RemoteSettings, Settings
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, Link
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from cpbillmgr.runs.site import Wishes
from cpbillmgr.store.inventory import Inventory
from cpbillmgr.store.licenses.links import Links
from cpbillmgr.store.licenses.sightings import Sightings
from cpbillmgr.store.sqlite.database import Database, open_memory
from cpbillmgr.store.state import State
from tests.crash.sim_account import DNS, LITE, REMOTE, TODAY, Account, Soft
from tests.crash.sim_scheduler import BEGIN

FIXCHILDS, DRY_RUN = "fixchilds", "dry run"


@dataclass(frozen=True, slots=True)
class Scene:
    """Both sides before anything has happened; ``links`` are services and the licenses that they have."""

    services: tuple[Service, ...]
    account: Account
    links: tuple[tuple[str, str], ...] = ()


@cache
def wishes() -> Wishes:
    """Return the operator's wishes: one remote, called by one thread, and the usual rules."""
    remote = RemoteSettings(name=REMOTE, url="https://billing.example/billmgr", user="reseller", parallel=1)
    settings = Settings(state=Path("state.db"), remotes=(remote,))
    directives = Directives()
    return Wishes(settings, remote, directives, rules_of(settings, remote, directives))


def one_service() -> Scene:
    """Return a scene with one service that needs a license, which must be bought."""
    return Scene((a_service(11, Status.ACTIVE),), Account())


def two_spares() -> Scene:
    """Return a scene with one service that can be served from the pool, by either of two licenses."""
    account = Account()
    account.put(a_spare(300, Status.SUSPENDED))
    account.put(a_spare(301, Status.SUSPENDED))
    return Scene((a_service(11, Status.ACTIVE),), account)


def any_scene(random: Random) -> Scene:
    """Draw 1 to 4 services, strangers' licenses, and a pool of which some fit and some do not."""
    services = tuple(
        a_service(
            11 + number, random.choice((Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.PROCESSING))
        )
        for number in range(random.randint(1, 4))
    )
    account = Account(one_per_address=random.random() < 0.2)
    for number in range(random.randint(0, 2)):
        account.put(a_stranger(100 + number, ("", "cpb1-other-11-panel-1", "a17")[number % 3]))
    if random.random() < 0.2:
        account.put(Soft("200", "bought by hand", services[0].ip, LITE))
    for number in range(random.choice((0, 0, 1, 2, 3))):
        account.put(_any_spare(random, 300 + number))
    return Scene(services, account)


def new_journal(scene: Scene) -> Database:
    """Return a new state in memory that knows the services and the links of a scene."""
    database = open_memory()
    database.deserialize(_empty_state())
    Inventory(database).put(scene.services)
    if scene.links:
        Sightings(database).record(REMOTE, scene.account.listed(), BEGIN)
        links = [(Link(REMOTE, license, service, "panel"), "from before") for service, license in scene.links]
        Links(database).link(links, BEGIN)
    return database


@cache
def _empty_state() -> bytes:
    with State.in_memory(BEGIN) as state:
        return state.database.serialize()


def a_service(number: int, status: Status) -> Service:
    """Return a service that asks for one license."""
    panel = Addon("panel", AddonKind.ENUMERATION, str(LITE), id=31)
    return Service(
        str(number),
        "vds",
        f"web{number}",
        f"203.0.113.{number}",
        status,
        tariff=3,
        period=10,
        months=1,
        addons=(panel,),
    )


def a_stranger(number: int, remoteid: str) -> Soft:
    """Return a license that is not ours."""
    return Soft(
        str(number), f"stranger {number}", f"198.51.100.{number}", LITE, remoteid=remoteid, stranger=True
    )


def a_spare(number: int, status: Status) -> Soft:
    """Return a license of the pool that may be taken."""
    return Soft(str(number), FREE_NAME, FREE_IP, LITE, status, changed=TODAY - timedelta(days=90))


def _any_spare(random: Random, number: int) -> Soft:
    """Draw a license of the pool: it fits, is not rested, is of another tariff, or may not be renamed."""
    soft = a_spare(number, random.choice((Status.ACTIVE, Status.SUSPENDED)))
    match random.choice(("fits", "fits", "unrested", "other", "stubborn")):
        case "unrested":
            soft.changed = TODAY - timedelta(days=5)
        case "other":
            soft.tariff = DNS
        case "stubborn":
            soft.stubborn = True
    return soft
