"""Notices: what a person should know, told once, and again only when it has become worse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Hook(StrEnum):
    """The operator's commands that are run for what happened; the name is the setting's."""

    CHANGED = "changed"
    FAILED = "failed"
    LOW_BALANCE = "low_balance"


class Level(IntEnum):
    """How urgent a notice is; one that rises is told again."""

    NOTE = 1  # nothing is lost yet, and nothing has to be done today
    WARNING = 2
    ALARM = 3  # a service is, or soon will be, without its license
    LAST = 4  # what is paid or in use is lost in a few days


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is so at this moment; ``topic`` tells it from all others of its remote.

    ``department`` is who looks after that remote, as the settings say.
    """

    topic: str
    level: Level
    text: str
    hook: Hook | None = None
    remote: str = ""
    department: str | None = None
