"""The remotes of the settings: which there are, whether we may work with them, and what they sell."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

from cpbillmgr.config.settings.loading import load_settings
from cpbillmgr.config.settings.schema import RemoteSettings
from cpbillmgr.errors import AccessDenied, CpbillmgrError, UsageWrong
from cpbillmgr.model.catalogue import Account, Tariff
from cpbillmgr.model.where import Where
from cpbillmgr.planner.health import lacking
from cpbillmgr.runs.site import open_remote, open_state, read_wishes, settings_file
from cpbillmgr.store.state import State


@dataclass(frozen=True, slots=True)
class Health:
    """What a remote told about our account, or the error that it told instead.

    ``warnings`` are sentences about what the account lacks.
    """

    remote: str
    account: Account | None = None
    warnings: tuple[str, ...] = ()
    error: CpbillmgrError | None = None


def list_remotes(where: Where) -> list[RemoteSettings]:
    """Return the remotes of the settings, those first that are used first; raises ``ConfigInvalid``."""
    return load_settings(settings_file(where), os.environ).in_order_of_use


def is_left_behind(where: Where, name: str) -> bool:
    """Return whether the settings do not have this remote, though licenses at it are linked."""
    if name in [remote.name for remote in list_remotes(where)]:
        return False
    with open_state(where, command="license", writes=False) as state:
        return name in state.links.count()


def remote_having(where: Where, licenses: Collection[str]) -> str | None:
    """Return the remote that licenses are known to be at, so that it need not be named.

    ==============================  =================================================
    the licenses are known          answer
    ==============================  =================================================
    at one remote                   that one
    at several, by the same id      ``UsageWrong``: a person has to say which is meant
    at none, or there is but one    ``None``: the remote that is used first
    ==============================  =================================================
    """
    names = [remote.name for remote in list_remotes(where)]
    if len(names) < 2:
        return None
    with open_state(where, command="license", writes=False) as state:
        having = [name for name in names if _has_all(state, name, licenses)]
    if len(having) > 1:
        hint = f"Say which is meant with --remote: {', '.join(having)}"
        raise UsageWrong(f"several remotes have a license {', '.join(licenses)}", hint=hint)
    return next(iter(having), None)


def _has_all(state: State, remote: str, licenses: Collection[str]) -> bool:
    linked = set(state.links.all(remote).values())  # one that was just bought is in no list yet
    return all(id in linked or state.sightings.has_seen(remote, id) for id in licenses)


def check_remotes(where: Where, name: str | None = None, *, rights: bool = True) -> list[Health]:
    """Log in to every remote, or to the named one, and return how each answered; nothing is changed.

    With ``rights`` an account that may order nothing is an error. Raises ``ConfigInvalid`` for settings or
    directives that cannot be read.
    """
    names: list[str | None] = [name] if name else [remote.name for remote in list_remotes(where)]
    return [_check(where, each, rights=rights) for each in names or [None]]


def presets(where: Where, name: str | None = None) -> list[Tariff]:
    """Return what a remote sells to our account, by tariff id."""
    with open_remote(read_wishes(where, name)) as billing:
        return sorted(billing.tariffs().values(), key=lambda tariff: tariff.id)


def _check(where: Where, name: str | None, *, rights: bool) -> Health:
    wishes = read_wishes(where, name)
    remote = wishes.remote
    try:
        with open_remote(wishes) as billing:
            account = billing.whoami()
            if rights and not billing.tariffs():
                hint = "Have it allowed at the remote"
                raise AccessDenied("our account may order nothing", where=remote.name, hint=hint)
    except CpbillmgrError as error:
        return Health(remote.name, error=error)
    lacks = lacking(account, remote.minimal_balance, rights=rights)
    return Health(remote.name, account, tuple(f"{remote.name}: {each}" for each in lacks))
