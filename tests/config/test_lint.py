"""The lint: each row of its table, at a remote that is asked and by what is publicly known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.config.alignment import Alignment
from cpbillmgr.config.directives.file import parse_directives
from cpbillmgr.config.lint.directives import Findings, lint
from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_PERIODS
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Addon, AddonKind, Service, Status


def tariff(id_: int, name: str, *periods: int) -> Tariff:
    return Tariff(id_, name, dict.fromkeys(periods, Money(Decimal(4), "EUR")))


NOW = {
    each.id: each
    for each in (
        tariff(55227, "ispmanager 6 lite", 1, 12, TRIAL),
        tariff(55239, "ispmanager 6 trial", TRIAL),
        tariff(3136, "DNSmanager 5", 1),
    )
}
THEN = {
    each.id: replace(each, lengths=KNOWN_PERIODS[each.id])
    for each in (
        tariff(7, "ISPmanager Lite (without support)", 7, 8, 9),
        tariff(9, "ISPmanager Pro", 10, 11),
        tariff(11, "ISPmanager Pro (without support)", 15, 16, 17),
    )
}


def service(value: str, name: str = "panel", *, type_: str = "vds", months: int | None = 12) -> Service:
    addon = Addon(name, AddonKind.ENUMERATION, value, 31)
    return Service("12", type_, "web12", "203.0.113.12", Status.ACTIVE, 3, 10, months, None, (addon,))


def at(text: str, *services: Service, generation: int = 6, asked: bool = True) -> Findings:
    """Return what is found in a directive file, at a remote that was asked for its price list or not."""
    tariffs = (THEN if generation == 4 else NOW) if asked else {}
    return lint(
        parse_directives(text, "f.conf", Generation(generation)), Generation(generation), tariffs, services
    )


def told(text: str, generation: int, *, asked: bool = True) -> list[tuple[int | None, str, str]]:
    """Return line, sentence and hint of everything that is wrong."""
    found = at(text, generation=generation, asked=asked)
    wrong, other = (found.errors, found.warnings) if asked else (found.warnings, found.errors)
    assert other == ()
    return [(problem.line, problem.message, problem.hint) for problem in wrong]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            "Price Mine 99999",
            "tariff 99999 is none that our account may order",
            "'cpbillmgr remote presets' shows all that are sold",
        ),
        (
            "Price ispmgr 3541",
            "tariff 3541 (ISPmanager 5 Lite) is none that our account may order",
            (
                "55227 is ispmanager 6 lite, 55239 is ispmanager 6 trial; "
                "'cpbillmgr remote presets' shows all that are sold"
            ),
        ),
        (
            "Period 10 1 5577",
            "tariff 5577 (BILLmanager 5) is none that our account may order",
            "'cpbillmgr remote presets' shows all that are sold",
        ),
        (
            "Period 10 6 55227",
            "tariff 55227 (ispmanager 6 lite) is not sold for 6 months",
            "Tariff 55227 is sold for 1 month, 12 months",
        ),
        (
            "Period ALL 0 3136",
            "tariff 3136 (DNSmanager 5) is not sold for lifetime",
            "Tariff 3136 is sold for 1 month",
        ),
        (
            "Period 10 24",
            "no tariff is sold for 24 months",
            "Write 'Period 10 REMOTE TARIFF', with a period that the tariff is sold for",
        ),
        (
            "Period 10 -100 55227",
            "it is a 14-day trial of tariff 55227 (ispmanager 6 lite)",
            "Tariff 55227 is sold for 1 month, 12 months",
        ),
        (
            "Period 10 -100",
            "it is a 14-day trial of tariff 55227 (ispmanager 6 lite)",
            "Tariff 55227 is sold for 1 month, 12 months",
        ),
    ],
)
def test_what_would_buy_the_wrong_thing_or_nothing_is_an_error(line: str, message: str, hint: str) -> None:
    assert told(f"\n{line}\n", 6) == [(2, f"'{line}': {message}", hint)]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            "Period 3 10",
            "period 10 is a 14-day trial of tariff 9 (ISPmanager Pro)",
            "Tariff 9 is sold for period 11",
        ),
        (
            "Period 3 7 7",
            "period 7 is a 14-day trial of tariff 7 (ISPmanager Lite (without support))",
            "Tariff 7 is sold for period 8 (1 month), period 9 (lifetime)",
        ),
        (
            "Period 10 16 7",
            "period 16 (1 month) is one of tariff 11 (ISPmanager Pro (without support)), not of 7",
            "Tariff 7 is sold for period 8 (1 month), period 9 (lifetime)",
        ),
        (
            "Period 10 99 7",
            "tariff 7 (ISPmanager Lite (without support)) is not sold for period 99",
            "Tariff 7 is sold for period 8 (1 month), period 9 (lifetime)",
        ),
        (
            "Period 10 99",
            "no tariff is sold for period 99",
            "Write 'Period 10 REMOTE TARIFF', with a period that the tariff is sold for",
        ),
        (
            "Price ipmgr 2891",
            "tariff 2891 (IPmanager 5) is none that our account may order",
            "'cpbillmgr remote presets' shows all that are sold",
        ),
    ],
)
def test_in_generation_4_a_period_is_an_id_of_one_tariff(line: str, message: str, hint: str) -> None:
    assert told(f"\n{line}\n", 4) == [(2, f"'{line}': {message}", hint)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Period 3 10", "period 10 is a 14-day trial of tariff 9 (ISPmanager 4 Pro)"),
        (
            "Period 10 16 7",
            "period 16 (1 month) is one of tariff 11 (ISPmanager 4 Pro without support), not of 7",
        ),
        ("Period 10 1814 2891", "period 1814 is a 14-day trial of tariff 2891 (IPmanager 5)"),
    ],
)
def test_without_a_price_list_what_is_publicly_known_is_a_warning(line: str, message: str) -> None:
    [(number, sentence, _)] = told(f"\n{line}\n", 4, asked=False)
    assert (number, sentence) == (2, f"'{line}': {message}")


@pytest.mark.parametrize(
    ("line", "generation"),
    [
        ("Period 10 4 5", 4),  # one of a tariff whose periods are not all known
        ("Period 10 77777", 4),
        ("Period 10 77777 88888", 4),
        ("Price Mine 99999", 4),
        ("Period 2 9", 4),
        ("Period 10 -100 55227", 6),
        ("Period 10 7 99999", 6),
    ],
)
def test_without_a_price_list_what_nobody_knows_is_left_alone(line: str, generation: int) -> None:
    assert told(line, generation, asked=False) == []


@pytest.mark.parametrize(
    ("text", "generation"),
    [
        ("Price panel 55227\nPrice dnsmgr 3136\nPeriod 10 1 55227\nPeriod 11 12\nPeriod ALL 1 3136", 6),
        ("Period ALL -100 55239", 6),  # there is nothing else to buy
        ("Price Gold 11\nPeriod 10 8 7\nPeriod 11 9 7\nPeriod 10 16 11\nPeriod 2 9", 4),
        ("Period 10 11 9", 4),  # one of which nobody tells the length
    ],
)
def test_what_is_right_is_left_alone(text: str, generation: int) -> None:
    assert told(text, generation) == []


@pytest.mark.parametrize(
    ("months", "is_wrong"), [((TRIAL,), False), ((TRIAL, TRIAL), False), ((TRIAL, 1), True), ((), True)]
)
def test_a_trial_is_sold_as_a_trial(months: tuple[int, ...], is_wrong: bool) -> None:
    services = [service("55227", months=length) for length in months]
    assert bool(at("Period 10 -100 55227", *services).errors) is is_wrong


@pytest.mark.parametrize(
    ("line", "asked", "message"),
    [
        ("Price ispmgr 2891", False, "'ispmgr' usually means ispmanager, and tariff 2891 is IPmanager 5"),
        ("Price Lite 2891", False, "'Lite' usually means ispmanager, and tariff 2891 is IPmanager 5"),
        ("Price ipmgr 3541", False, "'ipmgr' usually means ipmanager, and tariff 3541 is ISPmanager 5 Lite"),
        ("Price ipmgr 2891", False, ""),
        ("Price Lite 55227", False, ""),
        ("Price panel 2891", False, ""),
        ("Price ispmgr 77777", False, ""),
        ("Price Mine 2891", False, ""),
        ("Price ispmgr 3136", True, "'ispmgr' usually means ispmanager, and tariff 3136 is DNSmanager 5"),
        ("Price dnsmgr 3136", True, ""),
    ],
)
def test_a_name_of_one_product_for_a_tariff_of_another_is_a_warning(
    line: str, asked: bool, message: str
) -> None:
    found = at(line, asked=asked)
    assert [(problem.line, problem.message) for problem in found.warnings] == (
        [(1, message)] if message else []
    )
    assert found.errors == ()


def test_the_remotes_own_name_of_a_tariff_goes_before_the_publicly_known_one() -> None:
    directives = parse_directives("Price ispmgr 2891", "f", Generation.SIX)
    there = {2891: tariff(2891, "ISPmanager 5 for friends", 1)}
    assert lint(directives, Generation.SIX, there) == Findings((), ())


@pytest.mark.parametrize(
    ("type_", "months", "warned"),
    [("soft", 12, True), ("soft", LIFETIME, True), ("soft", 1, False), ("vds", 12, False)],
)
def test_a_shorter_period_is_a_warning_for_a_license_sold_on_its_own(
    type_: str, months: int, warned: bool
) -> None:
    found = at("\nPeriod 10 1 55227", service("55227", type_=type_, months=months))
    assert found.errors == ()
    assert [problem.line for problem in found.warnings] == ([2] if warned else [])


def test_an_alignment_to_a_shorter_period_is_warned_about_where_it_stands() -> None:
    directives = replace(parse_directives("", "f", Generation.SIX), alignments=(Alignment(1, months=12),))
    found = lint(directives, Generation.SIX, NOW, [service("55227", type_="soft")], settings="f.toml")
    (warning,) = found.warnings
    assert str(warning).startswith("[[alignment]] months = 12, into = 1 buys a license for 1 month for")
    assert warning.place == "f.toml"


def test_a_line_that_decides_nothing_for_any_service_is_a_warning() -> None:
    names = "Price Gold 55227\nPrice Old 55227\n"
    periods = "Period 10 12\nPeriod 11 12\nPeriod ALL 1 55227\n"
    found = at(f"{names}{periods}ReusePrice 3\nReusePrice 4", service("Gold"))
    assert found.errors == ()
    assert [(problem.line, problem.message) for problem in found.warnings] == [
        (2, "'Price Old 55227' decides nothing for any service"),
        (4, "'Period 11 12' decides nothing for any service"),
        (5, "'Period ALL 1 55227' decides nothing for any service"),
        (7, "'ReusePrice 4' decides nothing for any service"),
    ]


def test_without_services_no_line_is_told_to_be_of_no_use() -> None:
    assert at("Price Gold 55227\nReusePrice 4") == Findings((), ())


def test_a_line_is_told_once_even_if_it_is_wrong_and_of_no_use() -> None:
    found = at("Price Old 99999\nPrice ispmgr 3136", service("55227"))
    assert [problem.line for problem in found.errors] == [1]
    assert [problem.line for problem in found.warnings] == [2]


def test_what_services_ask_for_and_cannot_get_is_found_too() -> None:
    found = at("Period 10 6 55227", service("55227"), service("Foo"), service("3136"))
    assert [problem.line for problem in found.errors] == [1]
    assert [wish.file for wish in found.unmet] == ["inventory", "inventory"]
    assert [child.tariff for child in found.children] == [3136]


def test_a_reuse_price_without_its_option_is_told_once() -> None:
    found = at("ReusePrice 4", service("7", months=None), generation=4)
    [warning] = found.warnings
    assert (warning.line, warning.hint) == (1, "Add the line 'Option ReUseLicense'")
