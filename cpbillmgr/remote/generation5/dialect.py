"""Generations 5 and 6: questions asked, and their answers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from xml.etree.ElementTree import Element

from cpbillmgr.errors import AnswerNotUnderstood, Refused
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import Change
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.dialect import Call, Dialect
from cpbillmgr.remote.documents import told
from cpbillmgr.remote.generation5 import requests
from cpbillmgr.remote.generation5.catalogue import account_of, balance_of, tariffs_of
from cpbillmgr.remote.generation5.licenses import license_of_form, license_of_row
from cpbillmgr.remote.generation5.products import SPELLINGS
from cpbillmgr.remote.listing import Page, further_pages, page_of, pages_to_the_end
from cpbillmgr.remote.parallel import parallel
from cpbillmgr.remote.pem import MOST, certificates_in
from cpbillmgr.remote.text import clean


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

    def certificate_files(self, id: str) -> tuple[str, ...]:
        """Return the certificates (PEM) that the remote holds for a license, in the order told, each once.

        Where they stand is not documented, only that there is a list of files (wire-api.md 10.1). They are
        those of the first of these places that has any.

        ==================  ===============================================
        place               asked by
        ==================  ===============================================
        the list of files   ``certificate.file``, of the certificate
        a form of each one  ``certificate.file.edit``, of each of the list
        the form            ``certificate.edit``
        ==================  ===============================================
        """
        listed = self._answer(requests.certificate_files(id))
        return (
            certificates_in([listed], self.remote)
            or certificates_in(self._file_forms(listed, id), self.remote)
            or certificates_in([self.ask(requests.license_form(id, self._product))], self.remote)
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

    def _file_forms(self, listed: Element, id: str) -> Iterator[Element]:
        """Yield the form of each file that is listed."""
        files = [told(row, "id") for row in listed.iterfind("elem")]
        if len(files) > MOST:
            raise AnswerNotUnderstood(f"certificate {clean(id)} has {len(files)} files", where=self.remote)
        for file in filter(None, files):
            yield self._answer(requests.certificate_file(file, id))

    def _answer(self, call: Call) -> Element:
        """Return the answer to a question that this remote may not know, an empty one if it is refused."""
        try:
            return self.ask(call)
        except Refused:
            return Element("doc")

    def _page(self, number: int) -> Page:
        document = self.ask(requests.license_page(number, self._endpoint.page_size, self._product))
        return page_of(document, partial(license_of_row, product=self._product), self.remote)

    def _balance(self) -> Money | None:
        try:
            return balance_of(self.ask(requests.subaccounts()))
        except Refused:
            return None
