"""The operator's wishes as the planner needs them: read by ``config``, never changed by a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from cpbillmgr.model.generations import Generation
from cpbillmgr.model.products import ProductType


class Reuse(StrEnum):
    """Whether paid licenses that nobody uses serve new needs."""

    AUTO = "auto"  # as the remote's generation does it (semantics.md 3.1)
    NEVER = "never"


class OnDoubt(StrEnum):
    """What to do about an order of which the remote's lists show nothing when the settle window is over."""

    SETTLE = "settle"  # send it once more, with the same mark
    MANUAL = "manual"  # never: ask a person


class NewAddress(StrEnum):
    """What a service gets whose address has changed while its license may not be moved yet."""

    WAIT = "wait"  # the license follows on the first day on which it may
    SWAP = "swap"  # one of the pool in its place; where none fits, as ``wait``
    ORDER = "order"  # one of the pool, else a new one


@dataclass(frozen=True, slots=True)
class Limits:
    """A run that would pass one of these writes nothing. ``max_spend`` counts in each currency."""

    max_orders: int = 50
    max_spend: Decimal = Decimal("500.00")
    max_releases: int = 20
    max_suspends: int = 50
    max_moves: int = 20
    short_list_percent: int = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides, beside the facts.

    ``generation`` is the remote's, ``product`` what it sells. ``reuse_licenses`` and
    ``no_fix_suspended`` are options of the directive file, as is ``use_existing``; ``reuse_prices`` are its
    ``ReusePrice`` ids. ``installation`` stands in our mark. ``types`` are the service types that
    ``fixchilds`` looks at. ``settle_minutes`` is in minutes, ``days_before`` how many days before its end a
    license is renewed. ``approver`` approves certificates, unless a request names another.
    """

    generation: Generation = Generation.SIX
    product: ProductType = ProductType.SOFT
    installation: str = "main"
    reuse: Reuse = Reuse.AUTO
    reuse_licenses: bool = False
    reuse_prices: frozenset[int] = frozenset()
    no_fix_suspended: bool = False
    use_existing: bool = False
    new_address: NewAddress = NewAddress.SWAP
    types: tuple[str, ...] = ("vds", "dedic")
    settle_minutes: int = 15
    on_doubt: OnDoubt = OnDoubt.SETTLE
    days_before: int = 1
    approver: str = ""
    limits: Limits = field(default_factory=Limits)
