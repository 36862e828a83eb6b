"""Days that pass alike here and at the remote, and licenses that are laid around the first of them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from sqlite3 import connect
from typing import Any

import pytest

from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.runs import site
from tests.conftest import OpenOffice
from tests.crash.victim import moved
from tests.runs.office import Office, Result
from tests.runs.worlds import Fields, license

START = datetime(2027, 2, 1, 13, tzinfo=UTC)  # no turn of the balance or of a form comes soon after it


def on(days: int) -> str:
    """Return the day so many days after the first one."""
    return str(START.date() + timedelta(days=days))


def may_change_again(changed: str) -> date:
    """Return the first day that a license's address may change again, by every reading of "a month"."""
    day = date.fromisoformat(changed)
    return max(add_months(day, 1), day + timedelta(days=31)) + timedelta(days=1)


def paid(id: int, ip: str, until: int = 20, **more: Any) -> Fields:
    """Return a license that is paid for so many days more and was moved long ago."""
    dates = {"createdate": on(-200), "ip_change_date": on(-90), "lickey_change_date": on(-90)}
    return license(id, ip, **{**dates, "expiredate": on(until), **more})


@dataclass
class Days:
    """Where one stands in time. Every command that is run here has this time, and so has the remote."""

    office: Office
    now: datetime = START
    ahead: timedelta = timedelta()  # of the real time, which goes on between two commands

    def __post_init__(self) -> None:
        self.wait()

    @property
    def today(self) -> date:
        """The day of now."""
        return self.now.date()

    def wait(self, **time: float) -> None:
        """Let days, hours or minutes pass."""
        self.now += timedelta(**time)
        self.ahead = self.now - site.utc_now()
        self.office.control("clock", {"at": self.now.isoformat()})

    def wait_until(self, day: date) -> None:
        """Let days pass until this one."""
        self.wait(days=(day - self.today).days)

    def run(self, *words: str) -> Result:
        """Run one command now."""
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(site, "open_sites", moved(site.open_sites, self.ahead))
            return self.office.run(*words)

    def check(self, *words: str) -> Result:
        """Run ``checkevent`` now, as cron does."""
        return self.run("checkevent", *words)

    def changes(self) -> list[tuple[str, str, str]]:
        """Run ``checkevent`` now, and return action, service and outcome of what it did.

        What was done without trouble is no news beside that.
        """
        told = self.check("--json")
        if all(outcome == "done" for _, _, outcome in told.changes):
            assert told.json["notices"] == []
        return told.changes


def linked(open_office: OpenOffice, licenses: list[Fields], services: list[Fields], **facts: Any) -> Days:
    """Open an office in which services have the licenses on their addresses, seen by a first checkevent."""
    days = Days(open_office(services=services, licenses=licenses, **facts))
    result = days.run("fixchilds", "--yes", "--link-only")
    assert result.code == 0, result.err
    result = days.check()
    assert result.code == 0, result.err
    days.office.forget_calls()
    return days


def dump(office: Office) -> list[str]:
    """Return everything in the state but when the last look was."""
    with closing(connect(office.state_file)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(look)")]
        kept = ", ".join(name for name in columns if name not in ("at", "checked_at"))
        looks = [str(row) for row in database.execute(f"SELECT {kept} FROM look ORDER BY remote")]  # noqa: S608
        lines = [line for line in database.iterdump() if not line.startswith('INSERT INTO "look"')]
    return lines + looks
