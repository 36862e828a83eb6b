"""What happens elsewhere while a run is under way, between one of its steps and the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cpbillmgr.model.operations import Operation
from cpbillmgr.model.report import Report
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.runs.site import utc_now
from tests.runs.office import Office


def fixchilds_while(office: Office, happens: Callable[[Operation], object], *, minutes: float = 0) -> Report:
    """Run ``fixchilds``; whenever it looks at the clock, ``happens`` is told the newest operation.

    It does so before each call that changes something.
    """
    with office.site("fixchilds", minutes=minutes) as site:

        def now() -> datetime:
            for newest in site.state.operations.all():
                happens(newest)
                break
            return utc_now() + timedelta(minutes=minutes)

        return fixchilds([replace(site, now=now)], Asked(confirmed=True))
