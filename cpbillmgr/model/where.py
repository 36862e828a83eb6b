"""The files that the operator named on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Where:
    """Settings, directives and state as named; ``None`` where the usual ones serve (cli.md, Files)."""

    settings: Path | None = None
    conf: Path | None = None
    state: Path | None = None
