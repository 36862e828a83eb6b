"""A plan in a file: what ``fixchilds --out`` saves, and ``apply`` reads."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.plan import Decision, Plan
from cpbillmgr.planner.basis.scope import Scope


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan, the remotes and the scope that it was made for, and when (UTC).

    ``checksum`` is over everything else.
    """

    made_at: datetime
    remotes: tuple[str, ...]
    scope: Scope
    decisions: tuple[Decision, ...]
    checksum: str = ""
    schema: Literal["cpbillmgr/plan/1"] = "cpbillmgr/plan/1"


_ADAPTER = TypeAdapter(SavedPlan)


def save_plan(path: Path, plan: Plan, remotes: tuple[str, ...], scope: Scope, made_at: datetime) -> None:
    """Write what the plan would carry out to a file; raises ``ConfigInvalid`` when that cannot be.

    A file that was not there before is not there afterwards, then.
    """
    saved = SavedPlan(made_at, remotes, scope, plan.to_do)
    signed = replace(saved, checksum=_checksum(saved))
    is_new = not os.path.lexists(path)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_ADAPTER.dump_json(signed, indent=2) + b"\n")
    except OSError as error:
        with suppress(OSError):
            if is_new:
                path.unlink()
        raise ConfigInvalid(
            [Problem(str(path), None, f"the plan cannot be written: {error.strerror}")]
        ) from error


def load_plan(path: Path) -> SavedPlan:
    """Return a saved plan; raises ``ConfigInvalid`` for a file that is none, or was edited."""
    try:
        saved = _ADAPTER.validate_json(path.read_bytes())
    except OSError as error:
        raise ConfigInvalid(
            [Problem(str(path), None, f"the plan cannot be read: {error.strerror}")]
        ) from error
    except ValidationError as error:
        hint = "Save one with 'cpbillmgr fixchilds --out PLAN'"
        raise ConfigInvalid([Problem(str(path), None, "the file is not a saved plan", hint)]) from error
    if saved.checksum != _checksum(replace(saved, checksum="")):
        raise ConfigInvalid(
            [Problem(str(path), None, "the plan was edited after it was saved", "Make a new one")]
        )
    return saved


def _checksum(saved: SavedPlan) -> str:
    return hashlib.sha256(_ADAPTER.dump_json(saved)).hexdigest()
