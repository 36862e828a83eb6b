"""The remote billing, in our words: questions return nouns, changes happen or raise.

What all generations have in common stands here; how each of them is spoken to is its dialect's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import TracebackType

from cpbillmgr.errors import ListIncomplete, NotFound, Refused, ValueRefused
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import LicenseChange, Order
from cpbillmgr.model.licenses import License
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.remote.answers import HINTS, answers_of
from cpbillmgr.remote.client import Client
from cpbillmgr.remote.dialect import Dialect
from cpbillmgr.remote.listing import Page, whole_list
from cpbillmgr.remote.parallel import parallel
from cpbillmgr.remote.replies import merge, new_license_id, require_done

Progress = Callable[[int, int], None]  # how many are read, of how many


class RemoteBilling:
    """One remote account. A context manager; its methods may be called from several threads.

    Questions raise ``Unreachable``, ``LoginRefused``, ``Refused`` or ``AnswerNotUnderstood``; changes raise
    ``Unreachable``, ``LoginRefused`` or ``Refused`` when they certainly did not happen, else ``MaybeDone``.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self._endpoint = endpoint
        self._client = Client(endpoint)
        self._dialect = _dialect(self._client, endpoint)
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
        """Return the account that we are logged in to."""
        return self._dialect.account()

    def licenses(self, on_page: Progress | None = None) -> list[License]:
        """Return every license of the account, each with its tariff's id, or raise ``ListIncomplete``.

        ``on_page`` is told the rows read and the rows in all (0 where the remote does not tell).
        """
        pages: list[Page] = []
        read = 0
        for page in self._dialect.pages():
            pages.append(page)
            read += len(page.rows)
            if on_page is not None:
                on_page(read, page.total or 0)
        return self._with_tariffs(whole_list(pages, self.name))

    def license(self, id: str) -> License:
        """Return one license as its form shows it. Raises ``NotFound`` when there is none."""
        return self._dialect.license(id)

    def forms(self, rows: Sequence[License], on_read: Progress | None = None) -> dict[str, License]:
        """Return, by id, what the list's rows and the forms of these licenses tell together.

        Raises ``ListIncomplete`` when one of them is gone by now, and otherwise the first error of a form.
        """
        forms: dict[str, License] = {}
        for whole in parallel(self._whole, rows, self._endpoint.parallel):
            forms[whole.id] = whole
            if on_read is not None:
                on_read(len(forms), len(rows))
        return forms

    def certificate_files(self, id: str) -> tuple[str, ...]:
        """Return the certificates (PEM) that the remote holds for a license, in the order told, each once.

        There are none before it is issued. Raises ``NotFound`` when there is no such license.
        """
        return self._dialect.certificate_files(id)

    def tariffs(self) -> Mapping[int, Tariff]:
        """Return what can be ordered, by tariff id; asked once, then remembered."""
        if self._tariffs is None:
            self._tariffs = self._dialect.tariffs()
        return self._tariffs

    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        """Raise ``Refused`` when the remote would not give this address a license of this tariff."""
        self._dialect.check_ip(tariff, period, ip)

    def order(self, order: Order) -> str:
        """Buy a license and return its id. What it is asked for besides is answered, as far as it can be."""
        func, params = self._dialect.spell(order)
        answers = answers_of(self._endpoint.datacenter)
        while True:
            try:
                return new_license_id(self._client.command(func, **params), func, self.name)
            except (NotFound, ValueRefused) as refused:
                if not answers.get(refused.subject):
                    refused.hint = HINTS.get(refused.subject, refused.hint)
                    raise
                params = {**params, refused.subject: answers[refused.subject].pop(0)}

    def change(self, change: LicenseChange) -> None:
        """Change a license that is ours."""
        func, params = self._dialect.spell(change)
        require_done(self._client.command(func, **params), func, self.name)

    def _whole(self, row: License) -> License:
        try:
            return merge(row, self.license(row.id))
        except NotFound as error:
            raise ListIncomplete(f"license {row.id} went away while it was read", where=self.name) from error

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


def _dialect(client: Client, endpoint: Endpoint) -> Dialect:
    """Return the dialect of a remote's generation; the other one is not even loaded."""
    if endpoint.generation == 4:
        from cpbillmgr.remote.generation4.dialect import Generation4

        return Generation4(client, endpoint)
    from cpbillmgr.remote.generation5.dialect import Generation5

    return Generation5(client, endpoint)
