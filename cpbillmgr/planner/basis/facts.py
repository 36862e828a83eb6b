"""What was gathered before anything is decided: one look at the remote beside what we remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.licenses import License, Link
from cpbillmgr.model.local import LocalTariff
from cpbillmgr.model.operations import Operation
from cpbillmgr.model.services import Status


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """What lies on disk for certificates.

    ``prepared`` are the children whose next request is there already, each with its domain, ``damaged`` those
    of whom a request cannot be read, each with what is wrong. ``unfetched`` are the linked certificates
    whose files are not here, each with the mark that it was ordered with, ``keyless`` those that we have
    ordered with a request that is not here any more, nor is its key. ``approved`` are, by child, the
    domains for which an earlier request names who approves.
    """

    prepared: Mapping[tuple[str, str], str] = field(default_factory=dict)
    damaged: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unfetched: Mapping[str, str] = field(default_factory=dict)
    keyless: frozenset[str] = frozenset()
    approved: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """One remote account, whole, as of ``requested_at`` (UTC, when its list was asked for).

    ``looked_at`` is when its list was last written down before, ``checked_at`` when a checkevent last did.
    ``licenses`` are by id, ``links`` give the license id of a child's key, ``operations`` are the open ones.
    ``refused`` are licenses of the pool that the remote would not hand out lately, ``generations`` the
    highest mark generation that each child has used up. ``given_up`` are, in generation 4, the orders that
    were sent, and closed though they may arrive yet. ``elsewhere`` are the children that have a license, or
    an open operation, at another remote: a license stays with its remote (semantics.md 10);
    ``kept_elsewhere`` are the licenses that they have there, paid when last seen. ``protected`` are the
    licenses that no run may touch, ``unlinked`` those that a person has unlinked, which no rule links again.
    ``replaced`` are licenses whose child has another one by now, with the child; ``moved_too_early`` those
    that the remote would not move within the last month. ``ours`` are the tariffs that we have imported: one
    that is disabled is not ordered. ``panels`` are, by service, the licenses that its modules can go onto;
    ``None`` where no modules are sold. ``files`` are those of certificates, where they are sold.
    """

    remote: str
    requested_at: datetime
    licenses: Mapping[str, License]
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    operations: Sequence[Operation] = ()
    tariffs: Mapping[int, Tariff] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    generations: Mapping[tuple[str, str], int] = field(default_factory=dict)
    given_up: Sequence[Operation] = ()
    elsewhere: frozenset[tuple[str, str]] = frozenset()
    kept_elsewhere: Mapping[tuple[str, str], Link] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()
    replaced: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    moved_too_early: frozenset[str] = frozenset()
    ours: Mapping[int, LocalTariff] = field(default_factory=dict)
    panels: Mapping[str, tuple[str, ...]] | None = None
    looked_at: datetime | None = None
    checked_at: datetime | None = None
    files: CertificateFiles = field(default_factory=CertificateFiles)

    def with_tariffs(self, tariffs: Mapping[int, Tariff]) -> Facts:
        """Return these facts with what the remote sells, and so with the lengths that its list leaves out.

        In generation 4 only the price list tells how long the period of a license is.
        """
        told = {
            license.id: replace(license, length=tariff.length(license.period))
            for license in self.licenses.values()
            if license.length is None
            and license.period is not None
            and (tariff := tariffs.get(license.tariff or 0)) is not None
        }
        licenses = {**self.licenses, **told} if told else self.licenses
        return replace(self, tariffs=tariffs, licenses=licenses)

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, str]]:
        """The child of each linked license."""
        return {license: key for key, license in self.links.items()}

    @cached_property
    def linked(self) -> Sequence[tuple[tuple[str, str], License]]:
        """The linked licenses that are there, each with its child."""
        return [
            (key, license)
            for key, id in self.links.items()
            if (license := self.licenses.get(id)) is not None and license.status is not Status.DELETED
        ]

    @cached_property
    def busy_licenses(self) -> Mapping[str, Operation]:
        """The licenses that an operation is open about, each with it."""
        return {each.license: each for each in self.operations if each.license is not None}

    @cached_property
    def busy_children(self) -> Mapping[tuple[str, str], Operation]:
        """The children that an operation is open for, each with it."""
        return {each.key: each for each in self.operations}

    def panels_of(self, service: str) -> tuple[str, ...]:
        """Return the licenses of a service's panels that a module can go onto."""
        return () if self.panels is None else self.panels.get(service, ())

    @property
    def today(self) -> date:
        """The day of the look, UTC."""
        return self.requested_at.date()
