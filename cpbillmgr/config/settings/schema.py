"""The settings file's keys, their types, bounds and defaults: ``cpbillmgr.toml`` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from cpbillmgr.config.alignment import Alignment
from cpbillmgr.config.defaults import ADDON_TYPES
from cpbillmgr.config.readers import (
    Reader,
    Wrong,
    amount,
    checked,
    command,
    file,
    many,
    member,
    one_of,
    seconds,
    text,
    whole,
)
from cpbillmgr.config.settings.certificates import CertificateSettings, certificate_keys
from cpbillmgr.config.settings.urls import account_at, checked_proxy, checked_remote
from cpbillmgr.config.wanted.asking import Askers
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.notices import Hook
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.rules import Limits, NewAddress, OnDoubt, Reuse, Rules

SANDBOX = "sandbox:"
_RULES = Rules()


@dataclass(frozen=True, slots=True)
class RemoteSettings:
    """A processing module: one account at one remote billing.

    ``user`` may be left out for a sandbox alone. ``timeout`` is in seconds, for a whole call. ``addons`` are
    further names of add-ons that ask for what it sells. ``department`` is who gets what has to be done by
    hand. ``datacenter`` is the remote's id of one.
    """

    name: str
    url: str
    user: str = ""
    password_file: Path | None = None
    password_command: tuple[str, ...] | None = None
    generation: Generation = _RULES.generation
    conf: Path | None = None
    sort: int = 100
    minimal_balance: Decimal | None = None
    product_type: ProductType = ProductType.SOFT
    addons: tuple[str, ...] = ()
    department: str | None = None
    datacenter: int | None = None
    ca_file: Path | None = None
    proxy: str | None = None
    timeout: float = 60.0
    parallel: int = 4
    page_size: int = 1000

    @property
    def world(self) -> Path | None:
        """The file of a sandbox's world, ``None`` for a real remote."""
        return Path(self.url.removeprefix(SANDBOX)) if self.url.startswith(SANDBOX) else None

    @property
    def askers(self) -> Askers:
        """Who asks for what it sells: its own ``addons``, and for licenses also those of panels."""
        usual = ADDON_TYPES if self.product_type is ProductType.SOFT else ()
        return Askers(self.product_type, frozenset((*usual, *self.addons)))

    @property
    def account(self) -> tuple[str, str]:
        """What tells its account from those of other remotes."""
        return account_at(self.url, self.user)

    def is_same_account(self, other: RemoteSettings) -> bool:
        """Return whether both speak to one account of one remote."""
        return self.account == other.account

    def __post_init__(self) -> None:
        if not self.generation.sells(self.product_type):
            told = f" is of generation {self.generation}, which sells no {self.product_type}"
            raise Wrong(f"{told}; leave out product_type")
        if not self.user and self.world is None:
            raise Wrong(" lacks 'user'; add it, or set $CPBILLMGR_USER")
        if self.password_file is not None and self.password_command is not None:
            raise Wrong(" has both password_file and password_command; keep one")


@dataclass(frozen=True, slots=True)
class SafetySettings:
    """What happens to a paid call without an answer; ``settle_minutes`` is how long it holds its service."""

    settle_minutes: int = _RULES.settle_minutes
    on_doubt: OnDoubt = _RULES.on_doubt


@dataclass(frozen=True, slots=True)
class RenewalSettings:
    """When a license is renewed: so many days before it ends."""

    days_before: int = _RULES.days_before


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """How licenses follow changed services; ``ip`` is for an address that the license may not take yet."""

    ip: NewAddress = _RULES.new_address


@dataclass(frozen=True, slots=True)
class HookSettings:
    """The operator's commands for what happened; ``timeout`` is in seconds, for each call of one."""

    changed: tuple[str, ...] | None = None
    failed: tuple[str, ...] | None = None
    low_balance: tuple[str, ...] | None = None
    timeout: float = 30.0

    def command(self, hook: Hook) -> tuple[str, ...] | None:
        """Return the words of a hook's command, ``None`` when it has none."""
        return {
            Hook.CHANGED: self.changed,
            Hook.FAILED: self.failed,
            Hook.LOW_BALANCE: self.low_balance,
        }[hook]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the settings file and the environment say; paths are absolute."""

    state: Path
    installation: str = _RULES.installation
    reuse: Reuse = _RULES.reuse
    types: tuple[str, ...] = _RULES.types
    currency: str | None = None
    remotes: tuple[RemoteSettings, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    limits: Limits = field(default_factory=Limits)
    safety: SafetySettings = field(default_factory=SafetySettings)
    renewal: RenewalSettings = field(default_factory=RenewalSettings)
    changes: ChangeSettings = field(default_factory=ChangeSettings)
    certificates: CertificateSettings = field(default_factory=CertificateSettings)
    hooks: HookSettings = field(default_factory=HookSettings)

    @property
    def in_order_of_use(self) -> list[RemoteSettings]:
        """The remotes, by ``sort`` and name; those for panels first: a module goes onto a panel's license."""
        return sorted(
            self.remotes, key=lambda each: (each.product_type is not ProductType.SOFT, each.sort, each.name)
        )

    @property
    def certificate_folder(self) -> Path:
        """Where the files of certificates are."""
        return self.certificates.folder or self.state.with_name("certificates")


def tables(folder: Path) -> Mapping[str, tuple[type, Mapping[str, Reader]]]:
    """Return the tables that there is one of each: what they become, and how their keys are read.

    File names count from the folder.
    """
    count = whole(least=0)
    limits = {
        "max_orders": count,
        "max_spend": amount,
        "max_releases": count,
        "max_suspends": count,
        "max_moves": count,
        "short_list_percent": whole(0, 100),
    }
    return {
        "limits": (Limits, limits),
        "safety": (SafetySettings, {"settle_minutes": whole(1, 1440), "on_doubt": member(OnDoubt)}),
        "renewal": (RenewalSettings, {"days_before": whole(1, 28)}),
        "changes": (ChangeSettings, {"ip": member(NewAddress)}),
        "certificates": (CertificateSettings, certificate_keys(folder)),
        "hooks": (HookSettings, {**{hook.value: command for hook in Hook}, "timeout": seconds(600)}),
    }


def top_keys(folder: Path) -> dict[str, Reader]:
    """Return how the keys outside of any table are read; file names count from the folder."""
    return {
        "state": file(folder),
        "installation": text("[A-Za-z0-9_]{1,32}", "must be up to 32 letters, digits and '_'"),
        "reuse": member(Reuse),
        "types": many(text()),
        "currency": text("[A-Z]{3}", "must be the three letters of a currency, such as EUR"),
    }


def remote_keys(folder: Path) -> dict[str, Reader]:
    """Return how the keys of a remote are read."""
    return {
        "name": text("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "must be up to 64 letters, digits, '_', '.' and '-'"),
        "url": _address(folder),
        # The remote takes what follows the first colon for the password.
        "user": text(r"[^:\x00-\x1f\x7f]*", "must not contain a colon or control characters"),
        "password_file": file(folder),
        "password_command": command,
        "generation": one_of(*Generation),
        "conf": file(folder),
        "sort": whole(),
        "minimal_balance": amount,
        "product_type": member(ProductType),
        "addons": many(text()),
        "department": text(r"[^\x00-\x1f\x7f]{1,100}", "must be up to 100 characters in one line"),
        "datacenter": whole(least=1),
        "ca_file": file(folder),
        "proxy": checked(checked_proxy),
        "timeout": seconds(3600),
        "parallel": whole(1, 32),
        "page_size": whole(1, 10000),
    }


ALIGNMENT_KEYS: Mapping[str, Reader] = {
    "remote": text(),
    "period": whole(least=1),
    "months": whole(least=0),
    "type": text(),
    "tariff": whole(least=1),
    "into": whole(least=0),
}
"""How the keys of an alignment are read."""


def _address(folder: Path) -> Reader:
    def read(value: object) -> str:
        url: str = text()(value)
        if not url.startswith(SANDBOX):
            checked_url: str = checked(checked_remote)(url)
            return checked_url
        if url == SANDBOX:
            raise Wrong(" needs the world's file after 'sandbox:'")
        return f"{SANDBOX}{file(folder)(url.removeprefix(SANDBOX))}"

    return read
