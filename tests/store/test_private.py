"""Files that only their owner may read, written whole."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from cpbillmgr.store.sqlite.private import make_folder, point_to, write_whole


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is made durable and what takes its place from now on, in this order."""
    calls: list[str] = []

    def recording(name: str) -> None:
        real = getattr(os, name)

        def call(*arguments: object) -> None:
            what = "folder" if name == "fsync" and _is_folder(arguments[0]) else "file"
            calls.append(f"{name} {what}")
            real(*arguments)

        monkeypatch.setattr(os, name, call)

    recording("fsync")
    recording("replace")
    return calls


def _is_folder(descriptor: object) -> bool:
    assert isinstance(descriptor, int)
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def test_a_file_takes_its_place_once_it_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = recorded(monkeypatch)
    for text in ("old", "new"):
        write_whole(tmp_path / "a.pem", text)
        assert (tmp_path / "a.pem").read_text(encoding="utf-8") == text
    assert calls == 2 * ["fsync file", "replace file", "fsync folder"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.pem"]


def test_a_file_that_cannot_be_written_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(tmp_path / "a.pem", "old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a.pem", "new")
    assert (tmp_path / "a.pem").read_text(encoding="utf-8") == "old"


def test_a_link_points_to_the_new_one_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = recorded(monkeypatch)
    for target in ("1", "2"):
        point_to(tmp_path / "current", target)
        assert str((tmp_path / "current").readlink()) == target
    assert calls == 2 * ["replace file", "fsync folder"]


def test_what_a_killed_process_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "a.pem.new").write_text("a longer text that was cut off", encoding="utf-8")
    (tmp_path / "a.pem.new").chmod(0o644)
    write_whole(tmp_path / "a.pem", "new")
    assert (tmp_path / "a.pem").read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE((tmp_path / "a.pem").stat().st_mode) == 0o600
    (tmp_path / "current.new").symlink_to("1")
    point_to(tmp_path / "current", "2")
    assert str((tmp_path / "current").readlink()) == "2"


def test_each_new_folder_is_made_durable_in_the_one_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = recorded(monkeypatch)
    make_folder(tmp_path / "top" / "a" / "b", tmp_path / "top")
    assert (tmp_path / "top" / "a" / "b").is_dir()
    assert calls == 3 * ["fsync folder"]


def test_nothing_above_the_top_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_folder(tmp_path / "missing" / "top" / "a", tmp_path / "missing" / "top")
