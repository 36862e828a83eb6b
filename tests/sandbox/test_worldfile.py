from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.nouns import License, Tariff, World


@pytest.fixture
def file(tmp_path: Path) -> WorldFile:
    (tmp_path / "world.json").write_text("{}")
    return WorldFile(tmp_path / "world.json")


def count_up(world: World) -> int:
    world.next_id += 1
    return world.next_id


def fail(world: World) -> None:
    world.next_id = 1000
    raise ValueError("refused")


def test_changes_that_wait_for_another_are_saved_together_and_a_refused_one_leaves_no_trace(
    file: WorldFile,
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(world: World) -> int:
        begun.set()
        assert go_on.wait(10)
        return count_up(world)

    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(file.change, slow)
        assert begun.wait(10)
        good = [threads.submit(file.change, count_up) for _ in range(4)]
        bad = [threads.submit(file.change, fail) for _ in range(4)]
        go_on.set()
        assert first.result() == 2
        assert sorted(each.result() for each in good) == [3, 4, 5, 6]
        for each in bad:
            with pytest.raises(ValueError, match="refused"):
                each.result()
    assert file.read().next_id == WorldFile(file.path).read().next_id == 6


def test_what_cannot_be_written_is_told_to_each_and_changes_nothing(file: WorldFile) -> None:
    blocker = file.path.with_name("world.json.new")
    blocker.mkdir()
    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(file.change, count_up) for _ in range(4)]:
            with pytest.raises(OSError, match="Is a directory"):
                each.result()
    assert file.read().next_id == 1
    blocker.rmdir()
    assert file.change(count_up) == 2


def test_a_change_sees_what_another_server_wrote(file: WorldFile) -> None:
    other = WorldFile(file.path)
    assert [each.change(count_up) for each in (file, other, file, other)] == [2, 3, 4, 5]


def test_what_is_taken_out_of_the_middle_is_gone_from_the_file(file: WorldFile) -> None:
    def put(world: World) -> None:
        world.tariffs[1] = Tariff(1, "ispmanager")
        world.licenses.update({id: License(id, 1, str(id)) for id in (1, 2, 3)})

    def take(world: World) -> None:
        del world.licenses[2]
        world.licenses[3] = License(3, 1, "renamed")

    file.change(put)
    file.change(take)
    read = WorldFile(file.path).read()
    assert {id: license.licname for id, license in read.licenses.items()} == {1: "1", 3: "renamed"}


def test_a_refused_change_does_not_write_the_file(file: WorldFile) -> None:
    before = file.path.stat()
    with pytest.raises(ValueError, match="refused"):
        file.change(fail)
    assert file.path.stat() == before
