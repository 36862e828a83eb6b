"""Time that passes for an office and for its remote alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cpbillmgr.model.report import Report
from cpbillmgr.runs.checkevent import Asked, check_all
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked as AskedToFix
from tests.runs.office import Office


class Calendar:
    """Days and minutes from now on, by the clock of the office and by that of its remote."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._passed = timedelta()
        self._set()

    @property
    def today(self) -> date:
        """The day that it is, UTC."""
        return (datetime.now(UTC) + self._passed).date()

    def pass_by(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let time pass."""
        self._passed += timedelta(days=days, minutes=minutes)
        self._set()

    def until(self, day: date) -> None:
        """Let time pass until this day."""
        self.pass_by(days=(day - self.today).days)

    def checkevent(self) -> Report:
        """Run ``checkevent`` at this time."""
        with self.office.site("checkevent", minutes=self._passed.total_seconds() / 60) as site:
            return check_all([site], Asked())

    def fixchilds(self) -> Report:
        """Run ``fixchilds`` at this time; somebody has agreed to its plan."""
        with self.office.site("fixchilds", minutes=self._passed.total_seconds() / 60) as site:
            return fixchilds([site], AskedToFix(confirmed=True))

    def _set(self) -> None:
        moment = (datetime.now(UTC) + self._passed).isoformat(timespec="seconds")
        self.office.control("clock", {"at": moment})


def done(report: Report) -> list[tuple[str, str]]:
    """Return action and license of each change that a run has carried out."""
    return [(row.decision.action.value, row.license or "") for row in report.rows if row.outcome == "done"]


def told(report: Report) -> list[str]:
    """Return the topics of what a run told anew."""
    return [notice.topic for notice in report.news]
