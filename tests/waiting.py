"""Wait for what another thread, process or the kernel is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable

_LOOK_EVERY_S = 0.01


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as the condition holds; fail when it does not in these seconds."""
    gives_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < gives_up, f"not so within {seconds} seconds"
        time.sleep(_LOOK_EVERY_S)
