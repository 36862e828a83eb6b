"""The forecast of several remotes: each account pays for what its remotes renew, out of its one balance."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.planner.forecast import Forecast, Outlook, forecast
from tests.planner.nouns import TODAY, a_child

EUR, USD = "EUR", "USD"


def money(amount: str, currency: str = EUR) -> Money:
    return Money(Decimal(amount), currency)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def an_outlook(remote: str, balance: Money | None = None, **paid: Money) -> Outlook:
    """Return the outlook of a remote: ``d3=money("4.00")`` is a renewal in three days."""
    days = {
        on(int(day[1:])): [Decision(Action.RENEW, a_child(remote=remote), "it ends", license=day, cost=cost)]
        for day, cost in paid.items()
    }
    return Outlook(remote, TODAY, balance, days, ())


def rows(found: Forecast) -> list[tuple[str, date, str, str]]:
    """Return remotes, day, cost and what is left, of each day."""
    return [
        (" ".join(each.remotes), each.date, " + ".join(map(str, each.cost)), str(each.left or "?"))
        for each in found.days
    ]


def test_remotes_of_one_account_are_counted_together_against_its_balance() -> None:
    panels = an_outlook("panels", money("10.00"), d1=money("4.00"), d5=money("4.00"))
    modules = an_outlook("modules", money("10.00"), d1=money("1.00"), d3=money("1.00"))
    found = forecast([[panels, modules]], 30)
    assert rows(found) == [
        ("panels modules", on(1), "5.00 EUR", "5.00 EUR"),
        ("panels modules", on(3), "1.00 EUR", "4.00 EUR"),
        ("panels modules", on(5), "4.00 EUR", "0.00 EUR"),
    ]
    assert [len(day.renewals) for day in found.days] == [2, 1, 1]
    assert found.first_short is None
    found = forecast([[panels, an_outlook("modules", d4=money("2.01"))]], 30)
    assert (found.first_short and found.first_short.date) == on(5)


def test_each_account_has_its_own_balance_and_its_own_end() -> None:
    first = an_outlook("first", money("5.00"), d1=money("4.00"), d9=money("4.00"))
    second = an_outlook("second", money("3.99", USD), d1=money("3.00", USD), d2=money("1.00", USD))
    found = forecast([[first], [second]], 30)
    assert rows(found) == [
        ("first", on(1), "4.00 EUR", "1.00 EUR"),
        ("second", on(1), "3.00 USD", "0.99 USD"),
        ("second", on(2), "1.00 USD", "-0.01 USD"),
        ("first", on(9), "4.00 EUR", "-3.00 EUR"),
    ]
    assert found.cost == (money("8.00"), money("4.00", USD))
    assert [each.first_short and each.first_short.date for each in found.ledgers] == [on(9), on(2)]
    assert (found.first_short and found.first_short.remotes) == ("second",)


@pytest.mark.parametrize(("told", "left"), [(None, "?"), (money("9.00"), "5.00 EUR")])
def test_a_balance_that_one_remote_of_an_account_tells_is_that_of_the_account(
    told: Money | None, left: str
) -> None:
    outlooks = [an_outlook("panels", d1=money("4.00")), an_outlook("modules", told)]
    (ledger,) = forecast([outlooks], 30).ledgers
    assert (ledger.balance, str(ledger.days[0].left or "?"), ledger.first_short) == (told, left, None)


def test_what_is_paid_in_another_currency_is_not_taken_from_the_balance() -> None:
    both = [an_outlook("panels", money("4.00"), d1=money("4.00")), an_outlook("more", d1=money("9.00", USD))]
    assert rows(forecast([both], 30)) == [("panels more", on(1), "4.00 EUR + 9.00 USD", "0.00 EUR")]
