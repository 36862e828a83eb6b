from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cpbillmgr.model.catalogue import Resource, ResourceKind, Tariff
from cpbillmgr.model.money import Money
from cpbillmgr.planner.catalogue.importing import Terms, imported, misfit

LITE = Tariff(
    55227,
    "ispmanager 6 lite",
    {1: Money(Decimal("4.00"), "EUR"), 12: Money(Decimal("40.00"), "EUR")},
    resources=(Resource(9, "Backup", ResourceKind.LOGIC),),
)


def sold_for(*lengths: int) -> Tariff:
    return replace(LITE, prices=dict.fromkeys(lengths, Money(Decimal(4), "EUR")))


def terms(*lengths: int, currency: str | None = None, rate: str | None = None) -> Terms:
    return Terms(frozenset(lengths), currency, None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("tariff", "ours"),
    [
        (LITE, terms()),
        (LITE, terms(1)),
        (LITE, terms(12, 3)),
        (LITE, terms(3)),
        (sold_for(12), terms(24)),
        (sold_for(0), terms(0, 1)),
        (sold_for(-100), terms()),
        (LITE, terms(1, currency="EUR")),
        (LITE, terms(1, currency="RUB", rate="98.5")),
    ],
)
def test_a_tariff_that_is_sold_for_what_we_sell_or_for_a_part_of_it_fits(tariff: Tariff, ours: Terms) -> None:
    assert misfit(tariff, ours) is None


@pytest.mark.parametrize(
    ("tariff", "ours", "reason", "hint"),
    [
        (sold_for(), terms(1), "the remote tells no price of it", "Have the remote sell it"),
        (sold_for(12), terms(1), "it is sold for 12 months, and we sell for 1 month", "--period"),
        (
            sold_for(-100),
            terms(1, 12),
            "it is sold for trial, and we sell for 1 month, 12 months",
            "--period",
        ),
        (sold_for(0), terms(12), "it is sold for lifetime, and we sell for 12 months", "--period"),
        (sold_for(1), terms(0), "it is sold for 1 month, and we sell for lifetime", "--period"),
        (replace(sold_for(8), lengths={}), terms(1), "it is sold for periods of unknown length", "--period"),
        (
            LITE,
            terms(1, currency="RUB"),
            "its prices are in EUR, ours are in RUB, and there is no rate",
            "--rate",
        ),
    ],
)
def test_one_that_does_not_fit_is_told_why_and_what_to_do(
    tariff: Tariff, ours: Terms, reason: str, hint: str
) -> None:
    found = misfit(tariff, ours)
    assert found is not None
    assert found.reason.startswith(reason)
    assert hint in found.hint


def test_what_is_imported_has_the_remotes_name_and_prices_and_waits_to_be_enabled() -> None:
    ours = imported(LITE, "main", "soft", terms(), enabled=False)
    assert (ours.name, ours.prices, ours.currency, ours.rate) == (LITE.name, LITE.prices, "EUR", None)
    assert (ours.is_enabled, ours.is_gone) == (False, False)
    assert [own.is_active for own in ours.resources] == [True]


def test_prices_in_our_currency_come_from_the_rate_to_the_cent_and_it_is_kept() -> None:
    ours = imported(LITE, "main", "soft", terms(currency="RUB", rate="98.7654"), enabled=True)
    assert ours.prices[1] == Money(Decimal("395.06"), "RUB")
    assert (ours.rate, ours.cost(12)) == (Decimal("98.7654"), Money(Decimal("3950.62"), "RUB"))


def test_a_rate_is_not_kept_where_both_currencies_are_the_same() -> None:
    assert imported(LITE, "main", "soft", terms(currency="EUR", rate="2"), enabled=True).rate is None
