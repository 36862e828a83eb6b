"""Setting a world's clock, which stands still from then on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.nouns import World
from cpbillmgr.sandbox.world.parsing import WorldInvalid, time


def set_clock(file: WorldFile, *, at: str | None = None, days: int = 0) -> datetime:
    """Set the clock to so many days from a time, or from what it shows now, and return the new time.

    Raises ValueError in one clear line for what is no time, or is beyond the calendar.
    """

    def move(world: World) -> datetime:
        try:
            start = time(at) if at is not None else world.clock or datetime.now(UTC)
            world.clock = start + timedelta(days=days)
        except WorldInvalid as wrong:
            raise ValueError(f"{at!r} {str(wrong).lstrip(': ')}") from None
        except OverflowError:
            raise ValueError("the clock cannot leave the years 1 to 9999") from None
        return world.clock

    return file.change(move)
