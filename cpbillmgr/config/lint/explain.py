"""Which line or default decides a name and a period: the answer of ``config explain``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cpbillmgr.config.choice import Choice, Unresolved
from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.wanted.names import NO_LICENSE, tariff_named
from cpbillmgr.config.wanted.periods import period_for, unlisted
from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.generations import Generation


@dataclass(frozen=True, slots=True)
class Question:
    """A name, and how the service that asks for it is sold, as far as that is told.

    ``period`` is a local period id, ``months`` its length; ``type`` and ``tariff`` are the service's own.
    """

    name: str
    period: int | None = None
    months: int | None = None
    type: str | None = None
    tariff: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The remote tariff that a name means, and the remote period when a local one was given."""

    tariff: Choice
    period: Choice | None


def explain(
    question: Question, directives: Directives, generation: Generation, tariffs: Mapping[int, Tariff]
) -> Explanation:
    """Return what decides for a name, and for a period of a license that comes with a service.

    ``tariffs`` are the remote's, empty when its price list is not at hand. Raises ``ConfigInvalid`` where
    ``tariff_named`` or ``period_for`` find no answer, ``UsageWrong`` for a name that asks for no license.
    """
    if question.name in NO_LICENSE:
        raise UsageWrong(f"{question.name!r} asks for no license, so nothing has to decide it")
    try:
        tariff = tariff_named(question.name, directives, generation, tariffs)
        if question.period is None and question.months is None:
            return Explanation(tariff, None)
        aligned = directives.for_services(question.type, question.tariff)
        sold = tariffs.get(tariff.value) or unlisted(tariff.value, generation)
        period = period_for(question.period, question.months, sold, aligned, generation, bundled=True)
    except Unresolved as wrong:
        problem = Problem(directives.file or directives.name, None, wrong.message, wrong.hint)
        raise ConfigInvalid([problem]) from wrong
    return Explanation(tariff, period)
