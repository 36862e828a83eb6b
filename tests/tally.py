"""The count of the cases that were tried, as a plugin of pytest: it is told when all tests are over.

Where tests run in several processes at once, each counts its own, and the first one adds them up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

NAME = "tally"


@dataclass
class Tally:
    """How many cases of each kind were tried, and how many of them broke a promise."""

    tried: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def case(self, kind: str, name: str) -> Iterator[None]:
        """Count one case; whatever goes wrong in it is told with its name."""
        self.tried[kind] += 1
        try:
            yield
        except Exception as error:
            self.broken[kind] += 1
            error.add_note(f"{kind}: {name}")
            raise

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[NAME] = [dict(self.tried), dict(self.broken)]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        tried, broken = getattr(node, "workeroutput", {}).get(NAME, ({}, {}))
        self.tried.update(tried)
        self.broken.update(broken)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.tried:
            terminalreporter.section("crash")
        for kind, tried in sorted(self.tried.items()):
            terminalreporter.write_line(f"{kind}: {tried} cases, {self.broken[kind]} violations")
