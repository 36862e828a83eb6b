"""What is in force, for ``config show``: every value or its default, secrets by where they come from."""

from __future__ import annotations

from typing import Any

from cpbillmgr.config.schema import Settings


def masked(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain values under the file's own keys.

    Amounts are texts, what nobody gave is left out. A ``password_command`` is shown as its program alone, for
    its other words may hold a secret.
    """
    shown = settings.model_dump(mode="json", by_alias=True, exclude_none=True)
    for remote in shown["remote"]:
        if "password_command" in remote:
            remote["password_command"] = remote["password_command"][:1]
    return shown
