"""The operator's commands: told what happened, given little, waited for, and unable to break anything."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from cpbillmgr.model.secret import Secret
from cpbillmgr.runs.hooks import deliver
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import PASSWORD, SUSPENDED, license, service
from tests.waiting import wait_until

HEARD = "cat > heard.json; env > env.txt"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    office = open_office(services=[service("12")], licenses=[license(1, "203.0.113.12")])
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    return office


def hook(office: Office, script: str, name: str = "changed", **more: Any) -> Path:
    """Have a hook run this script in the office's folder, and settings beside it."""
    path = office.write("hook.sh", f"#!/bin/sh\ncd {office.folder}\n{script}\n")
    path.chmod(0o700)
    lines = [f"{key} = {json.dumps(value)}" for key, value in {name: [str(path), "word"], **more}.items()]
    office.set_settings("[hooks]\n" + "\n".join(lines))
    return path


def has_ended(process: str) -> bool:
    """Tell whether a process is gone, or dead and waits for its parent to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def something_happens(office: Office) -> None:
    """Let somebody else stop license 1 at the remote."""
    office.edit_world(lambda world: world["licenses"][0].update(status=SUSPENDED))


def waiting(office: Office) -> int:
    with office.state() as state:
        return len(state.deliveries.waiting())


def test_a_hook_is_told_once_what_has_changed(office: Office) -> None:
    hook(office, HEARD)
    something_happens(office)
    assert office.run("checkevent").code == 0
    heard = json.loads((office.folder / "heard.json").read_text())
    assert (heard["schema"], heard["hook"], heard["remote"]) == ("cpbillmgr/hook/1", "changed", "main")
    assert heard["events"] == [
        {"license": "1", "kind": "status", "before": "active", "after": "suspended", "operation": None}
    ]
    (office.folder / "heard.json").unlink()
    assert office.run("checkevent").code == 0
    assert not (office.folder / "heard.json").exists()


def test_a_hook_is_told_what_is_newly_wrong(office: Office) -> None:
    hook(office, HEARD, "failed")
    office.edit_world(lambda world: world["licenses"].clear())
    office.run("checkevent", "--accept-short-list")
    heard = json.loads((office.folder / "heard.json").read_text())
    assert [(each["topic"], each["level"]) for each in heard["notices"]] == [("gone 1", "alarm")]


def test_a_hook_is_told_for_which_department_it_is(office: Office) -> None:
    hook(office, HEARD, "failed")
    text = office.settings.read_text(encoding="utf-8")
    office.write("cpbillmgr.toml", text + 'department = "hosting@example.com"\n')
    office.edit_world(lambda world: world["licenses"].clear())
    result = office.run("checkevent", "--accept-short-list")
    assert "warning: for hosting@example.com: license 1 " in result.err
    assert json.loads((office.folder / "heard.json").read_text())["department"] == "hosting@example.com"
    assert "CPBILLMGR_DEPARTMENT=hosting@example.com\n" in (office.folder / "env.txt").read_text()


def test_a_hook_is_told_of_a_low_balance(office: Office) -> None:
    hook(office, HEARD, "low_balance")
    text = (office.folder / "cpbillmgr.toml").read_text()
    office.write("cpbillmgr.toml", text + 'minimal_balance = "5000.00"\n')
    office.run("checkevent", "--full")
    heard = json.loads((office.folder / "heard.json").read_text())
    assert [each["topic"] for each in heard["notices"]] == ["balance minimal"]


def test_a_hook_gets_nothing_of_our_environment_that_could_hold_a_secret(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(office, HEARD)
    monkeypatch.setenv("CPBILLMGR_PASSWORD", PASSWORD)
    monkeypatch.setenv("AWS_SECRET", "hush")
    something_happens(office)
    office.run("checkevent")
    names = {line.partition("=")[0] for line in (office.folder / "env.txt").read_text().splitlines()}
    shells_own = {"PWD", "OLDPWD", "SHLVL", "_"}
    locale = {name for name in names if name.startswith("LC_")}
    ours = {"PATH", "HOME", "LANG", "TZ", "CPBILLMGR_HOOK", "CPBILLMGR_REMOTE"}
    assert names - shells_own - locale <= ours
    assert {"CPBILLMGR_HOOK", "CPBILLMGR_REMOTE"} <= names


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("exit 1", "ended with code 1"),
        ("echo no such queue >&2; exit 3", "ended with code 3: no such queue"),
        ("kill -9 $$", "was ended by signal 9"),
        ("printf 'bad \\033[31m end' >&2; exit 1", "bad ?[31m end"),
    ],
)
def test_a_failing_hook_is_a_warning_and_breaks_nothing(office: Office, script: str, told: str) -> None:
    hook(office, script)
    something_happens(office)
    result = office.run("checkevent")
    assert (result.code, told in result.err, waiting(office)) == (0, True, 0)


def test_a_hook_that_cannot_be_run_is_a_warning(office: Office) -> None:
    hook(office, "exit 0").unlink()
    something_happens(office)
    result = office.run("checkevent")
    assert (result.code, "cannot be run: No such file" in result.err, waiting(office)) == (0, True, 0)


def test_a_hook_that_takes_too_long_is_ended_with_its_children(office: Office) -> None:
    hook(office, "sleep 60 & echo $! > child; wait", timeout=1)
    something_happens(office)
    began = monotonic()
    result = office.run("checkevent")
    assert (result.code, "did not end within 1 seconds" in result.err) == (0, True)
    assert monotonic() - began < 30
    child = (office.folder / "child").read_text().strip()
    wait_until(lambda: has_ended(child))


def test_a_hook_that_is_busy_is_called_again_at_the_next_run_in_order(office: Office) -> None:
    hook(office, "cat >> heard.txt; echo >> heard.txt; test -e ready || exit 75")
    something_happens(office)
    assert office.run("checkevent").err.count("hook") == 0
    office.edit_world(lambda world: world["licenses"][0].update(licname="renamed"))
    office.run("checkevent")
    assert waiting(office) == 2
    office.write("ready", "")
    (office.folder / "heard.txt").unlink()
    assert office.run("checkevent").code == 0
    calls = [json.loads(line) for line in (office.folder / "heard.txt").read_text().splitlines()]
    assert [call["events"][0]["kind"] for call in calls] == ["status", "name"]
    assert waiting(office) == 0


def test_a_hook_that_stays_busy_for_a_week_is_told_of_and_its_call_dropped(office: Office) -> None:
    hook(office, "exit 75")
    something_happens(office)
    office.run("checkevent")
    with office.site("checkevent", minutes=7 * 24 * 60 - 1) as site:
        assert deliver(site) == []
    with office.site("checkevent", minutes=7 * 24 * 60 + 1) as site:
        assert ["put off a call for 7 days" in warning for warning in deliver(site)] == [True]
    assert waiting(office) == 0


def test_a_call_that_a_crash_has_kept_from_being_made_is_made_at_the_next_run(office: Office) -> None:
    hook(office, HEARD)
    something_happens(office)
    assert office.run("fixchilds").code == 0, "it looks too, and leaves the call to checkevent"
    assert (waiting(office), (office.folder / "heard.json").exists()) == (1, False)
    assert office.run("checkevent").code == 0
    assert (waiting(office), (office.folder / "heard.json").exists()) == (0, True)


def test_a_dry_run_calls_no_hook(office: Office) -> None:
    hook(office, HEARD)
    something_happens(office)
    assert office.run("checkevent", "--dry-run").code == 0
    assert not (office.folder / "heard.json").exists()


def test_a_hook_that_hangs_is_waited_for_once_in_a_run(office: Office) -> None:
    hook(office, "sleep 60", timeout=1)
    something_happens(office)
    office.run("fixchilds")
    office.edit_world(lambda world: world["licenses"][0].update(licname="renamed"))
    assert office.run("checkevent").err.count("did not end within 1 seconds") == 1
    assert waiting(office) == 1


def test_a_secret_is_hidden_in_what_is_told(office: Office) -> None:
    secret = 'pass"word-\u043f\u0430\u0440\u043e\u043b\u044c'
    Secret(secret)
    hook(office, HEARD)
    office.edit_world(lambda world: world["licenses"][0].update(licname=f"named {secret} by mistake"))
    assert office.run("checkevent").code == 0
    told = json.loads((office.folder / "heard.json").read_text())["events"]
    assert [each["after"] for each in told] == ["named *** by mistake"]
