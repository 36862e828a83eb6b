from __future__ import annotations

from decimal import Decimal

from cpbillmgr.cli.views.tariff import losses, tariff_facts
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.money import Money

PRICES = {8: Money(Decimal("4.00"), "EUR"), 99: Money(Decimal("9.00"), "EUR")}
OURS = LocalTariff("old", "soft", Tariff(7, "Lite", PRICES, lengths={8: 1}), "Lite", PRICES, "EUR")


def test_a_period_of_generation_4_is_told_with_the_id_that_its_price_is_set_by() -> None:
    facts = tariff_facts(OURS)
    assert facts["1 month (id 8)"] == "4.00 EUR, costs 4.00 EUR, margin 0.0 %"
    assert facts["period 99"].startswith("9.00 EUR")


def test_a_price_that_covers_its_cost_is_no_loss() -> None:
    assert list(losses([OURS])) == []
