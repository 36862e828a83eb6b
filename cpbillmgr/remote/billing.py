"""The remote billing of generations 5 and 6, in our words: questions return nouns, changes happen or raise.

Both generations speak one protocol.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import TypeVar
from xml.etree.ElementTree import Element

from cpbillmgr.errors import ListIncomplete, NotFound, Refused, ValueRefused
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import LicenseChange, Order
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.remote import requests
from cpbillmgr.remote.catalogue import account_of, balance_of, tariffs_of
from cpbillmgr.remote.client import Client
from cpbillmgr.remote.documents import require_answer
from cpbillmgr.remote.listing import Page, further_pages, page_of, pages_to_the_end, whole_list
from cpbillmgr.remote.replies import license_of_form, merge, new_license_id, require_done

Key = TypeVar("Key")
Value = TypeVar("Value")
Progress = Callable[[int, int], None]  # how many are read, of how many

_AGREEMENTS = ("licence_agreement", "agree", "conditions_agree")  # what an agreement is called in a form


class RemoteBilling:
    """One remote account. A context manager; its methods may be called from several threads.

    Questions raise ``Unreachable``, ``LoginRefused``, ``Refused`` or ``AnswerNotUnderstood``; changes raise
    ``Unreachable``, ``LoginRefused`` or ``Refused`` when they certainly did not happen, else ``MaybeDone``.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self._endpoint = endpoint
        self._client = Client(endpoint)
        self._tariffs: Mapping[int, Tariff] | None = None

    def __enter__(self) -> RemoteBilling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    @property
    def clock_offset(self) -> timedelta | None:
        """How far the remote's clock is ahead of ours; ``None`` where it does not tell its time."""
        return self._client.clock_offset

    def whoami(self) -> Account:
        """Return the account that we are logged in to; its balance comes from the subaccount if need be."""
        account = account_of(self._ask(requests.whoami()), self.name)
        return account if account.balance is not None else replace(account, balance=self._balance())

    def licenses(self, on_page: Progress | None = None) -> list[License]:
        """Return every license of the account, each with its tariff's id, or raise ``ListIncomplete``.

        ``on_page`` is told the rows read and the rows in all (0 where the remote does not tell).
        """
        pages: list[Page] = []
        read = 0
        for page in self._pages():
            pages.append(page)
            read += len(page.rows)
            if on_page is not None:
                on_page(read, page.total or 0)
        return self._with_tariffs(whole_list(pages, self.name))

    def license(self, id: str) -> License:
        """Return one license as its form shows it. Raises ``NotFound`` when there is none."""
        return license_of_form(self._ask(requests.license_form(id)), id, self.name)

    def forms(self, rows: Sequence[License], on_read: Progress | None = None) -> dict[str, License]:
        """Return, by id, what the list's rows and the forms of these licenses tell together.

        Raises ``ListIncomplete`` when one of them is gone by now, and otherwise the first error of a form.
        """
        forms: dict[str, License] = {}
        for whole in self._parallel(self._whole, rows):
            forms[whole.id] = whole
            if on_read is not None:
                on_read(len(forms), len(rows))
        return forms

    def tariffs(self) -> Mapping[int, Tariff]:
        """Return what can be ordered, by tariff id; asked once, then remembered."""
        if self._tariffs is None:
            self._tariffs = tariffs_of(self._ask(requests.price_list()), self.name)
        return self._tariffs

    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        """Raise ``Refused`` when the remote would not give this address a license of this tariff."""
        self._ask(requests.ip_check(tariff, period, ip))

    def order(self, order: Order) -> str:
        """Buy a license and return its id. An agreement that its tariff asks for is accepted.

        That it asks is only told by refusing the order, which has bought nothing (wire-api.md 4.2).
        """
        func, params = requests.parameters(order)
        try:
            document = self._client.command(func, **params)
        except (NotFound, ValueRefused) as refused:
            if refused.subject not in _AGREEMENTS:
                raise
            document = self._client.command(func, **params, **{refused.subject: "on"})
        return new_license_id(document, func, self.name)

    def change(self, change: LicenseChange) -> None:
        """Change a license that is ours."""
        func, params = requests.parameters(change)
        require_done(self._client.command(func, **params), func, self.name)

    def _whole(self, row: License) -> License:
        try:
            return merge(row, self.license(row.id))
        except NotFound as error:
            raise ListIncomplete(f"license {row.id} went away while it was read", where=self.name) from error

    def _balance(self) -> Money | None:
        try:
            return balance_of(self._ask(requests.subaccounts()))
        except Refused:
            return None

    def _ask(self, call: requests.Call) -> Element:
        func, params = call
        document = self._client.ask(func, **params)
        require_answer(document, func, self.name)
        return document

    def _pages(self) -> Iterator[Page]:
        """Yield the first page, then the others: at the same time, if it tells how many there are."""
        first = self._page(1)
        yield first
        if first.total is None:
            yield from pages_to_the_end(first, self._page, self.name)
        else:
            yield from self._parallel(self._page, further_pages(first, self.name))

    def _page(self, number: int) -> Page:
        return page_of(self._ask(requests.license_page(number, self._endpoint.page_size)), self.name)

    def _with_tariffs(self, rows: list[License]) -> list[License]:
        """Fill in the tariff ids that rows lack: by the tariff's name if it is unique, else by the form."""
        if all(row.tariff is not None for row in rows):
            return rows
        ids = self._ids_of_tariff_names()
        named = [replace(row, tariff=ids.get(row.tariff_name)) if row.tariff is None else row for row in rows]
        forms = self.forms([row for row in named if row.tariff is None])
        return [forms.get(row.id, row) for row in named]

    def _ids_of_tariff_names(self) -> dict[str, int]:
        try:
            tariffs = list(self.tariffs().values())
        except Refused:  # an account that may not read the price list still has its forms
            return {}
        names = Counter(tariff.name for tariff in tariffs)
        return {tariff.name: tariff.id for tariff in tariffs if names[tariff.name] == 1}

    def _parallel(self, read: Callable[[Key], Value], keys: Iterable[Key]) -> Iterator[Value]:
        """Yield what is read for each key, in order, several at a time; an error cancels what is left."""
        with ThreadPoolExecutor(self._endpoint.parallel, thread_name_prefix="cpbillmgr") as threads:
            yield from threads.map(read, keys)
