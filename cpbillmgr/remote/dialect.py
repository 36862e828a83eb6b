"""What every generation of BILLmanager can be asked and told, each in its own dialect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.changes import Change
from cpbillmgr.model.licenses import License
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.remote.client import Client
from cpbillmgr.remote.documents import require_answer
from cpbillmgr.remote.listing import Page

Call = tuple[str, dict[str, str]]  # a function and its parameters


class Dialect(ABC):
    """How one generation spells questions and changes, and what its documents mean.

    The questions raise what those of ``RemoteBilling`` raise. Which documents are errors, and whether a
    change was made, is told in all generations by the same shared rules (``refusals``, ``replies``).
    """

    def __init__(self, client: Client, endpoint: Endpoint) -> None:
        self.remote = endpoint.name
        self._client = client
        self._endpoint = endpoint

    @abstractmethod
    def account(self) -> Account:
        """Return the account that we are logged in to."""

    @abstractmethod
    def pages(self) -> Iterator[Page]:
        """Yield the pages of the list of licenses, the first one first."""

    @abstractmethod
    def license(self, id: str) -> License:
        """Return one license as its form shows it. Raises ``NotFound`` when there is none."""

    @abstractmethod
    def certificate_files(self, id: str) -> tuple[str, ...]:
        """Return the certificates (PEM) that the remote holds for a license, in the order told, each once."""

    @abstractmethod
    def tariffs(self) -> dict[int, Tariff]:
        """Return what can be ordered, by tariff id."""

    @abstractmethod
    def check_ip(self, tariff: int, period: int, ip: str) -> None:
        """Raise ``Refused`` when the remote would not give this address a license of this tariff.

        Where it cannot be asked, only the order itself tells.
        """

    @abstractmethod
    def spell(self, change: Change) -> Call:
        """Return the function and the parameters that make a change."""

    def ask(self, call: Call) -> Element:
        """Return the answer to a question, which is certainly the answer of its function."""
        func, params = call
        document = self._client.ask(func, **params)
        require_answer(document, func, self.remote)
        return document
