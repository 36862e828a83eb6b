"""Text of the remote made fit to stand in a message of ours."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300  # characters

_ESCAPE_SEQUENCE = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")  # ECMA-48, 5.4
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, bidi and other format marks, no characters


def clean(text: str) -> str:
    """Return the text in one line of at most 300 characters, without anything that acts on a terminal.

    Terminal escapes, control characters and bidirectional marks go, any white space becomes one space.

    >>> clean("Access\\x1b[31m denied\\r\\n")
    'Access denied'
    """
    visible = "".join(map(_seen, _ESCAPE_SEQUENCE.sub("", text)))
    line = " ".join(visible.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character
