"""Generation 4: questions asked, and their answers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cpbillmgr.errors import AccessDenied, AnswerNotUnderstood, NotFound, Refused
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import Change, Edit, Renew
from cpbillmgr.model.licenses import License
from cpbillmgr.remote.dialect import Call, Dialect
from cpbillmgr.remote.documents import Fields, form_fields
from cpbillmgr.remote.generation4 import requests
from cpbillmgr.remote.generation4.catalogue import (
    Payer,
    Periods,
    known_tariffs,
    names_of,
    payers_of,
    periods_of,
    tariff_of,
)
from cpbillmgr.remote.generation4.licenses import SHOWN, fields_of_row, license_of_form, license_of_row
from cpbillmgr.remote.listing import Page, page_of
from cpbillmgr.remote.parallel import parallel


class Generation4(Dialect):
    """The dialect of BILLmanager 4."""

    def account(self) -> Account:
        """Return the account that we are logged in to; with several at hand, none is the balance."""
        payers = self._payers()
        return Account(self._endpoint.user, payers[0].balance if len(payers) == 1 else None)

    def pages(self) -> Iterator[Page]:
        """Yield the only page, for no paging is documented; a total that it tells is checked all the same."""
        yield page_of(self.ask(requests.licenses()), license_of_row, self.remote)

    def license(self, id: str) -> License:
        """Return one license as its form and, for what that leaves out, the list show it.

        Raises ``NotFound`` when there is none.
        """
        form = self.ask(requests.license_form(id))
        is_whole = form_fields(form).keys() >= set(SHOWN)
        return license_of_form(form, {} if is_whole else self._row(id), id, self.remote)

    def certificate_files(self, id: str) -> tuple[str, ...]:  # noqa: ARG002 - there is nothing to ask
        """Return nothing: certificates are sold by generations 5 and 6 alone."""
        return ()

    def tariffs(self) -> dict[int, Tariff]:
        """Return what can be ordered, by tariff id; without any price what our account may not read."""
        try:
            names = names_of(self.ask(requests.tariffs()), self.remote)
        except (AccessDenied, NotFound):
            return known_tariffs()
        currency = self._currency()

        def tariff(id_: int) -> Tariff:
            return tariff_of(id_, names[id_], self._periods(id_, currency))

        return {each.id: each for each in parallel(tariff, names, self._endpoint.parallel)}

    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        """Raise ``Refused`` when the remote would not give this address a license of this tariff."""
        self.ask(requests.ip_check(tariff, period, ip))

    def spell(self, change: Change) -> Call:
        """Return the function and the parameters that make a change, after asking for what they need.

        Raises ``Refused`` for what this generation cannot do, and where the answer is of no use.
        """
        payer = ""
        if isinstance(change, Edit) and change.addons:
            raise Refused("a remote of generation 4 sells no nodes", where=self.remote)
        try:
            if isinstance(change, Edit) and (change.name is None or change.ip is None):
                change = self._whole(change)
            elif isinstance(change, Renew):
                payer = self._payer().id
        except AnswerNotUnderstood as error:
            raise Refused(f"nothing was sent: {error.message}", where=self.remote) from error
        return requests.parameters(change, payer, self.remote)

    def _whole(self, edit: Edit) -> Edit:
        """Return an edit with the name or the address that it is to leave as it is."""
        now = self.license(edit.license)
        return replace(
            edit,
            name=now.name if edit.name is None else edit.name,
            ip=now.ip if edit.ip is None else edit.ip,
        )

    def _row(self, id: str) -> Fields:
        """Return a license's row of the list, nothing where the list lacks it."""
        rows = map(fields_of_row, self.ask(requests.licenses()).iterfind("elem"))
        return next((row for row in rows if (row["id"].text if "id" in row else "") == id), {})

    def _periods(self, tariff: int, currency: str) -> Periods | None:
        try:
            return periods_of(self.ask(requests.periods(tariff)), currency)
        except (AccessDenied, NotFound):
            return None

    def _payers(self) -> list[Payer]:
        return payers_of(self.ask(requests.accounts()), self.remote)

    def _payer(self) -> Payer:
        payers = self._payers()
        if len(payers) == 1:
            return payers[0]
        ids = ", ".join(payer.id for payer in payers)
        raise Refused(f"which of the accounts {ids} pays is not known; nothing was sent", where=self.remote)

    def _currency(self) -> str:
        """Return the currency of all our accounts, empty where they have none in common."""
        try:
            currencies = {payer.currency for payer in self._payers()}
        except (AnswerNotUnderstood, Refused):
            return ""
        return currencies.pop() if len(currencies) == 1 else ""
