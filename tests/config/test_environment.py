from __future__ import annotations

from pathlib import Path

import pytest

from cpbillmgr.config.settings.loading import load_settings
from tests.config.conftest import REMOTE, URL, WriteSettings, refused


def test_a_remote_can_come_from_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    env = {
        "CPBILLMGR_URL": URL,
        "CPBILLMGR_USER": "reseller",
        "CPBILLMGR_PASSWORD_FILE": "secret",
        "CPBILLMGR_GENERATION": "4",
        "CPBILLMGR_STATE": "s.db",
    }
    settings = load_settings(None, env)
    [remote] = settings.remotes
    assert (remote.name, remote.url, remote.user, remote.generation) == ("remote", URL, "reseller", 4)
    assert remote.password_file == tmp_path / "secret"
    assert settings.state == tmp_path / "s.db"


def test_the_environment_comes_before_the_settings(write_settings: WriteSettings) -> None:
    path = write_settings('state = "a.db"\n' + REMOTE + 'password_command = ["pass"]\n')
    env = {
        "CPBILLMGR_USER": "second",
        "CPBILLMGR_PASSWORD_FILE": "/p",
        "CPBILLMGR_STATE": "/b.db",
        "CPBILLMGR_URL": "",
    }
    settings = load_settings(path, env)
    [remote] = settings.remotes
    assert (remote.name, remote.url, remote.user) == ("one", URL, "second")
    assert (remote.password_file, remote.password_command) == (Path("/p"), None)
    assert settings.state == Path("/b.db")


def test_a_sandbox_of_the_environment_counts_from_the_working_folder(
    write_settings: WriteSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    path = write_settings(REMOTE)
    [remote] = load_settings(path, {"CPBILLMGR_URL": "sandbox:w.json"}).remotes
    assert remote.world == tmp_path / "work/w.json"


@pytest.mark.parametrize(
    "variable",
    [
        "CPBILLMGR_URL",
        "CPBILLMGR_USER",
        "CPBILLMGR_PASSWORD",
        "CPBILLMGR_PASSWORD_FILE",
        "CPBILLMGR_GENERATION",
    ],
)
def test_a_variable_for_one_remote_is_refused_when_there_are_several(
    write_settings: WriteSettings, variable: str
) -> None:
    path = write_settings(REMOTE + REMOTE.replace('"one"', '"two"').replace("reseller", "second"))
    assert refused(path, {variable: "x"}) == [
        (None, f"${variable} can mean one remote only, and there are 2")
    ]


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"CPBILLMGR_URL": URL}, "[[remote]] 1 lacks 'user'; add it, or set $CPBILLMGR_USER"),
        ({"CPBILLMGR_USER": "u"}, "[[remote]] 1 lacks 'url'"),
        (
            {"CPBILLMGR_URL": URL, "CPBILLMGR_USER": "u", "CPBILLMGR_GENERATION": "six"},
            "$CPBILLMGR_GENERATION: input should be 4, 5 or 6",
        ),
        (
            {"CPBILLMGR_URL": "http://billing.example", "CPBILLMGR_USER": "u"},
            "$CPBILLMGR_URL must be https",
        ),
    ],
)
def test_an_environment_that_cannot_be_right_names_its_variable(env: dict[str, str], message: str) -> None:
    [(line, said)] = refused(None, env)
    assert line is None
    assert said.startswith(message)


def test_without_file_and_environment_there_are_no_remotes() -> None:
    assert load_settings(None, {}).remotes == ()


def test_an_empty_list_of_remotes_takes_the_environments(write_settings: WriteSettings) -> None:
    env = {"CPBILLMGR_URL": URL, "CPBILLMGR_USER": "u"}
    assert len(load_settings(write_settings("remote = []"), env).remotes) == 1
