"""A run that is struck, and what must have become of everything in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from sqlite3 import connect

from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action
from cpbillmgr.model.report import Report
from cpbillmgr.runs.checkevent import Asked as AskedByCron
from cpbillmgr.runs.checkevent import checkevent
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.operations import restart
from cpbillmgr.runs.order import Alone, order_alone, order_for_service
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import FREE_IP, FREE_NAME, STRANGER, Fields, service, strangers

FIXCHILDS = ("fixchilds", "--yes")
CHECKEVENT = ("checkevent",)
ORDER = ("order", "--service", "12")
ORDER_ALONE = ("order", "--ip", "203.0.113.77", "--tariff", "55227", "--period", "1")
LOOKS_AT = (1, 17, 23)  # minutes: at once, and twice after the settle window
QUIET_AT = 25
BOUGHT = "bought"  # a license that the remote has sold, whatever its id
FIRST_SOLD = 7000  # the id of the first of them
STRANGERS = strangers(3)


def again(office: Office, words: Sequence[str] = FIXCHILDS, minutes: float = 0) -> Report:
    """Run once more, so many minutes later."""
    with office.sites(words[0], minutes=minutes) as sites:
        if words == ORDER:
            return order_for_service(sites, "12", None, dry_run=False)
        if words == ORDER_ALONE:
            return order_alone(sites[:1], Alone("203.0.113.77", 55227, 1), dry_run=False)
        if words == CHECKEVENT:
            return checkevent(sites[0], AskedByCron())
        return fixchilds(sites, Asked(confirmed=True))


def as_it_is(office: Office) -> None:
    """Let nothing have happened before."""


@dataclass(frozen=True)
class Scene:
    """A run to be struck: ``words``, said so many ``minutes`` after ``before`` has happened.

    In the end ``links`` are the licenses by service, there are ``paid`` charges, and license 1 ``shows``
    these values. ``asked`` is what a person has asked for, and asks for again if it was not even begun; other
    runs are cron's. ``for_a_person`` is a scene where some moments leave a decision to a person. ``second``
    is what is true of a second remote, which is used after the first one, where there is one; ``by_word`` a
    person buys there what was in doubt at the first, and then refused: no run does.
    """

    words: Sequence[str] = FIXCHILDS
    links: Fields = field(default_factory=lambda: {"12": BOUGHT})
    paid: int = 0
    shows: Fields = field(default_factory=dict)
    services: Sequence[Fields] = (service("12"),)
    licenses: Sequence[Fields] = ()
    facts: Fields = field(default_factory=dict)
    before: Callable[[Office], None] = as_it_is
    minutes: float = 0
    parallel: int = 1
    asked: Action | None = None
    for_a_person: bool = False
    second: Fields | None = None
    by_word: bool = False

    def open(self, open_office: OpenOffice) -> Office:
        """Open an office where everything is ready for the run."""
        office = open_office(
            services=list(self.services), licenses=[*self.licenses, *STRANGERS], **self.facts
        )
        office.set_settings(parallel=self.parallel)
        if self.second is not None:
            office.add_remote(open_office(next_id=2 * FIRST_SOLD, **self.second), "second", sort=200)
        self.before(office)
        return office

    def check_end(self, office: Office) -> None:
        """Have the next runs, with a healthy remote, put everything right, and check that they did."""
        for minutes in LOOKS_AT:
            self.run_again(office, minutes)
            if not any(operation.state.is_open for operation in office.operations):
                break
        remotes = (office, *office.others)
        if self.by_word and not any(each.world["charges"] for each in remotes):
            assert max(operation.sends for operation in office.operations) > 1, "it was in doubt"
            with office.sites("order", minutes=self.minutes + QUIET_AT - 1) as sites:
                order_for_service(sites[1:], "12", None, dry_run=False)
        self.run_again(office, QUIET_AT - 1)
        for each in remotes:
            each.check_promises()
            each.forget_calls()
        self.run_again(office, QUIET_AT)
        assert not any(each.writes for each in remotes), "the last run is quiet"
        check_nothing_is_lost(office)
        self._have_a_person_decide(office)
        check_links(office, self.links)
        assert sum(len(each.world["charges"]) for each in remotes) == self.paid
        assert [self.shows | each for each in office.licenses(id=1)] == office.licenses(id=1)

    def run_again(self, office: Office, minutes: float = 0) -> None:
        """Run as cron would, or as the person who waits for an order."""
        again(office, FIXCHILDS if self.asked else self.words, self.minutes + minutes)

    def _have_a_person_decide(self, office: Office) -> None:
        operations = office.operations
        left = [operation for operation in operations if operation.state.is_open]
        assert {operation.state for operation in left} <= {State.MANUAL}
        assert self.for_a_person or not left
        for operation in left:
            with office.site("restart", minutes=self.minutes + QUIET_AT) as site:
                restart(site, operation.id, dry_run=False)
        done = {operation.action for operation in operations if operation.state is State.DONE}
        if self.asked is not None and self.asked not in done:
            assert office.run(*self.words).code == 0


def check_nothing_is_lost(office: Office) -> None:
    """Check that the state is whole, strangers are as they were, and each license is somebody's."""
    with closing(connect(office.state_file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    there = office.licenses()
    as_given = {each["id"]: each for each in STRANGERS}
    assert all(each | as_given.pop(each["id"], {}) == each for each in there)
    assert as_given == {}
    with office.state() as state:
        replaced = state.operations.replaced("main")
    known = {
        *_links(office).values(),
        *replaced,
        *(each.license for each in office.operations if each.state.is_open),
    }
    lost = [
        each["id"]
        for each in (*there, *(each for other in office.others for each in other.licenses()))
        if str(each["id"]) not in known
        and (each["licname"], each["ip"]) != (FREE_NAME, FREE_IP)
        and not each["licname"].startswith(STRANGER)
    ]
    assert lost == []


def check_links(office: Office, links: Fields) -> None:
    """Check that each service has its license, one of its own; what was bought stands on its address."""
    found = _links(office)
    bought = {number: license for number, license in found.items() if int(license) >= FIRST_SOLD}
    assert found | dict.fromkeys(bought, BOUGHT) == links
    assert len(set(found.values())) == len(links)
    remotes = (office, *office.others)
    addresses = {str(each["id"]): each["ip"] for remote in remotes for each in remote.licenses()}
    for number, license in bought.items():
        assert addresses[license] in (f"203.0.113.{number}", number.removeprefix("ip:"))


def _links(office: Office) -> dict[str, str]:
    """Return the license of each service, at one remote or at the other; none has two."""
    links = [item for each in (office, *office.others) for item in each.links.items()]
    assert len(links) == len(dict(links))
    return dict(links)
