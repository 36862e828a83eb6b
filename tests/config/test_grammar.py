from __future__ import annotations

import pytest

from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.directives.lines import PeriodLine
from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.generations import Generation
from tests.config.conftest import canonical, told


def parse(text: str, generation: int = 6) -> Directives:
    return parse_directives(text, "f", Generation(generation))


def problems(text: str, generation: int = 6) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigInvalid) as caught:
        parse(text, generation)
    return told(caught.value)


def warnings(text: str, generation: int = 6) -> list[tuple[int | None, str]]:
    return [(warning.line, warning.message) for warning in parse(text, generation).warnings]


def test_several_names_before_the_tariff_are_one_line_each() -> None:
    assert canonical(parse("Price panel Start 55227")) == "Price panel 55227\nPrice Start 55227\n"


def test_keywords_options_and_all_are_read_in_any_letter_case_and_shown_in_their_own() -> None:
    text = "pRICE a 55227\nPERIOD all 1 55227\noption reuselicense\nreuseprice 4\n"
    assert canonical(parse(text)) == "Option ReUseLicense\nReusePrice 4\nPrice a 55227\nPeriod ALL 1 55227\n"


def test_names_keep_their_letter_case() -> None:
    assert [price.name for price in parse("Price a 1\nPrice A 2").prices] == ["a", "A"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Price", "Price needs a name and a tariff, and has none"),
        ("Price Lite", "Price needs a name and a tariff, and has 1"),
        ("Price Lite five", "remote tariff 'five' is not a number"),
        ("Price Lite 5#", "remote tariff '5#' is not a number"),
        ("Price Lite ٥", "remote tariff '٥' is not a number"),
        ("Price Lite 0", "remote tariff 0 is not an id"),
        ("Price Lite 1234567890", "remote tariff '1234567890' is not a number"),
        ("Period 10", "Period needs two or three values, and has 1"),
        ("Period 10 1 7 8", "Period needs two or three values, and has 4"),
        ("Period ten 1 7", "local period 'ten' is not a number"),
        ("Period -1 1 7", "local period -1 is not an id"),
        ("Period 10 one 7", "remote period 'one' is not a number"),
        ("Period 10 1 0", "remote tariff 0 is not an id"),
        ("Period ALL 1", "'Period ALL' without a tariff would map every period of every tariff"),
        ("Option", "Option needs one name, and has none"),
        ("Option ReUseLicense NoFixSuspended", "Option needs one name, and has 2"),
        ("ReusePrice", "ReusePrice needs one id, and has none"),
        ("ReusePrice 1 2", "ReusePrice needs one id, and has 2"),
        ("ReusePrice x", "local tariff or add-on 'x' is not a number"),
    ],
)
def test_a_line_that_cannot_be_right_is_a_problem_that_names_its_line(line: str, message: str) -> None:
    assert problems(f"# first\n{line}\n") == [(2, message)]


@pytest.mark.parametrize(
    ("generation", "period", "accepted"),
    [
        (4, "8", True),
        (4, "0", False),
        (4, "-50", False),
        (4, "-100", False),
        (5, "0", True),
        (6, "0", True),
        (5, "-50", True),
        (6, "-100", True),
        (6, "12", True),
        (6, "-1", False),
    ],
)
def test_remote_periods_are_ids_in_generation_4_and_months_after(
    generation: int, period: str, accepted: bool
) -> None:
    text = f"Period 10 {period} 7"
    if accepted:
        assert parse(text, generation).periods == (PeriodLine(10, int(period), 7, 1),)
    else:
        assert [line for line, _ in problems(text, generation)] == [1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Price a 55227", "Price a 55228"),
        ("Period 10 1 7", "Period 10 12 7"),
        ("Period 10 1", "Period 10 12"),
        ("Period ALL 1 7", "Period all 12 7"),
    ],
)
def test_one_key_with_two_values_is_a_problem_that_names_both_lines(first: str, second: str) -> None:
    [(line, message)] = problems(f"{first}\n\n{second}\n")
    assert line == 3
    assert message == f"'{second.replace('all', 'ALL')}' contradicts '{first}' in line 1"


@pytest.mark.parametrize(
    "line",
    [
        "Price a 55227",
        "Period 10 1 7",
        "Period 10 1",
        "Period ALL 1 7",
        "Option NoFixSuspended",
        "ReusePrice 4",
    ],
)
def test_the_same_line_twice_is_a_warning(line: str) -> None:
    assert warnings(f"{line}\n{line}\n") == [(2, "says the same as line 1")]


def test_keys_that_differ_in_one_part_do_not_contradict_each_other() -> None:
    text = "Period 10 1 7\nPeriod 10 12 8\nPeriod 10 3\nPeriod 11 6 7\nPeriod ALL 24 7\n"
    assert len(parse(text).periods) == 5


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("Prise a 1", "unknown directive 'Prise' is ignored", "Did you mean 'Price'?"),
        ("Foo", "unknown directive 'Foo' is ignored", "Known are Price, Period, Option, ReusePrice"),
        ("Option ReuseLicence", "unknown option 'ReuseLicence' is ignored", "Did you mean 'ReUseLicense'?"),
    ],
)
def test_what_is_unknown_is_a_warning(line: str, message: str, hint: str) -> None:
    [warning] = parse(line).warnings
    assert (warning.line, warning.message, warning.hint) == (1, message, hint)


@pytest.mark.parametrize(
    ("generation", "option", "warned"),
    [(4, "", True), (4, "Option ReUseLicense\n", False), (5, "", False), (6, "", False)],
)
def test_reuse_price_without_its_option_does_nothing_in_generation_4(
    generation: int, option: str, warned: bool
) -> None:
    text = "ReusePrice 31\n" + option
    expected = [(1, "'ReusePrice 31' does nothing without 'Option ReUseLicense'")]
    assert warnings(text, generation) == (expected if warned else [])


def test_everything_that_is_wrong_is_told_at_once_in_order_of_lines() -> None:
    text = "Price a\nPeriod 10 1 7\nPrice \udcff 5\nPeriod 10 2 7\nOption\n/* open\n"
    assert [line for line, _ in problems(text)] == [1, 3, 4, 5, 6]
