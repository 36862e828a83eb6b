"""What can stop a run, and the exit code it leaves.

::

    CpbillmgrError
    ├── UsageWrong             2    an option or argument names something that is not there
    ├── LimitReached           5    a limit stopped the run before it wrote anything
    │   └── PlanOutdated       5    the world is no longer the one that the plan was made for
    ├── Held                   3    wanted, but waiting for a person to put something right
    ├── StateUnusable         74    the state database cannot be opened, read or written
    ├── LockHeld              75    another run works on this state
    ├── Interrupted          130    a person has stopped a run that was sending changes
    ├── ConfigInvalid         78    settings, directives, inventory or plan file: every problem at once
    └── RemoteError
        ├── NotDone                 it certainly did not happen, and may be planned again
        │   ├── Unreachable   75    no connection, no answer to a question, or the remote is busy
        │   ├── LoginRefused  77    wrong user or password, or a second factor is asked for
        │   └── Refused       69    understood and refused
        │       ├── NotEnoughMoney
        │       ├── AccessDenied
        │       ├── AlreadyExists
        │       ├── NotFound
        │       ├── ValueRefused
        │       ├── LimitRefused
        │       └── RuleRefused
        ├── AnswerNotUnderstood 76  the answer to a question makes no sense
        │   └── ListIncomplete 76   a list that is short, partial or moved while it was read
        └── MaybeDone          7    a change was sent and its end is unknown: look before doing it again
            └── AcceptedWithoutId   an order was accepted, and only a look tells which license it became
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class CpbillmgrError(Exception):
    """The root: one line for a person (what, where, hint), one exit code for a script.

    ``kind`` is the stable word that ``--json`` prints. ``where`` and ``hint`` may be empty.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "fault"
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint or self.default_hint

    def __str__(self) -> str:
        text = f"{self.message} ({self.where})" if self.where else self.message
        stop = "" if text.endswith("?") else "."
        return f"{text}{stop} {self.hint}" if self.hint else text


def most_pressing(errors: Sequence[CpbillmgrError]) -> CpbillmgrError:
    """Return the error that a run over several remotes ends with.

    It is the first that a person has to mend, where one is: an unreachable remote (75), and a call whose end
    is unknown (7), may be well in the next run.
    """
    return next((error for error in errors if error.exit_code not in (7, 75)), errors[0])


class UsageWrong(CpbillmgrError):
    """An option or an argument names something that is not there."""

    exit_code = 2
    kind = "usage"


class LimitReached(CpbillmgrError):
    """A limit stopped the run before it wrote anything; the hint names the option that lifts it."""

    exit_code = 5
    kind = "limit"


class PlanOutdated(LimitReached):
    """The world is no longer the one that a saved plan was made for."""

    kind = "plan-outdated"
    default_hint = "Make a new plan with 'cpbillmgr fixchilds --out PLAN'"


class Held(CpbillmgrError):
    """Wanted, but waiting for a person to put something right, or for a doubt to be settled."""

    exit_code = 3
    kind = "held"


class StateUnusable(CpbillmgrError):
    """The state database cannot be opened, read or written."""

    exit_code = 74
    kind = "state"


class LockHeld(CpbillmgrError):
    """Another run works on this state file."""

    exit_code = 75
    kind = "locked"
    default_hint = "Try again when it has ended, or wait for it with --lock-timeout SECONDS"


class Interrupted(CpbillmgrError):
    """A person has stopped a run that was sending changes: what was sent is reported, the rest left out."""

    exit_code = 130
    kind = "interrupted"
    default_hint = "Run the same command again for the rest"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file that somebody wrote: where, what, and what to do."""

    file: str
    line: int | None
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        """The file, and the line in it where one is to blame."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        text = f"{self.message} ({self.place})"
        return f"{text}. {self.hint}" if self.hint else text


class ConfigInvalid(CpbillmgrError):
    """Settings, directives, inventory or plan file are wrong; ``problems`` holds every one of them."""

    exit_code = 78
    kind = "config"

    def __init__(self, problems: list[Problem]) -> None:
        if not problems:
            raise ValueError("ConfigInvalid needs a problem to tell")
        first = problems[0]
        super().__init__(first.message, where=first.place, hint=first.hint)
        self.problems = problems


class RemoteError(CpbillmgrError):
    """Something went wrong between us and the remote billing."""

    kind = "remote"


class NotDone(RemoteError):
    """It certainly did not happen, so it may be planned again."""


class Unreachable(NotDone):
    """No connection, no answer to a question within the time limit, or the remote says it is busy."""

    exit_code = 75
    kind = "unreachable"
    default_hint = "Try again later; nothing was changed"


class LoginRefused(NotDone):
    """The remote does not accept our user and password (wire-api.md 1.6)."""

    exit_code = 77
    kind = "login"
    default_hint = (
        "Check user and password file of this remote; two-factor login must be off and our address allowed"
    )


class Refused(NotDone):
    """The remote understood and refused; ``subject`` is the error document's object (wire-api.md 2.2)."""

    exit_code = 69
    kind = "refused"

    def __init__(self, message: str, *, where: str = "", hint: str = "", subject: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.subject = subject


class NotEnoughMoney(Refused):
    """The account's balance does not cover the purchase (type ``not_enough_money``)."""

    kind = "money"
    default_hint = "Top up the account at the remote, then try again"


class AccessDenied(Refused):
    """Our account may not do this (type ``access``)."""

    kind = "access"


class AlreadyExists(Refused):
    """There is one already (type ``exists``), for instance a license of this product for this IP."""

    kind = "exists"


class NotFound(Refused):
    """There is none (type ``missed``): a parameter or an object."""

    kind = "missed"


class ValueRefused(Refused):
    """A value is not accepted (type ``value``); ``subject`` names the parameter."""

    kind = "value"


class LimitRefused(Refused):
    """Too many or too soon (type ``limit``), for instance a second change of IP within a month."""

    kind = "remote-limit"


class RuleRefused(Refused):
    """Some rule stands against it, told in words for people alone (code 8 of generation 4)."""

    kind = "rule"


class AnswerNotUnderstood(RemoteError):
    """The answer to a question is not a document that we know how to read."""

    exit_code = 76
    kind = "protocol"
    default_hint = "Check the remote's URL and generation; nothing was changed"


class ListIncomplete(AnswerNotUnderstood):
    """A list is short, partial, or moved while it was read: nothing is decided on it."""

    kind = "incomplete-list"
    default_hint = "Run the same command again; nothing was changed"


class MaybeDone(RemoteError):
    """A change was sent and its end is unknown: it is settled by looking, never by sending it again."""

    exit_code = 7
    kind = "in-doubt"
    default_hint = "Run the same command again: it looks before it sends anything"


class AcceptedWithoutId(MaybeDone):
    """An order was accepted, and only a look at the list tells which license it became (wire-api.md 2.3)."""
