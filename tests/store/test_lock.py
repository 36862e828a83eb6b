from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cpbillmgr.errors import LockHeld, StateUnusable
from cpbillmgr.store.lock import hold_lock

_OWNER = """
import sys, time
from pathlib import Path
from cpbillmgr.store.lock import hold_lock
with hold_lock(Path(sys.argv[1]), "fixchilds", 0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def _other_process(path: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _OWNER, str(path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_holds_the_lock(path: Path) -> None:
    with (
        _other_process(path, 60) as owner,
        pytest.raises(LockHeld) as caught,
        hold_lock(path, "order", 0),
    ):
        pass
    told = str(caught.value)
    assert "'fixchilds' works on this state for" in told
    assert f"process {owner.pid} on {os.uname().nodename}" in told
    assert str(path.with_name("state.db.lock")) in told
    assert caught.value.exit_code == 75


def test_the_kernel_frees_the_lock_of_an_owner_that_is_killed(path: Path) -> None:
    with _other_process(path, 60) as owner:
        os.kill(owner.pid, signal.SIGKILL)
        owner.wait()
        with hold_lock(path, "order", 0):
            assert b'"order"' in path.with_name("state.db.lock").read_bytes()


def test_who_waits_long_enough_gets_the_lock(path: Path) -> None:
    with _other_process(path, 0.5), hold_lock(path, "order", 30):
        pass


def test_waiting_ends_at_the_timeout(path: Path) -> None:
    with hold_lock(path, "fixchilds", 0):
        began = time.monotonic()
        with pytest.raises(LockHeld), hold_lock(path, "order", 0.3):
            pass
        assert time.monotonic() - began >= 0.3


def test_the_lock_is_free_again_after_the_block_even_if_it_fails(path: Path) -> None:
    with pytest.raises(KeyError), hold_lock(path, "order", 0):
        raise KeyError
    with hold_lock(path, "order", 0):
        pass


def test_the_lock_file_is_for_its_owner_alone(path: Path) -> None:
    with hold_lock(path, "order", 0):
        assert stat.S_IMODE(path.with_name("state.db.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"since": 5}'])
def test_an_owner_that_has_not_written_its_name_yet_is_another_run(path: Path, text: str) -> None:
    with hold_lock(path, "fixchilds", 0):
        path.with_name("state.db.lock").write_text(text)
        with pytest.raises(LockHeld, match="another run works on this state"), hold_lock(path, "order", 0):
            pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(StateUnusable, match="has no directory to be in"),
        hold_lock(tmp_path / "no" / "such" / "state.db", "order", 0),
    ):
        pass
