from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.wanted.names import UnknownName, tariff_named, wanted_name
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.local import EnumerationValue
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Addon, AddonKind

ENUMERATION, LOGIC = AddonKind.ENUMERATION, AddonKind.LOGIC
OFFERED = (5, 7, 11, 3541, 55227, 55228)


@pytest.mark.parametrize(
    ("name", "kind", "value", "expected"),
    [
        ("panel", ENUMERATION, "", None),
        ("panel", ENUMERATION, "nopanel", None),
        ("panel", ENUMERATION, "NoPanel", None),
        ("panel", ENUMERATION, "off", None),
        ("panel", ENUMERATION, "Lite", "Lite"),
        ("panel", ENUMERATION, " Lite ", "Lite"),
        ("panel", ENUMERATION, "on", "on"),
        *(("ispmgr", LOGIC, value, None) for value in ("off", "0", "no", "", "OFF")),
        *(("ispmgr", LOGIC, value, "ispmgr") for value in ("on", "1", "yes", "On")),
        *(
            (name, LOGIC, "on", name)
            for name in ("panel", "vdsmgr", "ispmgr", "dnsmgr", "ipmgr", "vmmgr", "billmgr", "ifxmgr")
        ),
    ],
)
def test_an_addons_kind_and_value_give_the_name(
    name: str, kind: AddonKind, value: str, expected: str | None
) -> None:
    assert wanted_name(Addon(name, kind, value)) == expected


@pytest.mark.parametrize("value", ["Lite", "true", "2", "nopanel"])
def test_a_logic_value_that_is_neither_on_nor_off_is_refused(value: str) -> None:
    with pytest.raises(Unresolved, match="neither on nor off"):
        wanted_name(Addon("panel", LOGIC, value))


@pytest.mark.parametrize(
    ("name", "lines", "generation", "tariff", "because"),
    [
        ("Foo", "Price Foo 7", 4, 7, "f:1 Price Foo 7"),
        ("Lite", "Price Lite 55227", 6, 55227, "f:1 Price Lite 55227"),
        ("55228", "Price 55228 55227", 6, 55227, "f:1 Price 55228 55227"),
        ("foo", "Price Foo 7\nPrice foo 11", 4, 11, "f:2 Price foo 11"),
        ("FOO", "Price Foo 7", 4, 7, "f:1 Price Foo 7"),
        ("Lite", "Price lite 11", 4, 11, "f:1 Price lite 11"),
        ("Lite", "", 4, 7, "built-in name Lite of generation 4"),
        ("Prof", "", 4, 11, "built-in name Prof of generation 4"),
        ("Lite5", "", 4, 3541, "built-in name Lite5 of generation 4"),
        *(
            (name, "", generation, tariff, f"built-in name {name} of generation 5 and 6")
            for generation in (5, 6)
            for name, tariff in (("Lite", 3541), ("Prof", 11), ("Lite5", 3541))
        ),
        ("LITE", "", 4, 7, "built-in name Lite of generation 4"),
        ("55227", "", 6, 55227, "the tariff id stands in the name"),
        ("5-ISPmanager Lite", "", 4, 5, "the tariff id stands in the name"),
        ("55227-", "", 6, 55227, "the tariff id stands in the name"),
        ("ISPmanager 6 Lite 55227", "", 6, 55227, "the only known tariff id in the name"),
        ("isp55227x55227", "", 6, 55227, "the only known tariff id in the name"),
    ],
)
def test_the_first_rule_that_applies_decides(
    name: str, lines: str, generation: int, tariff: int, because: str
) -> None:
    choice = tariff_named(
        name, parse_directives(lines, "f", Generation(generation)), Generation(generation), OFFERED
    )
    assert (choice.value, choice.because) == (tariff, because)


@pytest.mark.parametrize(
    "name", ["Foo", "panel", "ISPmanager 6 Lite", "5 and 7", "0", "9" * 5000, "x" + "9" * 5000, "²"]
)
def test_a_name_that_no_rule_knows_is_unknown(name: str) -> None:
    with pytest.raises(UnknownName):
        tariff_named(name, Directives(), Generation.SIX, OFFERED)


def test_an_unknown_name_tells_the_line_to_add_and_tariffs_that_resemble_it() -> None:
    directives = parse_directives("", "/etc/cpbillmgr/cpbillmgr5.conf", Generation.SIX)
    with pytest.raises(UnknownName) as caught:
        tariff_named("ispmanager_pro", directives, Generation.SIX, OFFERED)
    assert caught.value.message == "the name 'ispmanager_pro' means no remote tariff"
    assert caught.value.hint.startswith(
        "Add the line 'Price ispmanager_pro TARIFF' to cpbillmgr5.conf "
        "(11 is ISPmanager 4 Pro without support; 55228 is ispmanager 6 pro;"
    )


def test_tariffs_that_resemble_a_name_are_only_those_on_offer() -> None:
    with pytest.raises(UnknownName) as caught:
        tariff_named("ispmgr", Directives(), Generation.SIX, (55227, 2891))
    assert caught.value.hint == (
        "Add the line 'Price ispmgr TARIFF' to the directive file (55227 is ispmanager 6 lite)"
    )


def test_a_name_that_cannot_stand_in_a_line_is_not_told_to_be_written_there() -> None:
    with pytest.raises(UnknownName) as caught:
        tariff_named("Best Panel", Directives(), Generation.SIX, OFFERED)
    assert "cannot stand in a Price line" in caught.value.hint


def test_two_lines_in_other_letter_case_are_no_answer() -> None:
    directives = parse_directives("Price foo 7\nPrice Foo 11", "f", Generation.FOUR)
    with pytest.raises(Unresolved, match="resembles the names of lines 1 and 2 of f"):
        tariff_named("FOO", directives, Generation.FOUR, OFFERED)


@pytest.mark.parametrize(
    ("lines", "name", "generation", "warning"),
    [
        ("Price Foo 7", "foo", 4, "f:1 Price Foo 7 is taken for 'foo', in other letter case"),
        ("", "lite", 4, "built-in name Lite is taken for 'lite', in other letter case"),
        (
            "",
            "Prof",
            6,
            "'Prof' means the old ISPmanager 4 Pro here; a Price line can give it another tariff",
        ),
    ],
)
def test_an_answer_that_may_not_be_meant_has_a_warning(
    lines: str, name: str, generation: int, warning: str
) -> None:
    choice = tariff_named(
        name, parse_directives(lines, "f", Generation(generation)), Generation(generation), OFFERED
    )
    assert choice.warnings == (warning,)


@pytest.mark.parametrize(("name", "lines"), [("Foo", "Price Foo 7"), ("Lite", ""), ("55227", "")])
def test_an_exact_answer_has_no_warning(name: str, lines: str) -> None:
    assert (
        tariff_named(name, parse_directives(lines, "f", Generation.FOUR), Generation.FOUR, OFFERED).warnings
        == ()
    )


def test_what_lost_is_told() -> None:
    choice = tariff_named(
        "Lite5", parse_directives("Price Lite5 7", "f", Generation.FOUR), Generation.FOUR, OFFERED
    )
    assert (choice.value, choice.line) == (7, 1)
    assert choice.lost == (
        "built-in name Lite5 of generation 4: would be 3541, but comes later",
        "the only known tariff id in the name: would be 5, but comes later",
    )


def test_a_tariff_that_is_not_offered_is_refused_with_what_chose_it() -> None:
    with pytest.raises(Unresolved) as caught:
        tariff_named("Lite", Directives(), Generation.SIX, (55227,))
    assert caught.value.message == (
        "tariff 3541 (ISPmanager 5 Lite) for 'Lite' is not sold to our account; "
        "it was chosen by built-in name Lite of generation 5 and 6"
    )
    assert caught.value.hint.startswith("Add the line 'Price Lite TARIFF' to the directive file")


def test_a_line_with_a_tariff_that_is_not_offered_is_the_one_to_change() -> None:
    with pytest.raises(Unresolved) as caught:
        tariff_named(
            "Lite", parse_directives("Price Lite 4242", "f", Generation.SIX), Generation.SIX, (55227,)
        )
    assert "chosen by f:1 Price Lite 4242" in caught.value.message
    assert caught.value.hint.startswith("Change the line")


def test_without_a_price_list_every_tariff_passes_and_a_guess_has_a_warning() -> None:
    assert tariff_named("4242", Directives(), Generation.SIX, ()).warnings == ()
    guess = tariff_named("panel 55227", Directives(), Generation.SIX, ())
    assert guess.value == 55227
    assert len(guess.warnings) == 1


def test_a_value_of_our_enumeration_comes_after_the_lines_and_before_the_built_in_names() -> None:
    price = {1: Money(Decimal(5), "EUR")}
    named = {name: EnumerationValue(name, 55228, price) for name in ("Lite", "Foo", "55227")}

    def because(lines: str, name: str) -> str:
        return tariff_named(
            name,
            replace(parse_directives(lines, "f", Generation.SIX), enumeration=named),
            Generation.SIX,
            OFFERED,
        ).because

    assert because("Price foo 7", "Foo") == "f:1 Price foo 7"
    assert [because("", name) for name in ("Lite", "55227")] == [
        "enumeration value Lite",
        "enumeration value 55227",
    ]
    assert because("", "Lite5") == "built-in name Lite5 of generation 5 and 6"


def test_the_tariff_of_the_same_name_is_a_hint_for_one_that_is_not_offered() -> None:
    with pytest.raises(Unresolved) as caught:
        tariff_named("55231", Directives(), Generation.SIX, OFFERED)
    assert "(55227 is the one of that name)" in caught.value.hint


@given(st.text(), st.sampled_from([4, 5, 6]), st.sampled_from([(), OFFERED]))
def test_every_name_has_an_offered_tariff_or_none_at_all(
    name: str, generation: int, offered: tuple[int, ...]
) -> None:
    try:
        choice = tariff_named(name, Directives(), Generation(generation), offered)
    except Unresolved:
        return
    assert choice.value in (offered or [choice.value])
