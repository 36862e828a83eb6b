"""A license that needs two changes gets one in a run, and the other in the next."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.one_license import an_office, charges, the_license
from tests.runs.worlds import ACTIVE, SUSPENDED, Fields, day

RENEWS_ITSELF = {"autoprolong": "1"}


@pytest.mark.parametrize(
    ("ours", "status", "first", "second", "paid"),
    [
        (RENEWS_ITSELF, "suspended", "suspend", "edit", []),
        (RENEWS_ITSELF | {"expiredate": day(1)}, "active", "edit", "renew", ["4.00"]),
        ({"status": SUSPENDED, "expiredate": day(1)}, "active", "resume", "renew", ["4.00"]),
    ],
    ids=["follows and renews itself", "is due and renews itself", "follows and is due"],
)
def test_a_license_that_needs_two_changes_gets_them_one_after_the_other(
    open_office: OpenOffice, ours: Fields, status: str, first: str, second: str, paid: list[str]
) -> None:
    office = an_office(open_office, ours)
    assert office.run("service", "set", "12", f"status={status}").code == 0
    for action in (first, second):
        result = office.run("checkevent", "--full", "--json")
        assert (result.code, result.changes) == (0, [(action, "12", "done")])
    assert charges(office) == paid
    office.forget_calls()
    assert (office.run("checkevent", "--full").code, office.writes) == (0, [])
    assert {operation.state for operation in office.operations} == {State.DONE}
    assert the_license(office)["status"] == (SUSPENDED if status == "suspended" else ACTIVE)
    assert the_license(office)["autoprolong"] == "null"
