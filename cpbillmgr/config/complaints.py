"""What the settings' models refuse, as problems: plain sentences, each with its line, none with a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cpbillmgr.config.positions import Path, line_of
from cpbillmgr.config.schema import LimitSettings, RemoteSettings, RenewalSettings, SafetySettings, Settings
from cpbillmgr.errors import Problem

_TABLES: dict[str, type[BaseModel]] = {
    "remote": RemoteSettings,
    "limits": LimitSettings,
    "safety": SafetySettings,
    "renewal": RenewalSettings,
}
_PASSWORD = "Keep the password out of this file: name its file with password_file"  # noqa: S105 - a hint


def problems_of(error: ValidationError, file: str, text: str, given: Mapping[Path, str]) -> list[Problem]:
    """Return one problem for each thing that is wrong in the settings file's text.

    ``given`` are the values that come from elsewhere, each with its source, such as ``$CPBILLMGR_URL``.
    """
    return [
        _problem(details, file, text, given)
        for details in error.errors(include_input=False, include_url=False)
    ]


def clashes(document: dict[str, Any], file: str, text: str) -> list[Problem]:
    """Return a problem for each remote that has the name, or the address and user, of an earlier one.

    It looks at the document as it was read, so that it can be told together with what else is wrong.
    """
    problems: list[Problem] = []
    firsts: dict[tuple[str, ...], int] = {}
    remotes = document.get("remote")
    for index, remote in enumerate(remotes if isinstance(remotes, list) else []):
        for what, identity in _identities(remote):
            first = firsts.setdefault((what, *identity), index)
            if first != index:
                message = f"{_place(('remote', index))} has the {what} of {_place(('remote', first))}"
                hint = "Each account at a remote is one [[remote]] with a name of its own"
                problems.append(Problem(file, line_of(text, ("remote", index)), message, hint))
    return problems


def _identities(remote: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(remote, dict):
        return
    if "name" in remote:
        yield "name", (str(remote["name"]),)
    if "url" in remote:
        yield "url and user", (str(remote["url"]).rstrip("/?#").casefold(), str(remote.get("user", "")))


def _problem(details: ErrorDetails, file: str, text: str, given: Mapping[Path, str]) -> Problem:
    path: Path = details["loc"]
    key, table = str(path[-1]) if path else "", path[:-1]
    line = line_of(text, path)
    if details["type"] == "extra_forbidden":
        return Problem(file, line, f"unknown key '{key}'{_inside(table)}", _hint(key, table))
    if details["type"] == "missing":
        return Problem(file, line, f"{_place(table)} lacks '{key}'", f"Add the line '{key} = ...'")
    said = _sentence(details)
    if path in given:
        return Problem("environment", None, f"{given[path]}{said}")
    return Problem(file, line, f"{_place(path)}{said}")


def _sentence(details: ErrorDetails) -> str:
    """Return what follows the key: our own sentences go on with a verb, the library's stand alone."""
    message = details["msg"].replace("Tuple", "List").replace("tuple", "list")  # as TOML calls it
    if details["type"] == "model_type":
        return ": input should be a table"
    if details["type"] == "value_error":
        return " " + message.removeprefix("Value error, ")
    return f": {message[:1].lower()}{message[1:]}"


def _place(path: Path) -> str:
    """Return a path as words.

    >>> _place(("remote", 0, "url"))
    "'url' of [[remote]] 1"
    """
    match path:
        case ("remote", int(index)):
            return f"[[remote]] {index + 1}"
        case (*table, str(key)) if table:
            return f"'{key}'{_inside(tuple(table))}"
        case (*key, int(index)):
            return f"item {index + 1} of {_place(tuple(key))}"
    return "".join(f"'{key}'" for key in path)


def _inside(table: Path) -> str:
    return "" if not table else f" of {_place(table)}" if len(table) > 1 else f" of [{table[0]}]"


def _hint(key: str, table: Path) -> str:
    if "password" in key.casefold():
        return _PASSWORD
    model = _TABLES.get(str(table[0]), Settings) if table else Settings
    known = [field.alias or name for name, field in model.model_fields.items()]
    close = get_close_matches(key, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Known are {', '.join(known)}"
