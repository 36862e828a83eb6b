"""A disk that is full, or broken, from any moment on: one clear line, and nothing is paid twice or lost."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import OpenOffice
from tests.crash.conftest import Strike
from tests.crash.disks import move_state, small_disk
from tests.crash.situations import SITUATIONS
from tests.crash.victim import FILLER, fill_disk
from tests.runs.office import Office
from tests.tally import Tally

FAILURES = [
    ("fill", "a license is ordered"),
    ("fill", "the answer to an order is lost"),
    ("fill", "a suspended license is taken"),
    ("fill", "a license is renewed"),
    ("break", "a license is ordered"),
    ("break", "a suspended license is taken"),
]
BOUGHT = "after soft.order.param change finish"
KINDS = {"fill": "disk full from a boundary on", "break": "disk broken from a boundary on"}
UNUSABLE = 74
OnDisk = Callable[[Office], AbstractContextManager[Path]]


@contextmanager
def same_disk(office: Office) -> Iterator[Path]:
    """Let the state be on the disk that the office is on."""
    yield move_state(office)


ON_DISK: dict[str, OnDisk] = {"fill": small_disk, "break": same_disk}


@pytest.mark.parametrize(("how", "name"), FAILURES)
def test_whenever_the_disk_fails_one_line_tells_and_the_next_runs_put_everything_right(
    how: str, name: str, open_office: OpenOffice, strike: Strike, tally: Tally
) -> None:
    """Let the disk fail at a run's first boundary, at another one's second, and so on until the last one."""
    scene = SITUATIONS[name]
    codes = []
    for boundary in count(1):
        office = scene.open(open_office)
        with ON_DISK[how](office) as folder:
            ended = strike(office, scene.words, at=boundary, how=how, minutes=scene.minutes)
            if not ended.struck:
                break
            codes.append(ended.code)
            (folder / FILLER).unlink(missing_ok=True)
            with tally.case(KINDS[how], f"{name}, {boundary}: {ended.struck}"):
                assert "Traceback" not in ended.err
                assert ended.err.count("cpbillmgr: error: ") == (ended.code == UNUSABLE)
                scene.check_end(office)
    assert set(codes[:-1]) == {UNUSABLE}, "only after the last write nobody minds"


def test_what_was_bought_is_noted_beside_a_state_that_cannot_be_written(
    open_office: OpenOffice, strike: Strike
) -> None:
    scene = SITUATIONS["a license is ordered"]
    office = scene.open(open_office)
    with small_disk(office) as folder:
        ended = strike(office, scene.words, at=BOUGHT, how="fill")
        assert ended.code == UNUSABLE
        assert "license 7000 was bought for service 12" in ended.err
        assert "the disk is full" in ended.err
        rescue = folder / "state.db.rescue"
        assert str(rescue.relative_to(office.folder)) in ended.err
        assert stat.S_IMODE(rescue.stat().st_mode) == 0o600
        (note,) = map(json.loads, rescue.read_text(encoding="utf-8").splitlines())
        assert (note["operation"], note["license"], note["service"]) == (1, "7000", "12")
        (folder / FILLER).unlink()
        scene.check_end(office)
        assert not rescue.exists()


def test_on_a_full_disk_nothing_is_bought_and_everything_can_be_looked_at(open_office: OpenOffice) -> None:
    scene = SITUATIONS["a license is ordered"]
    office = scene.open(open_office)
    with small_disk(office) as folder:
        fill_disk(folder)
        result = office.run("fixchilds", "--yes")
        assert (result.code, result.err.count("\n"), "the disk is full" in result.err) == (UNUSABLE, 1, True)
        for words in (["service", "list"], ["license", "list"], ["operation", "list"], ["state", "info"]):
            assert office.run(*words).code == 0
        assert office.run("fixchilds", "--dry-run").code == 0
        assert office.writes == []
        (folder / FILLER).unlink()
        scene.check_end(office)


@pytest.mark.parametrize("words", [["state", "backup"], ["fixchilds", "--out"]])
def test_on_a_full_disk_no_file_is_left_that_is_taken_for_a_whole_one(
    open_office: OpenOffice, words: list[str]
) -> None:
    office = SITUATIONS["a license is ordered"].open(open_office)
    with small_disk(office) as folder:
        fill_disk(folder)
        before = set(folder.iterdir())
        assert office.run(*words, str(folder / "copy")).code != 0
        assert set(folder.iterdir()) == before
        (folder / FILLER).unlink()
        assert office.run(*words, str(folder / "copy")).code == 0
        assert set(folder.iterdir()) == before - {folder / FILLER} | {folder / "copy"}
