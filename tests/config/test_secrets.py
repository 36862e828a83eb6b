from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from cpbillmgr.config.settings.schema import RemoteSettings
from cpbillmgr.config.settings.secrets import password_of
from cpbillmgr.errors import ConfigInvalid

PRINT = "import os, sys; print(os.environ.get('CPBILLMGR_PASSWORD', 'none')); print('second')"


def remote(**keys: Any) -> RemoteSettings:
    return RemoteSettings(name="one", url="https://billing.example/billmgr", user="reseller", **keys)


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text("from file\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "cpbillmgr-one").write_text("from systemd")
    return folder


def test_the_sources_are_asked_in_their_order(password_file: Path, credentials: Path) -> None:
    both = {"CPBILLMGR_PASSWORD": "from environment", "CREDENTIALS_DIRECTORY": str(credentials)}
    systemd = {"CREDENTIALS_DIRECTORY": str(credentials)}
    file, command = remote(password_file=password_file), remote(password_command=python("print('said')"))
    assert password_of(file, both).reveal() == "from environment"
    assert password_of(file, systemd).reveal() == "from systemd"
    assert password_of(file, {}).reveal() == "from file"
    assert password_of(command, {}).reveal() == "said"


def test_a_credential_of_another_remote_is_not_taken(password_file: Path, credentials: Path) -> None:
    (credentials / "cpbillmgr-one").rename(credentials / "cpbillmgr-two")
    env = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert password_of(remote(password_file=password_file), env).reveal() == "from file"


def test_without_any_source_all_ways_are_told() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        password_of(remote(), {})
    assert str(caught.value.problems[0]) == (
        "there is no password (remote 'one'). Give it password_file or password_command in the settings, "
        "the systemd credential cpbillmgr-one, or $CPBILLMGR_PASSWORD"
    )


def test_file_and_command_together_are_refused(password_file: Path) -> None:
    with pytest.raises(ValueError, match="has both password_file and password_command"):
        remote(password_file=password_file, password_command=("pass",))


@pytest.mark.parametrize(
    ("content", "password"),
    [
        ("s3cret", "s3cret"),
        ("s3cret\n", "s3cret"),
        ("s3cret\r\n", "s3cret"),
        (" a b \n", " a b "),
        ("п:1", "п:1"),
    ],
)
def test_the_line_end_is_no_part_of_the_password(password_file: Path, content: str, password: str) -> None:
    password_file.write_bytes(content.encode())
    assert password_of(remote(password_file=password_file), {}).reveal() == password


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o660])
def test_a_password_file_that_is_open_to_others_is_refused(password_file: Path, mode: int) -> None:
    password_file.chmod(mode)
    with pytest.raises(ConfigInvalid, match=f"open to others.*chmod 600 {password_file}"):
        password_of(remote(password_file=password_file), {})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"s3cret\ntwo\n", "has several lines"),
        (b"s3cret\xff\n", "is not UTF-8 text"),
    ],
)
def test_a_password_file_that_cannot_be_right_is_told_without_its_content(
    password_file: Path, content: bytes, message: str
) -> None:
    password_file.write_bytes(content)
    with pytest.raises(ConfigInvalid, match=message) as caught:
        password_of(remote(password_file=password_file), {})
    assert "s3cret" not in str(caught.value)


def test_a_password_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="cannot be read: No such file"):
        password_of(remote(password_file=tmp_path / "none"), {})


def test_a_folder_is_no_password_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(ConfigInvalid, match="cannot be read: Is a directory"):
        password_of(remote(password_file=tmp_path), {})


def test_a_command_gives_its_first_line_and_sees_no_password() -> None:
    env = {"CPBILLMGR_PASSWORD": ""}
    assert password_of(remote(password_command=python(PRINT)), env).reveal() == "none"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("/no/such/program", "s3cret"), "'/no/such/program' cannot be run: No such file"),
        (python("import sys; print('s3cret'); sys.exit(3)"), "ended with code 3"),
        (python("pass # s3cret"), "wrote nothing"),
        (python("print(); print('s3cret')"), "wrote nothing"),
        (python("import sys; sys.stdout.buffer.write(b's3cret\\xff')"), "wrote what is not UTF-8 text"),
    ],
)
def test_a_command_that_fails_is_told_without_its_words(command: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message) as caught:
        password_of(remote(password_command=command), {})
    assert "s3cret" not in str(caught.value)


def test_a_command_that_does_not_end_is_given_up() -> None:
    command = python("import time; print('s3cret', flush=True); time.sleep(60)")
    with pytest.raises(ConfigInvalid, match=r"did not end within 0\.2 s") as caught:
        password_of(remote(password_command=command), {}, command_seconds=0.2)
    assert "s3cret" not in str(caught.value)


def test_a_command_is_run_without_a_shell() -> None:
    command = (*python("import sys; print(sys.argv[1])"), "$HOME;`id`")
    assert password_of(remote(password_command=command), {}).reveal() == "$HOME;`id`"


def test_the_password_is_never_shown(password_file: Path) -> None:
    secret = password_of(remote(password_file=password_file), {})
    assert "from file" not in f"{secret} {secret!r}"
