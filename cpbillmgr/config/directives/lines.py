"""The lines of a directive file that map something; ``str`` gives a line's canonical spelling."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A name (of an enumeration's element, or of an add-on) and the remote tariff that it means."""

    name: str
    tariff: int
    line: int

    def __str__(self) -> str:
        return f"Price {self.name} {self.tariff}"


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A local period id (``None`` for ``ALL``) and the remote period that is ordered for it.

    ``remote`` is an id in generation 4; in 5 and 6 months, 0 lifetime, -50 a day, -100 a trial. ``tariff``
    is the remote tariff that the line is for, or ``None`` when it names none.
    """

    local: int | None
    remote: int
    tariff: int | None
    line: int

    def __str__(self) -> str:
        local = "ALL" if self.local is None else str(self.local)
        return f"Period {local} {self.remote}" + ("" if self.tariff is None else f" {self.tariff}")
