"""Whatever stands in a directive file: no crash, no hang, and every refusal one clear line."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.directives.grammar import DIRECTIVES, OPTIONS
from cpbillmgr.config.lint.directives import lint
from cpbillmgr.errors import ConfigInvalid, Problem
from cpbillmgr.model.catalogue import TRIAL, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from tests.config.conftest import canonical
from tests.config.test_seed import LINES
from tests.fuzzing import fuzzed

MOST_SHOWN = 1000  # characters of one problem

NUMBERS = (
    "0",
    "1",
    "7",
    "8",
    "10",
    "11",
    "12",
    "-50",
    "-100",
    "2891",
    "55227",
    "9" * 9,
    "9" * 10,
    "\u0665",
    "1e3",
)
NAMES = (
    "Lite",
    "Prof",
    "ispmgr",
    "panel",
    "nopanel",
    "5-ISPmanager",
    "\u0442\u0438\u043f",
    "a" * 256,
    "b" * 2000,
    "%s",
    "\u00a0",
)
SPACE = (
    " ",
    "\t",
    "\n",
    "\r\n",
    "\n\n",
    "#",
    " # ",
    "//",
    " /*",
    "*/ ",
    "\ufeff",
    "\x00",
    "\udcff",
    "\u2028",
)
WORDS = st.sampled_from(
    [*DIRECTIVES, *OPTIONS, "ALL", "price", "Prise", *NUMBERS, *NAMES, *SPACE, " ", " ", "\n"]
)

BYTES = st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", errors="surrogateescape"))
SOUP = st.lists(WORDS, max_size=60).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return the manual's example with some pieces cut out, doubled, or replaced."""
    text = LINES
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + draw(st.one_of(st.just(text[start:end] * 2), WORDS)) + text[end:]
    return text


PRICE = Money(Decimal(4), "EUR")
TARIFFS = {
    7: Tariff(7, "ISPmanager 4 Lite", {7: PRICE, 8: PRICE, 9: PRICE}),
    55227: Tariff(55227, "ispmanager 6 lite", {1: PRICE, 12: PRICE, TRIAL: PRICE}),
}
ADDONS = (Addon("panel", AddonKind.ENUMERATION, "Lite", 31), Addon("ispmgr", AddonKind.LOGIC, "on", 32))
SERVICES = [
    Service(str(number), kind, "web", "", Status.ACTIVE, 3, period, months, None, ADDONS)
    for number, (kind, period, months) in enumerate([("vds", 10, 1), ("soft", 12, 12), ("dedic", None, None)])
]


@fuzzed
@given(st.one_of(BYTES, SOUP, mutated()), st.sampled_from([4, 5, 6]))
def test_any_text_is_understood_or_refused_in_clear_lines(text: str, generation: int) -> None:
    try:
        directives = parse_directives(text, "f.conf", Generation(generation))
    except ConfigInvalid as refused:
        check_clear(refused.problems, text)
        return
    check_same(directives, parse_directives(canonical(directives), "f.conf", Generation(generation)))
    check_clear([*directives.warnings], text)
    for tariffs in ({}, TARIFFS):
        found = lint(directives, Generation(generation), tariffs, SERVICES)
        check_clear([*found.errors, *found.warnings], text)


def check_clear(problems: list[Problem], text: str) -> None:
    """Check that each problem is one line that a person can read, and that names a line of the file."""
    for problem in problems:
        assert str(problem).isprintable()
        assert len(str(problem)) <= MOST_SHOWN
        assert problem.message
        if problem.file == "f.conf" and problem.line is not None:
            assert 1 <= problem.line <= text.count("\n") + 1


def check_same(one: Directives, other: Directives) -> None:
    """Check that two files say the same."""
    assert [*map(str, one.prices)] == [*map(str, other.prices)]
    assert [*map(str, one.periods)] == [*map(str, other.periods)]
    assert (one.options.keys(), one.reuse_prices.keys()) == (other.options.keys(), other.reuse_prices.keys())
