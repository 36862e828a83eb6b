from __future__ import annotations

from decimal import Decimal

import pytest

from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.lint.explain import Question, explain
from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money

LITE = Tariff(55227, "ispmanager 6 lite", {1: Money(Decimal(4), "EUR")})


def test_it_tells_which_lines_decide() -> None:
    directives = parse_directives("Price Lite 55227\nPeriod 10 1 55227\n", "f", Generation.SIX)
    explanation = explain(Question("Lite", 10), directives, Generation.SIX, {55227: LITE})
    assert explanation.tariff.because == "f:1 Price Lite 55227"
    assert explanation.period is not None
    assert explanation.period.because == "f:2 Period 10 1 55227"


def test_a_period_that_was_not_asked_about_is_not_told() -> None:
    assert explain(Question("55227"), Directives(), Generation.SIX, {55227: LITE}).period is None


def test_it_answers_without_a_price_list() -> None:
    explanation = explain(Question("55227", months=12), Directives(), Generation.SIX, {})
    assert explanation.period is not None
    assert explanation.period.value == 12


def test_a_name_without_an_answer_is_a_problem_of_the_directive_file() -> None:
    directives = parse_directives("", "/etc/cpbillmgr/cpbillmgr5.conf", Generation.SIX)
    with pytest.raises(ConfigInvalid, match="the name 'Foo' means no remote tariff") as caught:
        explain(Question("Foo"), directives, Generation.SIX, {})
    assert caught.value.problems[0].file == "/etc/cpbillmgr/cpbillmgr5.conf"
