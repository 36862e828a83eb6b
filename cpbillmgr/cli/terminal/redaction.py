"""Redaction: the last filter of every stream, by value, in case a secret has come through everything else."""

from __future__ import annotations

from typing import Any, TextIO

from cpbillmgr.model.secret import hidden


class Redacting:
    """A text stream that writes stars for every secret that this process has read."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text without secrets; returns how many characters it had."""
        self._stream.write(hidden(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
