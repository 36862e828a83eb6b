"""The site of a run: settings, directives, state, remote and clock, each opened once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cpbillmgr.config.directives.file import Directives, read_directives
from cpbillmgr.config.settings.loading import (
    alignments_of,
    default_state,
    directive_file,
    find_settings,
    load_settings,
    rules_of,
)
from cpbillmgr.config.settings.schema import RemoteSettings, Settings
from cpbillmgr.config.settings.secrets import password_of
from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.runs import name_of_run
from cpbillmgr.model.secret import Secret
from cpbillmgr.model.where import Where
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.store.lock import hold_lock
from cpbillmgr.store.state import State

if TYPE_CHECKING:
    from cpbillmgr.sandbox import Sandbox

Clock = Callable[[], datetime]
Watch = Callable[[str, int, int], None]  # what is going on, how much of it is done, of how much (0: unknown)


def unwatched(what: str, done: int, total: int) -> None:
    """Show no progress: for scripts, and for tests."""


def utc_now() -> datetime:
    """Return the time of day by this machine's clock, UTC."""
    return datetime.now(UTC)


def clock_of(remote: RemoteSettings) -> Clock:
    """Return the clock of runs on a remote: this machine's, or that of the pretend world, when it is set.

    A world is looked at on each call, so that the time follows its file. Raises ``ConfigInvalid``, as each
    call may, for a world that cannot be read.
    """
    if remote.world is None:
        return utc_now
    from cpbillmgr.sandbox import WorldFile

    with _reading(remote.world):
        file = WorldFile(remote.world)

    @_reading(file.path)
    def now() -> datetime:
        return file.now()

    return now


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator wants of one remote: settings, directives, and the rules they make together."""

    settings: Settings
    remote: RemoteSettings
    directives: Directives
    rules: Rules


@dataclass(frozen=True, slots=True)
class Site:
    """What a run works with. ``run`` is its name in the journal, by which its spending is counted."""

    wishes: Wishes
    state: State
    run: str
    now: Clock = utc_now
    watch: Watch = unwatched


def settings_file(where: Where) -> Path | None:
    """Return the settings file in force, or ``None`` when there is none; raises ``ConfigInvalid``."""
    return find_settings(where.settings, os.environ)


def state_file(where: Where) -> Path:
    """Return the state file in force; raises ``ConfigInvalid``."""
    if where.state is not None and not where.state.name:
        raise UsageWrong("--state names no file")
    return where.state or load_settings(settings_file(where), os.environ).state


def read_wishes(where: Where, remote: str | None = None) -> Wishes:
    """Return settings and directives for one remote; raises ``ConfigInvalid`` with every problem.

    Without a name it is the remote that is used first.
    """
    return _read(where, remote, one=True)[0]


def read_all_wishes(where: Where, remote: str | None = None) -> list[Wishes]:
    """Return settings and directives for each remote, or for the named one alone.

    They come in the order of their use. Raises ``ConfigInvalid`` with every problem, and ``UsageWrong`` when
    one directive file is given for several remotes.
    """
    return _read(where, remote, one=False)


def _read(where: Where, name: str | None, *, one: bool) -> list[Wishes]:
    path = settings_file(where)
    settings = load_settings(path, os.environ)
    if where.state is not None:
        settings = replace(settings, state=state_file(where).absolute())
    remotes = named(settings, path, name)[: 1 if one else None]
    if where.conf is not None and len(remotes) > 1:
        hint = f"Name it with --remote: {', '.join(remote.name for remote in remotes)}"
        raise UsageWrong("--conf is the directive file of one remote", hint=hint)
    return [_wishes(settings, remote, path, where.conf) for remote in remotes]


def named(settings: Settings, path: Path | None, name: str | None) -> list[RemoteSettings]:
    """Return the remote of this name, or all, in the order of their use.

    Raises ``UsageWrong`` for a name that is none, ``ConfigInvalid`` where there is no remote at all.
    """
    remotes = [remote for remote in settings.in_order_of_use if not name or name == remote.name]
    if not remotes:
        known = ", ".join(remote.name for remote in settings.remotes)
        if known:
            raise UsageWrong(f"there is no remote {name}", hint=f"--remote takes {known}")
        hint = "Write a first file with 'cpbillmgr config init'"
        raise ConfigInvalid([Problem(str(path or "settings"), None, "no remote is configured", hint)])
    return remotes


def _wishes(settings: Settings, remote: RemoteSettings, path: Path | None, named: Path | None) -> Wishes:
    conf, explicit = directive_file(remote, path, named)
    directives = read_directives(conf, remote.generation, required=explicit)
    directives = replace(
        directives, alignments=alignments_of(settings, remote), option=settings.option_for(remote.name)
    )
    return Wishes(settings, remote, directives, rules_of(settings, remote, directives))


def with_enumeration(wishes: Wishes, state: State) -> Wishes:
    """Return the wishes for a remote with the panels that we name for it, which the state remembers."""
    values = state.enumeration.values(wishes.remote.name)
    return replace(wishes, directives=replace(wishes.directives, enumeration=values))


@contextmanager
def open_state(where: Where, *, command: str, writes: bool, lock_timeout: float = 0) -> Iterator[State]:
    """Yield the state, under the lock when the command writes; raises ``LockHeld`` or ``StateUnusable``."""
    with _opened(state_file(where), command, writes=writes, lock_timeout=lock_timeout) as state:
        yield state


@contextmanager
def _opened(path: Path, command: str, *, writes: bool, lock_timeout: float) -> Iterator[State]:
    if writes and path == default_state(os.environ, is_root=os.geteuid() == 0):
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        if writes:
            stack.enter_context(hold_lock(path, command, lock_timeout))
        yield stack.enter_context(State.open(path, now=utc_now(), read_only=not writes))


@contextmanager
def open_sites(
    where: Where,
    command: str,
    *,
    writes: bool,
    lock_timeout: float = 0,
    watch: Watch = unwatched,
    remote: str | None = None,
    one: bool = False,
) -> Iterator[list[Site]]:
    """Yield a site for each remote of ``read_all_wishes``, in the order of their use: one state, one run.

    With ``one`` it is that of ``read_wishes`` alone. Raises what opening its parts raises.
    """
    wishes = _read(where, remote, one=one)
    path = wishes[0].settings.state
    with _opened(path, command, writes=writes, lock_timeout=lock_timeout) as state:
        run = name_of_run(command, utc_now(), os.getpid())  # this machine's time: no two runs share it
        yield [
            Site(with_enumeration(each, state), state, run=run, now=clock_of(each.remote), watch=watch)
            for each in wishes
        ]


@contextmanager
def open_remote(wishes: Wishes) -> Iterator[RemoteBilling]:
    """Yield the remote, ready to be asked; a ``sandbox:`` URL starts the pretend one for this run."""
    chosen = wishes.remote
    with ExitStack() as stack:
        if chosen.world is not None:
            sandbox = stack.enter_context(_sandbox(chosen.world, chosen))
            url, user, password = sandbox.url, sandbox.user, Secret(sandbox.password)
        else:
            url, user, password = chosen.url, chosen.user, password_of(chosen, os.environ)
        endpoint = Endpoint(
            name=chosen.name,
            url=url,
            user=user,
            password=password,
            generation=chosen.generation,
            product_type=chosen.product_type,
            ca_file=chosen.ca_file,
            proxy=chosen.proxy,
            call_seconds=chosen.timeout,
            page_size=chosen.page_size,
            parallel=chosen.parallel,
            datacenter=chosen.datacenter,
        )
        yield stack.enter_context(RemoteBilling(endpoint))


@contextmanager
def _sandbox(world: Path, remote: RemoteSettings) -> Iterator[Sandbox]:
    """Start the pretend remote; a world that speaks as another generation than the settings is refused."""
    from cpbillmgr.sandbox import Sandbox

    with _reading(world):
        sandbox = Sandbox(world)
    with sandbox:
        if (sandbox.generation == 4) != (remote.generation == 4):
            message = f"the world is of generation {sandbox.generation}, not of {remote.generation}"
            hint = f"Set generation = {sandbox.generation} for remote {remote.name}"
            raise ConfigInvalid([Problem(str(world), None, message, hint)])
        yield sandbox


@contextmanager
def _reading(world: Path) -> Iterator[None]:
    """Raise ``ConfigInvalid`` for what is wrong with a pretend world."""
    from cpbillmgr.sandbox import WorldInvalid

    try:
        yield
    except WorldInvalid as error:
        raise ConfigInvalid([Problem(str(world), None, problem) for problem in error.problems]) from error
    except OSError as error:
        problem = Problem(str(world), None, f"the world cannot be read: {error.strerror}")
        raise ConfigInvalid([problem]) from error
