"""What was gathered before anything is decided: one look at the remote beside what we remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation


@dataclass(frozen=True, slots=True)
class Facts:
    """One remote account, whole, as of ``requested_at`` (UTC, when its list was asked for).

    ``licenses`` are by id, ``links`` give the license id of a child's key, ``operations`` are the open ones.
    ``refused`` are licenses of the pool that the remote would not hand out lately, ``generations`` the
    highest mark generation that each child has used up. ``elsewhere`` are the children that have a license,
    or an open operation, at another remote: a license stays with its remote (semantics.md 10). ``protected``
    are the licenses that no run may touch, ``unlinked`` those that a person has unlinked, which no rule links
    again.
    """

    remote: str
    requested_at: datetime
    licenses: Mapping[str, License]
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    operations: Sequence[Operation] = ()
    tariffs: Mapping[int, Tariff] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    generations: Mapping[tuple[str, str], int] = field(default_factory=dict)
    elsewhere: frozenset[tuple[str, str]] = frozenset()
    protected: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The day of the look, UTC."""
        return self.requested_at.date()
