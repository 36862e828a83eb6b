"""The remote's side: licenses, and which child each belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cpbillmgr.model.catalogue import TRIAL, Amounts
from cpbillmgr.model.certificates import Issue
from cpbillmgr.model.money import Money
from cpbillmgr.model.services import Child, Status

FREE_NAME = "free.lic"  # the name and the address of a reusable license (semantics.md 3.1)
FREE_IP = "0.0.0.0"  # noqa: S104 - an address in a document, nothing listens here


@dataclass(frozen=True, slots=True)
class License:
    """A license at the remote, as a row of its list or as its form shows it; a product of any other type too.

    ``ip`` is empty where the product has no address, ``name`` where it has no name.
    Days are the remote's own, read as UTC. ``expires`` is ``None`` for a license without an end.
    ``ip_changed`` and ``key_changed`` are ``None`` when there was no change or it is not told; of generation
    4, which tells none, ``ip_changed`` is the last change that our own records know. What only the
    form tells is ``None`` in a row: ``remoteid`` (empty when the form has none), ``key`` (empty while the
    form shows none), and ``addons`` (amounts by add-on id). ``tariff`` is ``None`` when neither row nor price
    list gives its id. ``length`` is how long its ``period`` is: months, or 0 lifetime, -50 a day, -100 a
    trial; ``None`` when that is not told. ``renews_itself`` is whether the remote's own renewal is on: then
    both sides would pay; ``None`` where that is not told. ``cost`` is the price of the whole order period.
    ``issue`` is how far a certificate has come, ``None`` where that is not told, and for every other product.
    """

    remote: str
    id: str
    name: str
    ip: str
    tariff: int | None
    tariff_name: str
    period: int | None
    status: Status
    expires: date | None
    ip_changed: date | None = None
    key_changed: date | None = None
    renews_itself: bool | None = None
    cost: Money | None = None
    remoteid: str | None = None
    key: str | None = None
    addons: Amounts | None = None
    length: int | None = None
    issue: Issue | None = None

    @property
    def is_free(self) -> bool:
        """Whether it lies in the pool: free name, free address."""
        return self.name == FREE_NAME and self.ip == FREE_IP

    @property
    def is_trial(self) -> bool:
        """Whether it is one: by its period, or by a tariff of its own for trials (wire-api.md 9.3)."""
        return TRIAL in (self.length, self.period) or "trial" in self.tariff_name.casefold().split()

    def is_same_row(self, other: License) -> bool:
        """Return whether the list shows both alike, so that what the form told of one holds for the other."""
        return (self.name, self.ip, self.tariff, self.status, self.expires) == (
            other.name,
            other.ip,
            other.tariff,
            other.status,
            other.expires,
        )


def child_of(license: License, service: str, addon: str, local_ids: tuple[int, ...] = ()) -> Child:
    """Return the child of a license that is there, as the license shows it."""
    return Child(
        service=service,
        addon=addon,
        service_name=license.name,
        ip=license.ip,
        status=Status.ACTIVE,
        remote=license.remote,
        tariff=license.tariff or 0,
        period=license.period or 0,
        length=license.length,
        local_ids=local_ids,
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A child and the license that it has."""

    remote: str
    license: str
    service: str
    addon: str

    @property
    def key(self) -> tuple[str, str]:
        """The child: service and add-on."""
        return (self.service, self.addon)
