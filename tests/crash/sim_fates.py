"""What may become of a call that writes, and how often which mischief happens in one simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from cpbillmgr.errors import (
    AcceptedWithoutId,
    AccessDenied,
    AnswerNotUnderstood,
    LimitRefused,
    ListIncomplete,
    LoginRefused,
    MaybeDone,
    NotEnoughMoney,
    RemoteError,
    Unreachable,
    ValueRefused,
)
from tests.crash.sim_scheduler import Jump, Kill, Stop, Strike, Switch

MINUTE, HOUR = 60.0, 3600.0


class Done(StrEnum):
    """When the remote carries a call out."""

    NOW = "now"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one call that writes: what the remote does, and what the client is told of it."""

    name: str
    done: Done
    answer: type[RemoteError] | None = None
    seconds: float = 0.3
    paid: bool = True


OK = Fate("ok", Done.NOW)
DEFINITE = (
    Fate("no connection", Done.NEVER, Unreachable),
    Fate("no money", Done.NEVER, NotEnoughMoney),
    Fate("no access", Done.NEVER, AccessDenied),
    Fate("value refused", Done.NEVER, ValueRefused),
    Fate("limit", Done.NEVER, LimitRefused),
    Fate("login refused", Done.NEVER, LoginRefused),
)
DOUBTFUL = (
    Fate("lost before", Done.NEVER, MaybeDone),
    Fate("lost after", Done.NOW, MaybeDone),
    Fate("lost, late", Done.LATE, MaybeDone),
    Fate("500 before", Done.NEVER, MaybeDone, 0.1),
    Fate("500 after", Done.NOW, MaybeDone, 0.1),
    Fate("500, late", Done.LATE, MaybeDone, 0.1),
    Fate("half an answer", Done.NOW, MaybeDone, 2.0),
    Fate("time-out before", Done.NEVER, MaybeDone, MINUTE),
    Fate("time-out after", Done.NOW, MaybeDone, MINUTE),
    Fate("time-out, late", Done.LATE, MaybeDone, MINUTE),
)
WITHOUT_ID = (
    Fate("accepted without id", Done.NOW, AcceptedWithoutId),
    Fate("accepted without id, late", Done.LATE, AcceptedWithoutId),
)
UNPAID = (
    Fate("in the cart", Done.NOW, paid=False),
    Fate("in the cart, lost after", Done.NOW, MaybeDone, paid=False),
)
CHANGE_FATES = (*DEFINITE, *DOUBTFUL)
ORDER_FATES = (*CHANGE_FATES, *WITHOUT_ID)
READ_ERRORS = (Unreachable, ListIncomplete, AnswerNotUnderstood)


@dataclass(frozen=True, slots=True)
class Weather:
    """How much mischief there is. Rates are per pause or per call; times are in seconds.

    ``late`` is the longest until a late effect, ``lag`` until the list shows a new license. ``jumps`` are the
    ways that the clock may be set, each once. ``places`` are where a process may be stopped (all if empty).
    """

    kill: float = 0.0
    stop: float = 0.0
    switch: float = 0.0
    jumps: tuple[float, ...] = ()
    ok: float = 1.0
    unread: float = 0.0
    late: float = 120.0
    lag: float = 0.0
    places: tuple[str, ...] = ()
    order_fates: Sequence[Fate] = ORDER_FATES
    change_fates: Sequence[Fate] = CHANGE_FATES


def any_weather(random: Random) -> Weather:
    """Draw a mixture in which some mischief is missing, for what is rare shows better alone.

    The clock is set forward once at most, and then late effects are shorter than the five minutes between two
    lists; otherwise they may take almost as long as the settle window.
    """
    jumps = random.choice(((), (), (HOUR,), (-HOUR,), (2 * HOUR, -HOUR), (-HOUR, HOUR)))
    return Weather(
        kill=random.choice((0.0, 0.005, 0.02, 0.05)),
        stop=random.choice((0.0, 0.005, 0.03)),
        switch=random.choice((0.0, 0.1, 0.4)),
        jumps=jumps,
        ok=random.choice((0.1, 0.4, 0.8)),
        unread=random.choice((0.0, 0.0, 0.03, 0.1)),
        late=random.choice((30.0, 120.0) if jumps else (30.0, 120.0, 14 * MINUTE)),
        lag=random.choice((0.0, 10.0, 30.0)),
    )


def hour_late(random: Random) -> Weather:
    """Draw a mixture in which a call may be carried out an hour after it was sent."""
    return replace(any_weather(random), jumps=(), late=HOUR)


def unpaid(random: Random) -> Weather:
    """Draw a mixture in which new licenses may wait in the cart of the account, created but not paid."""
    return replace(any_weather(random), order_fates=UNPAID)


class RandomMischief:
    """Strikes and fates by chance."""

    def __init__(self, random: Random, weather: Weather) -> None:
        self._random = random
        self._weather = weather
        self._jumps = list(weather.jumps)

    def strike(self, where: str, /) -> Strike | None:
        """Return what happens at this pause."""
        weather, drawn = self._weather, self._random.random()
        if drawn < weather.switch:
            return Switch()
        if drawn < weather.switch + weather.kill:
            return Kill()
        if drawn < weather.switch + weather.kill + weather.stop:
            return self._stop(where)
        if self._jumps and drawn > 0.99:
            return Jump(self._jumps.pop(0))
        return None

    def choose(self, count: int, /) -> int:
        """Return which of so many goes first."""
        return self._random.randrange(count)

    def fate(self, fates: Sequence[Fate]) -> Fate:
        """Return what becomes of a call that writes."""
        return OK if self._random.random() < self._weather.ok else self._random.choice(fates)

    def order_fate(self) -> Fate:
        """Return what becomes of an order."""
        return self.fate(self._weather.order_fates)

    def change_fate(self) -> Fate:
        """Return what becomes of another change."""
        return self.fate(self._weather.change_fates)

    def read_error(self) -> type[RemoteError] | None:
        """Return why a question is not answered."""
        return self._random.choice(READ_ERRORS) if self._random.random() < self._weather.unread else None

    def late(self) -> float:
        """Return after how many seconds a late effect shows."""
        return self._random.uniform(0, self._weather.late)

    def lag(self) -> float:
        """Return after how many seconds the list shows a new license."""
        return self._random.uniform(0, self._weather.lag)

    def _stop(self, where: str) -> Strike | None:
        if self._weather.places and where not in self._weather.places:
            return None
        seconds = self._random.choice((2.0, 12.0, 5 * MINUTE, 20 * MINUTE, HOUR)) * self._random.random()
        return Stop(seconds, then_kill=self._random.random() < 0.3)
