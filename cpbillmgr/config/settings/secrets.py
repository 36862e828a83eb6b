"""Where a remote's password comes from. No message here holds one."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from cpbillmgr.config.settings.schema import RemoteSettings
from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.secret import Secret

_VARIABLE = "CPBILLMGR_PASSWORD"


def password_of(remote: RemoteSettings, env: Mapping[str, str], *, command_seconds: float = 10.0) -> Secret:
    """Return a remote's password; raises ``ConfigInvalid``.

    The environment comes before the settings, as everywhere:

    ====  =====================================================  =========================================
    step  source                                                 the password is
    ====  =====================================================  =========================================
    1     ``$CPBILLMGR_PASSWORD``                                its value
    2     ``$CREDENTIALS_DIRECTORY/cpbillmgr-NAME`` (systemd)    the file's one line
    3     ``password_file``                                      the file's one line
    4     ``password_command``                                   the first line of what it writes
    5     none of these                                          ``ConfigInvalid`` that names them all
    ====  =====================================================  =========================================

    A password file that others can read is refused; systemd itself guards its credentials. A command has
    ``command_seconds`` to end.
    """
    if value := env.get(_VARIABLE):
        if not value.isprintable():
            raise _invalid("environment", f"${_VARIABLE} holds a character that cannot be printed")
        return Secret(value)
    credential = _credential(remote, env)
    if credential is not None:
        return _from_file(credential)
    if remote.password_file is not None:
        _require_private(remote.password_file)
        return _from_file(remote.password_file)
    if remote.password_command is not None:
        return _from_command(remote, remote.password_command, env, command_seconds)
    raise _invalid(
        f"remote '{remote.name}'",
        "there is no password",
        f"Give it password_file or password_command in the settings, the systemd credential "
        f"cpbillmgr-{remote.name}, or ${_VARIABLE}",
    )


def _credential(remote: RemoteSettings, env: Mapping[str, str]) -> Path | None:
    folder = env.get("CREDENTIALS_DIRECTORY")
    path = Path(folder, f"cpbillmgr-{remote.name}") if folder else None
    return path if path is not None and path.is_file() else None


def _require_private(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _invalid(str(path), f"the password file cannot be read: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise _invalid(str(path), "the password file is open to others", f"Run 'chmod 600 {path}'")


def _from_file(path: Path) -> Secret:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _invalid(str(path), f"the password file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise _invalid(str(path), "the password file is not UTF-8 text") from None
    password = text.removesuffix("\n").removesuffix("\r")
    if not password or "\n" in password:
        hint = "Write the password into it, as its only line"
        raise _invalid(
            str(path), f"the password file {'has several lines' if password else 'is empty'}", hint
        )
    return Secret(password)


def _from_command(
    remote: RemoteSettings, command: tuple[str, ...], env: Mapping[str, str], seconds: float
) -> Secret:
    import subprocess

    where, program = f"remote '{remote.name}'", command[0]
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, a list of words without a shell
            command,
            env={variable: value for variable, value in env.items() if variable != _VARIABLE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        lines = done.stdout.decode().splitlines()
    except subprocess.TimeoutExpired:
        raise _invalid(where, f"password_command '{program}' did not end within {seconds:g} s") from None
    except OSError as error:
        raise _invalid(where, f"password_command '{program}' cannot be run: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _invalid(where, f"password_command '{program}' wrote what is not UTF-8 text") from None
    if done.returncode != 0 or not lines or not lines[0]:
        said = f"ended with code {done.returncode}" if done.returncode else "wrote nothing"
        raise _invalid(where, f"password_command '{program}' {said}", "Run it by hand to see why")
    return Secret(lines[0])


def _invalid(where: str, message: str, hint: str = "") -> ConfigInvalid:
    return ConfigInvalid([Problem(where, None, message, hint)])
