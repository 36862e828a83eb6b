"""Period alignment: what is bought in place of the period that a service is sold for (semantics.md 9).

A license bought for a year and sold by the month is sold in parts: what a customer leaves of it goes into the
pool, and serves the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cpbillmgr.config.readers import Wrong


@dataclass(frozen=True, slots=True)
class Alignment:
    """One ``[[alignment]]`` of the settings: services of a local period get licenses for another one.

    The source is a local ``period`` id, or the ``months`` of a local period. ``into`` is the remote period:
    an id in generation 4, else months or 0 for lifetime. ``remote`` is the name of the only remote that it
    is for. With ``type`` and ``tariff`` it is only for services of that type that are sold at that local
    tariff.
    """

    into: int
    period: int | None = None
    months: int | None = None
    remote: str | None = None
    type: str | None = None
    tariff: int | None = None

    def __post_init__(self) -> None:
        if (self.period is None) == (self.months is None):
            raise Wrong(" needs a source: either 'period', a local period's id, or 'months', its length")
        if (self.type is None) != (self.tariff is None):
            raise Wrong(" needs both 'type' and 'tariff' to compare with a tariff, or neither")

    def __str__(self) -> str:
        keys = ("period", "months", "type", "tariff", "into")
        given = ((key, getattr(self, key)) for key in keys)
        return "[[alignment]] " + ", ".join(f"{key} = {value}" for key, value in given if value is not None)

    def is_of(self, period: int | None, months: int | None) -> bool:
        """Return whether a local period, known by its id or by its length, is the source."""
        return self.period == period if self.period is not None else self.months == months

    def clashes_with(self, other: Alignment) -> bool:
        """Return whether the two answer the same question of the same remote."""
        same = (self.period, self.months, self.type, self.tariff)
        return same == (other.period, other.months, other.type, other.tariff) and (
            self.remote == other.remote or None in (self.remote, other.remote)
        )


def for_services(
    alignments: Iterable[Alignment], type_: str | None, tariff: int | None
) -> tuple[Alignment, ...]:
    """Return the alignments that may be used for services of a type and a local tariff, the best first.

    ====  ==========================================  ==================
    step  the alignment                               is used
    ====  ==========================================  ==================
    1     names this type and this tariff             before the others
    2     names neither                               after those
    3     names others                                not
    ====  ==========================================  ==================

    Of the same step, those whose source is an id go before those whose source is a length.
    """
    fitting = [
        each for each in alignments if each.tariff is None or (each.type, each.tariff) == (type_, tariff)
    ]
    return tuple(sorted(fitting, key=lambda each: (each.tariff is None, each.period is None)))
