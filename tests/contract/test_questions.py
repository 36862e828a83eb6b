"""What a remote answers to questions, however it spells it; a real account has to agree."""

from __future__ import annotations

import pytest

from cpbillmgr.errors import NotFound, Refused
from cpbillmgr.model.services import Status
from tests.contract.conftest import Remote


def test_it_tells_who_we_are_and_what_we_can_spend(remote: Remote) -> None:
    account = remote.billing.whoami()
    assert account.name
    assert account.balance is not None
    assert account.balance.currency


def test_its_list_tells_of_each_license_what_is_decided_by(remote: Remote) -> None:
    licenses = remote.billing.licenses()
    assert len({each.id for each in licenses}) == len(licenses)
    for license in licenses:
        assert license.id.isdecimal()
        assert license.tariff is not None
        assert license.period is not None
        assert license.ip or license.status in (Status.ORDERED, Status.PROCESSING)


def test_a_form_tells_at_least_what_the_list_tells(remote: Remote) -> None:
    rows = remote.billing.licenses()[:20]
    forms = remote.billing.forms(rows)
    assert forms.keys() == {row.id for row in rows}
    for row in rows:
        form = forms[row.id]
        assert form.is_same_row(row)
        assert (form.period, form.remoteid is None, form.addons is None) == (row.period, False, False)


def test_its_price_list_tells_names_lengths_and_prices(remote: Remote) -> None:
    tariffs = remote.billing.tariffs()
    assert tariffs
    for id, tariff in tariffs.items():
        assert (tariff.id, bool(tariff.name)) == (id, True)
        assert all(price.currency and price.amount >= 0 for price in tariff.prices.values())
    assert any(tariff.shortest_period is not None for tariff in tariffs.values())


def test_it_knows_of_no_license_that_is_not_there(remote: Remote) -> None:
    with pytest.raises(NotFound):
        remote.billing.license("999999999")


def test_it_refuses_an_address_that_has_a_license_already(pretend: Remote) -> None:
    goods = pretend.goods
    pretend.billing.check_ip(goods.lite, goods.month, "203.0.113.77")
    with pytest.raises(Refused):
        pretend.billing.check_ip(goods.lite, goods.month, "203.0.113.1")
