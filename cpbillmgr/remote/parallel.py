"""Reading several things at the same time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def parallel(read: Callable[[Key], Value], keys: Collection[Key], at_once: int) -> Iterator[Value]:
    """Yield what is read for each key, in order, so many at once; an error cancels what is left."""
    if not keys:  # the usual case of a short list, for which no thread is needed
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once, thread_name_prefix="cpbillmgr") as threads:
        yield from threads.map(read, keys)
