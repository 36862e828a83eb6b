"""``license suspend``, ``resume`` and ``delete``: one license changed by a person's word."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import State
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import an_office, charges, the_license
from tests.runs.worlds import ACTIVE, SUSPENDED, day

DELETED = 4
BEFORE = {"suspend": ACTIVE, "resume": SUSPENDED, "delete": ACTIVE}
AFTER = {"suspend": SUSPENDED, "resume": ACTIVE, "delete": DELETED}
every_word = pytest.mark.parametrize("word", BEFORE)


def ready_for(open_office: OpenOffice, word: str) -> Office:
    return an_office(open_office, {"status": BEFORE[word]})


@every_word
def test_a_license_is_what_a_person_has_asked_for(open_office: OpenOffice, word: str) -> None:
    office = ready_for(open_office, word)
    result = office.run("license", word, "1", "--json")
    assert (result.code, result.changes, result.json["cost"]) == (0, [(word, "12", "done")], [])
    assert [call["func"] for call in office.writes] == [f"soft.{word}"]
    assert (the_license(office)["status"], charges(office)) == (AFTER[word], [])
    assert office.links == ({} if word == "delete" else {"12": "1"})
    (operation,) = office.operations
    assert (operation.state, operation.sends, len(operation.steps)) == (State.DONE, 1, 1)


@every_word
def test_a_dry_run_writes_nothing(open_office: OpenOffice, word: str) -> None:
    office = ready_for(open_office, word)
    before = (office.state_file.read_bytes(), office.world)
    result = office.run("license", word, "1", "--dry-run", "--json")
    assert (result.code, result.changes, result.json["dry_run"]) == (0, [(word, "12", "planned")], True)
    assert (office.writes, (office.state_file.read_bytes(), office.world)) == ([], before)


@every_word
def test_what_is_so_already_is_wrong_usage(open_office: OpenOffice, word: str) -> None:
    office = an_office(open_office, {"status": AFTER[word] if word != "delete" else ACTIVE})
    if word == "delete":
        office.run("license", "delete", "1")
        office.forget_calls()
    result = office.run("license", word, "1")
    assert (result.code, result.out, office.writes) == (2, "", [])


@every_word
@pytest.mark.parametrize("id", ["2", "6000", "999"], ids=["of the pool", "a stranger's", "not there"])
def test_only_a_license_of_our_services_is_changed(open_office: OpenOffice, word: str, id: str) -> None:
    office = ready_for(open_office, word)
    result = office.run("license", word, id)
    assert (result.code, result.out, office.writes) == (2, "", [])


@every_word
@pytest.mark.parametrize("mischief", ["cut-before", "cut-after"])
def test_a_lost_answer_is_settled_by_asking_again_and_never_costs(
    open_office: OpenOffice, word: str, mischief: str
) -> None:
    office = ready_for(open_office, word)
    office.fault(f"{mischief}:soft.{word}")
    assert office.run("license", word, "1").code == 7
    result = office.run("license", word, "1", "--json")
    assert (result.code, result.changes) == (0, [(word, "12", "done")])
    assert (the_license(office)["status"], charges(office)) == (AFTER[word], [])
    assert [operation.state for operation in office.operations] == [State.DONE]


@every_word
def test_a_right_that_the_account_lacks_is_told_and_nothing_is_left_open(
    open_office: OpenOffice, word: str
) -> None:
    office = ready_for(open_office, word)
    right = "allowdeleteitem" if word == "delete" else "allowsuspenditem"
    office.edit_world(lambda world: world["account"].update({right: False}))
    result = office.run("license", word, "1", "--json")
    assert (result.code, result.changes) == (69, [(word, "12", "failed")])
    (operation,) = office.operations
    assert (operation.state, operation.failure) == (State.FAILED, "access")
    assert office.links == {"12": "1"}


@pytest.mark.parametrize("days", [0, -3])
def test_a_license_that_has_ended_is_not_resumed_but_renewed(open_office: OpenOffice, days: int) -> None:
    office = an_office(open_office, {"status": SUSPENDED, "expiredate": day(days)})
    result = office.run("license", "resume", "1")
    assert (result.code, office.writes) == (2, [])
    assert "cpbillmgr license renew 1" in result.err


def test_a_license_stopped_by_hand_stays_so_and_is_told_once(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    assert office.run("checkevent").code == 0
    assert office.run("license", "suspend", "1").code == 0
    office.forget_calls()
    first, second = office.run("checkevent"), office.run("checkevent")
    assert (first.code, second.code, office.writes) == (0, 0, [])
    assert "is suspended by hand" in first.err
    assert "cpbillmgr license resume 1" in first.err
    assert (second.out, second.err) == ("", "")


def test_a_deleted_license_is_replaced_only_by_fixchilds(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.run("license", "delete", "1")
    office.forget_calls()
    assert (office.run("checkevent").code, office.writes) == (0, [])
