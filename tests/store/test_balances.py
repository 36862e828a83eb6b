from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cpbillmgr.model.money import Money
from cpbillmgr.store.balances import Balance
from cpbillmgr.store.state import State
from tests.store.nouns import FOUR_EUROS, LATER, NOW, ORDER, order


def test_the_last_balance_of_each_remote_is_remembered(state: State) -> None:
    assert state.balances.last("isp") is None
    state.balances.remember("isp", Money(Decimal("10.005"), "EUR"), NOW)
    state.balances.remember("isp", FOUR_EUROS, LATER)
    state.balances.remember("other", Money(Decimal(-1), "USD"), NOW)
    assert state.balances.last("isp") == Balance(FOUR_EUROS, LATER)
    assert state.balances.last("other") == Balance(Money(Decimal(-1), "USD"), NOW)


def test_what_was_paid_and_bought_and_by_which_command_is_told(state: State) -> None:
    runs = ("fixchilds 2026-11-21T12:00:00+00:00 1", "license renew 2026-11-21T12:05:00+00:00 2")
    for decision, run, at, license in ((ORDER, runs[0], NOW, "501"), (order("13"), runs[1], LATER, "502")):
        planned = state.journal.plan(decision, run=run, name="x", at=at)
        sent = state.journal.send(planned, run=run, at=at, max_spend=None)
        state.journal.done(sent, license=license, cost=None, at=at)
    never = state.journal.plan(replace(order("14")), run=runs[0], name="x", at=LATER)
    state.journal.failed(never, "refused", at=LATER)
    assert state.operations.bought("isp") == {"501", "502"}
    assert state.operations.paid_since("isp", NOW) == (FOUR_EUROS * 2,)
    assert state.operations.paid_since("isp", LATER) == (FOUR_EUROS,)
    assert state.operations.paid_since("other", NOW) == ()
    assert state.operations.last_done() == {"fixchilds": NOW, "license renew": LATER}
