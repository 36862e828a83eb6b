"""A license that needs two changes gets one in a run, and the other in the next."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.one_license import an_office, charges, the_license
from tests.runs.worlds import ACTIVE, FREE_NAME, SUSPENDED, Fields, day

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


@pytest.mark.parametrize(
    ("moved", "name"), [(-90, FREE_NAME), (-5, "bought by hand")], ids=["is freed", "waits for its day"]
)
def test_what_is_given_up_is_not_renewed_by_the_remote_for_nobody(
    open_office: OpenOffice, moved: int, name: str
) -> None:
    office = an_office(open_office, RENEWS_ITSELF | {"ip_change_date": day(moved)})
    assert office.run("service", "close", "12").code == 0
    assert office.run("checkevent").code == 0
    license = the_license(office)
    assert (license["licname"], license["status"], license["autoprolong"]) == (name, SUSPENDED, "null")
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])
