from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.config.choice import Choice, Unresolved
from cpbillmgr.config.directives.file import parse_directives
from cpbillmgr.config.wanted.periods import period_for, period_text
from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money

LENGTHS = {7: TRIAL, 8: 1, 9: LIFETIME, 10: 12}  # of the periods that generation 4 has ids for


def tariff(*periods: int, generation: int = 6) -> Tariff:
    prices = dict.fromkeys(periods, Money(Decimal(4), "EUR"))
    lengths = {period: LENGTHS[period] for period in periods if period in LENGTHS}
    return Tariff(7, "Lite", prices, lengths=lengths if generation == 4 else None)


def choose(
    lines: str,
    *sold: int,
    months: int | None = None,
    generation: int = 6,
    local: int | None = 10,
    bundled: bool = True,
    sole_tariff: bool = False,
) -> Choice:
    directives = parse_directives(lines, "f", Generation(generation))
    return period_for(
        local,
        months,
        tariff(*sold, generation=generation),
        directives,
        Generation(generation),
        bundled=bundled,
        sole_tariff=sole_tariff,
    )


EVERY = "Period 10 12 7\nPeriod 10 6\nPeriod ALL 3 7\n"


@pytest.mark.parametrize(
    ("lines", "sold", "months", "expected", "because"),
    [
        (EVERY, (1, 3, 6, 12, 24), 24, 12, "f:1 Period 10 12 7"),
        ("Period 10 6\nPeriod ALL 3 7", (1, 3, 6, 24), 24, 6, "f:1 Period 10 6"),
        ("Period 10 6\nPeriod ALL 3 7", (1, 3, 24), 24, 3, "f:2 Period ALL 3 7"),
        (
            "Period 11 12 7\nPeriod 10 12 8\nPeriod ALL 12 8",
            (1, 12, 24),
            24,
            24,
            "same length as the local period",
        ),
        ("", (1, 12), 12, 12, "same length as the local period"),
        ("", (0, 1), 0, 0, "same length as the local period"),
        ("", (1, 12), 3, 1, "shortest period of a license that comes with a service"),
        ("", (0, 3, 12, -100), 6, 3, "shortest period of a license that comes with a service"),
        ("", (1, 12), None, 1, "shortest period of a license that comes with a service"),
        ("Period 10 0 7", (0, 1), 1, 0, "f:1 Period 10 0 7"),
        ("Period 10 -100 7", (-100, 1), 1, -100, "f:1 Period 10 -100 7"),
    ],
)
@pytest.mark.parametrize("generation", [5, 6])
def test_the_first_rule_that_applies_decides(
    lines: str, sold: tuple[int, ...], months: int | None, expected: int, because: str, generation: int
) -> None:
    choice = choose(lines, *sold, months=months, generation=generation)
    assert (choice.value, choice.because) == (expected, because)


@pytest.mark.parametrize(
    ("lines", "sold", "expected"),
    [
        ("Period 10 8 7", (7, 8, 9), 8),
        ("Period 10 9", (7, 8, 9), 9),
        ("Period 10 16\nPeriod ALL 9 7", (7, 8, 9), 9),
        ("Period ALL 9 7", (7, 8, 9), 9),
    ],
)
def test_in_generation_4_a_line_names_a_period_by_its_id(
    lines: str, sold: tuple[int, ...], expected: int
) -> None:
    assert choose(lines, *sold, generation=4, months=8).value == expected


@pytest.mark.parametrize("bundled", [True, False])
def test_in_generation_4_another_length_is_refused_though_ids_look_like_months(bundled: bool) -> None:
    with pytest.raises(Unresolved) as caught:
        choose("Period 10 16", 8, 9, 11, generation=4, months=8, bundled=bundled)
    assert caught.value.hint == (
        "Add the line 'Period 10 REMOTE 7' to f; "
        "it is sold for period 8 (1 month), period 9 (lifetime), period 11"
    )


@pytest.mark.parametrize(("months", "period"), [(1, 8), (12, 10), (LIFETIME, 9), (TRIAL, 7)])
def test_in_generation_4_the_period_of_the_same_length_is_known_by_the_price_list(
    months: int, period: int
) -> None:
    choice = choose("", 7, 8, 9, 10, generation=4, months=months)
    assert (choice.value, choice.because) == (period, "same length as the local period")


def test_in_generation_4_a_license_on_its_own_that_ends_before_its_service_is_a_warning() -> None:
    choice = choose("Period 10 8 7", 8, 10, generation=4, months=12, bundled=False)
    assert choice.warnings == (
        "f:1 Period 10 8 7 buys a license for 1 month for a service that is sold for 12 months",
    )


def test_a_license_sold_on_its_own_has_no_period_that_nobody_chose() -> None:
    with pytest.raises(Unresolved) as caught:
        choose("", 1, 12, months=3, bundled=False)
    assert (
        caught.value.message == "no remote period of tariff 7 (Lite) is known for local period 10 (3 months)"
    )
    assert caught.value.hint == "Add the line 'Period 10 REMOTE 7' to f; it is sold for 1 month, 12 months"


def test_a_license_sold_on_its_own_has_the_same_length() -> None:
    assert choose("", 1, 12, months=12, bundled=False).value == 12


def test_a_tariff_that_is_not_sold_by_the_month_has_no_shortest_period() -> None:
    with pytest.raises(Unresolved) as caught:
        choose("", 0, -100, months=3)
    assert caught.value.hint.endswith("it is sold for trial, lifetime")


@pytest.mark.parametrize("line", ["Period 10 6 7", "Period ALL 6 7"])
def test_a_line_for_a_period_that_is_not_sold_is_refused_with_those_that_are(line: str) -> None:
    with pytest.raises(Unresolved) as caught:
        choose(line, 0, 1, 12)
    assert caught.value.message == f"tariff 7 (Lite) is not sold for 6 months, which f:1 {line} asks for"
    assert caught.value.hint == "Change the line; it is sold for lifetime, 1 month, 12 months"


def test_an_unknown_local_period_has_the_line_for_all() -> None:
    choice = choose("Period ALL 12 7", 1, 12, local=None)
    assert choice.value == 12
    assert choice.lost == (
        "shortest period of a license that comes with a service: would be 1, but comes later",
    )


def test_an_unknown_local_period_without_any_rule_names_the_line_for_all() -> None:
    with pytest.raises(Unresolved, match="an unknown local period") as caught:
        choose("", 8, generation=4, local=None)
    assert caught.value.hint.startswith("Add the line 'Period ALL REMOTE 7'")


def test_what_lost_is_told() -> None:
    choice = choose(EVERY, 1, 3, 12, months=3)
    assert (choice.value, choice.line) == (12, 1)
    assert choice.lost == (
        "f:2 Period 10 6: tariff 7 is not sold for 6 months",
        "f:3 Period ALL 3 7: would be 3, but comes later",
        "same length as the local period: would be 3, but comes later",
        "shortest period of a license that comes with a service: would be 1, but comes later",
    )


def test_without_a_price_list_a_line_without_tariff_is_for_the_sole_tariff_in_use() -> None:
    assert choose("Period 10 6", months=12, sole_tariff=True).value == 6


def test_without_a_price_list_a_line_without_tariff_is_for_none_of_several() -> None:
    choice = choose("Period 10 6", months=12)
    assert choice.value == 12
    assert choice.warnings == ("f:1 Period 10 6 is not used: which tariff has it is not known",)


@pytest.mark.parametrize(("months", "expected"), [(5, 5), (None, 1)])
def test_without_a_price_list_any_length_and_one_month_are_taken(months: int | None, expected: int) -> None:
    assert choose("", months=months).value == expected


@pytest.mark.parametrize(
    ("bundled", "months", "warned"), [(False, 12, True), (False, 1, False), (True, 12, False)]
)
def test_a_license_on_its_own_that_ends_before_its_service_is_a_warning(
    bundled: bool, months: int, warned: bool
) -> None:
    choice = choose("Period 10 1 7", 1, 12, months=months, bundled=bundled)
    assert choice.value == 1
    assert bool(choice.warnings) is warned


@pytest.mark.parametrize(
    ("period", "generation", "text"),
    [
        (8, 4, "period 8"),
        (1, 6, "1 month"),
        (12, 5, "12 months"),
        (0, 6, "lifetime"),
        (-50, 6, "1 day"),
        (-100, 6, "trial"),
    ],
)
def test_a_period_is_told_in_words(period: int, generation: int, text: str) -> None:
    assert period_text(period, Generation(generation)) == text
