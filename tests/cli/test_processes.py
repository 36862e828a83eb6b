"""The program as a process: exit codes, streams, signals, and nothing secret where others can look."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.cli.conftest import COMMAND, Spawn
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PASSWORD, license, service
from tests.waiting import wait_until

Interrupt = Callable[[int], tuple[int, str, str]]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(
        services=[service("12", name="Жук"), service("13")], licenses=[license(1, "203.0.113.12", "Ёж")]
    )


def test_a_whole_run(office: Office, spawn: Spawn) -> None:
    result = spawn(office, "fixchilds", "--yes", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["totals"]["order"] == 1
    assert office.links == {"12": "1", "13": "7000"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["fixchilds", "--nonsense"], 2),
        (["fixchilds"], 5),
        (["fixchilds", "--settings", "missing.toml"], 78),
        (["fixchilds", "--conf", "missing.conf"], 78),
        (["fixchilds", "--state", "missing/too/state.db"], 74),
        (["license", "show", "99"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_exit_code_is_the_processes(office: Office, spawn: Spawn, words: list[str], code: int) -> None:
    result = spawn(office, *words)
    assert result.returncode == code
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", [b"no database " * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_state_that_is_none_stops_before_the_remote_is_asked(office: Office, content: bytes) -> None:
    office.lose_state()
    office.state_file.write_bytes(content)
    for words in (["--yes"], ["--dry-run"]):
        result = office.run("fixchilds", *words, "--json")
        assert (result.code, result.json["error"]["kind"], result.err.count("\n")) == (74, "state", 1)
    assert (office.calls(), office.state_file.read_bytes()) == ([], content)
    office.state_file.unlink()


@pytest.mark.parametrize("variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONUTF8": "0"}])
def test_names_are_shown_whatever_the_encoding(
    office: Office, spawn: Spawn, variables: dict[str, str]
) -> None:
    result = spawn(office, "license", "list", **variables)
    assert (result.returncode, result.stderr) == (0, "")
    assert "203.0.113.12" in result.stdout
    assert json.loads(spawn(office, "license", "list", "--json", **variables).stdout)["licenses"]


def test_nothing_is_colored_where_nobody_looks(office: Office, spawn: Spawn) -> None:
    result = spawn(office, "fixchilds", "--dry-run", TERM="xterm-256color")
    assert "\x1b" not in result.stdout + result.stderr


def test_a_reader_that_goes_away_is_no_fault(office: Office, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "license", "list"],
        cwd=office.folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_the_password_may_come_from_the_environment_and_is_shown_to_nobody(
    office: Office, environment: dict[str, str]
) -> None:
    (office.folder / "password").unlink()
    office.set_variant(latency_ms=500)
    with subprocess.Popen(
        [*COMMAND, "license", "list"],
        cwd=office.folder,
        env=environment | {"CPBILLMGR_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        with open(f"/proc/{process.pid}/cmdline", "rb") as words:  # noqa: PTH123 - no file, but a process
            assert PASSWORD.encode() not in words.read()
        assert PASSWORD not in process.communicate()[0]
    assert process.returncode == 0


def test_a_wrong_password_is_told_in_one_line(office: Office, spawn: Spawn) -> None:
    result = spawn(office, "fixchilds", "--yes", CPBILLMGR_PASSWORD="guessed")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (77, "", 1)
    assert "guessed" not in result.stderr


@pytest.fixture
def interrupt(office: Office, environment: dict[str, str]) -> Interrupt:
    """Start ``fixchilds`` and interrupt it while an order is sent, so often: exit code, output, errors."""

    def run(times: int) -> tuple[int, str, str]:
        with subprocess.Popen(
            [*COMMAND, "fixchilds", "--yes"],
            cwd=office.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            wait_until(lambda: office.orders)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            told = process.stderr.readline()
            for _ in range(1, times):
                process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=20)
        return process.returncode, out, told + errors

    office.set_settings(parallel=1)
    office.import_services(service("14"))
    return run


def test_an_interrupted_run_waits_for_what_it_has_sent_and_reports_it(
    office: Office, interrupt: Interrupt
) -> None:
    office.set_variant(latency_ms=400)
    code, out, errors = interrupt(1)
    assert (code, "Done: 1 link, 1 order, 1 skipped" in out) == (130, True)
    waiting, ended = errors.splitlines()
    assert "waiting for the calls that were sent; Ctrl-C again leaves them to the next run" in waiting
    assert "error: interrupted: what was not begun is left out. Run the same command again" in ended
    office.set_variant(latency_ms=0)
    assert office.run("fixchilds").code == 0
    assert (len(office.orders), len(office.world["charges"])) == (2, 2)


def test_a_run_that_is_interrupted_twice_leaves_what_it_sent_to_the_next_one(
    office: Office, interrupt: Interrupt
) -> None:
    office.fault("hang-after:soft.order.param!")  # for much longer than the test waits
    code, out, errors = interrupt(2)
    assert (code, out, errors.splitlines()[-1]) == (130, "", "cpbillmgr: interrupted")
    assert office.run("fixchilds").code == 0
    assert (len(office.orders), len(office.world["charges"])) == (2, 2)
