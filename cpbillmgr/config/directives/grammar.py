"""The directive file's grammar: each directive's values, and which lines contradict or repeat each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from cpbillmgr.config.directives.lines import PeriodLine, PriceLine
from cpbillmgr.config.directives.tokens import Line
from cpbillmgr.errors import Problem
from cpbillmgr.model.catalogue import DAY, LIFETIME, TRIAL
from cpbillmgr.model.generations import Generation

REUSE_LICENSE, NO_FIX_SUSPENDED = "ReUseLicense", "NoFixSuspended"
USE_EXISTING = "UseExistingOnUpgrade"
DIRECTIVES = ("Price", "Period", "Option", "ReusePrice")
OPTIONS = (REUSE_LICENSE, USE_EXISTING, NO_FIX_SUSPENDED)

_NUMBER = re.compile(r"-?[0-9]{1,9}")  # nine digits hold every id, and no input can make a huge number
_Key = TypeVar("_Key")
_Entry = TypeVar("_Entry", PriceLine, PeriodLine)


class _BadLine(Exception):
    """What is wrong with the line at hand, and what to write."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Draft:
    """What has been read of a file so far: its lines by key, its problems, its warnings."""

    def __init__(self, file: str, generation: Generation) -> None:
        self.prices: dict[str, PriceLine] = {}
        self.periods: dict[tuple[int | None, int | None], PeriodLine] = {}
        self.options: dict[str, int] = {}
        self.reuse_prices: dict[int, int] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._file = file
        self._generation = generation
        self._readers: dict[str, Callable[[int, list[str]], None]] = {
            "price": self._price,
            "period": self._period,
            "option": self._option,
            "reuseprice": self._reuse_price,
        }

    @property
    def is_empty(self) -> bool:
        """Whether no line said anything."""
        return not (self.prices or self.periods or self.options or self.reuse_prices)

    def read(self, line: Line) -> None:
        """Add one line (semantics.md 1.2, 1.3).

        ====================================================  ==================
        line                                                  is
        ====================================================  ==================
        a directive with the values it needs                  kept
        the same key with the same value once more            a warning
        the same key with another value                       a problem
        a directive with too few, too many or wrong values    a problem
        an unknown directive or option                        a warning, ignored
        ====================================================  ==================
        """
        keyword, *values = line.words
        read = self._readers.get(keyword.casefold())
        if read is None:
            self._warn(
                line.number, f"unknown directive '{keyword}' is ignored", _resembling(keyword, DIRECTIVES)
            )
            return
        try:
            read(line.number, values)
        except _BadLine as wrong:
            self.problems.append(Problem(self._file, line.number, wrong.message, wrong.hint))

    def idle(self) -> Iterator[Problem]:
        """Yield a warning for each ``ReusePrice`` line that does nothing.

        In generation 4 the pool is off until ``Option ReUseLicense`` turns it on; in 5 and 6 it is always on
        and the lines narrow it (semantics.md 3.1).
        """
        if self._generation.reuses_unasked or REUSE_LICENSE in self.options:
            return
        for id_, line in self.reuse_prices.items():
            message = f"'ReusePrice {id_}' does nothing without 'Option {REUSE_LICENSE}'"
            yield Problem(self._file, line, message, f"Add the line 'Option {REUSE_LICENSE}'")

    def _price(self, line: int, values: list[str]) -> None:
        if len(values) < 2:
            raise _BadLine(_arity("Price", "a name and a tariff", values), "Write 'Price NAME TARIFF'")
        *names, last = values
        tariff = _positive(last, "remote tariff")
        for name in names:
            self._keep(self.prices, name, PriceLine(name, tariff, line))

    def _period(self, line: int, values: list[str]) -> None:
        if len(values) not in (2, 3):
            hint = "Write 'Period LOCAL REMOTE TARIFF' or 'Period LOCAL REMOTE'"
            raise _BadLine(_arity("Period", "two or three values", values), hint)
        every = values[0].casefold() == "all"
        if every and len(values) == 2:
            message = "'Period ALL' without a tariff would map every period of every tariff"
            raise _BadLine(message, f"Write 'Period ALL {values[1]} TARIFF' for each remote tariff")
        local = None if every else _positive(values[0], "local period")
        remote = _remote_period(values[1], self._generation)
        tariff = _positive(values[2], "remote tariff") if len(values) == 3 else None
        self._keep(self.periods, (local, tariff), PeriodLine(local, remote, tariff, line))

    def _option(self, line: int, values: list[str]) -> None:
        if len(values) != 1:
            raise _BadLine(_arity("Option", "one name", values), "Write 'Option NAME', one option a line")
        option = next((known for known in OPTIONS if known.casefold() == values[0].casefold()), None)
        if option is None:
            self._warn(line, f"unknown option '{values[0]}' is ignored", _resembling(values[0], OPTIONS))
        elif option in self.options:
            self._repeated(line, self.options[option])
        else:
            self.options[option] = line

    def _reuse_price(self, line: int, values: list[str]) -> None:
        if len(values) != 1:
            raise _BadLine(_arity("ReusePrice", "one id", values), "Write 'ReusePrice ID', one id a line")
        id_ = _positive(values[0], "local tariff or add-on")
        if id_ in self.reuse_prices:
            self._repeated(line, self.reuse_prices[id_])
        else:
            self.reuse_prices[id_] = line

    def _keep(self, table: dict[_Key, _Entry], key: _Key, entry: _Entry) -> None:
        known = table.setdefault(key, entry)
        if known is entry:
            return
        if str(known) != str(entry):
            raise _BadLine(
                f"'{entry}' contradicts '{known}' in line {known.line}", "Keep one of the two lines"
            )
        self._repeated(entry.line, known.line)

    def _repeated(self, line: int, first: int) -> None:
        self._warn(line, f"says the same as line {first}", "Delete one of the two lines")

    def _warn(self, line: int, message: str, hint: str) -> None:
        self.warnings.append(Problem(self._file, line, message, hint))


def _positive(text: str, what: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _BadLine(f"{what} '{text}' is not a number", f"Write the id of the {what}")
    if int(text) < 1:
        raise _BadLine(f"{what} {text} is not an id", "Ids are greater than 0")
    return int(text)


def _remote_period(text: str, generation: Generation) -> int:
    """Return a remote period (semantics.md 1.3).

    ==========  ========================================================
    generation  accepted
    ==========  ========================================================
    4           an id greater than 0
    5, 6        months greater than 0; 0 lifetime; -50 a day; -100 trial
    ==========  ========================================================
    """
    if generation.periods_are_ids or not _NUMBER.fullmatch(text):
        return _positive(text, "remote period")
    period = int(text)
    if period < 0 and period not in (DAY, TRIAL):
        hint = f"Write months, {LIFETIME} for lifetime, {DAY} for a day or {TRIAL} for a trial"
        raise _BadLine(f"remote period {text} is not known", hint)
    return period


def _arity(directive: str, needs: str, values: list[str]) -> str:
    return f"{directive} needs {needs}, and has {len(values) or 'none'}"


def _resembling(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    folded = {spelling.casefold(): spelling for spelling in known}
    close = get_close_matches(word.casefold(), folded, n=1)
    return f"Did you mean '{folded[close[0]]}'?" if close else f"Known are {', '.join(known)}"
