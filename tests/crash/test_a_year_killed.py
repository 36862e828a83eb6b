"""Four months in which runs are killed and answers are lost: the same licenses, and the same money."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.crash.conftest import Strike
from tests.runs.office import Result
from tests.runs.worlds import PRO
from tests.runs.year_books import schedule
from tests.runs.year_office import Year

LENGTH = 120
FAULTS = ("cut-before", "cut-after", "500-before", "500-after", "503", "half", "empty", "html")
OFTEN = 0.6  # how many runs are to be struck; some are over before that
BOUNDARIES = (4, 9, 30)  # one of the first so many is struck: where every run passes, and where few do


@dataclass
class BadYear(Year):
    """A year in which a run may be killed at any moment, and every tenth call to the remote goes wrong.

    What has failed is done again 20 minutes later, as cron and people do.
    """

    strike: Strike = field(init=False)
    random: Random = field(default_factory=lambda: Random(11))  # noqa: S311 - no secret
    runs: int = 0
    killed: int = 0

    def command(self, *words: str) -> Result:
        """Run one command, and maybe kill it; then it has told nothing."""
        self.runs += 1
        if self.random.random() > OFTEN:
            return self.days.run(*words)
        boundary = self.random.randint(1, self.random.choice(BOUNDARIES))
        minutes = self.days.ahead.total_seconds() / 60
        ended = self.strike(self.office, words, at=boundary, minutes=minutes)
        self.killed += bool(ended.struck)
        return Result(ended.code, "", ended.err)

    def work(self, *, needs_licenses: bool) -> None:
        """Do a day's work, again and again, until there is nothing left to do."""
        while not self.is_done(needs_licenses=needs_licenses):
            self.have_patience()

    def is_done(self, *, needs_licenses: bool) -> bool:
        """Do everything once, and return whether it was told that nothing was to be done."""
        runs = [["fixchilds", "--yes"]] * needs_licenses + [["checkevent"]]
        told = [self.command(*words, "--json") for words in runs]
        return all(result.code == 0 and result.out and not result.changes for result in told)

    def have_patience(self) -> None:
        """Wait a while; what is for a person, a person decides."""
        today = self.days.today
        self.days.wait(minutes=20)
        assert self.days.today == today, "a day was not enough"
        for operation in self.office.operations:
            if operation.state is State.MANUAL:
                self.command("operation", "restart", str(operation.id))

    def upgrade(self, license: str) -> None:
        """Have a person change a license's tariff, who looks whether it has happened."""
        self.command("license", "change-tariff", license, str(PRO))
        while self.office.licenses(id=int(license))[0]["pricelist"] != PRO or self.has_open(license):
            self.have_patience()
            if self.has_open(license):
                self.command("checkevent")
            else:
                self.command("license", "change-tariff", license, str(PRO))

    def has_open(self, license: str) -> bool:
        """Return whether an operation on a license is open."""
        return any(each.state.is_open and each.license == license for each in self.office.operations)


def test_runs_that_are_killed_and_answers_that_are_lost_cost_nothing(
    open_office: OpenOffice, strike: Strike
) -> None:
    year = BadYear.open(open_office)
    year.strike = strike
    for _ in range(250):
        year.office.fault("none:*:9")
        year.office.fault(year.random.choice(FAULTS))
    books = year.live(schedule(seed=7, length=LENGTH, services=20), LENGTH)
    year.check(books)
    assert year.killed > year.runs * 0.25
    assert books.taken > 0
    assert len(books.paid) > 40
    assert len(year.office.calls()) < 2500, "every tenth of them went wrong"
