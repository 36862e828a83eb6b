"""The rescue file: set aside before anything is bought, and only there while somebody needs it."""

from __future__ import annotations

import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cpbillmgr.errors import StateUnusable
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from cpbillmgr.store.rescue import SPACE, Rescue
from cpbillmgr.store.state import State
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.one_license import WHEN_DONE_THE_DISK_IS_FULL
from tests.runs.worlds import service
from tests.store.journeys import send_one
from tests.store.nouns import NOW, order


def the_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.rescue")


def notes(path: Path) -> list[dict[str, Any]]:
    """Return what the file tells a person."""
    text = the_file(path).read_text(encoding="utf-8").rstrip("\0")
    return [json.loads(line) for line in text.splitlines()]


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Have the system refuse to let any file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_its_space_is_set_aside_and_nobody_else_may_read_it(state: State, path: Path) -> None:
    before = os.umask(0)
    try:
        with state.rescue():
            found = the_file(path).stat()
    finally:
        os.umask(before)
    assert found.st_size >= SPACE
    assert found.st_blocks * 512 >= SPACE
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_nothing_is_left_when_it_was_not_needed(state: State, path: Path) -> None:
    with state.rescue():
        pass
    assert not the_file(path).exists()


def test_nothing_is_left_either_when_the_run_ends_with_an_error(state: State, path: Path) -> None:
    with pytest.raises(KeyError), state.rescue():
        raise KeyError
    assert not the_file(path).exists()


def test_what_was_bought_is_noted_with_all_that_a_person_needs(state: State, path: Path) -> None:
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal), "7000")
        (noted,) = notes(path)
    assert noted == {
        "operation": 1,
        "service": "12",
        "addon": "panel",
        "remote": "isp",
        "license": "7000",
        "remoteid": "cpb1-main-12-panel-1",
        "cost": "4.00 EUR",
    }
    assert notes(path) == [noted], "it stays when the run has ended"


def test_a_note_is_one_line_whatever_is_in_it(state: State, path: Path) -> None:
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("two\nlines", cost=None)), "70\n00")
    (noted,) = notes(path)
    assert (noted["service"], noted["license"], noted["cost"]) == ("two\nlines", "70\n00", "")


def test_several_are_noted_in_their_order(state: State, path: Path) -> None:
    with state.rescue() as rescue:
        for number in range(50):
            rescue.note(send_one(state.journal, order(str(number))), f"70{number:02}")
    assert [each["license"] for each in notes(path)] == [f"70{number:02}" for number in range(50)]


def test_what_is_not_settled_stays_and_what_is_new_comes_after_it(state: State, path: Path) -> None:
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("20")), "7000")
    with state.rescue():
        pass
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("21")), "7001")
    assert [each["license"] for each in notes(path)] == ["7000", "7001"]


@pytest.mark.parametrize("ended", ["done", "failed"])
def test_what_is_settled_is_dropped(state: State, path: Path, ended: str) -> None:
    operation = send_one(state.journal)
    with state.rescue() as rescue:
        rescue.note(operation, "7000")
    if ended == "done":
        state.journal.done(operation, license="7000", cost=None, at=NOW)
    else:
        state.journal.failed(operation, "a person says so", at=NOW)
    with state.rescue():
        pass
    assert not the_file(path).exists()


def test_a_new_note_takes_the_place_of_those_that_are_settled(state: State, path: Path) -> None:
    operation = send_one(state.journal, order("20"))
    with state.rescue() as rescue:
        rescue.note(operation, "7000")
    state.journal.done(operation, license="7000", cost=None, at=NOW)
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("21")), "7001")
    assert [each["license"] for each in notes(path)] == ["7001"]


@pytest.mark.parametrize(
    "rest", [b'{"operation": 9, "serv', b"\xff\xfe\n", b"[1]\n", b"\0" * 99, b'"a"\n{}\n']
)
def test_a_line_that_a_crash_has_cut_off_spoils_no_other(state: State, path: Path, rest: bytes) -> None:
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("20")), "7000")
    with the_file(path).open("ab") as file:
        file.write(rest)
    with state.rescue() as rescue:
        rescue.note(send_one(state.journal, order("21")), "7001")
    assert [each["license"] for each in notes(path)] == ["7000", "7001"]


def test_a_state_in_memory_has_no_file(tmp_path: Path) -> None:
    with State.in_memory(NOW) as state, state.rescue() as rescue:
        rescue.note(send_one(state.journal), "7000")
        assert rescue.path is None


def test_where_no_space_can_be_set_aside_nothing_is_begun(tmp_path: Path) -> None:
    begun = []
    with files_no_longer_than(SPACE - 1), pytest.raises(StateUnusable) as caught, Rescue(tmp_path / "s", ()):
        begun.append("order")
    assert (begun, caught.value.exit_code) == ([], 74)


def test_where_there_is_no_directory_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(StateUnusable, match="has no directory"), Rescue(tmp_path / "no" / "such" / "s", ()):
        pass


def bought_but_not_written_down(office: Office, *services: str) -> None:
    """Let an order be paid, and the state not be writable when that is to be recorded."""
    office.import_services(*map(service, services))
    with office.site("fixchilds") as site:
        site.state.database.execute(WHEN_DONE_THE_DISK_IS_FULL)
        report = fixchilds([site], Asked(confirmed=True))
    assert isinstance(report.stopped, StateUnusable)
    assert report.exit_code == 74
    assert "was bought for service" in report.stopped.message
    assert str(the_file(office.state_file)) in report.stopped.hint


def test_a_purchase_that_cannot_be_recorded_is_noted_and_found_by_its_mark(open_office: OpenOffice) -> None:
    office = open_office()
    bought_but_not_written_down(office, "12")
    (noted,) = notes(office.state_file)
    assert (noted["license"], noted["service"], noted["remoteid"]) == ("7000", "12", "cpb1-main-12-panel-1")
    assert office.run("fixchilds", "--yes").code == 0
    assert (office.links, len(office.orders)) == ({"12": "7000"}, 1)
    office.import_services(service("13"))
    assert office.run("fixchilds", "--yes").code == 0
    assert not the_file(office.state_file).exists(), "the next purchase has no need of it"


def test_of_several_purchases_at_once_each_that_was_paid_is_noted(open_office: OpenOffice) -> None:
    office = open_office()
    bought_but_not_written_down(office, *(str(number) for number in range(21, 33)))
    paid = {str(each["id"]) for each in office.licenses()}
    assert {each["license"] for each in notes(office.state_file)} == paid
    assert 1 <= len(paid) < 12, "the first error stops what has not begun"
    assert office.run("fixchilds", "--yes").code == 0
    assert len(office.orders) == 12


def test_a_run_that_has_nothing_to_buy_or_only_looks_makes_no_file(open_office: OpenOffice) -> None:
    office = open_office(services=[service("12")])
    office.run("fixchilds", "--dry-run")
    office.run("fixchilds", "--yes")
    office.run("fixchilds")
    assert not the_file(office.state_file).exists()
