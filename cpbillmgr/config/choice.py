"""A decision that the operator can ask about: what was chosen, because of what, and what lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Choice:
    """A remote tariff or a remote period. ``line`` is the directive's that chose it, ``None`` for a default
    and for an alignment ``in_settings``.

    ``lost`` are sentences: what other lines and rules would have said, and why they did not decide.
    """

    value: int
    because: str
    line: int | None = None
    in_settings: bool = False
    lost: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Unresolved(Exception):
    """A wish that directives, defaults and price list do not answer: one sentence, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def first_of(choices: Iterable[Choice]) -> Choice | None:
    """Return the first choice, knowing what the others would have been; ``None`` when there is none."""
    found = list(choices)
    if not found:
        return None
    first, *others = found
    lost = (f"{other.because}: would be {other.value}, but comes later" for other in others)
    return replace(first, lost=(*first.lost, *lost))
