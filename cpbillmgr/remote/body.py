"""Bodies of answers, unpacked piece by piece, so that a small one cannot become a huge one unseen."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from cpbillmgr.remote.xml import PIECE, Unreadable

_GZIP = 16 + zlib.MAX_WBITS  # zlib's way to ask for the gzip format


def unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield a body's bytes, at most 256 KiB at once, given its Content-Encoding.

    Only gzip is asked for. httpx would unpack ``gzip, gzip`` as well: a million times the size in one step.
    Raises :class:`Unreadable` for any other coding and for a body that is damaged or cut short.
    """
    match coding.strip().lower():
        case "" | "identity":
            return iter(pieces)
        case "gzip" | "x-gzip":
            return _inflated(pieces)
        case _:
            raise Unreadable("it is packed in a way that was not asked for")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            yield from _all_of(inflater, piece)
            if inflater.unused_data:
                raise Unreadable("there is more behind its end")
    except zlib.error as error:
        raise Unreadable("it is not in the gzip format") from error
    if not inflater.eof:
        raise Unreadable("it is cut short")


def _all_of(inflater: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """Yield what a piece unpacks to; a full result means that there may be more of it."""
    full = True
    while full:
        result = inflater.decompress(piece, PIECE)
        yield result
        piece = inflater.unconsumed_tail
        full = len(result) == PIECE
