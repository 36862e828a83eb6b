"""Period alignment: how it stands in the settings, which one is used, and what goes before and after it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.config.alignment import Alignment, for_services
from cpbillmgr.config.choice import Choice, Unresolved
from cpbillmgr.config.directives.file import parse_directives
from cpbillmgr.config.lint.beside import unsold_alignments, wasteful_alignments
from cpbillmgr.config.lint.explain import Question, explain
from cpbillmgr.config.settings.loading import alignments_of, load_settings
from cpbillmgr.config.settings.show import masked
from cpbillmgr.config.wanted.children import children_of
from cpbillmgr.config.wanted.periods import period_for
from cpbillmgr.model.catalogue import LIFETIME, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Addon, AddonKind, Service, Status
from tests.config.conftest import REMOTE, WriteSettings, refused

YEARLY = Alignment(12, months=1)


def tariff(*periods: int, id_: int = 7, name: str = "Lite") -> Tariff:
    return Tariff(id_, name, dict.fromkeys(periods, Money(Decimal(4), "EUR")))


def choose(lines: str, *alignments: Alignment, sold: Tariff | None = None, bundled: bool = True) -> Choice:
    """Return the period for a service that is sold by the month, whose local period is 10."""
    directives = replace(parse_directives(lines, "f", Generation.SIX), alignments=alignments)
    return period_for(10, 1, sold or tariff(1, 3, 6, 12), directives, Generation.SIX, bundled=bundled)


@pytest.mark.parametrize("alignment", [YEARLY, Alignment(12, period=10)])
@pytest.mark.parametrize("bundled", [True, False])
def test_the_source_is_a_local_period_by_its_length_or_by_its_id(alignment: Alignment, bundled: bool) -> None:
    choice = choose("", alignment, bundled=bundled)
    assert (choice.value, choice.because) == (12, str(alignment))
    assert choice.lost[0] == "same length as the local period: would be 1, but comes later"


@pytest.mark.parametrize("alignment", [Alignment(12, months=3), Alignment(12, period=11)])
def test_another_local_period_is_left_as_it_is(alignment: Alignment) -> None:
    assert choose("", alignment).because == "same length as the local period"


@pytest.mark.parametrize(
    ("lines", "expected", "because"),
    [
        ("Period 10 3 7", 3, "f:1 Period 10 3 7"),
        ("Period 10 3", 3, "f:1 Period 10 3"),
        ("Period ALL 3 7", 3, "f:1 Period ALL 3 7"),
        ("Period 11 3 7\nPeriod 10 3 8", 12, str(YEARLY)),
    ],
)
def test_a_line_of_the_directive_file_goes_first(lines: str, expected: int, because: str) -> None:
    choice = choose(lines, YEARLY)
    assert (choice.value, choice.because) == (expected, because)


def test_a_tariff_that_is_not_sold_for_it_keeps_its_own_period_and_that_is_told() -> None:
    choice = choose("", YEARLY, sold=tariff(1, 3))
    assert choice.value == 1
    assert choice.lost[0] == "[[alignment]] months = 1, into = 12: tariff 7 is not sold for 12 months"


@pytest.mark.parametrize(("id_", "length"), [(55382, 1), (55384, 12)])
@pytest.mark.parametrize("lines", ["", "Period 10 6"])
def test_a_tariff_whose_id_says_the_period_is_left_alone(id_: int, length: int, lines: str) -> None:
    sold = tariff(1, 6, 12, id_=id_, name="BILLmanager 6 Hosting&Cloud")
    choice = choose(lines, Alignment(6, months=1), sold=sold)
    assert (choice.value, choice.because) == (length, "the tariff's id says its period")


def test_a_line_that_names_such_a_tariff_is_obeyed() -> None:
    assert choose("Period 10 6 55384", sold=tariff(6, 12, id_=55384, name="BILLmanager 6")).value == 6


def test_another_product_with_such_an_id_is_a_tariff_like_any_other() -> None:
    assert choose("", YEARLY, sold=tariff(1, 12, id_=55382, name="ispmanager 6 lite")).value == 12


def test_without_a_price_list_the_alignment_holds() -> None:
    assert choose("", YEARLY, sold=tariff()).value == 12


def test_a_license_on_its_own_may_not_be_sold_for_a_period_that_nobody_chose() -> None:
    with pytest.raises(Unresolved):
        choose("", YEARLY, sold=tariff(3), bundled=False)


def test_one_that_compares_with_a_tariff_goes_first_and_an_id_before_a_length() -> None:
    own = Alignment(3, months=1, type="vds", tariff=3)
    by_id = Alignment(6, period=10)
    other = Alignment(0, months=1, type="dedic", tariff=4)
    assert for_services((YEARLY, by_id, other, own), "vds", 3) == (own, by_id, YEARLY)
    assert for_services((YEARLY, by_id, other, own), "dedic", 3) == (by_id, YEARLY)


def service(type_: str, tariff_: int) -> Service:
    addon = Addon("panel", AddonKind.ENUMERATION, "7", 31)
    return Service(f"{tariff_}", type_, "web", "203.0.113.5", Status.ACTIVE, tariff_, 10, 1, None, (addon,))


def test_each_service_has_the_alignment_of_its_own_tariff() -> None:
    alignments = (Alignment(12, months=1, type="vds", tariff=3), Alignment(6, months=1))
    directives = replace(parse_directives("", "f", Generation.SIX), alignments=alignments)
    services = [service("vds", 3), service("vds", 4), service("dedic", 3)]
    found, _ = children_of(services, "isp", directives, Generation.SIX, {7: tariff(1, 6, 12)})
    assert [child.period for child in found] == [12, 6, 6]


def test_what_decides_is_explained_for_a_service_of_its_tariff() -> None:
    own = Alignment(12, months=1, type="vds", tariff=3)
    directives = replace(parse_directives("", "f", Generation.SIX), alignments=(own,))

    def because(question: Question) -> str:
        period = explain(question, directives, Generation.SIX, {7: tariff(1, 12)}).period
        assert period is not None
        return period.because

    assert because(Question("7", months=1)) == "same length as the local period"
    assert because(Question("7", months=1, type="vds", tariff=3)) == str(own)


SETTINGS = f'{REMOTE}[[remote]]\nname = "two"\nurl = "https://two.example/billmgr"\nuser = "reseller"\n'


def test_it_stands_in_the_settings_for_one_remote_or_for_all(write_settings: WriteSettings) -> None:
    text = '[[alignment]]\nremote = "two"\nperiod = 10\ninto = 12\n[[alignment]]\nmonths = 1\ninto = 3\n'
    settings = load_settings(write_settings(SETTINGS + text), {})
    one, two = settings.remotes
    everywhere = Alignment(3, months=1)
    assert alignments_of(settings, one) == (everywhere,)
    assert alignments_of(settings, two) == (Alignment(12, period=10, remote="two"), everywhere)
    assert masked(settings)["alignment"][1] == {"months": 1, "into": 3}


SOURCE = "[[alignment]] 1 needs a source: either 'period', a local period's id, or 'months', its length"
COMPARE = "[[alignment]] 1 needs both 'type' and 'tariff' to compare with a tariff, or neither"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("into = 12", (9, SOURCE)),
        ("period = 10\nmonths = 1\ninto = 12", (9, SOURCE)),
        ("months = 1\ninto = 12\ntariff = 3", (9, COMPARE)),
        ("months = 1", (9, "[[alignment]] 1 lacks 'into'")),
        (
            "months = 1\ninto = -100",
            (11, "'into' of [[alignment]] 1: input should be greater than or equal to 0"),
        ),
        ('months = 1\ninto = 12\nremote = "x"', (12, "'remote' of [[alignment]] 1 is the name of no remote")),
        ("months = 1\ninto = 12\nsource = 1", (12, "unknown key 'source' of [[alignment]] 1")),
    ],
)
def test_one_that_cannot_be_meant_is_told_with_its_line(
    write_settings: WriteSettings, lines: str, told: tuple[int, str]
) -> None:
    assert refused(write_settings(f"{SETTINGS}[[alignment]]\n{lines}\n")) == [told]


@pytest.mark.parametrize(
    "remotes", [("", ""), ("", 'remote = "one"\n'), ('remote = "one"\n', 'remote = "one"\n')]
)
def test_two_of_one_source_contradict_each_other(
    write_settings: WriteSettings, remotes: tuple[str, str]
) -> None:
    text = "".join(f"[[alignment]]\nmonths = 1\ninto = {n}\n{remote}" for n, remote in enumerate(remotes))
    [(_, message)] = refused(write_settings(SETTINGS + text))
    assert message == "[[alignment]] 2 has the source of [[alignment]] 1; keep one of the two"


def test_the_same_source_at_two_remotes_or_for_two_tariffs_is_no_contradiction(
    write_settings: WriteSettings,
) -> None:
    ones = ('remote = "one"', 'remote = "two"', 'type = "vds"\ntariff = 3', 'type = "vds"\ntariff = 4')
    text = "".join(f"[[alignment]]\nmonths = 1\ninto = 12\n{one}\n" for one in ones)
    assert len(load_settings(write_settings(SETTINGS + text), {}).alignments) == 4


HALF = "[[alignment]] months = 3, into = 6: no tariff of"


@pytest.mark.parametrize(
    ("remote", "sold", "told"),
    [
        (None, {"one": (1, 12), "two": (1,)}, f"{HALF} one, two is sold for that period"),
        (None, {"one": (1, 12), "two": (6,)}, None),
        (None, {"one": (1, 12), "two": ()}, None),
        (None, {"one": (1, 12)}, None),
        ("one", {"one": (1, 12), "two": (6,)}, f"{HALF} one is sold for that period"),
        ("one", {"one": (6,), "two": (1,)}, None),
        ("one", {"two": (1,)}, None),
        ("one", {}, None),
    ],
)
def test_a_period_is_missed_only_where_no_remote_that_it_is_for_sells_it(
    write_settings: WriteSettings, remote: str | None, sold: dict[str, tuple[int, ...]], told: str | None
) -> None:
    settings = load_settings(write_settings(SETTINGS), {})
    settings = replace(settings, alignments=(Alignment(6, months=3, remote=remote),))
    lists = {name: {7: tariff(*periods)} if periods else {} for name, periods in sold.items()}
    found = [each.message for each in unsold_alignments(settings, "f.toml", lists)]
    assert found == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("rules", "alignment", "told"),
    [
        (Rules(reuse=Reuse.NEVER), YEARLY, 1),
        (Rules(reuse=Reuse.NEVER), Alignment(LIFETIME, months=1), 1),
        (Rules(reuse=Reuse.NEVER), Alignment(12, period=3), 1),
        (Rules(reuse=Reuse.NEVER), Alignment(1, months=12), 0),
        (Rules(reuse=Reuse.NEVER), Alignment(12, period=99), 0),
        (Rules(generation=Generation.FOUR), YEARLY, 1),
        (Rules(generation=Generation.FOUR, reuse_licenses=True), YEARLY, 0),
        (Rules(), YEARLY, 0),
    ],
)
def test_longer_licenses_without_reuse_are_warned_about(
    rules: Rules, alignment: Alignment, told: int
) -> None:
    services = [replace(service("vds", 3), period=3)]
    sold = {7: replace(tariff(0, 1, 12), lengths={0: 0, 1: 1, 12: 12} if rules.generation == 4 else None)}
    assert len(list(wasteful_alignments((alignment,), "f.toml", rules, sold, services))) == told
    told_offline = told if rules.generation != 4 else 0  # only its price list tells how long a period is
    assert len(list(wasteful_alignments((alignment,), "f.toml", rules, {}, services))) == told_offline
