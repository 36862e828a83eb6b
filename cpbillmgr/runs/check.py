"""Checking the operator's wishes: the files alone, or against what the remote sells."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cpbillmgr.config.lint.beside import (
    missing_approver,
    unpriced_values,
    unsold_alignments,
    unsold_values,
    wasteful_alignments,
)
from cpbillmgr.config.lint.directives import Findings, lint
from cpbillmgr.config.lint.explain import Explanation, Question, explain
from cpbillmgr.config.settings.init import first_settings
from cpbillmgr.config.settings.loading import load_settings
from cpbillmgr.config.wanted.children import unmet_anywhere
from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.services import Service
from cpbillmgr.model.where import Where
from cpbillmgr.runs.looking.gather import sold_tariffs
from cpbillmgr.runs.site import (
    Wishes,
    open_remote,
    open_state,
    read_all_wishes,
    read_wishes,
    settings_file,
    with_enumeration,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked: the files read, whom we are at the remote, and what is wrong or odd."""

    files: tuple[str, ...]
    account: str
    errors: tuple[Problem, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the check of one remote has found; ``sold`` are its name and its tariffs, as far as known."""

    files: tuple[str, ...]
    account: str
    sold: tuple[str, Mapping[int, Tariff]]
    findings: Findings


def check_config(where: Where, remote: str | None, *, offline: bool, strict: bool) -> Checked:
    """Read settings and directives and, unless ``offline``, hold them and our services against what is sold.

    That is done for each remote that sells licenses, or for the named one alone; a wish is wrong when none
    can meet it. ``strict`` takes warnings for errors. Raises ``ConfigInvalid`` for what cannot be read.
    """
    asked = read_all_wishes(where, remote)
    found = [_check(where, wishes, offline=offline) for wishes in asked]
    errors = [error for each in found for error in each.findings.errors]
    errors += unmet_anywhere([(each.findings.children, each.findings.unmet) for each in found])
    errors += unsold_alignments(asked[0].settings, _written(where), dict(each.sold for each in found))
    warnings = [warning for each in found for warning in each.findings.warnings]
    if strict:
        errors, warnings = [*errors, *warnings], []
    return Checked(
        files=tuple(dict.fromkeys(file for each in found for file in each.files)),
        account=", ".join(each.account for each in found if each.account),
        errors=tuple(errors),
        warnings=tuple(dict.fromkeys(map(str, warnings))),
    )


def _written(where: Where) -> str:
    return str(settings_file(where) or "settings")


def _check(where: Where, wishes: Wishes, *, offline: bool) -> _Found:
    files = tuple(str(file) for file in (settings_file(where), wishes.directives.file) if file)
    generation = wishes.remote.generation
    account, tariffs, services = "", dict[int, Tariff](), list[Service]()
    if not offline:
        with (
            open_state(where, command="config check", writes=False) as state,
            open_remote(wishes) as billing,
        ):
            wishes = with_enumeration(wishes, state)
            account = billing.whoami().name
            tariffs, services = dict(sold_tariffs(billing)), state.inventory.services()
    written = _written(where)
    findings = lint(wishes.directives, generation, tariffs, services, wishes.remote.askers, written)
    values = wishes.directives.enumeration.values()
    errors = (
        *findings.errors,
        *unsold_values(values, tariffs, wishes.remote.name),
    )
    warnings = (
        *findings.warnings,
        *wasteful_alignments(wishes.directives.alignments, written, wishes.rules, tariffs, services),
        *unpriced_values(values, wishes.remote.name),
        *missing_approver(wishes.settings, wishes.remote, written),
    )
    return _Found(
        files, account, (wishes.remote.name, tariffs), replace(findings, errors=errors, warnings=warnings)
    )


def explain_name(where: Where, remote: str | None, question: Question, *, offline: bool) -> Explanation:
    """Return what decides a name and a period; ``offline`` without the remote's prices."""
    wishes = read_wishes(where, remote)
    with open_state(where, command="config explain", writes=False) as state:
        wishes = with_enumeration(wishes, state)
        ours = state.tariffs.all(wishes.remote.name)
    if offline:
        tariffs = {}
    else:
        with open_remote(wishes) as billing:
            tariffs = dict(billing.tariffs())
    answer = explain(question, wishes.directives, wishes.remote.generation, tariffs)
    tariff = ours.get(answer.tariff.value)
    if tariff is None or tariff.is_enabled:
        return answer
    told = f"tariff {tariff.id} ({tariff.name}) is disabled in our catalogue, and so not ordered"
    return replace(answer, tariff=replace(answer.tariff, warnings=(*answer.tariff.warnings, told)))


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
            [Problem(str(file), None, "the settings file is there already", "Replace it with --force")]
        ) from error
    except OSError as error:
        raise ConfigInvalid(
            [Problem(str(file), None, f"the settings file cannot be written: {error.strerror}")]
        ) from error


def _try_out(text: str) -> None:
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "cpbillmgr.toml"
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o600)
        try:
            load_settings(draft, {})
        except ConfigInvalid as error:
            raise UsageWrong("; ".join(problem.message for problem in error.problems)) from error
