"""Generations 5 and 6: questions asked, and their answers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from cpbillmgr.errors import Refused
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import Change
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.dialect import Call, Dialect
from cpbillmgr.remote.generation5 import requests
from cpbillmgr.remote.generation5.catalogue import account_of, balance_of, tariffs_of
from cpbillmgr.remote.generation5.licenses import license_of_form, license_of_row
from cpbillmgr.remote.generation5.products import SPELLINGS
from cpbillmgr.remote.listing import Page, further_pages, page_of, pages_to_the_end
from cpbillmgr.remote.parallel import parallel


class Generation5(Dialect):
    """The dialect of BILLmanager 5 and 6."""

    @property
    def _product(self) -> ProductType:
        return self._endpoint.product_type

    def account(self) -> Account:
        """Return the account that we are logged in to; its balance comes from the subaccount if need be."""
        account = account_of(self.ask(requests.whoami()), self.remote)
        return account if account.balance is not None else replace(account, balance=self._balance())

    def pages(self) -> Iterator[Page]:
        """Yield the first page, then the others: at the same time, if it tells how many there are."""
        first = self._page(1)
        yield first
        if first.total is None:
            yield from pages_to_the_end(first, self._page, self.remote)
        else:
            yield from parallel(self._page, further_pages(first, self.remote), self._endpoint.parallel)

    def license(self, id: str) -> License:
        """Return one license as its form shows it. Raises ``NotFound`` when there is none."""
        return license_of_form(
            self.ask(requests.license_form(id, self._product)), id, self.remote, self._product
        )

    def tariffs(self) -> dict[int, Tariff]:
        """Return what can be ordered, by tariff id."""
        return tariffs_of(self.ask(requests.price_list(self._product)), self.remote)

    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        """Raise ``Refused`` when the remote would not give this address a license of this tariff.

        Where it cannot be asked, only the order itself tells.
        """
        if SPELLINGS[self._product].has_check:
            self.ask(requests.ip_check(tariff, period, ip))

    def spell(self, change: Change) -> Call:
        """Return the function and the parameters that make a change."""
        return requests.parameters(change, self._product)

    def _page(self, number: int) -> Page:
        document = self.ask(requests.license_page(number, self._endpoint.page_size, self._product))
        return page_of(document, partial(license_of_row, product=self._product), self.remote)

    def _balance(self) -> Money | None:
        try:
            return balance_of(self.ask(requests.subaccounts()))
        except Refused:
            return None
