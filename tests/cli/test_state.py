"""``state``: what is in the database, a copy of it, and a copy put back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license, service


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office with a service that has a license."""
    office = open_office(services=[service("11")], licenses=[license(1, "203.0.113.11")])
    assert office.run("fixchilds", "--yes").code == 0
    office.forget_calls()
    return office


def files(office: Office) -> dict[str, bytes]:
    """Return every file beside the state, but the lock's."""
    return {
        each.name: each.read_bytes()
        for each in office.folder.iterdir()
        if each.is_file() and each.suffix != ".lock"
    }


def test_it_is_told_what_is_in_the_state(office: Office) -> None:
    shown = office.run("state", "info", "--json").json
    size = office.state_file.stat().st_size
    assert (shown["schema"], shown["file"]) == ("cpbillmgr/state/1", str(office.state_file))
    assert shown["bytes"] == size
    expected = {"services": 1, "licenses": 1, "links": 1, "operations": 0, "open operations": 0}
    assert (shown["counts"], list(shown["looks"])) == (expected, ["main"])
    told = office.run("state", "info").out
    assert [word for word in ("state.db", f"{size} bytes", "last look at main") if word not in told] == []


def test_what_is_not_there_yet_is_told_and_not_made(open_office: OpenOffice) -> None:
    office = open_office()
    office.state_file.unlink()
    shown = office.run("state", "info", "--json").json
    assert (shown["bytes"], set(shown["counts"].values()), shown["looks"]) == (0, {0}, {})
    assert "no file yet" in office.run("state", "info").out
    office.import_services()


def test_neither_looking_nor_copying_asks_the_remote_or_changes_the_state(office: Office) -> None:
    before = office.state_file.read_bytes()
    office.run("state", "info")
    office.run("state", "backup", "backup.db")
    assert (office.calls(), office.state_file.read_bytes()) == ([], before)


def test_a_backup_is_taken_while_a_run_works(office: Office) -> None:
    with office.site("fixchilds") as site:
        site.state.database.execute("BEGIN IMMEDIATE")
        site.state.database.execute("UPDATE service SET name = 'half written'")
        result = office.run("state", "backup", "backup.db")
        site.state.database.execute("ROLLBACK")
    assert (result.code, result.out) == (0, "Copied the state into backup.db.\n")
    assert (
        office.run("service", "list", "--json", "--state", "backup.db").json["services"][0]["name"] == "web11"
    )


def test_a_backup_never_replaces_a_file(office: Office) -> None:
    assert office.run("state", "backup", "backup.db", "-q").out == ""
    before = files(office)
    result = office.run("state", "backup", "backup.db", "--json")
    assert (result.code, result.json["error"]["kind"]) == (74, "state")
    assert files(office) == before
    assert office.run("state", "backup", "state.db").code == 74


def test_what_was_bought_since_the_backup_is_found_by_its_mark(office: Office) -> None:
    office.run("state", "backup", "backup.db")
    office.import_services(service("12"))
    office.run("fixchilds")
    bought = office.operations
    result = office.run("state", "restore", "backup.db", "--yes")
    assert (result.code, "state.db.before-restore" in result.out) == (0, True)
    assert (office.links, office.operations) == ({"11": "1"}, [])
    office.import_services(service("12"))
    assert office.run("fixchilds", "--json").changes == [("link", "12", "done")]
    assert (office.links, len(office.orders)) == ({"11": "1", "12": "7000"}, 1)
    office._lost += bought


def test_a_dry_run_only_tells_that_the_backup_is_whole(office: Office) -> None:
    office.run("state", "backup", "backup.db")
    before = files(office)
    result = office.run("state", "restore", "backup.db", "--dry-run")
    assert (result.code, result.out) == (0, "backup.db is a whole backup.\n")
    assert files(office) == before


def test_a_backup_that_is_put_back_is_told_to_scripts(office: Office) -> None:
    office.run("state", "backup", "backup.db")
    shown = office.run("state", "restore", "backup.db", "--yes", "--json").json
    assert shown == {"schema": "cpbillmgr/restore/1", "file": "backup.db"}


@pytest.mark.parametrize("content", [b"", b"My notes. " * 999], ids=["empty", "no database"])
def test_what_is_no_backup_is_refused_in_one_line(office: Office, content: bytes) -> None:
    (office.folder / "backup.db").write_bytes(content)
    before = files(office)
    result = office.run("state", "restore", "backup.db")  # and nobody is asked before
    assert (result.code, result.out, result.err.count("\n")) == (74, "", 1)
    assert ("backup.db" in result.err, files(office)) == (True, before)


@pytest.mark.parametrize("name", ["missing.db", "."])
def test_what_is_no_file_is_wrong_usage(office: Office, name: str) -> None:
    assert office.run("state", "restore", name, "--yes").code == 2


def test_another_run_keeps_its_state(office: Office) -> None:
    office.run("state", "backup", "backup.db")
    with office.site("fixchilds"):
        before = files(office)
        assert office.run("state", "restore", "backup.db", "--yes").code == 75
        assert files(office) == before


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 130), ("", 2)])
def test_a_person_is_asked_before_the_state_is_replaced(
    office: Office, environment: dict[str, Any], answer: str, code: int
) -> None:
    office.run("state", "backup", "backup.db")
    office.import_services(service("12"))
    before = office.state_file.read_bytes()
    ended = subprocess.run(
        [*COMMAND, "state", "restore", "backup.db"],
        cwd=office.folder,
        env=environment,
        input=answer,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert ("Replace" in ended.stderr, "Give --yes" in ended.stderr) == (True, code == 2)
    assert (office.state_file.read_bytes() == before) is (code != 0)


def test_the_file_that_is_named_is_the_one_that_is_cared_for(office: Office) -> None:
    other = Path(shutil.copy(office.state_file, office.folder / "other.db"))
    office.import_services(service("12"))
    shown = office.run("state", "info", "--state", "other.db", "--json").json
    assert (shown["file"], shown["counts"]["services"]) == (other.name, 1)
    assert office.run("state", "restore", "state.db", "--state", "other.db", "--yes").code == 0
    assert office.run("state", "info", "--state", "other.db", "--json").json["counts"]["services"] == 2
