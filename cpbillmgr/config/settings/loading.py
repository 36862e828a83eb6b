"""Finding and reading the settings: the file, the environment, the defaults.

A value comes from the first of these that gives it: option, environment, settings file, default.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cpbillmgr.config.alignment import Alignment
from cpbillmgr.config.directives.file import Directives, file_name
from cpbillmgr.config.directives.grammar import NO_FIX_SUSPENDED, REUSE_LICENSE, USE_EXISTING
from cpbillmgr.config.settings.complaints import clashes, problems_of
from cpbillmgr.config.settings.reading import Reading
from cpbillmgr.config.settings.schema import RemoteSettings, Settings
from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.rules import Rules

_SYSTEM = Path("/etc/cpbillmgr/cpbillmgr.toml")
_ORIGINAL = Path("/usr/local/ispmgr/etc")  # where the original keeps its directive file (semantics.md 1.1)
_ENVIRONMENT = "environment"
_REMOTE_KEYS = {
    "CPBILLMGR_URL": "url",
    "CPBILLMGR_USER": "user",
    "CPBILLMGR_PASSWORD_FILE": "password_file",
    "CPBILLMGR_GENERATION": "generation",
}


def find_settings(option: Path | None, env: Mapping[str, str]) -> Path | None:
    """Return the settings file to read, ``None`` when there is none.

    ====  =============================================================  ============
    step  file                                                           taken
    ====  =============================================================  ============
    1     ``option`` (``--settings``)                                    when given
    2     ``$CPBILLMGR_SETTINGS``                                        when given
    3     ``$XDG_CONFIG_HOME/cpbillmgr/cpbillmgr.toml``                  when it is there
    4     ``/etc/cpbillmgr/cpbillmgr.toml``                              when it is there
    ====  =============================================================  ============

    ``$XDG_CONFIG_HOME`` is ``$HOME/.config`` unless it is set.
    """
    if option is not None:
        return option
    if named := env.get("CPBILLMGR_SETTINGS"):
        return Path(named)
    return next((place for place in _places(env) if place.is_file()), None)


def first_settings_file(env: Mapping[str, str], *, is_root: bool) -> Path:
    """Return where a first settings file belongs: where ``find_settings`` reads it.

    That is what it finds already, else step 4 for root, and step 3 for anybody else.
    """
    places = _places(env)
    return find_settings(None, env) or (places[-1] if is_root else places[0])


def _places(env: Mapping[str, str]) -> list[Path]:
    """Return where settings are looked for that nobody has named, the personal ones first."""
    personal = _base_folder(env, "XDG_CONFIG_HOME", ".config")
    return [*([personal / "cpbillmgr/cpbillmgr.toml"] if personal else []), _SYSTEM]


def default_state(env: Mapping[str, str], *, is_root: bool) -> Path:
    """Return where the state is kept unless somebody says otherwise.

    ``/var/lib/cpbillmgr/state.db`` for root, else ``$XDG_STATE_HOME/cpbillmgr/state.db``; ``$XDG_STATE_HOME``
    is ``$HOME/.local/state`` unless it is set.
    """
    folder = None if is_root else _base_folder(env, "XDG_STATE_HOME", ".local/state")
    return (folder or Path("/var/lib")) / "cpbillmgr/state.db"


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Return what the settings file and the environment say together.

    ``path`` is what ``find_settings`` returned. ``$CPBILLMGR_STATE`` replaces ``state``, and
    ``$CPBILLMGR_URL``, ``_USER``, ``_PASSWORD_FILE`` and ``_GENERATION`` the keys of the remote:

    ===================  ============================================
    remotes in the file  the environment's keys
    ===================  ============================================
    none                 make one remote, named ``remote``
    one                  replace its keys
    several              are a problem: which one is meant?
    ===================  ============================================

    Raises ``ConfigInvalid`` with every problem.
    """
    text = "" if path is None else _read(path)
    file = _ENVIRONMENT if path is None else str(path)
    document = _parse(text, file)
    problems = [*clashes(document, file, text), *_misplaced(document, env)]
    given = _apply_environment(document, env)
    document.setdefault("state", str(default_state(env, is_root=os.geteuid() == 0)))
    folder = Path.cwd() if path is None else path.absolute().parent
    reading = Reading(folder)
    settings = reading.settings(document)
    problems += problems_of(reading.complaints, file, text, given)
    if settings is not None and not problems:
        return settings
    raise ConfigInvalid(sorted(problems, key=lambda problem: problem.line or 0))


def directive_file(
    remote: RemoteSettings, settings_path: Path | None, conf_option: Path | None
) -> tuple[Path, bool]:
    """Return the one directive file of a remote, and whether somebody named it, so that it must be there.

    ====  ==================================================  ========  ==================================
    step  when                                                named     file
    ====  ==================================================  ========  ==================================
    1     ``--conf`` is given                                 yes       that one
    2     the remote has ``conf``                             yes       that one
    3     there is a settings file                            no        beside it
    4     otherwise                                           no        ``/usr/local/ispmgr/etc``
    ====  ==================================================  ========  ==================================

    In steps 3 and 4 it is ``cpbillmgr.conf`` for generation 4, ``cpbillmgr5.conf`` for 5 and 6.
    """
    named = conf_option or remote.conf
    if named is not None:
        return named, True
    folder = _ORIGINAL if settings_path is None else settings_path.absolute().parent
    return folder / file_name(remote.generation), False


def alignments_of(settings: Settings, remote: RemoteSettings) -> tuple[Alignment, ...]:
    """Return the period alignments that are for a remote: those that name it, and those that name none."""
    return tuple(each for each in settings.alignments if each.remote in (None, remote.name))


def rules_of(settings: Settings, remote: RemoteSettings, directives: Directives) -> Rules:
    """Return what decides for one remote, beside the facts."""
    renewed = settings.certificates if remote.product_type.is_certificate else settings.renewal
    return Rules(
        generation=remote.generation,
        product=remote.product_type,
        installation=settings.installation,
        reuse=settings.reuse,
        reuse_licenses=REUSE_LICENSE in directives.options,
        reuse_prices=frozenset(directives.reuse_prices),
        no_fix_suspended=NO_FIX_SUSPENDED in directives.options,
        use_existing=USE_EXISTING in directives.options,
        new_address=settings.changes.ip,
        types=settings.types,
        settle_minutes=settings.safety.settle_minutes,
        on_doubt=settings.safety.on_doubt,
        days_before=renewed.days_before,
        approver=settings.certificates.approver or "",
        limits=settings.limits,
    )


def _read(path: Path) -> str:
    """Return the text of a settings file that nobody else can write: it may name a command to run."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
        text = content.decode()
    except FileNotFoundError:
        raise _unreadable(
            path, "there is no such file", "'cpbillmgr config init' writes a first one"
        ) from None
    except OSError as error:
        raise _unreadable(path, f"the settings file cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _unreadable(
            path, "the settings file is not UTF-8 text", "Save the file as UTF-8", line
        ) from error
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise _unreadable(path, "the settings file can be written by others", f"Run 'chmod go-w {path}'")
    return text


def _unreadable(path: Path, message: str, hint: str = "", line: int | None = None) -> ConfigInvalid:
    return ConfigInvalid([Problem(str(path), line, message, hint)])


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # not TOML, or too long a number, or too deep
        message, at, place = str(error).rpartition(" (at ")
        line = re.match(r"line ([0-9]+)", place)
        number = int(line[1]) if line else text.rstrip().count("\n") + 1
        said = message if at else str(error)
        raise ConfigInvalid([Problem(file, number, f"not TOML: {said[:1].lower()}{said[1:]}")]) from error


def _misplaced(document: Mapping[str, Any], env: Mapping[str, str]) -> list[Problem]:
    """Return a problem for each variable that is meant for one remote where there are several."""
    remotes = document.get("remote")
    if not isinstance(remotes, list) or len(remotes) < 2:
        return []
    hint = "Unset it, and give each remote its own in the settings file"
    return [
        Problem(_ENVIRONMENT, None, f"${name} can mean one remote only, and there are {len(remotes)}", hint)
        for name in (*_REMOTE_KEYS, "CPBILLMGR_PASSWORD")
        if env.get(name)
    ]


def _apply_environment(document: dict[str, Any], env: Mapping[str, str]) -> dict[tuple[str | int, ...], str]:
    """Put what the environment says into the document; return each path that it gave, with its variable."""
    given: dict[tuple[str | int, ...], str] = {}
    if state := env.get("CPBILLMGR_STATE"):
        document["state"] = _from_here(state)
        given["state",] = "$CPBILLMGR_STATE"
    values = {name: env[name] for name in _REMOTE_KEYS if env.get(name)}
    remotes = document.get("remote") or [{"name": "remote"}]
    if not values or not isinstance(remotes, list) or len(remotes) > 1 or not isinstance(remotes[0], dict):
        return given
    remote = dict(remotes[0])
    if "CPBILLMGR_PASSWORD_FILE" in values:
        remote.pop("password_command", None)
    for name, value in values.items():
        remote[_REMOTE_KEYS[name]] = _typed(_REMOTE_KEYS[name], value)
        given["remote", 0, _REMOTE_KEYS[name]] = f"${name}"
    document["remote"] = [remote]
    return given


def _typed(key: str, value: str) -> str | int:
    """Return a variable's value as the settings file would have it."""
    if key == "generation" and re.fullmatch("[0-9]", value):
        return int(value)
    if key == "password_file":
        return _from_here(value)
    if key == "url" and value.startswith("sandbox:") and value != "sandbox:":
        return f"sandbox:{_from_here(value.removeprefix('sandbox:'))}"
    return value


def _from_here(path: str) -> str:
    """Return a path of the environment: it counts from the working folder; ``~`` is left to the settings."""
    return path if path.startswith("~") else str(Path(path).absolute())


def _base_folder(env: Mapping[str, str], variable: str, default: str) -> Path | None:
    if named := env.get(variable):
        return Path(named)
    home = env.get("HOME")
    return Path(home) / default if home else None
