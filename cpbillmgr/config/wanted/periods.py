"""From a local period to the remote period that is ordered for it (semantics.md 1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cpbillmgr.config.choice import Choice, Unresolved, first_of
from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.directives.lines import PeriodLine
from cpbillmgr.model.catalogue import LIFETIME, Tariff, length_text
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import period_in_id


def period_for(
    local: int | None,
    months: int | None,
    tariff: Tariff,
    directives: Directives,
    generation: Generation,
    *,
    bundled: bool,
    sole_tariff: bool = False,
) -> Choice:
    """Return the remote period to order for a local one; the first row that applies decides.

    ====  =========================  ======================================  ==============================
    step  rule                       when                                    remote period
    ====  =========================  ======================================  ==============================
    1     ``Period LOCAL R TARIFF``                                          R
    2     ``Period LOCAL R``         sold for R; the id says no period       R
    3     ``Period ALL R TARIFF``                                            R
    4     the tariff's id            it says a period, and is sold for it    that one
    5     ``[[alignment]]``          sold for ``into``; the id says none     ``into`` of the best (alignment)
    6     same length                sold for it                             that of the local months
    7     shortest                   generation 5, 6; ``bundled``            that of the fewest months sold
    8     otherwise                                                          ``Unresolved``
    ====  =========================  ======================================  ==============================

    So the directive file goes before the settings: there a line may name the remote tariff, and what an
    original's file says goes on to hold. Rules 2 and 5 name none, and leave alone those whose id says the
    period (55382 a month, 55384 a year). The directives have the alignments for the service at hand alone.

    ``local`` is a local period id and ``months`` its length, as far as they are known; ``bundled`` is a
    license that comes with a service, in contrast to one sold on its own. A tariff without prices is one
    whose price list is not known: then rule 2 applies if it is the ``sole_tariff`` in use, rules 4 to 6 to
    any length that a period may have, and rule 7 means one month. A generation 4 remote takes no other
    length for a license: those that it does not have do not work (semantics.md 1.4).

    Raises ``Unresolved`` also when the chosen period is one that the tariff is not sold for.
    """
    own = [] if local is None else _lines(directives, local, tariff.id)
    unsure = [] if tariff.prices or sole_tariff else _lines(directives, local, None)
    choice = first_of(
        (
            *(_chosen(line, directives) for line in own),
            *_lines_without_tariff(local, tariff, directives, sole_tariff=sole_tariff),
            *(_chosen(line, directives) for line in _lines(directives, None, tariff.id)),
            *_in_the_id(tariff),
            *_aligned(local, months, tariff, directives),
            *_of_same_length(months, tariff),
            *(_shortest(tariff) if bundled and generation.has_other_lengths else ()),
        )
    )
    if choice is None:
        raise _none(local, months, tariff, directives)
    _require_sold(choice, tariff)
    warnings = [f"{directives.cite(line)} is not used: which tariff has it is not known" for line in unsure]
    length = tariff.length(choice.value)
    if not bundled and months is not None and length is not None and is_shorter(length, months):
        bought, sold = length_text(length), length_text(months)
        warnings.append(f"{choice.because} buys a license for {bought} for a service that is sold for {sold}")
    unsold = (*_not_sold(local, tariff, directives), *_not_aligned(local, months, tariff, directives))
    return replace(choice, lost=(*unsold, *choice.lost), warnings=tuple(warnings))


def unlisted(tariff: int, generation: Generation) -> Tariff:
    """Return a tariff of which no price list is at hand."""
    return Tariff(tariff, "price list not known", {}, lengths={} if generation.periods_are_ids else None)


def period_text(period: int, generation: Generation) -> str:
    """Return a remote period in words.

    >>> period_text(12, Generation.SIX), period_text(12, Generation.FOUR)
    ('12 months', 'period 12')
    """
    return f"period {period}" if generation.periods_are_ids else length_text(period)


def _lines(directives: Directives, local: int | None, tariff: int | None) -> list[PeriodLine]:
    """Return the line with exactly this key, if there is one; no line has neither period nor tariff."""
    return [line for line in directives.periods if (line.local, line.tariff) == (local, tariff)]


def _chosen(line: PeriodLine, directives: Directives) -> Choice:
    return Choice(line.remote, directives.cite(line), line.line)


def _lines_without_tariff(
    local: int | None, tariff: Tariff, directives: Directives, *, sole_tariff: bool
) -> Iterator[Choice]:
    if period_in_id(tariff.id, tariff.name) is not None:
        return
    for line in _lines(directives, local, None):
        if line.remote in tariff.prices or (sole_tariff and not tariff.prices):
            yield _chosen(line, directives)


def _not_sold(local: int | None, tariff: Tariff, directives: Directives) -> tuple[str, ...]:
    return tuple(
        f"{directives.cite(line)}: tariff {tariff.id} is not sold for {_in_words(line.remote, tariff)}"
        for line in _lines(directives, local, None)
        if tariff.prices and line.remote not in tariff.prices
    )


def _in_the_id(tariff: Tariff) -> Iterator[Choice]:
    length = period_in_id(tariff.id, tariff.name)
    period = None if length is None else tariff.period_of(length)
    if period is not None:
        yield Choice(period, "the tariff's id says its period")


def _aligned(
    local: int | None, months: int | None, tariff: Tariff, directives: Directives
) -> Iterator[Choice]:
    if period_in_id(tariff.id, tariff.name) is not None:
        return
    for alignment in directives.alignments:
        if alignment.is_of(local, months) and (alignment.into in tariff.prices or not tariff.prices):
            yield Choice(alignment.into, str(alignment), in_settings=True)


def _not_aligned(
    local: int | None, months: int | None, tariff: Tariff, directives: Directives
) -> Iterator[str]:
    for alignment in directives.alignments:
        if alignment.is_of(local, months) and tariff.prices and alignment.into not in tariff.prices:
            yield f"{alignment}: tariff {tariff.id} is not sold for {_in_words(alignment.into, tariff)}"


def _of_same_length(months: int | None, tariff: Tariff) -> Iterator[Choice]:
    same = None if months is None else tariff.period_of(months)
    if same is not None:
        yield Choice(same, "same length as the local period")


def _shortest(tariff: Tariff) -> Iterator[Choice]:
    shortest = tariff.shortest_period if tariff.prices else 1
    if shortest is not None:
        yield Choice(shortest, "shortest period of a license that comes with a service")


def _require_sold(choice: Choice, tariff: Tariff) -> None:
    if tariff.prices and choice.value not in tariff.prices:
        raise Unresolved(
            f"tariff {tariff.id} ({tariff.name}) is not sold for {_in_words(choice.value, tariff)}, "
            f"which {choice.because} asks for",
            f"Change the line; it is sold for {_sold(tariff)}",
        )


def _none(local: int | None, months: int | None, tariff: Tariff, directives: Directives) -> Unresolved:
    known = (f"local period {local}" if local is not None else "an unknown local period") + (
        "" if months is None else f" ({months} months)"
    )
    line = f"Period {'ALL' if local is None else local} REMOTE {tariff.id}"
    sold = f"; it is sold for {_sold(tariff)}" if tariff.prices else ""
    return Unresolved(
        f"no remote period of tariff {tariff.id} ({tariff.name}) is known for {known}",
        f"Add the line '{line}' to {directives.name}{sold}",
    )


def is_shorter(length: int, other: int) -> bool:
    """Return whether a period of one length ends before one of the other."""
    return length != LIFETIME and (other == LIFETIME or length < other)


def _sold(tariff: Tariff) -> str:
    return ", ".join(_in_words(period, tariff) for period in sorted(tariff.prices))


def _in_words(period: int, tariff: Tariff) -> str:
    """Return a period of a tariff by its length, and by its id where it has one."""
    if tariff.lengths is None:
        return length_text(period)
    length = tariff.length(period)
    return f"period {period}" if length is None else f"period {period} ({length_text(length)})"
