"""What is installed for cron and systemd, as those would read it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from cpbillmgr.config.settings.loading import _SYSTEM
from tests.cli.conftest import SOURCES
from tests.cli.test_readme import check_typed

CONF = SOURCES / "conf"
UNITS = ["cpbillmgr.service", "cpbillmgr.timer"]
WORST_EXPOSURE = 25  # of 100: root, on the network, and little else that could be taken away
ANALYZE = shutil.which("systemd-analyze")
EXPOSURE_OFFLINE = 250  # the version of systemd that learned to tell it of a file

pytestmark = pytest.mark.skipif(not CONF.is_dir(), reason="there is no conf here, as in an installed package")
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze, of the package systemd")


def analyze(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run(
        [ANALYZE, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def version() -> int:
    """Return the version of systemd, 0 where there is none."""
    found = re.match(r"systemd (\d+)", analyze("--version").stdout) if ANALYZE else None
    return int(found[1]) if found else 0


def unit(name: str) -> ConfigParser:
    """Return what a unit's file says; no key of ours stands there twice."""
    parser = ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.read(CONF / name, encoding="utf-8")
    return parser


def crontab() -> list[str]:
    """Return the lines of the crontab that are no comments."""
    lines = (CONF / "cpbillmgr.cron").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with both units, whose program is one that is on this machine."""
    for name in UNITS:
        text = (CONF / name).read_text(encoding="utf-8")
        program = unit("cpbillmgr.service")["Service"]["ExecStart"].split()[0]
        (tmp_path / name).write_text(text.replace(program, str(shutil.which("true"))), encoding="utf-8")
    return tmp_path


@with_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(installed: Path, name: str) -> None:
    result = analyze("verify", f"./{name}", folder=installed)
    ours = [line for line in (result.stdout + result.stderr).splitlines() if "cpbillmgr" in line]
    assert (result.returncode, ours) == (0, [])


@with_systemd
@pytest.mark.parametrize("spoiled", ["Typ=oneshot", "TimeoutStartSec=soon", "SystemCallFilter=@nonsense"])
def test_systemd_would_find_what_is_wrong_with_a_unit(installed: Path, spoiled: str) -> None:
    file = installed / "cpbillmgr.service"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[Service]\n{spoiled}\n", encoding="utf-8")
    result = analyze("verify", f"./{file.name}", folder=installed)
    assert "cpbillmgr.service:" in result.stderr


@pytest.mark.skipif(
    version() < EXPOSURE_OFFLINE, reason=f"needs systemd-analyze of version {EXPOSURE_OFFLINE} or later"
)
def test_the_service_can_do_little_beyond_its_work(installed: Path) -> None:
    words = ["security", "--offline=true", f"--threshold={WORST_EXPOSURE}", "./cpbillmgr.service"]
    result = analyze(*words, folder=installed)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_service_is_started_every_five_minutes_by_cron_or_by_systemd() -> None:
    assert unit("cpbillmgr.timer")["Timer"]["OnCalendar"] == "*:0/5"
    assert unit("cpbillmgr.timer")["Timer"]["Persistent"] == "true"
    assert [line.split()[:6] for line in crontab()[-1:]] == [["*/5", "*", "*", "*", "*", "root"]]


def test_cron_can_read_its_file() -> None:
    text = (CONF / "cpbillmgr.cron").read_text(encoding="utf-8")
    assert text.endswith("\n"), "cron passes over a last line without an end"
    *variables, line = crontab()
    assert all(re.fullmatch(r"[A-Z]+=\S+", variable) for variable in variables)
    assert "%" not in line, "cron would take it for the end of the line"


def test_both_run_the_same_command_of_ours() -> None:
    by_cron = shlex.split(crontab()[-1])[6:]
    program, *words = shlex.split(unit("cpbillmgr.service")["Service"]["ExecStart"])
    assert program == "/usr/local/bin/cpbillmgr"
    assert [Path(program).name, *words] == by_cron == ["cpbillmgr", "checkevent"]
    check_typed(words)
    path = next(line for line in crontab() if line.startswith("PATH="))
    assert str(Path(program).parent) in path.removeprefix("PATH=").split(":")


def test_the_service_finds_the_files_where_a_person_at_the_terminal_does() -> None:
    service = unit("cpbillmgr.service")["Service"]
    assert service["Environment"] == f"CPBILLMGR_SETTINGS={_SYSTEM}"
    assert service["ConfigurationDirectory"] == _SYSTEM.parent.name
    assert (service["StateDirectory"], service["StateDirectoryMode"]) == ("cpbillmgr", "0700")


def mailed(tmp_path: Path, sendmail: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the mailing hook beside a sendmail of ours; return how it ended, and what was mailed."""
    program, sent = tmp_path / "sendmail", tmp_path / "sent"
    program.write_text(f"#!/bin/sh\n{sendmail}\n", encoding="utf-8")
    program.chmod(0o755)
    notices = [
        {"topic": "order 12 panel", "level": "alarm", "text": "the order for service 12 waits for money"}
    ]
    ended = subprocess.run(
        [sys.executable, CONF / "mail-department.py"],
        input=json.dumps({"hook": "failed", "remote": "main", "notices": notices}),
        env={"PATH": f"{tmp_path}:/bin:/usr/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended, sent.read_text(encoding="utf-8") if sent.exists() else ""


def test_the_mailing_hook_tells_the_department_of_the_remote_what_is_newly_wrong(tmp_path: Path) -> None:
    ended, mail = mailed(tmp_path, f"cat > {tmp_path}/sent", CPBILLMGR_DEPARTMENT="billing@hosting.example")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "To: billing@hosting.example\nSubject: cpbillmgr: something at main needs you\n" in mail
    assert mail.endswith("the order for service 12 waits for money\n")


def test_what_sendmail_does_not_take_is_mailed_later(tmp_path: Path) -> None:
    ended, mail = mailed(tmp_path, "exit 1")
    assert (ended.returncode, mail) == (75, "")
    assert ended.stderr.startswith("the mail was not taken: ")
