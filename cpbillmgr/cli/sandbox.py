"""``sandbox``: the pretend remote, for trying things out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cpbillmgr.cli.terminal.json import print_json

WORLD = "world.json"
world_option = click.option(
    "--world", type=click.Path(path_type=Path), default=WORLD, show_default=True, help="Its file."
)


@click.group()
def sandbox() -> None:
    """A pretend remote with licenses, money and a clock."""


@sandbox.command()
@world_option
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option("--generation", type=click.Choice(["4", "5", "6"]), help="Of a new world; 6 unless told.")
@click.option("--json", "as_json", is_flag=True, help="Tell how to log in as JSON, on one line.")
@click.option(
    "--fault", "faults", multiple=True, metavar="KIND[:FUNC[!][:COUNT]]", help="Mischief (repeatable)."
)
def serve(
    *, world: Path, host: str, port: int, generation: str | None, faults: tuple[str, ...], as_json: bool
) -> int:
    """Serve a world until interrupted, and print how to log in.

    A world that does not exist is made, with tariffs, prices and some licenses. It stays of its generation:
    one of generation 4 speaks as BILLmanager 4 did, with ids for periods.

    Faults strike in turn. KIND is one of cut-before, cut-after, hang-before, hang-after, 500-before,
    500-after, 503, 429, redirect, half-header, half, html, empty; or any, which draws one of them each time;
    or none, which lets calls pass. FUNC is * for any function; with ! only changes are met. COUNT is N for
    the first N calls, * for all, 1/N for every Nth, P% for each with this probability; with @SEED behind it
    other things are drawn.
    """
    from cpbillmgr.errors import UsageWrong
    from cpbillmgr.sandbox import Sandbox, new_world

    is_new = not world.exists()
    if is_new:
        world.write_text(json.dumps(new_world(int(generation or 6)), indent=2) + "\n", encoding="utf-8")
    with _usable(world, "the sandbox cannot be served"):
        try:
            served = Sandbox(world, host=host, port=port, faults=faults)
        except Exception:
            if is_new:
                world.unlink()
            raise
    if is_new:
        click.echo(f"cpbillmgr: made a new world in {world}", err=True)
    with served:
        if generation and int(generation) != served.generation:
            raise UsageWrong(f"the world is of generation {served.generation}", where=str(world))
        login = {
            "url": served.url,
            "user": served.user,
            "password": served.password,
            "generation": served.generation,
        }
        if as_json:
            click.echo(json.dumps({"schema": "cpbillmgr/sandbox/1", **login}))
        else:
            for key, value in login.items():
                click.echo(f"{key.ljust(10)} = {json.dumps(value)}")
        click.echo(f"cpbillmgr: user and password are the account's in {world}; try", err=True)
        click.echo(f"  {_question(served.url, served.user, served.password)}", err=True)
        click.echo("cpbillmgr: serving; interrupt to end", err=True)
        served.wait()
    return 0


def _question(url: str, user: str, password: str) -> str:
    """Return a command that asks the sandbox who we are."""
    words = ["curl", "--data-urlencode", f"authinfo={user}:{password}", "-d", "out=xml&func=whoami", url]
    return shlex.join(words)


@sandbox.command()
@world_option
@click.option("--days", type=int, metavar="N", help="Move it by so many days, back when below zero.")
@click.option("--at", metavar="TIME", help="Set it, as in 2026-12-01 or 2026-12-01T10:00 (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON on stdout.")
def clock(*, world: Path, days: int | None, at: str | None, as_json: bool) -> int:
    """Show a world's clock, or set it: from then on it stands still.

    Runs on a remote with url = "sandbox:WORLD" live by this clock too.
    """
    from cpbillmgr.errors import UsageWrong
    from cpbillmgr.sandbox import WorldFile, set_clock

    if days is not None and at is not None:
        raise UsageWrong("--days and --at exclude each other")
    with _usable(world, "the world cannot be used"):
        file = WorldFile(world)
        if days is not None or at is not None:
            set_clock(file, at=at, days=days or 0)
        stands, now = file.read().clock is not None, file.now().isoformat(timespec="seconds")
    if as_json:
        print_json({"schema": "cpbillmgr/clock/1", "now": now, "stands": stands})
    else:
        click.echo(f"{now} ({'stands still' if stands else 'runs with this machine'})")
    return 0


@sandbox.command()
@click.argument("id", type=click.IntRange(1))
@world_option
@click.option("--refuse", is_flag=True, help="Refuse it, for good.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON on stdout.")
def approve(*, id: int, world: Path, refuse: bool, as_json: bool) -> int:
    """Approve certificate ID, as the link in its approver's mail does.

    It has to wait for that, and is issued at once, good from the world's day on.
    """
    from cpbillmgr.sandbox import WorldFile
    from cpbillmgr.sandbox import approve as follow_the_link

    with _usable(world, "the world cannot be used"):
        found = follow_the_link(WorldFile(world), id, refuse=refuse)
    until = None if refuse else str(found.expiredate)
    if as_json:
        told = {"license": found.id, "domain": found.licname, "issued": not refuse, "until": until}
        print_json({"schema": "cpbillmgr/approval/1", **told})
    else:
        click.echo(
            f"certificate {id} for {found.licname} is {f'issued until {until}' if until else 'refused'}"
        )
    return 0


@contextmanager
def _usable(world: Path, otherwise: str) -> Iterator[None]:
    """Raise our own errors for what is wrong with a world, or with what is asked of it."""
    from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
    from cpbillmgr.sandbox import WorldInvalid

    try:
        yield
    except WorldInvalid as error:
        raise ConfigInvalid([Problem(str(world), None, problem) for problem in error.problems]) from error
    except ValueError as error:
        raise UsageWrong(str(error)) from error
    except OSError as error:
        raise UsageWrong(f"{otherwise}: {error.strerror}", where=str(world)) from error
