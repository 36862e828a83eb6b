"""Command lines of ours, as hints and reports name them."""

from __future__ import annotations

import re
import shlex


def command(*words: str) -> str:
    """Return a command line of ours that a shell reads back as these words.

    >>> print(command("license", "link", "9", "12", "control panel", "--force"))
    cpbillmgr license link 9 12 "control panel" --force
    """
    return " ".join(("cpbillmgr", *map(_quoted, words)))


def _quoted(word: str) -> str:
    """Return a word as a shell needs it: in double quotes if they do, for a hint stands in single ones."""
    plain = shlex.quote(word)
    return plain if plain == word or re.search(r'["$`\\!]', word) else f'"{word}"'
