"""Mischief on demand: what goes wrong, at which function, how often."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

BEFORE = frozenset({"cut-before", "hang-before", "500-before", "503", "429", "redirect", "html"})
AFTER = frozenset({"cut-after", "hang-after", "500-after", "half-header", "half", "empty"})
NONE = "none"


@dataclass(slots=True)
class Fault:
    """One fault; ``func`` is empty for any function, ``left`` is ``None`` when it strikes for ever.

    ``func`` may end in ``!``: then it strikes only calls that change something. The kind ``none`` lets calls
    pass, so that the next fault waits for a later one: ``none:soft.edit!`` before ``half:soft.edit!`` strikes
    the second edit.

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
    none         yes               the answer
    ===========  ================  ===============================================
    """

    kind: str
    func: str = ""
    left: int | None = 1

    def meets(self, func: str, *, changes: bool) -> bool:
        """Whether it strikes a call of this function, which changes something or only asks."""
        return self.left != 0 and self.func in ({"", func, f"{func}!"} if changes else {"", func})


def parse_fault(spec: str) -> Fault:
    """Read ``KIND[:FUNC[!][:COUNT]]``; ``*`` is any function, or for ever. Raises ValueError."""
    kind, _, rest = spec.partition(":")
    func, _, count = rest.partition(":")
    kinds = BEFORE | AFTER | {NONE}
    if kind not in kinds:
        raise ValueError(f"fault {spec!r}: {kind!r} is not one of {', '.join(sorted(kinds))}")
    if count not in {"", "*"} and not (count.isascii() and count.isdecimal() and int(count) > 0):
        raise ValueError(f"fault {spec!r}: {count!r} is neither a count above zero nor *")
    return Fault(kind, "" if func == "*" else func, None if count == "*" else int(count or 1))


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

    def strike(self, func: str, *, changes: bool) -> str:
        """Return the kind of the fault that strikes this call, which uses it up, or nothing."""
        with self._lock:
            fault = next((fault for fault in self._faults if fault.meets(func, changes=changes)), None)
            if fault is None:
                return ""
            if fault.left is not None:
                fault.left -= 1
            return fault.kind
