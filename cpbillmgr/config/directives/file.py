"""The directive file, ``cpbillmgr.conf`` or ``cpbillmgr5.conf``: local names and periods to remote ones.

The file is the original's own; every problem is told at once, each with its line. Which space an id is of
(semantics.md 1.2):

=============================  =====================  ==========================================
directive                      local ids              remote ids
=============================  =====================  ==========================================
``Price NAME... TARIFF``       ``NAME`` (a word)      ``TARIFF``
``Period LOCAL REMOTE``        ``LOCAL``              ``REMOTE``
``Period LOCAL REMOTE TARIFF`` ``LOCAL``              ``REMOTE``, ``TARIFF``
``Period ALL REMOTE TARIFF``                          ``REMOTE``, ``TARIFF``
``Option NAME``
``ReusePrice ID``              ``ID`` (tariff, addon)
=============================  =====================  ==========================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from cpbillmgr.config.alignment import Alignment, for_services
from cpbillmgr.config.directives.grammar import Draft
from cpbillmgr.config.directives.lines import PeriodLine, PriceLine
from cpbillmgr.config.directives.tokens import read_lines
from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.local import EnumerationValue

_LOG = "cpbillmgr.log"  # where a slip of the original's manual puts NoFixSuspended (semantics.md 1.6 b)
_MOST_BYTES = 1 << 20  # of a directive file: some 30,000 lines
_LOG_BYTES = 65536  # how much of a log is looked at


@dataclass(frozen=True, slots=True)
class Directives:
    """What maps our names and periods to a remote's: a directive file, and what stands beside it.

    ``file`` is empty when there is none. ``alignments`` come from the settings, the best first;
    ``enumeration`` are the panels that we name, by internal name.

    ``option`` is what a command has to be given so that it is about this remote.
    ``options`` are the options' canonical names and ``reuse_prices`` local tariff or add-on ids, each with
    its line. ``warnings`` are lines that do nothing or look odd.
    """

    file: str = ""
    prices: tuple[PriceLine, ...] = ()
    periods: tuple[PeriodLine, ...] = ()
    options: Mapping[str, int] = field(default_factory=dict)
    reuse_prices: Mapping[int, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    enumeration: Mapping[str, EnumerationValue] = field(default_factory=dict)
    option: tuple[str, ...] = ()

    def for_services(self, type_: str | None, tariff: int | None) -> Directives:
        """Return these with only the alignments for services of a type and a local tariff."""
        return replace(self, alignments=for_services(self.alignments, type_, tariff))

    @property
    def name(self) -> str:
        """The file's name without its folder, for sentences."""
        return PurePath(self.file).name or "the directive file"

    def cite(self, line: PriceLine | PeriodLine) -> str:
        """Return where a line stands and what it says, in canonical spelling."""
        return f"{self.name}:{line.line} {line}"


def file_name(generation: Generation) -> str:
    """Return the name that the directive file of this generation has unless the operator gives it another."""
    return "cpbillmgr.conf" if generation is Generation.FOUR else "cpbillmgr5.conf"


def read_directives(path: Path, generation: Generation, *, required: bool = True) -> Directives:
    """Return what the file says to a remote of this generation.

    A missing file is the same as an empty one unless ``required``, that is, named by the operator.
    Raises ``ConfigInvalid`` with every problem.
    """
    text = _read(path, required=required)
    file = "" if text is None else str(path)
    misplaced = _directives_in_log(path.parent, generation)
    return parse_directives(text or "", file, generation, noticed=misplaced)


def _read(path: Path, *, required: bool) -> str | None:
    """Return the file's text, with bytes that are no UTF-8 as lone surrogates; ``None`` without a file."""
    what_to_check = "Check --conf and 'conf ='"
    try:
        with path.open("rb") as file:
            read = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        if not required:
            return None
        raise ConfigInvalid([Problem(str(path), None, "there is no such file", what_to_check)]) from None
    except OSError as error:
        raise ConfigInvalid(
            [Problem(str(path), None, f"the directive file cannot be read: {error.strerror}")]
        ) from error
    if len(read) > _MOST_BYTES:
        message = f"the file is larger than {_MOST_BYTES} bytes, and so no directive file"
        raise ConfigInvalid([Problem(str(path), None, message, what_to_check)])
    return read.decode("utf-8", errors="surrogateescape")


def parse_directives(
    text: str, file: str, generation: Generation, *, noticed: tuple[Problem, ...] = ()
) -> Directives:
    """Return what a directive file's text says; ``noticed`` are warnings about what stands around it.

    Raises ``ConfigInvalid`` as ``read_directives`` does.
    """
    lines, problems = read_lines(text, file)
    draft = Draft(file, generation)
    for line in lines:
        draft.read(line)
    warnings = [*noticed, *draft.warnings, *draft.idle()]
    problems += draft.problems
    if problems:
        raise ConfigInvalid(sorted(problems, key=lambda problem: problem.line or 0))
    return Directives(
        file,
        tuple(draft.prices.values()),
        tuple(draft.periods.values()),
        draft.options,
        draft.reuse_prices,
        tuple(warnings),
    )


def _directives_in_log(folder: Path, generation: Generation) -> tuple[Problem, ...]:
    """Return a warning when the file that the manual's slip names holds directives (semantics.md 1.6 b)."""
    log = folder / _LOG
    try:
        with log.open("rb") as file:
            text = file.read(_LOG_BYTES).decode("utf-8", errors="surrogateescape")
    except OSError:
        return ()
    draft = Draft(str(log), generation)
    for line in read_lines(text, str(log))[0]:
        draft.read(line)
    if draft.is_empty:
        return ()
    hint = f"Move them to {file_name(generation)}, or delete them"
    return (Problem(str(log), None, "directives stand in a file that is named as a log", hint),)
