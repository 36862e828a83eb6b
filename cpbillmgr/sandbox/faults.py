"""Mischief on demand: what goes wrong, at which function, how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

BEFORE = frozenset({"cut-before", "hang-before", "500-before", "503", "429", "redirect", "html"})
AFTER = frozenset({"cut-after", "hang-after", "500-after", "half-header", "half", "empty"})
NONE, ANY = "none", "any"
_LOSSES = sorted(BEFORE | AFTER)
_COUNT = re.compile(
    r"(?:(?P<first>[1-9][0-9]{0,8})|\*|1/(?P<every>[1-9][0-9]{0,8})|(?P<percent>[1-9][0-9]?|100)%)"
    r"(?:@(?P<seed>[0-9]{1,18}))?"
)


@dataclass(slots=True)
class Fault:
    """One fault, ``KIND[:FUNC[!][:COUNT]]``.

    ===========  ================  ===============================================
    kind         call carried out  what the client gets
    ===========  ================  ===============================================
    cut-before   no                the connection closed without an answer
    cut-after    yes               the connection closed without an answer
    hang-before  no                nothing until it gives up, for an hour at most
    hang-after   yes               nothing until it gives up, for an hour at most
    500-before   no                500 Internal Server Error
    500-after    yes               500 Internal Server Error
    503          no                503 Service Unavailable
    429          no                429 Too Many Requests
    redirect     no                307 to another port of loopback
    half-header  yes               200 and half a head, then the connection closed
    half         yes               half a body, then the connection closed
    html         no                200 with a login page
    empty        yes               200 with an empty body
    any          as that kind      what one of the kinds above gives, drawn anew each time
    none         yes               the answer
    ===========  ================  ===============================================

    FUNC is a function, or ``*`` for any. With ``!`` the fault meets only calls that change something.

    =======  ===============================================
    count    strikes, of the calls that it meets
    =======  ===============================================
    none     the first
    ``N``    the first N
    ``*``    all
    ``1/N``  every Nth
    ``P%``   each with this probability
    =======  ===============================================

    A count may end in ``@SEED``, a number, 0 if left out. What is drawn follows from it and from the calls
    met so far: the same calls in the same order suffer the same mischief again.

    The kind ``none`` lets calls pass, so that the next fault waits for a later one: ``none:soft.edit!``
    before ``half:soft.edit!`` strikes the second edit.
    """

    kind: str
    func: str
    left: int | None  # how often it still strikes; None is for ever
    every: int
    percent: int
    random: Random
    met: int = 0  # calls so far

    def strike(self, func: str, *, changes: bool) -> str:
        """Return the kind that strikes this call, or nothing; ``changes`` is whether it changes something."""
        if self.left == 0 or self.func not in ({"*", func, "*!", f"{func}!"} if changes else {"*", func}):
            return ""
        self.met += 1
        if self.met % self.every or self._below(100) >= self.percent:
            return ""
        if self.left is not None:
            self.left -= 1
        return _LOSSES[self._below(len(_LOSSES))] if self.kind == ANY else self.kind

    def _below(self, limit: int) -> int:
        # Of a generator's methods, random() alone is promised to draw the same in every version of Python.
        return int(self.random.random() * limit)


def parse_fault(spec: str) -> Fault:
    """Read ``KIND[:FUNC[!][:COUNT]]`` (see the tables of Fault). Raises ValueError."""
    kind, _, rest = spec.partition(":")
    func, _, count = rest.partition(":")
    kinds = BEFORE | AFTER | {ANY, NONE}
    if kind not in kinds:
        raise ValueError(f"fault {spec!r}: {kind!r} is not one of {', '.join(sorted(kinds))}")
    found = _COUNT.fullmatch(count or "1")
    if found is None:
        raise ValueError(f"fault {spec!r}: {count!r} is none of N, *, 1/N and P%, with or without @SEED")
    first, every, percent, seed = found.group("first", "every", "percent", "seed")
    return Fault(
        kind,
        func or "*",
        int(first) if first else None,
        int(every or 1),
        int(percent or 100),
        Random(int(seed or 0)),  # noqa: S311 - nothing here is secret
    )


class Faults:
    """The faults that are still to strike, in the order in which they were asked for."""

    def __init__(self, specs: Sequence[str]) -> None:
        self._faults = [parse_fault(spec) for spec in specs]
        self._lock = threading.Lock()

    def add(self, spec: str) -> None:
        """Add one. Raises ValueError when it is not understood."""
        fault = parse_fault(spec)
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Do no mischief any more."""
        with self._lock:
            self._faults.clear()

    def strike(self, func: str, *, changes: bool) -> str:
        """Return the kind of the first fault that strikes this call, or nothing; the rest do not meet it."""
        with self._lock:
            kinds = (fault.strike(func, changes=changes) for fault in self._faults)
            return next(filter(None, kinds), "")
