"""Texts and files of the kind that an operator writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.settings.loading import load_settings
from cpbillmgr.errors import ConfigInvalid

WriteSettings = Callable[[str], Path]
URL = "https://billing.example/billmgr"
REMOTE = '[[remote]]\nname = "one"\nurl = "https://billing.example/billmgr"\nuser = "reseller"\n'


@pytest.fixture
def write_settings(tmp_path: Path) -> WriteSettings:
    """Return a function that writes a settings file which nobody else can write."""

    def write(text: str) -> Path:
        path = tmp_path / "cpbillmgr.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return write


def canonical(directives: Directives) -> str:
    """Return the text of a directive file that says the same, in canonical spelling, one name a line."""
    lines = (
        *(f"Option {option}" for option in directives.options),
        *(f"ReusePrice {id_}" for id_ in directives.reuse_prices),
        *map(str, directives.prices),
        *map(str, directives.periods),
    )
    return "".join(f"{line}\n" for line in lines)


def told(error: ConfigInvalid) -> list[tuple[int | None, str]]:
    """Return line and sentence of every problem."""
    return [(problem.line, problem.message) for problem in error.problems]


def refused(path: Path | None, env: dict[str, str] | None = None) -> list[tuple[int | None, str]]:
    """Return what is told of settings that cannot be right."""
    with pytest.raises(ConfigInvalid) as caught:
        load_settings(path, env or {})
    return told(caught.value)
