"""The lint: what the lines of a directive file would do, beside what the remote sells and our services want.

====================================================  =======  ============================================
a line                                                is       unless
====================================================  =======  ============================================
names a tariff that our account may not order         error
names a period that the tariff is not sold for        error
names a period, no tariff, and none is sold for it    error
names the trial of a tariff that is sold for longer   error    services of that local period are all trials
maps a name to a tariff of another product            warning
maps a license sold on its own to a shorter period    warning
decides nothing for any service                       warning  there are no services, or it has an error
====================================================  =======  ============================================

An error could buy what nobody wants, or buy nothing at all. A period that is shorter than the service's is
harmless for a license that comes with it, for that one is renewed as long as the service is active.

Without the remote's price list only ids that are publicly known can tell (semantics.md 13). They differ
between remotes, so what they tell is a warning, and what they do not tell is nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cpbillmgr.config.choice import Choice
from cpbillmgr.config.defaults import odd_family, usual_family
from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.directives.lines import PeriodLine, PriceLine
from cpbillmgr.config.lint.shelf import Shelf, shelf_of
from cpbillmgr.config.wanted.asking import PANELS, Askers
from cpbillmgr.config.wanted.children import UnmetWish, children_of, local_ids_of
from cpbillmgr.config.wanted.periods import period_text
from cpbillmgr.errors import Problem
from cpbillmgr.model.catalogue import TRIAL, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_TARIFFS, family
from cpbillmgr.model.services import Child, Service

_Fault = tuple[str, str]  # what is wrong with a line, and what to do


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong, and what is odd, each with the place where it can be put right.

    ``children`` and ``unmet`` are what services ask for at the remote, and what of that it cannot give.
    """

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    children: tuple[Child, ...] = ()
    unmet: tuple[UnmetWish, ...] = ()


def lint(
    directives: Directives,
    generation: Generation,
    tariffs: Mapping[int, Tariff],
    services: Iterable[Service] = (),
    askers: Askers = PANELS,
    settings: str = "settings",
) -> Findings:
    """Return what is wrong and what is odd with directives and services, at a remote of this generation.

    ``tariffs`` are what the remote sells to our account, empty when that is not known. Which services ask
    at this remote is told by ``askers``. Alignments stand in the ``settings`` file.
    """
    known = list(services)
    choices: list[Choice] = []
    children, unmet = children_of(
        known, "", directives, generation, tariffs, askers=askers, on_choice=choices.append
    )
    shelf = shelf_of(tariffs, generation)
    wrong = _wrong_lines(directives, shelf, _trials(known))
    odd = [*directives.warnings, *_odd_choices(directives, choices, settings), *_odd_names(directives, shelf)]
    if known:
        told = {problem.line for problem in (*wrong, *odd)}
        odd += _unused(directives, {choice.line for choice in choices} | told, known)
    if shelf.is_whole:
        return Findings(tuple(wrong), _in_order(odd), tuple(children), tuple(unmet))
    return Findings((), _in_order([*wrong, *odd]), tuple(children), tuple(unmet))


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by their lines, each line's sentence once."""
    once = {(problem.line, problem.message): problem for problem in problems}
    return tuple(sorted(once.values(), key=lambda problem: problem.line or 0))


def _trials(services: Iterable[Service]) -> frozenset[int]:
    """Return the local periods of which all services are trials."""
    lengths: dict[int, set[int | None]] = {}
    for service in services:
        if service.period is not None:
            lengths.setdefault(service.period, set()).add(service.months)
    return frozenset(period for period, found in lengths.items() if found == {TRIAL})


def _wrong_lines(directives: Directives, shelf: Shelf, trials: Collection[int]) -> list[Problem]:
    faults: list[tuple[PriceLine | PeriodLine, _Fault | None]] = [
        *((line, _unsold_tariff(line.tariff, usual_family(line.name), shelf)) for line in directives.prices),
        *((line, _of_period(line, shelf, trials)) for line in directives.periods),
    ]
    found = [
        Problem(directives.file, line.line, f"'{line}': {fault[0]}", fault[1])
        for line, fault in faults
        if fault is not None
    ]
    return sorted(found, key=lambda problem: problem.line or 0)


def _of_period(line: PeriodLine, shelf: Shelf, trials: Collection[int]) -> _Fault | None:
    sellers = shelf.sellers(line.remote)
    if line.tariff is None:
        fault = None if sellers else _unsold_everywhere(line, shelf)
    else:
        fault = _unsold_tariff(line.tariff, "", shelf) or _unsold_period(line.tariff, line.remote, shelf)
        sellers = [tariff for tariff in sellers if tariff == line.tariff]
    return fault or (None if line.local in trials else _trial(sellers, line.remote, shelf))


def _unsold_tariff(tariff: int, product: str, shelf: Shelf) -> _Fault | None:
    if not shelf.is_whole or tariff in shelf.names:
        return None
    product = product or family(KNOWN_TARIFFS.get(tariff, ""))
    return f"{shelf.title(tariff)} is none that our account may order", shelf.some_of(product)


def _unsold_period(tariff: int, period: int, shelf: Shelf) -> _Fault | None:
    """Return what is wrong with a period of a tariff; what is publicly known is not all that there is."""
    sellers = shelf.sellers(period)
    if tariff in sellers or not (shelf.is_whole or sellers):
        return None
    if shelf.generation.periods_are_ids and sellers:
        other = sellers[0]
        message = f"{shelf.period(other, period)} is one of {shelf.title(other)}, not of {tariff}"
    else:
        message = f"{shelf.title(tariff)} is not sold for {period_text(period, shelf.generation)}"
    return message, shelf.sold(tariff)


def _unsold_everywhere(line: PeriodLine, shelf: Shelf) -> _Fault | None:
    if not shelf.is_whole:
        return None
    hint = f"Write 'Period {line.local} REMOTE TARIFF', with a period that the tariff is sold for"
    return f"no tariff is sold for {period_text(line.remote, shelf.generation)}", hint


def _trial(sellers: Iterable[int], period: int, shelf: Shelf) -> _Fault | None:
    trial = next((tariff for tariff in sellers if shelf.is_trial(tariff, period)), None)
    if trial is None:
        return None
    what = f"period {period}" if shelf.generation.periods_are_ids else "it"
    return f"{what} is a 14-day trial of {shelf.title(trial)}", shelf.sold(trial)


def _odd_choices(directives: Directives, choices: Iterable[Choice], settings: str) -> Iterator[Problem]:
    for choice in choices:
        place = settings if choice.in_settings else directives.file or directives.name
        for warning in choice.warnings:
            yield Problem(place, choice.line, warning)


def _odd_names(directives: Directives, shelf: Shelf) -> Iterator[Problem]:
    for line in directives.prices:
        odd = odd_family(line.name, line.tariff, shelf.names.get(line.tariff, ""))
        if odd:
            yield Problem(directives.file, line.line, odd, shelf.some_of(usual_family(line.name)))


def _unused(
    directives: Directives, used: Collection[int | None], services: Iterable[Service]
) -> list[Problem]:
    """Return the lines that decide nothing for any service, beside those that are ``used`` or told about."""
    ids = {id_ for service in services for addon in service.addons for id_ in local_ids_of(service, addon)}
    lines = [(line.line, str(line)) for line in directives.prices]
    lines += [(line.line, str(line)) for line in directives.periods]
    lines += [(line, f"ReusePrice {id_}") for id_, line in directives.reuse_prices.items() if id_ not in ids]
    hint = "Delete the line, unless it is for what will be sold later"
    return [
        Problem(directives.file, line, f"'{text}' decides nothing for any service", hint)
        for line, text in lines
        if line not in used
    ]
