"""The changes that the remote knows: one change is one call. How a call is spelled is ``remote``'s."""

from __future__ import annotations

from dataclasses import dataclass

from cpbillmgr.model.catalogue import Amounts
from cpbillmgr.model.certificates import Request


@dataclass(frozen=True, slots=True)
class Order:
    """Buy a license; ``addons`` are amounts by add-on id, ``period`` is the remote's.

    ``ip`` is empty for a product without an address. ``panel`` is the license that a module goes onto,
    ``request`` what a certificate is asked for with; its name is the domain.
    """

    tariff: int
    period: int
    ip: str
    name: str
    remoteid: str
    addons: Amounts = ()
    panel: str | None = None
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Give a license another name, address and remote id, in one call; ``None`` leaves a field as it is.

    ``addons`` are new amounts by add-on id: more of them cost money.
    """

    license: str
    name: str | None = None
    ip: str | None = None
    remoteid: str | None = None
    autoprolong_off: bool = False
    addons: Amounts = ()


@dataclass(frozen=True, slots=True)
class NewKey:
    """Have a new key made, so that the license's last user loses it."""

    license: str


@dataclass(frozen=True, slots=True)
class Renew:
    """Pay for one more period of months."""

    license: str
    period: int


@dataclass(frozen=True, slots=True)
class Suspend:
    """Stop a license; it stays paid and ours."""

    license: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Start a stopped license that is still paid."""

    license: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Give a license up for good; what is paid is lost."""

    license: str


@dataclass(frozen=True, slots=True)
class ChangeTariff:
    """Make it a license of another tariff; ``period`` is the remote's."""

    license: str
    tariff: int
    period: int


LicenseChange = Edit | NewKey | Renew | Suspend | Resume | Delete | ChangeTariff  # of a license that is there
Change = Order | LicenseChange
