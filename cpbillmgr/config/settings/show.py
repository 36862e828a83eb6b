"""What is in force, for ``config show``: every value or its default, secrets by where they come from."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from cpbillmgr.config.settings.schema import Settings
from cpbillmgr.model.notices import Hook


def masked(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain values under the file's own keys.

    Amounts are texts, what nobody gave is left out. A command is shown as its program alone, for its other
    words may hold a secret.
    """
    shown: dict[str, Any] = _plain(asdict(settings))
    shown["remote"] = shown.pop("remotes")
    shown["certificates"]["folder"] = str(settings.certificate_folder)
    if alignments := shown.pop("alignments"):
        shown["alignment"] = alignments
    commands = [(remote, "password_command") for remote in shown["remote"]]
    commands += [(shown["hooks"], hook.value) for hook in Hook]
    for table, key in commands:
        if key in table:
            table[key] = table[key][:1]
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each not in (None, "")}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, (Decimal, Path)) else value
