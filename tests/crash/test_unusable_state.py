"""A state that cannot be read or written: one clear line, the right code, and everything left as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.crash.disks import move_state, small_disk
from tests.crash.scenes import ORDER, ORDER_ALONE
from tests.crash.situations import SITUATIONS
from tests.runs.office import Office
from tests.runs.worlds import service
from tests.tally import Tally

PAGE = 4096
UNUSABLE, CONFIG = 74, 78
WRITERS = [("fixchilds", "--yes"), ORDER, ORDER_ALONE, ("license", "renew", "1")]


def cut_in_half(state: Path) -> None:
    os.truncate(state, state.stat().st_size // 2 // PAGE * PAGE)


def overwrite_the_second_half(state: Path) -> None:
    content = state.read_bytes()
    state.write_bytes(content[: len(content) // 2] + b"\xff" * (len(content) - len(content) // 2))


def write_with_a_newer_program(state: Path) -> None:
    with closing(sqlite3.connect(state)) as database, database:
        database.execute("INSERT INTO migration VALUES (99, '2030-01-01T00:00:00+00:00')")


def put_another_programs_there(state: Path) -> None:
    state.unlink()
    with closing(sqlite3.connect(state)) as database, database:
        database.execute("CREATE TABLE cookies (name TEXT)")


def empty_the_header(state: Path) -> None:
    state.write_bytes(bytes(PAGE) + state.read_bytes()[PAGE:])


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office that has linked a license, and has one to order."""
    office = SITUATIONS["a license is renewed"].open(open_office)
    office.import_services(service("13"))
    office.forget_calls()
    return office


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (cut_in_half, "is damaged"),
        (overwrite_the_second_half, "is damaged"),
        (empty_the_header, "is not a database"),
        (write_with_a_newer_program, "has schema 99"),
        (put_another_programs_there, "belongs to another program"),
    ],
)
def test_a_damaged_state_is_told_and_left_alone(
    office: Office, damage: Callable[[Path], None], told: str
) -> None:
    whole = office.state_file.read_bytes()
    damage(office.state_file)
    damaged = office.state_file.read_bytes()
    for words in [*WRITERS, ("fixchilds", "--dry-run")]:
        result = office.run(*words)
        assert (result.code, result.err.count("\n"), told in result.err) == (UNUSABLE, 1, True)
    assert (office.writes, office.state_file.read_bytes()) == ([], damaged)
    office.state_file.write_bytes(whole)


@pytest.mark.parametrize("filling", [b"\x00", b"\xff"], ids=["zeros", "ones"])
def test_whichever_page_is_damaged_nothing_is_bought_twice(
    office: Office, filling: bytes, tally: Tally
) -> None:
    """Damage one page after another; with a backup put back in its place, everything is as it should be."""
    whole = office.state_file.read_bytes()
    world = office.world
    for page in range(len(whole) // PAGE):
        office.edit_world(lambda now: now.update(world))
        damaged = whole[: page * PAGE] + filling * PAGE + whole[(page + 1) * PAGE :]
        office.state_file.write_bytes(damaged)
        with tally.case("a damaged page", f"page {page + 1} of {filling!r}"):
            result = office.run("fixchilds", "--yes")
            assert result.code in (0, UNUSABLE)
            assert result.err.count("\n") == (result.code == UNUSABLE)
            office.state_file.write_bytes(whole)
            assert office.run("fixchilds", "--yes").code == 0
            assert len(office.world["charges"]) == 1
            assert set(office.links) == {"12", "13"}
    # A page that nothing reads stops no purchase, and a backup does not know of it: begin again undamaged.
    office.edit_world(lambda now: now.update(world))
    office.state_file.write_bytes(whole)
    assert office.run("fixchilds", "--yes").code == 0


def test_a_file_system_that_is_read_only_is_told(office: Office) -> None:
    with small_disk(office) as folder:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        for words in WRITERS:
            result = office.run(*words)
            assert (result.code, result.err.count("\n")) == (UNUSABLE, 1)
            assert "read-only file system" in result.err
        assert office.run("service", "list").code == 0
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        assert office.writes == []


@pytest.mark.parametrize(
    ("name", "mode"), [("disk", 0o500), ("disk", 0), ("disk/state.db", 0o400), ("disk/state.db", 0)]
)
def test_what_may_not_be_written_is_told(
    office: Office, environment: dict[str, str], name: str, mode: int
) -> None:
    """Root may write everywhere, unless its process gives that right away."""
    without_rights = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root needs setpriv (util-linux) to give its rights away")
        without_rights = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    move_state(office)
    path = office.folder / name
    usual = path.stat().st_mode
    path.chmod(mode)
    for words in WRITERS:
        done = subprocess.run(
            [*without_rights, *COMMAND, *words],
            cwd=office.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr.count("\n")) == (UNUSABLE, 1)
        assert "may not be" in done.stderr
    path.chmod(usual)
    assert office.writes == []


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_a_directory_that_is_missing_is_told_with_the_command_that_makes_it(
    office: Office, words: tuple[str, ...]
) -> None:
    result = office.run(*words, "--state", "no/such/state.db")
    assert (result.code, result.err.count("\n"), "mkdir -p" in result.err) == (UNUSABLE, 1, True)
    assert not (office.folder / "no").exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o606])
@pytest.mark.parametrize("words", [*WRITERS, ("license", "list")], ids=" ".join)
def test_a_password_file_that_others_can_read_is_refused(
    office: Office, words: tuple[str, ...], mode: int
) -> None:
    (office.folder / "password").chmod(mode)
    result = office.run(*words)
    assert (result.code, result.err.count("\n"), "chmod 600" in result.err) == (CONFIG, 1, True)
    assert office.calls() == []
