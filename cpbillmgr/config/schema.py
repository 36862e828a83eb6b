"""The settings file's keys, their types, bounds and defaults: ``cpbillmgr.toml`` as pydantic models."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from cpbillmgr.config.urls import checked_proxy, checked_remote
from cpbillmgr.model.rules import Limits, OnDoubt, Reuse, Rules

_SANDBOX = "sandbox:"
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_RULES, _LIMITS = Rules(), Limits()


def _amount(value: object) -> Decimal:
    if isinstance(value, float) and isfinite(value):
        raise ValueError(f'is not exact as a number; write it in quotes: "{value:.2f}"')
    if isinstance(value, bool) or not _AMOUNT.fullmatch(str(value)):
        raise ValueError('is not an amount; write it like "500.00"')
    return Decimal(str(value))


def _spelled(pattern: str, rule: str) -> AfterValidator:
    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(rule)
        return text

    return AfterValidator(check)


def _words(value: object) -> object:
    if isinstance(value, str):
        raise ValueError(  # noqa: TRY004 - pydantic collects ValueError alone
            'is run without a shell; write a list of words, like ["pass", "show", "billing"]'
        )
    return value


def _from_folder(path: Path, info: ValidationInfo) -> Path:
    if path == Path() or "\0" in str(path):
        raise ValueError("is not the name of a file")
    folder: Path = info.context["folder"] if info.context else Path.cwd()
    try:
        return folder / path.expanduser()
    except RuntimeError:
        raise ValueError("names the home of a user who has none here") from None


def _address(url: str, info: ValidationInfo) -> str:
    if not url.startswith(_SANDBOX):
        return checked_remote(url)
    if url == _SANDBOX:
        raise ValueError("needs the world's file after 'sandbox:'")
    return f"{_SANDBOX}{_from_folder(Path(url.removeprefix(_SANDBOX)), info)}"


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Count = Annotated[int, Field(strict=True, ge=0)]
File = Annotated[Path, AfterValidator(_from_folder)]
Seconds = Annotated[float, Field(strict=True, gt=0, le=3600, allow_inf_nan=False)]
Word = Annotated[str, _spelled(r"[^\x00]+", "must be a word of the command")]
Command = Annotated[tuple[Word, ...], BeforeValidator(_words), Field(min_length=1)]
RemoteName = Annotated[
    str,
    _spelled("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", "must be up to 64 letters, digits, '_', '.' and '-'"),
]
# The remote takes what follows the first colon for the password.
User = Annotated[str, _spelled(r"[^:\x00-\x1f\x7f]*", "must not contain a colon or control characters")]
Installation = Annotated[str, _spelled("[A-Za-z0-9_]{1,32}", "must be up to 32 letters, digits and '_'")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class RemoteSettings(_Table):
    """A processing module: one account at one remote billing.

    ``user`` may be left out for a sandbox alone. ``timeout`` is in seconds, for a whole call.
    """

    name: RemoteName
    url: Annotated[str, AfterValidator(_address)]
    user: User = ""
    password_file: File | None = None
    password_command: Command | None = None
    generation: Literal[4, 5, 6] = 6
    conf: File | None = None
    sort: Annotated[int, Field(strict=True)] = 100
    minimal_balance: Amount | None = None
    product_type: Literal["soft", "softexternal", "addition", "certificate", "platform"] = "soft"
    ca_file: File | None = None
    proxy: Annotated[str, AfterValidator(checked_proxy)] | None = None
    timeout: Seconds = 60.0
    parallel: Annotated[int, Field(strict=True, ge=1, le=32)] = 4
    page_size: Annotated[int, Field(strict=True, ge=1, le=10000)] = 1000

    @property
    def world(self) -> Path | None:
        """The file of a sandbox's world, ``None`` for a real remote."""
        return Path(self.url.removeprefix(_SANDBOX)) if self.url.startswith(_SANDBOX) else None

    @model_validator(mode="after")
    def _is_whole(self) -> RemoteSettings:
        if not self.user and self.world is None:
            raise ValueError("lacks 'user'; add it, or set $CPBILLMGR_USER")
        if self.password_file is not None and self.password_command is not None:
            raise ValueError("has both password_file and password_command; keep one")
        return self


class LimitSettings(_Table):
    """A run that would pass one of these writes nothing."""

    max_orders: Count = _LIMITS.max_orders
    max_spend: Amount = _LIMITS.max_spend
    max_releases: Count = _LIMITS.max_releases
    max_suspends: Count = _LIMITS.max_suspends
    short_list_percent: Annotated[int, Field(strict=True, ge=0, le=100)] = _LIMITS.short_list_percent


class SafetySettings(_Table):
    """What happens to a paid call without an answer; ``settle_minutes`` is how long it holds its service."""

    settle_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = _RULES.settle_minutes
    on_doubt: OnDoubt = _RULES.on_doubt


class RenewalSettings(_Table):
    """When a license is renewed: so many days before it ends."""

    days_before: Annotated[int, Field(strict=True, ge=1, le=28)] = _RULES.days_before


class Settings(_Table):
    """Everything that the settings file and the environment say; paths are absolute."""

    state: File
    installation: Installation = _RULES.installation
    reuse: Reuse = _RULES.reuse
    types: Annotated[tuple[str, ...], Field(min_length=1)] = _RULES.types
    remotes: tuple[RemoteSettings, ...] = Field(default=(), alias="remote")
    limits: LimitSettings = LimitSettings()
    safety: SafetySettings = SafetySettings()
    renewal: RenewalSettings = RenewalSettings()
