"""The shelf: what can be bought, as far as is known, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cpbillmgr.model.catalogue import TRIAL, Tariff, length_text
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_PERIODS, KNOWN_TARIFFS, family

_MOST_TOLD = 3  # tariffs that a hint names


@dataclass(frozen=True, slots=True)
class Shelf:
    """Names and periods of tariffs by their ids, for a remote of this generation.

    ``periods`` has the length of each period (months, 0 lifetime, -50 a day, -100 a trial), ``None`` where
    nobody tells it. A shelf that ``is_whole`` is the remote's own price list; else it is what is publicly
    known, and says nothing about what it lacks.
    """

    generation: Generation
    names: Mapping[int, str]
    periods: Mapping[int, Mapping[int, int | None]]
    is_whole: bool

    def sellers(self, period: int) -> list[int]:
        """Return the tariffs that are sold for a remote period."""
        return [tariff for tariff, periods in self.periods.items() if period in periods]

    def is_trial(self, tariff: int, period: int) -> bool:
        """Return whether this period is a trial of a tariff that may be bought for longer, too."""
        lengths = self.periods[tariff]
        longer = not self.is_whole or any(length != TRIAL for length in lengths.values())
        return longer and lengths[period] == TRIAL

    def title(self, tariff: int) -> str:
        """Return a tariff with its name, as far as it has one."""
        name = self.names.get(tariff) or KNOWN_TARIFFS.get(tariff)
        return f"tariff {tariff} ({name})" if name else f"tariff {tariff}"

    def period(self, tariff: int, period: int) -> str:
        """Return a period of a tariff in words, with its id where it has one."""
        length = self.periods[tariff][period]
        if not self.generation.periods_are_ids:
            return length_text(period)
        return f"period {period}" if length is None else f"period {period} ({length_text(length)})"

    def sold(self, tariff: int) -> str:
        """Return a sentence about what a tariff is sold for, empty where nothing is known of it."""
        periods = self.periods.get(tariff, {})
        paid = [self.period(tariff, period) for period in sorted(periods) if periods[period] != TRIAL]
        return f"Tariff {tariff} is sold for {', '.join(paid)}" if paid else ""

    def some_of(self, product: str) -> str:
        """Return a sentence about tariffs of a product family, and where to see all."""
        some = [tariff for tariff, name in self.names.items() if product and family(name) == product]
        told = ", ".join(f"{tariff} is {self.names[tariff]}" for tariff in some[:_MOST_TOLD])
        return f"{told + '; ' if told else ''}'cpbillmgr remote presets' shows all that are sold"


def shelf_of(tariffs: Mapping[int, Tariff], generation: Generation) -> Shelf:
    """Return the shelf of a remote that sells these tariffs, or what is known when that is none."""
    if not tariffs:
        known = KNOWN_PERIODS if generation.periods_are_ids else {}
        return Shelf(generation, KNOWN_TARIFFS, known, is_whole=False)
    names = {tariff.id: tariff.name for tariff in tariffs.values()}
    periods = {
        tariff.id: {period: tariff.length(period) for period in tariff.prices} for tariff in tariffs.values()
    }
    return Shelf(generation, names, periods, is_whole=True)
