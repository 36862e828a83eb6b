"""What is wrong with the settings, as problems: plain sentences, each with its line, none with a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cpbillmgr.config.settings.positions import Path, line_of
from cpbillmgr.config.settings.reading import Complaint
from cpbillmgr.config.settings.urls import account_at
from cpbillmgr.errors import Problem
from cpbillmgr.model.products import ProductType

_PASSWORD = "Keep the password out of this file: name its file with password_file"  # noqa: S105 - a hint


def problems_of(
    complaints: Iterable[Complaint], file: str, text: str, given: Mapping[Path, str]
) -> list[Problem]:
    """Return one problem for each thing that is wrong in the settings file's text.

    ``given`` are the values that come from elsewhere, each with its source, such as ``$CPBILLMGR_URL``.
    """
    return [_problem(each, file, text, given) for each in complaints]


def clashes(document: dict[str, Any], file: str, text: str) -> list[Problem]:
    """Return a problem for each remote that has the name of an earlier one, or its account and product type.

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
                hint = "Each account is one [[remote]] for each product_type, with a name of its own"
                problems.append(Problem(file, line_of(text, ("remote", index)), message, hint))
    return problems


def _identities(remote: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(remote, dict):
        return
    if "name" in remote:
        yield "name", (str(remote["name"]),)
    if "url" in remote:
        account = account_at(str(remote["url"]), str(remote.get("user", "")))
        yield "url and user", (*account, str(remote.get("product_type", ProductType.SOFT)))


def _problem(complaint: Complaint, file: str, text: str, given: Mapping[Path, str]) -> Problem:
    place = complaint.place
    line = line_of(text, place)
    if complaint.known:
        key, table = str(place[-1]), place[:-1]
        return Problem(file, line, f"unknown key '{key}'{_inside(table)}", _hint(key, complaint.known))
    if missing := complaint.missing:
        return Problem(file, line, f"{_place(place)} lacks '{missing}'", f"Add the line '{missing} = ...'")
    if place in given:
        return Problem("environment", None, f"{given[place]}{complaint.sentence}")
    return Problem(file, line, f"{_place(place)}{complaint.sentence}")


def _place(path: Path) -> str:
    """Return a path as words.

    >>> _place(("remote", 0, "url"))
    "'url' of [[remote]] 1"
    """
    match path:
        case ("remote" | "alignment" as table, int(index)):
            return f"[[{table}]] {index + 1}"
        case (*around, str(key)) if around:
            return f"'{key}'{_inside(tuple(around))}"
        case (*key, int(index)):
            return f"item {index + 1} of {_place(tuple(key))}"
    return "".join(f"'{key}'" for key in path)


def _inside(table: Path) -> str:
    return "" if not table else f" of {_place(table)}" if len(table) > 1 else f" of [{table[0]}]"


def _hint(key: str, known: Sequence[str]) -> str:
    if "password" in key.casefold():
        return _PASSWORD
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Known are {', '.join(known)}"
