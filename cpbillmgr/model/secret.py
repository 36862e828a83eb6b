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


def hidden(text: str) -> str:
    """Return text with stars for every secret that this process has held.

    The longest is hidden first: one that holds another would else leave its remainder to be read.
    """
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, STARS)
    return text
