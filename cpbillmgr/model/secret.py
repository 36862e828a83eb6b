"""A secret: a value that must not be shown, and what has to be hidden wherever it turns up all the same."""

from __future__ import annotations

from dataclasses import dataclass, field

STARS = "***"
_SHORTEST = 6  # characters: to hide a shorter value wherever it occurs would hide half of every message
_known: set[str] = set()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be shown: ``str``, ``repr`` and so any message or traceback give stars."""

    _value: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self._value) >= _SHORTEST:
            _known.add(self._value)

    def reveal(self) -> str:
        """Return the value itself, for the one place that sends it."""
        return self._value

    def __str__(self) -> str:
        return STARS

    def __repr__(self) -> str:
        return f"Secret({STARS})"


def known_secrets() -> frozenset[str]:
    """Return the values of all secrets that this process has held, for the last filter of a stream."""
    return frozenset(_known)
