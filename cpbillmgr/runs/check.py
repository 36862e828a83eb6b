"""Checking the operator's wishes: the files alone, or against what the remote sells."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cpbillmgr.config.explain import Explanation, explain
from cpbillmgr.config.init import first_settings
from cpbillmgr.config.lint import lint
from cpbillmgr.config.settings import load_settings
from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
from cpbillmgr.model.where import Where
from cpbillmgr.runs.gather import sold_tariffs
from cpbillmgr.runs.site import open_remote, open_state, read_wishes, settings_file


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and found right: the files read, whom we are at the remote, and warnings."""

    files: tuple[str, ...]
    account: str
    warnings: tuple[str, ...]


def check_config(where: Where, remote: str | None, *, offline: bool, strict: bool) -> Checked:
    """Read settings and directives and, unless ``offline``, hold them and our services against what is sold.

    Raises ``ConfigInvalid`` with every problem; ``strict`` takes warnings for problems.
    """
    wishes = read_wishes(where, remote)
    files = tuple(str(file) for file in (settings_file(where), wishes.directives.file) if file)
    generation = wishes.remote.generation
    if offline:
        found, account = lint(wishes.directives, generation, {}, (), wishes.remote.askers), ""
    else:
        with (
            open_state(where, command="config check", writes=False) as state,
            open_remote(wishes) as billing,
        ):
            account = billing.whoami().name
            tariffs, services = sold_tariffs(billing), state.inventory.services()
            found = lint(wishes.directives, generation, tariffs, services, wishes.remote.askers)
    errors = [*found.errors, *(found.warnings if strict else ())]
    if errors:
        raise ConfigInvalid(errors)
    return Checked(files, account, tuple(map(str, found.warnings)))


def explain_name(
    where: Where, remote: str | None, name: str, period: int | None, months: int | None, *, offline: bool
) -> Explanation:
    """Return which line or default decides a name and a period; ``offline`` without the remote's prices."""
    wishes = read_wishes(where, remote)
    if offline:
        tariffs = {}
    else:
        with open_remote(wishes) as billing:
            tariffs = dict(billing.tariffs())
    return explain(name, period, months, wishes.directives, wishes.remote.generation, tariffs)


def write_first_settings(
    file: Path, url: str, user: str, password_file: Path, generation: int, *, force: bool
) -> None:
    """Write a first settings file that only its owner can read.

    Raises ``UsageWrong`` for values that settings cannot have, ``ConfigInvalid`` when it cannot be written.
    """
    text = first_settings(url, user, password_file, generation)
    _try_out(text)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError as error:
        raise ConfigInvalid(
            [Problem(str(file), None, "is there already", "Replace it with --force")]
        ) from error
    except OSError as error:
        raise ConfigInvalid([Problem(str(file), None, f"cannot be written: {error.strerror}")]) from error


def _try_out(text: str) -> None:
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "cpbillmgr.toml"
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o600)
        try:
            load_settings(draft, {})
        except ConfigInvalid as error:
            raise UsageWrong("; ".join(problem.message for problem in error.problems)) from error
