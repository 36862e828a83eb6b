"""Which line or default decides a name and a period: the answer of ``config explain``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cpbillmgr.config.choice import Choice, Unresolved
from cpbillmgr.config.directives import Directives
from cpbillmgr.config.names import tariff_named
from cpbillmgr.config.periods import period_for, unlisted
from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.catalogue import Tariff


@dataclass(frozen=True, slots=True)
class Explanation:
    """The remote tariff that a name means, and the remote period when a local one was given."""

    tariff: Choice
    period: Choice | None


def explain(
    name: str,
    local_period: int | None,
    months: int | None,
    directives: Directives,
    generation: int,
    tariffs: Mapping[int, Tariff],
) -> Explanation:
    """Return what decides for a name, and for a period of a license that comes with a service.

    ``tariffs`` are the remote's, empty when its price list is not at hand. Raises ``ConfigInvalid`` where
    ``tariff_named`` or ``period_for`` find no answer.
    """
    try:
        tariff = tariff_named(name, directives, generation, tariffs)
        if local_period is None and months is None:
            return Explanation(tariff, None)
        sold = tariffs.get(tariff.value) or unlisted(tariff.value, generation)
        period = period_for(local_period, months, sold, directives, generation, bundled=True)
    except Unresolved as wrong:
        problem = Problem(directives.file or directives.name, None, wrong.message, wrong.hint)
        raise ConfigInvalid([problem]) from wrong
    return Explanation(tariff, period)
