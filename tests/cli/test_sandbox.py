"""``sandbox serve``, and the remote that is embedded in the settings."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from cpbillmgr.cli.sandbox import serve
from cpbillmgr.sandbox import new_world
from cpbillmgr.sandbox.faults import AFTER, ANY, BEFORE, NONE
from tests.cli.conftest import COMMAND
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, service


@contextmanager
def serving(folder: Path, environment: dict[str, str], *words: str) -> Iterator[Fields]:
    """Serve a new world as a process, and tell what it printed."""
    command = [*COMMAND, "sandbox", "serve", "--world", "new.json", *words]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            login = tomllib.loads("".join(process.stdout.readline() for _ in range(4)))
            yield login | {"told": [process.stderr.readline() for _ in range(4)]}
        finally:
            process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=10)[1]
        assert (process.returncode, "Traceback" in errors) == (0, False)


@pytest.fixture
def served(tmp_path: Path, environment: dict[str, str]) -> Iterator[Fields]:
    """A new world is served."""
    with serving(tmp_path, environment, "--fault", "503:whoami:1") as told:
        yield told


def test_a_new_world_is_of_the_generation_that_is_asked_for(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with serving(tmp_path, environment, "--generation", "4") as served:
        assert served["generation"] == 4
        query = f"func=accountinfo&out=xml&authinfo={served['user']}:{served['password']}"
        with urlopen(f"{served['url']}?{query}", timeout=10) as answer:  # noqa: S310 - what it printed itself
            assert b"<balance>1000.00</balance>" in answer.read()
    assert json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))["generation"] == 4


def test_it_prints_a_command_that_asks_it_something(served: Fields) -> None:
    made, where, command, serving = served["told"]
    assert "made a new world in new.json" in made
    assert "user and password are the account's in new.json" in where
    assert "interrupt to end" in serving
    try:
        asked = subprocess.run(shlex.split(command), capture_output=True, check=True, timeout=10)
    except FileNotFoundError:
        pytest.skip("there is no curl")
    assert asked.stdout.startswith(b"<html><body>Service Unavailable"), "as the fault has it"
    asked = subprocess.run(shlex.split(command), capture_output=True, check=True, timeout=10)
    assert b'name="reseller"' in asked.stdout


def test_it_prints_how_to_log_in_and_answers(open_office: OpenOffice, served: Fields, tmp_path: Path) -> None:
    office = open_office()
    office.write("password2", served["password"])
    office.set_settings(
        url=served["url"], user=served["user"], password_file=str(office.folder / "password2")
    )
    assert served["url"].startswith("http://127.0.0.1:")
    result = office.run("license", "list", "-q")
    known = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))["licenses"]
    assert (result.code, result.out.split()) == (0, [str(each["id"]) for each in known])
    assert office.run("config", "check").code == 0, "the fault strikes a question, which is asked again"


@pytest.fixture
def embedded(open_office: OpenOffice) -> Office:
    """An office whose remote is started for each run."""
    office = open_office(services=[service("12")], balance="10.00")
    office.set_settings(url="sandbox:world.json")
    return office


def test_an_embedded_remote_keeps_what_was_bought(embedded: Office) -> None:
    assert embedded.run("fixchilds", "--yes").code == 0
    assert [each["licname"] for each in embedded.licenses()] == ["Item #12 addon web12"]
    assert embedded.world["account"]["balance"] == "6.00"
    assert embedded.run("fixchilds", "--json").changes == []
    assert embedded.calls() == [], "the remote that was running all the time was not asked"


def test_an_embedded_remote_needs_no_login(embedded: Office) -> None:
    embedded.write("cpbillmgr.toml", '[[remote]]\nname = "main"\nurl = "sandbox:world.json"\n')
    assert embedded.run("license", "list", "--state", "state.db").code == 0


@pytest.mark.parametrize("text", ["", "{}}", '{"licenses": 7}'])
def test_an_embedded_world_that_is_none_is_told(embedded: Office, text: str) -> None:
    embedded.write("own.json", text)
    embedded.set_settings(url="sandbox:own.json")
    result = embedded.run("fixchilds", "--yes")
    assert (result.code, "own.json" in result.err, "Traceback" in result.err) == (78, True, False)


def test_an_embedded_world_of_another_generation_is_told(embedded: Office) -> None:
    embedded.write("own.json", json.dumps(new_world(4)))
    embedded.set_settings(url="sandbox:own.json")
    result = embedded.run("license", "list")
    assert (result.code, result.err.count("\n")) == (78, 1)
    assert "the world is of generation 4, not of 6" in result.err
    assert "Set generation = 4 for remote main" in result.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--host", "0.0.0.0"], 2),  # noqa: S104 - it must refuse this
        (["--host", "192.0.2.1"], 2),
        (["--port", "99999"], 2),
        (["--fault", "earthquake"], 2),
        (["--generation", "4"], 2),
        (["--world", "inventory.json"], 78),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_served_is_told(embedded: Office, words: list[str], code: int) -> None:
    result = embedded.run("sandbox", "serve", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err


def test_the_help_names_every_kind_of_fault() -> None:
    assert BEFORE | AFTER | {ANY, NONE} <= set(re.split(r"[\s,.;]+", str(serve.help)))


def test_a_port_that_is_taken_is_told(embedded: Office) -> None:
    port = embedded.url.split(":")[2].partition("/")[0]
    result = embedded.run("sandbox", "serve", "--world", "world.json", "--port", port)
    assert (result.code, result.err.count("\n")) == (2, 1)


def test_a_sandbox_that_cannot_be_served_leaves_no_world_behind(open_office: OpenOffice) -> None:
    office = open_office()
    result = office.run("sandbox", "serve", "--host", "192.0.2.1", "--world", "never.json")
    assert (result.code, "made a new world" in result.err) == (2, False)
    assert not (office.folder / "never.json").exists()
