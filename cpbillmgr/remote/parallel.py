"""Reading several things at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


def parallel(read: Callable[[Key], Value], keys: Iterable[Key], at_once: int) -> Iterator[Value]:
    """Yield what is read for each key, in order, so many at once; an error cancels what is left."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="cpbillmgr") as threads:
        yield from threads.map(read, keys)
